// SPDX-License-Identifier: Apache-2.0
// A device: one accelerator or one CPU socket, and its units (cores, SMs): the smallest part that can be blamed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"

namespace assay {

enum class DeviceKind : uint8_t { kCpuSocket, kGpu };
std::string_view to_string(DeviceKind kind);
Result<DeviceKind> parse_device_kind(std::string_view text);

// Static facts of a device. `id` follows the part, not the slot: from a serial number, PPIN or UUID where the hardware has
// one, else from the node's identity and the socket (identity_is_hardware is false then, and the id says so: "cpu-node-...").
struct Device {
  std::string id;                  // unique in the fleet; [A-Za-z0-9._:-]+
  DeviceKind kind = DeviceKind::kCpuSocket;
  bool identity_is_hardware = false;
  std::string model;               // "AMD EPYC 9654"; empty is not allowed: "unknown" when the kernel does not say
  std::string architecture;        // the cohort key: "x86_64/AuthenticAMD/25/17" (vendor, family, model)
  std::string firmware;            // microcode or VBIOS; "" when unknown
  uint32_t socket = 0;             // CPU: physical package; GPU: index
  std::vector<uint32_t> units;     // CPU: the logical CPU numbers, one per core (first hyper-thread); GPU: 0..SMs-1
  // Where the silicon is, so that two ids of one part can be told: "0000:3b:00.0" as Linux writes a PCI address, kOnTheCpu for a processor that poses as
  // an accelerator, "" when unknown. Known on the node alone; never reported.
  std::string location{};
  friend bool operator==(const Device&, const Device&) = default;
};

inline constexpr std::string_view kOnTheCpu = "cpu";

// What must be equal for two devices to be peers of one cohort.
std::string cohort_key(const Device& device);
// Whether the text can be a device id or node name: 1..128 characters of [A-Za-z0-9._:-], not starting with '-' or '.'.
bool is_valid_name(std::string_view text);

// Conditions at one instant; absent means this machine does not tell.
struct Conditions {
  std::optional<double> temperature_celsius;
  std::optional<double> power_watts;
  std::optional<double> clock_hertz;
  friend bool operator==(const Conditions&, const Conditions&) = default;
};

}  // namespace assay
