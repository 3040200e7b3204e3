// SPDX-License-Identifier: Apache-2.0
// Text to numbers and back, never by the locale.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"

namespace assay {

// The whole text must be the number; kInvalid otherwise.
Result<uint64_t> parse_u64(std::string_view text);
Result<int64_t> parse_i64(std::string_view text);
Result<double> parse_f64(std::string_view text);
// A number directly followed by ms, s, min, h or d ("250ms", "1.5h"); kInvalid otherwise or when negative.
Result<Duration> parse_duration(std::string_view text);
// A kernel cpu list, "0-3,8,10-11", ascending, at most `limit` entries; "" is empty.
Result<std::vector<uint32_t>> parse_cpu_list(std::string_view text, size_t limit);

std::string_view trim(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
// Lower-case hexadecimal, two digits a byte.
std::string hex_encode(std::string_view bytes);
Result<std::string> hex_decode(std::string_view hex);

}  // namespace assay
