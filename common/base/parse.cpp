// SPDX-License-Identifier: Apache-2.0
#include "common/base/parse.h"

#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace assay {
namespace {

template <typename T>
Result<T> parse_whole(std::string_view text, std::string_view kind) {
  T value{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size() || text.empty()) {
    return make_error(ErrorCode::kInvalid, fmt::format("'{}' is not {}", text.substr(0, 64), kind));
  }
  return value;
}

}  // namespace

Result<uint64_t> parse_u64(std::string_view text) { return parse_whole<uint64_t>(text, "a whole number"); }
Result<int64_t> parse_i64(std::string_view text) { return parse_whole<int64_t>(text, "a whole number"); }
Result<double> parse_f64(std::string_view text) { return parse_whole<double>(text, "a number"); }

Result<Duration> parse_duration(std::string_view text) {
  size_t digits = 0;
  while (digits < text.size() && (text[digits] == '.' || (text[digits] >= '0' && text[digits] <= '9'))) ++digits;
  const std::string_view unit = text.substr(digits);
  double seconds = 0;
  if (unit == "ms") seconds = 1e-3;
  if (unit == "s") seconds = 1;
  if (unit == "min") seconds = 60;
  if (unit == "h") seconds = 3600;
  if (unit == "d") seconds = 86400;
  const auto number = parse_f64(text.substr(0, digits));
  if (seconds == 0 || !number || *number * seconds > 1e9) {
    return make_error(ErrorCode::kInvalid,
                      fmt::format("'{}' is not a duration: write a number and ms, s, min, h or d, as in 15s", text.substr(0, 64)));
  }
  return Duration{static_cast<int64_t>(std::llround(*number * seconds * 1e9))};
}

Result<std::vector<uint32_t>> parse_cpu_list(std::string_view text, size_t limit) {
  std::vector<uint32_t> cpus;
  text = trim(text);
  if (text.empty()) return cpus;
  for (const std::string_view part : split(text, ',')) {
    const size_t dash = part.find('-');
    const uint64_t first = TRY(parse_u64(part.substr(0, dash)));
    const uint64_t last = dash == std::string_view::npos ? first : TRY(parse_u64(part.substr(dash + 1)));
    if (last < first || (!cpus.empty() && first <= cpus.back()) || last >= 1U << 20 || cpus.size() + (last - first + 1) > limit) {
      return make_error(ErrorCode::kInvalid, fmt::format("cpu list '{}' is out of range", text.substr(0, 64)));
    }
    for (uint64_t cpu = first; cpu <= last; ++cpu) cpus.push_back(static_cast<uint32_t>(cpu));
  }
  return cpus;
}

std::string_view trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\0'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string hex_encode(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    out.push_back(kDigits[static_cast<unsigned char>(c) >> 4]);
    out.push_back(kDigits[static_cast<unsigned char>(c) & 15]);
  }
  return out;
}

Result<std::string> hex_decode(std::string_view hex) {
  if (hex.size() % 2 != 0) return make_error(ErrorCode::kInvalid, "hexadecimal text has an odd number of digits");
  std::string out;
  out.reserve(hex.size() / 2);
  for (size_t i = 0; i < hex.size(); i += 2) {
    unsigned byte = 0;
    const auto [end, problem] = std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
    if (problem != std::errc{} || end != hex.data() + i + 2) return make_error(ErrorCode::kInvalid, "not hexadecimal text");
    out.push_back(static_cast<char>(byte));
  }
  return out;
}

}  // namespace assay
