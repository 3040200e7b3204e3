// SPDX-License-Identifier: Apache-2.0
// What is wrong with the simulated devices: read from the environment, so that a test can have a real process meet a broken device. These faults are of
// the device itself, unlike planted ones: nothing marks their results as synthetic, and they are what tests of the whole path need.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace assay::probes::simulated {

struct DeviceScript {
  std::optional<uint32_t> wrong_unit;     // computes wrong, every time
  std::optional<uint32_t> held_unit;      // never free
  bool deaf = false;                      // its own comparison finds nothing
  bool hang = false;                      // in the first launch
  bool out_of_memory = false;
  bool taken = false;                     // by somebody else: it does not open
  std::optional<uint32_t> lost_after;     // launches of a process
};

struct Script {
  uint32_t devices = 0;                   // ASSAY_SIMULATED_DEVICES, at most 16
  uint32_t units = 8;                     // ASSAY_SIMULATED_UNITS, 1 to 512
  bool driver_hangs = false;              // in the listing of devices
  bool driver_fails = false;
  std::string hangs_while;                // a file: hangs as long as it is there; "": none
  std::string fails_while;
  std::map<uint32_t, DeviceScript> of;    // by number of the device

  DeviceScript of_device(uint32_t number) const {
    const auto found = of.find(number);
    return found == of.end() ? DeviceScript{} : found->second;
  }
};

// `faults` is ASSAY_SIMULATED_SCRIPT: words separated by spaces, "driver.hang", "driver.fail", either with
// "_while=PATH" to be so only as long as there is such a file, or a device's number and "wrong_unit=N", "held_unit=N",
// "deaf", "hang", "out_of_memory", "taken" or "lost_after=N": "0.wrong_unit=3 1.hang". "" for absent variables. kInvalid naming the word.
Result<Script> parse_script(std::string_view devices, std::string_view units, std::string_view faults);
Result<Script> script_of_environment();

}  // namespace assay::probes::simulated
