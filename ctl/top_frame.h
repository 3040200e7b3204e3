// SPDX-License-Identifier: Apache-2.0
// One picture of `assayctl top`: the fleet in a line, the devices that matter most, and the last events below. Pure.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "ctl/format.h"
#include "ctl/json_value.h"

namespace assay::ctl {

struct TopInput {
  JsonValue status;                  // Status
  JsonValue devices;                 // {devices:[Device]}
  std::deque<JsonValue> events;      // the newest last
  std::string trouble;               // why the picture is stale; "" while the collector answers
};

// `rows`: lines of the terminal, 0 for as many as needed. Devices with findings come first; what does not fit is counted.
std::string top_frame(const TopInput& input, const View& view, size_t rows);
// The same as one line of JSON: {status, devices, events}.
std::string top_json(const TopInput& input);

}  // namespace assay::ctl
