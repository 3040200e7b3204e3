// SPDX-License-Identifier: Apache-2.0
// The compression function of SHA-256 straight from FIPS 180-4, its constants computed from what the standard says they are.
#pragma once

#include <array>
#include <cstdint>

namespace assay::probes::reference {

using Sha256State = std::array<uint32_t, 8>;     // H[0..7]
using Sha256Message = std::array<uint32_t, 16>;  // M[0..15]

// FIPS 180-4, section 4.2.2: the first 32 bits of the fractional parts of the cube roots of the first 64 primes.
std::array<uint32_t, 64> sha256_constants();
// FIPS 180-4, section 6.2.2, steps 1 to 4.
Sha256State sha256_compress(const Sha256State& state, const Sha256Message& message);

}  // namespace assay::probes::reference
