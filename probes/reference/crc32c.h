// SPDX-License-Identifier: Apache-2.0
// CRC-32C one bit at a time.
#pragma once

#include <cstdint>

namespace assay::probes::reference {

// The register after one more byte, reflected form, no inversion.
uint32_t crc32c_byte(uint32_t crc, uint8_t byte);

}  // namespace assay::probes::reference
