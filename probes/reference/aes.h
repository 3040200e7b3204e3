// SPDX-License-Identifier: Apache-2.0
// AES-128 encryption straight from FIPS 197: the S-box from inversion in GF(2^8), the columns by multiplication in that
// field.
#pragma once

#include <array>
#include <cstdint>

namespace assay::probes::reference {

using AesBlock = std::array<uint8_t, 16>;

// FIPS 197, section 5.1.1: inverse in GF(2^8), then the affine map.
uint8_t aes_substitute(uint8_t byte);

// The 11 round keys of a key.
class AesKey {
 public:
  explicit AesKey(const AesBlock& key);
  AesBlock encrypt(const AesBlock& plain) const;

 private:
  std::array<AesBlock, 11> rounds_{};
};

}  // namespace assay::probes::reference
