// SPDX-License-Identifier: Apache-2.0
#include "agent/telemetry/hwmon.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/base/parse.h"

namespace assay::agent {
namespace {

constexpr char kRoot[] = "/sys/class/hwmon";
constexpr size_t kSensors = 128;
constexpr int kInputsPerChip = 32;

// "Package id 1" of coretemp says which socket it is.
std::optional<uint32_t> socket_of(std::string_view label) {
  constexpr std::string_view kPackage = "Package id ";
  if (!label.starts_with(kPackage)) return std::nullopt;
  const auto number = parse_u64(label.substr(kPackage.size()));
  if (!number.ok()) return std::nullopt;
  return static_cast<uint32_t>(*number);
}

void read_chip(const FsRoot& root, const std::string& directory, const std::string& chip, std::optional<uint32_t> socket,
               std::vector<Reading>& into) {
  for (int input = 1; input <= kInputsPerChip && into.size() < kSensors; ++input) {
    const auto millidegrees = root.integer(fmt::format("{}/temp{}_input", directory, input));
    if (!millidegrees) continue;
    std::string label = root.text(fmt::format("{}/temp{}_label", directory, input)).value_or(fmt::format("temp{}", input));
    if (label.starts_with("Core ")) continue;
    const auto own_socket = socket_of(label);
    into.push_back({Quantity::kTemperatureCelsius, chip, std::move(label), own_socket ? own_socket : socket, static_cast<double>(*millidegrees) / 1000.0});
  }
}

}  // namespace

Result<std::vector<Reading>> HwmonReader::read(const FsRoot& root, MonoTime /*now*/) {
  const auto entries = root.list(kRoot);
  if (entries.empty()) return no_source();
  std::vector<Reading> readings;
  uint32_t amd_chips = 0;  // one k10temp per socket (and die), in order of their PCI addresses
  for (const std::string& entry : entries) {
    const std::string directory = fmt::format("{}/{}", kRoot, entry);
    const auto chip = root.text(directory + "/name");
    if (!chip || chip->empty()) continue;
    std::optional<uint32_t> socket;
    if (*chip == "k10temp") socket = amd_chips++;
    read_chip(root, directory, *chip, socket, readings);
  }
  if (readings.empty()) return no_source();
  return readings;
}

}  // namespace assay::agent
