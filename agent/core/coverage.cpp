// SPDX-License-Identifier: Apache-2.0
#include "agent/core/coverage.h"

#include <algorithm>

#include "common/base/bytes.h"
#include "common/base/check.h"
#include "common/model/limits.h"

namespace assay::agent {
namespace {

constexpr uint8_t kFormat = 1;
constexpr std::chrono::hours kRetryUnsupported{24};

// The monotonic time at which a wall-clock moment of the past happened; a moment "in the future" (the clock was set back) is now.
MonoTime back_in_time(WallTime then, Instant now) {
  return now.mono - std::max(Duration::zero(), Duration(now.wall - then));
}

}  // namespace

Coverage::Coverage(std::span<const ProbeSpec> probes, uint32_t units, Instant now)
    : probes_(probes), units_(units), first_start_(now.wall), first_start_mono_(now.mono), states_(probes.size() * units) {
  ASSAY_CHECK(units > 0);
}

void Coverage::covered(Cell cell, Instant now) {
  State& state = states_[index(cell)];
  state.covered_at = now.wall;
  state.covered_mono = now.mono;
  state.unsupported_at.reset();
}

void Coverage::unsupported(Cell cell, Instant now) { states_[index(cell)].unsupported_at = now.mono; }

bool Coverage::is_unsupported(Cell cell, MonoTime now) const {
  const auto& since = at(cell).unsupported_at;
  return since && now - *since < kRetryUnsupported;
}

std::optional<Cell> Coverage::oldest(size_t tie_start, MonoTime now) const {
  std::optional<Cell> best;
  const State* best_state = nullptr;
  for (size_t i = 0; i < states_.size(); ++i) {
    const size_t place = (i + tie_start) % states_.size();
    const Cell cell{place / units_, static_cast<uint32_t>(place % units_)};
    if (is_unsupported(cell, now)) continue;
    const State& state = states_[place];
    const bool older = best_state == nullptr || (best_state->covered_at && (!state.covered_at || state.covered_mono < best_state->covered_mono));
    if (older) {
      best = cell;
      best_state = &state;
    }
  }
  return best;
}

Duration Coverage::oldest_age(Instant now) const {
  const auto cell = oldest(0, now.mono);
  if (!cell) return Duration::zero();
  const State& state = at(*cell);
  return std::max(Duration::zero(), now.mono - (state.covered_at ? state.covered_mono : first_start_mono_));
}

uint64_t Coverage::cells() const { return states_.size() - cells_unsupported(); }

uint64_t Coverage::cells_unsupported() const {
  return static_cast<uint64_t>(std::count_if(states_.begin(), states_.end(), [](const State& s) { return s.unsupported_at.has_value(); }));
}

uint64_t Coverage::cells_covered() const {
  return static_cast<uint64_t>(
      std::count_if(states_.begin(), states_.end(), [](const State& s) { return !s.unsupported_at && s.covered_at.has_value(); }));
}

void Coverage::advance(Cell cell, uint32_t runs) {
  State& state = states_[index(cell)];
  state.cursor = static_cast<uint32_t>((uint64_t{state.cursor} + runs) % probes_[cell.probe].operand_sets);
}

std::string Coverage::save() const {
  ByteWriter out;
  out.u8(kFormat);
  out.u64(static_cast<uint64_t>(to_unix_ms(first_start_)));
  out.u32(static_cast<uint32_t>(probes_.size()));
  for (size_t probe = 0; probe < probes_.size(); ++probe) {
    out.text(to_string(probes_[probe].ref));
    out.u32(units_);
    for (uint32_t unit = 0; unit < units_; ++unit) {
      const State& state = at({probe, unit});
      out.u32(state.cursor);
      out.u64(state.covered_at ? static_cast<uint64_t>(to_unix_ms(*state.covered_at)) : 0);  // 0: never
    }
  }
  return out.take();
}

Status Coverage::restore(std::string_view bytes, Instant now) {
  Coverage restored(probes_, units_, now);
  ByteReader in(bytes);
  const bool known = in.u8() == kFormat;
  restored.first_start_ = from_unix_ms(static_cast<int64_t>(in.u64()));
  restored.first_start_mono_ = back_in_time(restored.first_start_, now);
  const uint32_t probes = in.count(4096);
  for (uint32_t i = 0; i < probes && in.ok(); ++i) {
    const std::string name = in.text(limits::kTextChars);
    const uint32_t units = in.count(limits::kUnitsPerDevice);
    const auto found = std::find_if(probes_.begin(), probes_.end(), [&](const ProbeSpec& spec) { return to_string(spec.ref) == name; });
    for (uint32_t unit = 0; unit < units && in.ok(); ++unit) {
      const uint32_t cursor = in.u32();
      const uint64_t covered = in.u64();
      if (found == probes_.end() || unit >= units_) continue;
      State& state = restored.states_[restored.index({static_cast<size_t>(found - probes_.begin()), unit})];
      state.cursor = cursor % found->operand_sets;
      if (covered == 0) continue;
      state.covered_at = from_unix_ms(static_cast<int64_t>(covered));
      state.covered_mono = back_in_time(*state.covered_at, now);
    }
  }
  if (!known || !in.complete()) return make_error(ErrorCode::kCorrupt, "stored coverage does not read back; starting it anew");
  *this = std::move(restored);
  return {};
}

}  // namespace assay::agent
