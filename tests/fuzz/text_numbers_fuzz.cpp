// SPDX-License-Identifier: Apache-2.0
// The text-to-number functions of common/base/parse.h: no crash, limits kept, and hexadecimal comes back.
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/check.h"
#include "common/base/digest.h"
#include "common/base/parse.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay;
  constexpr size_t kCpus = 64;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto number = parse_u64(text)) ASSAY_CHECK(*parse_u64(std::to_string(*number)) == *number);
  if (const auto number = parse_i64(text)) ASSAY_CHECK(*parse_i64(std::to_string(*number)) == *number);
  if (const auto number = parse_f64(text)) static_cast<void>(std::isfinite(*number));
  if (const auto duration = parse_duration(text)) ASSAY_CHECK(*duration >= Duration::zero());
  if (const auto cpus = parse_cpu_list(text, kCpus)) ASSAY_CHECK(cpus->size() <= kCpus);
  if (const auto digest = parse_digest(text)) ASSAY_CHECK(to_hex(*digest) == text);
  if (const auto bytes = hex_decode(text)) ASSAY_CHECK(bytes->size() * 2 == text.size());
  ASSAY_CHECK(*hex_decode(hex_encode(text)) == text);
  ASSAY_CHECK(trim(text).size() <= text.size());
  ASSAY_CHECK(!split(text, ',').empty());
  return 0;
}
