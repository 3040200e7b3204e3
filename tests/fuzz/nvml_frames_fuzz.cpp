// SPDX-License-Identifier: Apache-2.0
// What a reader process with a broken driver in it may send to the agent.
#include <cstdint>
#include <string_view>

#include "agent/telemetry/nvml/frames.h"
#include "common/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay::agent::nvml;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static_cast<void>(decode_request(bytes));
  if (const auto answer = decode_answer(bytes); answer.ok()) {
    const auto again = decode_answer(encode(*answer));
    ASSAY_CHECK(again.ok() && again->what == answer->what);
  }
  return 0;
}
