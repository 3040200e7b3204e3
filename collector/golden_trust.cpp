// SPDX-License-Identifier: Apache-2.0
#include "collector/golden_trust.h"

#include "common/crypto/signed_manifest.h"

namespace assay::collector {

Result<probes::GoldenSet> load_trusted_goldens(const std::filesystem::path& folder, std::string_view public_hex) {
  auto set = probes::GoldenSet::load(folder);
  if (!set.ok()) return set.error();
  const Status trusted = crypto::verify_manifest(set->manifest(), set->signature(), public_hex, set->files());
  if (!trusted.ok()) return trusted.error().in("goldens in " + folder.string());
  return set;
}

}  // namespace assay::collector
