// SPDX-License-Identifier: Apache-2.0
#include "agent/core/run_lengths.h"

#include <algorithm>
#include <cmath>

#include "common/base/bytes.h"
#include "common/model/limits.h"

namespace assay::agent {
namespace {

constexpr uint8_t kFormat = 1;
constexpr double kSmoothing = 0.125;    // weight of the newest slice

// Seconds of one run, over the units that completed one.
std::optional<double> seconds_of_run(const SliceResult& result) {
  double busy = 0;
  uint64_t runs = 0;
  for (const UnitResult& unit : result.observation.units) {
    if (unit.runs == 0 || unit.busy <= Duration::zero()) continue;
    busy += to_seconds(unit.busy);
    runs += unit.runs;
  }
  if (runs == 0) return std::nullopt;
  return busy / static_cast<double>(runs);
}

}  // namespace

void RunLengths::take(size_t lane, const SliceResult& result) {
  bool cut_short = false;
  bool all_ran = true;
  for (const UnitResult& unit : result.observation.units) {
    cut_short = cut_short || (unit.reason == Inconclusive::kStopped && unit.runs == 0);
    all_ran = all_ran && unit.runs > 1;
  }
  Lane& known = lanes_[lane];
  if (cut_short && known.doublings < limits::kSliceDoublingsMax) ++known.doublings;
  if (all_ran && known.doublings > 0) --known.doublings;
  if (const auto seconds = seconds_of_run(result)) known.seconds = known.seconds ? *known.seconds + kSmoothing * (*seconds - *known.seconds) : *seconds;
}

std::string RunLengths::save(std::span<const ProbeSpec> probes, const VariantTable& variants) const {
  ByteWriter out;
  out.u8(kFormat);
  out.u32(static_cast<uint32_t>(lanes_.size()));
  for (size_t probe = 0; probe < probes.size(); ++probe) {
    for (uint32_t variant = 0; variant < variants.count(probe); ++variant) {
      const Lane& lane = lanes_[variants.lane(probe, variant)];
      out.text(to_string(probes[probe].ref));
      out.text(variants.at(probe, variant).name);
      out.u8(lane.doublings);
      out.f64(lane.seconds.value_or(0));
    }
  }
  return out.take();
}

Status RunLengths::restore(std::string_view bytes, std::span<const ProbeSpec> probes, const VariantTable& variants) {
  std::vector<Lane> restored(lanes_.size());
  ByteReader in(bytes);
  const bool known = in.u8() == kFormat;
  const uint32_t count = in.count(limits::kProbeVariants);
  for (uint32_t i = 0; i < count && in.ok(); ++i) {
    const std::string name = in.text(limits::kTextChars);
    const std::string variant = in.text(limits::kTextChars);
    Lane lane;
    lane.doublings = static_cast<uint8_t>(std::min<uint32_t>(in.u8(), limits::kSliceDoublingsMax));
    const double seconds = in.f64();
    if (std::isfinite(seconds) && seconds > 0) lane.seconds = seconds;
    const auto found = std::find_if(probes.begin(), probes.end(), [&](const ProbeSpec& spec) { return to_string(spec.ref) == name; });
    if (found == probes.end()) continue;
    const auto probe = static_cast<size_t>(found - probes.begin());
    if (const auto place = variants.find(probe, variant)) restored[variants.lane(probe, *place)] = lane;
  }
  if (!known || !in.complete()) return make_error(ErrorCode::kCorrupt, "stored run lengths do not read back; they are learned anew");
  lanes_ = std::move(restored);
  return {};
}

}  // namespace assay::agent
