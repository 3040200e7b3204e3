// SPDX-License-Identifier: Apache-2.0
#include "common/crypto/hash.h"

#include "common/base/parse.h"
#include "common/crypto/openssl_ptr.h"

namespace assay::crypto {

std::string sha256(std::string_view bytes) {
  std::string out(32, '\0');
  unsigned size = 0;
  const int done = EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(out.data()), &size,
                              EVP_sha256(), nullptr);
  ASSAY_CHECK(done == 1 && size == out.size());
  return out;
}

std::string sha256_hex(std::string_view bytes) {
  return hex_encode(sha256(bytes));
}

}  // namespace assay::crypto
