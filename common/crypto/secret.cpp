// SPDX-License-Identifier: Apache-2.0
#include "common/crypto/secret.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "common/base/check.h"
#include "common/base/parse.h"

namespace assay::crypto {

std::string random_bytes(size_t count) {
  constexpr size_t kMost = 1U << 20U;
  ASSAY_CHECK(count <= kMost);
  std::string out(count, '\0');
  ASSAY_CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(count)) == 1);
  return out;
}

std::string random_hex(size_t bytes) {
  return hex_encode(random_bytes(bytes));
}

// The lengths are no secret: every secret of ours has a fixed, public one.
bool equal_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace assay::crypto
