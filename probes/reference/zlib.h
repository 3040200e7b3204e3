// SPDX-License-Identifier: Apache-2.0
// The two checksums of the zlib and gzip formats, from their definitions.
#pragma once

#include <cstdint>
#include <span>

namespace assay::probes::reference {

// CRC-32 of RFC 1952, section 8, bit by bit.
uint32_t crc32_of(std::span<const uint8_t> bytes);
// Adler-32 of RFC 1950, section 8.2.
uint32_t adler32_of(std::span<const uint8_t> bytes);

}  // namespace assay::probes::reference
