// SPDX-License-Identifier: Apache-2.0
// Requests and results of the probe runner: what decodes is encoded to a form that decodes to the same again.
#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/check.h"
#include "probes/runner/protocol.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay::probes;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto request = decode_request(bytes)) {
    const std::string once = encode(*request);
    const auto again = decode_request(once);
    ASSAY_CHECK(again.ok() && encode(*again) == once);
  }
  if (const auto result = decode_result(bytes)) {
    const std::string once = encode(*result);
    const auto again = decode_result(once);
    ASSAY_CHECK(again.ok() && encode(*again) == once);
  }
  if (const auto variants = decode_variants(bytes)) {
    const std::string once = encode(*variants);
    const auto again = decode_variants(once);
    ASSAY_CHECK(again.ok() && *again == *variants);
  }
  return 0;
}
