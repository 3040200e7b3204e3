// SPDX-License-Identifier: Apache-2.0
#include "agent/telemetry/psi.h"

#include <array>

#include <fmt/format.h>

#include "common/base/parse.h"

namespace assay::agent {
namespace {

// avg10 of the line that begins with `kind`: "some avg10=1.53 avg60=..." in percent; as a ratio.
std::optional<double> average10(std::string_view text, std::string_view kind) {
  for (const std::string_view line : split(text, '\n')) {
    const auto fields = split(line, ' ');
    constexpr std::string_view kKey = "avg10=";
    if (fields.size() < 2 || fields[0] != kind || !fields[1].starts_with(kKey)) continue;
    const auto percent = parse_f64(fields[1].substr(kKey.size()));
    if (percent.ok()) return *percent / 100.0;
  }
  return std::nullopt;
}

}  // namespace

std::optional<double> cpu_pressure_ratio(const FsRoot& root) {
  const auto text = root.text("/proc/pressure/cpu");
  if (!text) return std::nullopt;
  return average10(*text, "some");
}

Result<std::vector<Reading>> PsiReader::read(const FsRoot& root, MonoTime /*now*/) {
  constexpr std::array<const char*, 3> kResources = {"cpu", "memory", "io"};
  std::vector<Reading> readings;
  bool present = false;
  for (const char* resource : kResources) {
    const auto text = root.text(fmt::format("/proc/pressure/{}", resource));
    if (!text) continue;
    present = true;
    for (const char* kind : {"some", "full"}) {
      if (const auto ratio = average10(*text, kind)) readings.push_back({Quantity::kPressureRatio, resource, kind, std::nullopt, *ratio});
    }
  }
  if (!present) return no_source();
  if (readings.empty()) return make_error(ErrorCode::kUnsupported, "/proc/pressure is in a form this release does not know");
  return readings;
}

}  // namespace assay::agent
