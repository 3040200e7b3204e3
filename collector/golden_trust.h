// SPDX-License-Identifier: Apache-2.0
// The goldens, loaded only when their signature is of the key this build trusts: the collector re-checks every digest with
// them, so a forged set could accuse or hide.
#pragma once

#include <filesystem>
#include <string_view>

#include "common/base/result.h"
#include "probes/goldens/golden_set.h"

namespace assay::collector {

// The set in `folder`. Errors name the folder and the first thing wrong: as GoldenSet::load, and kPermission or kCorrupt when
// the signature or a hash does not verify with `public_hex` (Ed25519; kGoldenKeyHex outside tests).
Result<probes::GoldenSet> load_trusted_goldens(const std::filesystem::path& folder, std::string_view public_hex);

}  // namespace assay::collector
