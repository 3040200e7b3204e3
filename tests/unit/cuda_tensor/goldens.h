// SPDX-License-Identifier: Apache-2.0
// The committed goldens, for the tests of this folder.
#pragma once

#include <cstdint>
#include <string_view>

#include "common/base/digest.h"

namespace assay::probes::tensor {

// Sets that are tried of every format: the first, one in between, the last. They differ in which class of operands each lane gets.
// One under a sanitizer, where a set takes ten times as long.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr uint32_t kSets[] = {77};
#else
inline constexpr uint32_t kSets[] = {0, 77, 255};
#endif

// CHECKs that there is one.
Digest golden_of(std::string_view probe_id, uint32_t operand_set);

}  // namespace assay::probes::tensor
