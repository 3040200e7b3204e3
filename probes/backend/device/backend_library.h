// SPDX-License-Identifier: Apache-2.0
// Finds and loads the libraries that compute on accelerators: libassay_NAME.so. A machine without one simply has no such devices.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "probes/backend/device/accelerator.h"

namespace assay::probes::device {

// The cores of the machine, which need no library.
inline constexpr std::string_view kHostBackend = "host";

// Whether the text can name a backend: 1 to 16 of a-z, 0-9 and '_'.
bool is_valid_backend(std::string_view name);

// Where libraries are looked for: `given` alone, or, when it is empty, ../lib and ../lib/assay of the program's folder, and
// the installation's own (CMAKE_INSTALL_LIBDIR).
std::vector<std::filesystem::path> backend_folders(const std::filesystem::path& given);

// The backend of the first library found. It stays loaded until the process ends, for drivers do not like to be unloaded. kNotFound: there is
// none; kCorrupt: one that does not load or has no entry; kUnsupported: of another release.
Result<const Backend*> load_backend(std::string_view name, const std::vector<std::filesystem::path>& folders);

}  // namespace assay::probes::device
