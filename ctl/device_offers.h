// SPDX-License-Identifier: Apache-2.0
// What each device of this machine can run: per probe the tier, the variants and the silicon that they work on, or what is missing and why. Pure.
#pragma once

#include <string>

#include "ctl/command.h"
#include "ctl/runner_session.h"

namespace assay::ctl {

std::string device_offers_json(const RunnerInventory& inventory);
std::string device_offers_text(const RunnerInventory& inventory, const View& view);

}  // namespace assay::ctl
