// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/simulated/script.h"

#include <cstdlib>

#include <fmt/format.h>

#include "common/base/parse.h"

namespace assay::probes::simulated {
namespace {

constexpr uint64_t kMostDevices = 16;
constexpr uint64_t kMostUnits = 512;
constexpr std::string_view kHangWhile = "driver.hang_while=";
constexpr std::string_view kFailWhile = "driver.fail_while=";

Error unknown(std::string_view word) {
  return make_error(ErrorCode::kInvalid, fmt::format("ASSAY_SIMULATED_SCRIPT: '{}' is no fault of a simulated device", word.substr(0, 64)));
}

Result<uint32_t> number_in(std::string_view name, std::string_view text, uint64_t least, uint64_t most) {
  const auto value = parse_u64(text);
  if (!value.ok() || *value < least || *value > most) return make_error(ErrorCode::kInvalid, fmt::format("{} is '{}': {} to {}", name, text.substr(0, 32), least, most));
  return static_cast<uint32_t>(*value);
}

bool* switch_of(DeviceScript& device, std::string_view name) {
  if (name == "deaf") return &device.deaf;
  if (name == "hang") return &device.hang;
  if (name == "out_of_memory") return &device.out_of_memory;
  if (name == "taken") return &device.taken;
  return nullptr;
}

std::optional<uint32_t>* number_of(DeviceScript& device, std::string_view name) {
  if (name == "wrong_unit") return &device.wrong_unit;
  if (name == "held_unit") return &device.held_unit;
  if (name == "lost_after") return &device.lost_after;
  return nullptr;
}

Status add_fault(Script& script, std::string_view word) {
  if (word == "driver.hang") return script.driver_hangs = true, Status();
  if (word == "driver.fail") return script.driver_fails = true, Status();
  if (word.starts_with(kHangWhile)) return script.hangs_while = word.substr(kHangWhile.size()), Status();
  if (word.starts_with(kFailWhile)) return script.fails_while = word.substr(kFailWhile.size()), Status();
  const size_t dot = word.find('.');
  if (dot == std::string_view::npos) return unknown(word);
  const auto device = parse_u64(word.substr(0, dot));
  if (!device.ok() || *device >= kMostDevices) return unknown(word);
  DeviceScript& of_it = script.of[static_cast<uint32_t>(*device)];
  const std::string_view fault = word.substr(dot + 1);
  if (bool* on = switch_of(of_it, fault)) return *on = true, Status();
  const size_t equals = fault.find('=');
  auto* number = number_of(of_it, fault.substr(0, equals));
  if (number == nullptr || equals == std::string_view::npos) return unknown(word);
  *number = TRY(number_in(word, fault.substr(equals + 1), 0, 1'000'000));
  return {};
}

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
  return value == nullptr ? std::string_view() : value;
}

}  // namespace

Result<Script> parse_script(std::string_view devices, std::string_view units, std::string_view faults) {
  Script script;
  if (!devices.empty()) script.devices = TRY(number_in("ASSAY_SIMULATED_DEVICES", devices, 0, kMostDevices));
  if (!units.empty()) script.units = TRY(number_in("ASSAY_SIMULATED_UNITS", units, 1, kMostUnits));
  for (const std::string_view word : split(faults, ' ')) {
    if (!word.empty()) TRY(add_fault(script, word));
  }
  return script;
}

Result<Script> script_of_environment() {
  return parse_script(variable("ASSAY_SIMULATED_DEVICES"), variable("ASSAY_SIMULATED_UNITS"), variable("ASSAY_SIMULATED_SCRIPT"));
}

}  // namespace assay::probes::simulated
