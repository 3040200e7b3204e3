// SPDX-License-Identifier: Apache-2.0
// What a newcomer sends before anybody knows it: requests, certificates, fingerprints and signatures as texts.
#include <cstdint>
#include <string_view>

#include "common/base/check.h"
#include "common/crypto/identity.h"
#include "common/crypto/signing.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay::crypto;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto name = request_name(text)) ASSAY_CHECK(!name->empty());
  if (const auto facts = read_certificate(text)) ASSAY_CHECK(!facts->name.empty() && !facts->serial.empty());
  static_cast<void>(certificate_fingerprint(text));
  static_cast<void>(SigningKey::from_pem(text));
  static_cast<void>(verify_signature(text, "message", text));
  return 0;
}
