// SPDX-License-Identifier: Apache-2.0
// Where the committed goldens are: below ASSAY_SOURCE_DIR, which ctest sets, else below the current folder.
#pragma once

#include <cstdlib>
#include <filesystem>

namespace assay::test {

inline std::filesystem::path golden_folder() {
  const char* folder = std::getenv("ASSAY_SOURCE_DIR");
  return std::filesystem::path(folder == nullptr ? "." : folder) / "probes/goldens";
}

}  // namespace assay::test
