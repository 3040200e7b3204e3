// SPDX-License-Identifier: Apache-2.0
// Actions of the core to rows. Included by this folder only.
#pragma once

#include "collector/core/action.h"
#include "collector/store/connection.h"
#include "collector/store/store.h"

namespace assay::collector {

// StartHook and SendCommand are not for the store.
Status save(Connection& connection, const Signer& signer, const Action& action);

}  // namespace assay::collector
