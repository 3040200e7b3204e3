// SPDX-License-Identifier: Apache-2.0
#include "agent/core/device_choice.h"

#include <algorithm>

#include <fmt/format.h>

#include "agent/core/pci_address.h"
#include "common/model/limits.h"

namespace assay::agent {
namespace {

bool holds(const std::vector<std::string>& ids, const std::string& id) { return std::find(ids.begin(), ids.end(), id) != ids.end(); }

// Backends write PCI addresses in their own ways.
std::string place_of(const Device& device) { return wide_pci_bus_id(device.location).value_or(device.location); }

// "" when the device is to be probed.
std::string reason_against(const FoundDevice& found, const std::vector<FoundDevice>& chosen, const DeviceRules& rules) {
  const Device& device = found.device;
  if (holds(rules.exclude, device.id)) return "[devices] exclude names it";
  if (chosen.size() == limits::kDevicesPerNode) return fmt::format("more than {} devices", limits::kDevicesPerNode);
  for (const FoundDevice& other : chosen) {
    if (other.device.id == device.id) return fmt::format("backend {} has it", other.backend);
  }
  if (holds(rules.include, device.id)) return "";
  if (found.backend != kHostBackend && device.location == kOnTheCpu) return "it is a processor, which is probed by its cores; [devices] include can name it";
  for (const FoundDevice& other : chosen) {
    // Parts of one chip (MIG) share a place, but then one backend names them all.
    const bool same = !device.location.empty() && place_of(other.device) == place_of(device) && other.backend != found.backend;
    if (same) return fmt::format("it is the part that {} is; [devices] include can name it", other.device.id);
  }
  return "";
}

}  // namespace

DeviceChoice choose_devices(std::vector<FoundDevice> found, const DeviceRules& rules) {
  DeviceChoice choice;
  for (FoundDevice& one : found) {
    std::string against = reason_against(one, choice.chosen, rules);
    if (against.empty()) {
      choice.chosen.push_back(std::move(one));
    } else {
      choice.left_out.push_back({one.device.id, std::move(against)});
    }
  }
  return choice;
}

}  // namespace assay::agent
