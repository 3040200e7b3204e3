// SPDX-License-Identifier: Apache-2.0
// Coverage as bytes for the durable state. Format 2; format 1 (releases that knew one variant a probe) is still read.
#include <algorithm>
#include <limits>

#include "agent/core/coverage.h"
#include "common/base/bytes.h"
#include "common/model/limits.h"

namespace assay::agent {
namespace {

constexpr uint8_t kFormat = 2;
constexpr uint32_t kProbesStored = 4096;
constexpr uint8_t kOwnTime = 1;         // of the flags of a cell: its last time was in no bin; bit 1 + b: there is a time in bin b
constexpr uint64_t kOldestStart_ms = 429'496'729'500;   // what ticks can tell of

static_assert(limits::kOperandSetsPerProbe <= std::numeric_limits<uint16_t>::max(), "the cursor of a cell has 16 bits");

// Seven bits a byte, the lowest first: most cells are young or were never covered, and a large device has 60,000.
void put_short(ByteWriter& out, uint32_t value) {
  while (value >= 0x80) {
    out.u8(static_cast<uint8_t>(value | 0x80));
    value >>= 7;
  }
  out.u8(static_cast<uint8_t>(value));
}

uint32_t take_short(ByteReader& in) {
  uint64_t value = 0;
  for (int shift = 0; shift < 35 && in.ok(); shift += 7) {
    const uint8_t byte = in.u8();
    value |= uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) break;
  }
  return static_cast<uint32_t>(value);
}

// The monotonic time at which a wall-clock moment of the past happened; a moment "in the future" (the clock was set back) is now.
MonoTime back_in_time(WallTime then, Instant now) {
  return now.mono - std::max(Duration::zero(), Duration(now.wall - then));
}

}  // namespace

void Coverage::save_state(ByteWriter& out, const State& state) {
  const uint32_t latest_in_bin = *std::max_element(state.covered_in.begin(), state.covered_in.end());
  uint8_t flags = state.covered != latest_in_bin ? kOwnTime : 0;
  for (size_t bin = 0; bin < kConditionBins; ++bin) {
    if (state.covered_in[bin] != 0) flags = static_cast<uint8_t>(flags | 2U << bin);
  }
  out.u8(flags);
  put_short(out, state.cursor);
  if ((flags & kOwnTime) != 0) put_short(out, state.covered);
  for (const uint32_t covered : state.covered_in) {
    if (covered != 0) put_short(out, covered);
  }
}

Coverage::State Coverage::restore_state(ByteReader& in) {
  State state;
  const uint8_t flags = in.u8();
  state.cursor = static_cast<uint16_t>(std::min<uint32_t>(take_short(in), std::numeric_limits<uint16_t>::max()));
  if ((flags & kOwnTime) != 0) state.covered = take_short(in);
  for (size_t bin = 0; bin < kConditionBins; ++bin) {
    if ((flags & 2U << bin) != 0) state.covered_in[bin] = take_short(in);
    state.covered = std::max(state.covered, state.covered_in[bin]);
  }
  return state;
}

std::string Coverage::save() const {
  ByteWriter out;
  out.u8(kFormat);
  out.u64(static_cast<uint64_t>(to_unix_ms(last_event_.wall)));
  out.u64(static_cast<uint64_t>(std::max(Duration::zero(), last_event_.mono - first_start_) / std::chrono::milliseconds{1}));
  for (const uint32_t since : bin_since_) out.u32(since);
  bins_.save(out);
  out.u32(static_cast<uint32_t>(probes_.size()));
  for (size_t probe = 0; probe < probes_.size(); ++probe) {
    out.text(to_string(probes_[probe].ref));
    out.u32(variants_->count(probe));
    for (uint32_t variant = 0; variant < variants_->count(probe); ++variant) {
      out.text(variants_->at(probe, variant).name);
      out.u32(lane_since_[variants_->lane(probe, variant)]);
      out.u32(units_);
      for (uint32_t unit = 0; unit < units_; ++unit) save_state(out, at({probe, unit, variant}));
    }
  }
  return out.take();
}

// One lane and its cells; they are read over when it is not there any more.
bool Coverage::restore_lane(ByteReader& in, size_t probe, std::optional<uint32_t> variant) {
  const uint32_t since = in.u32();
  if (variant) lane_since_[variants_->lane(probe, *variant)] = since;
  const uint32_t units = in.count(limits::kUnitsPerDevice);
  for (uint32_t unit = 0; unit < units && in.ok(); ++unit) {
    State state = restore_state(in);
    if (!variant || unit >= units_) continue;
    state.cursor = static_cast<uint16_t>(state.cursor % probes_[probe].operand_sets);
    states_[index({probe, unit, *variant})] = state;
  }
  return in.ok();
}

bool Coverage::restore_format_2(ByteReader& in, Instant now) {
  const MonoTime last_event = back_in_time(from_unix_ms(static_cast<int64_t>(in.u64())), now);
  const uint64_t age_ms = in.u64();
  if (age_ms > kOldestStart_ms) return false;
  first_start_ = last_event - std::chrono::milliseconds{age_ms};
  last_event_ = {now.wall - (now.mono - last_event), last_event};
  for (uint32_t& since : bin_since_) since = in.u32();
  if (!bins_.restore(in)) return false;
  std::fill(lane_since_.begin(), lane_since_.end(), tick(now.mono));  // what is not stored is new
  const uint32_t probes = in.count(kProbesStored);
  for (uint32_t i = 0; i < probes && in.ok(); ++i) {
    const std::string name = in.text(limits::kTextChars);
    const auto found = std::find_if(probes_.begin(), probes_.end(), [&](const ProbeSpec& spec) { return to_string(spec.ref) == name; });
    const auto probe = static_cast<size_t>(found - probes_.begin());
    const uint32_t variants = in.count(VariantTable::kPerProbe);
    for (uint32_t stored = 0; stored < variants && in.ok(); ++stored) {
      const std::string variant = in.text(limits::kTextChars);
      std::optional<uint32_t> place;
      if (found != probes_.end()) place = variants_->find(probe, variant);
      if (place && stored > 0 && variants_->at(probe, 0).name.empty()) place.reset();  // unnamed now: of what was stored it is the strongest
      if (!restore_lane(in, probe, place)) return false;
    }
  }
  return true;
}

bool Coverage::restore_format_1(ByteReader& in, Instant now) {
  first_start_ = back_in_time(from_unix_ms(static_cast<int64_t>(in.u64())), now);
  if (now.mono - first_start_ > std::chrono::milliseconds{kOldestStart_ms}) return false;
  std::fill(lane_since_.begin(), lane_since_.end(), tick(now.mono));
  const uint32_t probes = in.count(kProbesStored);
  for (uint32_t i = 0; i < probes && in.ok(); ++i) {
    const std::string name = in.text(limits::kTextChars);
    const uint32_t units = in.count(limits::kUnitsPerDevice);
    const auto found = std::find_if(probes_.begin(), probes_.end(), [&](const ProbeSpec& spec) { return to_string(spec.ref) == name; });
    const auto probe = static_cast<size_t>(found - probes_.begin());
    const bool only_one = found != probes_.end() && variants_->count(probe) == 1;
    if (only_one) lane_since_[variants_->lane(probe, 0)] = 1;
    for (uint32_t unit = 0; unit < units && in.ok(); ++unit) {
      const uint32_t cursor = in.u32();
      const uint64_t covered_ms = in.u64();
      if (found == probes_.end() || unit >= units_) continue;
      State& state = states_[index({probe, unit})];
      state.cursor = static_cast<uint16_t>(cursor % found->operand_sets);
      if (covered_ms != 0 && only_one) state.covered = tick(back_in_time(from_unix_ms(static_cast<int64_t>(covered_ms)), now));
    }
  }
  return true;
}

Status Coverage::restore(std::string_view bytes, Instant now) {
  Coverage restored(probes_, units_, now, variants_);
  ByteReader in(bytes);
  const uint8_t format = in.u8();
  const bool read = format == kFormat ? restored.restore_format_2(in, now) : format == 1 && restored.restore_format_1(in, now);
  if (!read || !in.complete()) return make_error(ErrorCode::kCorrupt, "stored coverage does not read back; starting it anew");
  *this = std::move(restored);
  return {};
}

}  // namespace assay::agent
