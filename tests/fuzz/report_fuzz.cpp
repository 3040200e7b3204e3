// SPDX-License-Identifier: Apache-2.0
// Everything that the wire decodes: what is accepted can be sent on, and is accepted again.
#include <cstdint>
#include <string_view>

#include "common/base/check.h"
#include "common/wire/report_wire.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay::wire;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto report = decode_report(bytes)) ASSAY_CHECK(decode_report(encode(*report)).ok());
  if (const auto ack = decode_ack(bytes)) ASSAY_CHECK(decode_ack(encode(*ack)).ok());
  if (const auto incident = decode_incident(bytes)) ASSAY_CHECK(decode_incident(encode(*incident)).ok());
  if (const auto observation = decode_observation(bytes)) ASSAY_CHECK(decode_observation(encode(*observation)).ok());
  return 0;
}
