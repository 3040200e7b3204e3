// SPDX-License-Identifier: Apache-2.0
// The goldens, loaded only when their signature is of the key this build trusts and every file has its hash: a runner is handed nothing else.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "common/base/result.h"
#include "probes/goldens/golden_set.h"

namespace assay::agent {

// The set in `folder`. Errors name the folder and the first thing wrong: as GoldenSet::load, and kPermission or kCorrupt when the signature or a
// hash does not verify with `public_hex` (Ed25519; kGoldenKeyHex outside tests).
Result<std::shared_ptr<const probes::GoldenSet>> load_trusted_goldens(const std::filesystem::path& folder, std::string_view public_hex);

}  // namespace assay::agent
