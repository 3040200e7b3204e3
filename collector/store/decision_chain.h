// SPDX-License-Identifier: Apache-2.0
// The append-only chain of decisions: each link names the hash of the one before it, so that nothing can be taken out, put in or
// changed without the last hash showing it.
#pragma once

#include <string>
#include <string_view>

#include "collector/store/connection.h"
#include "collector/store/store.h"
#include "common/base/result.h"

namespace assay::collector {

// previous_hash of the first decision: 64 zeros.
std::string genesis_hash();
// SHA-256 of previous_hash, a newline and the canonical text; hexadecimal.
std::string link_hash(std::string_view previous_hash, std::string_view canonical);

// Hashes, signs and inserts. kConflict unless the number follows the last one.
Status append_decision(Connection& connection, const Signer& signer, const Decision& decision);
// Whether the last link still hashes to what it says; kCorrupt otherwise. A cheap check on opening: `assayctl audit verify` checks all.
Status check_last_link(Connection& connection);

}  // namespace assay::collector
