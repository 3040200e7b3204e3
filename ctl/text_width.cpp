// SPDX-License-Identifier: Apache-2.0
#include "ctl/text_width.h"

#include <algorithm>
#include <array>

namespace assay::ctl {
namespace {

struct Range {
  uint32_t first;
  uint32_t last;
};
constexpr std::array kCombining = {Range{0x0300, 0x036F}, Range{0x0483, 0x0489}, Range{0x0591, 0x05BD}, Range{0x064B, 0x065F},
                                   Range{0x1AB0, 0x1AFF}, Range{0x1DC0, 0x1DFF}, Range{0x200B, 0x200F}, Range{0x20D0, 0x20FF},
                                   Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F}};
constexpr std::array kWide = {Range{0x1100, 0x115F},   Range{0x2E80, 0x303E},   Range{0x3041, 0xA4CF},  Range{0xAC00, 0xD7A3},
                              Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE6F},   Range{0xFF00, 0xFF60},  Range{0xFFE0, 0xFFE6},
                              Range{0x1F300, 0x1F64F}, Range{0x1F900, 0x1F9FF}, Range{0x20000, 0x3FFFD}};

template <typename Ranges>
bool in(const Ranges& ranges, uint32_t code_point) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const Range& r) { return code_point >= r.first && code_point <= r.last; });
}

size_t columns_of(const Utf8Unit& unit) {
  if (!unit.valid) return 1;
  if (in(kCombining, unit.code_point)) return 0;
  return in(kWide, unit.code_point) ? 2 : 1;
}

}  // namespace

Utf8Unit next_utf8(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  constexpr std::array<uint32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {lead, 1, false};
  uint32_t code_point = lead & (0x7FU >> length);
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {lead, 1, false};
    code_point = code_point << 6 | (byte(i) & 0x3FU);
  }
  const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  if (code_point < kSmallest[length] || surrogate || code_point > 0x10FFFF) return {lead, 1, false};
  return {code_point, length, true};
}

size_t columns_of(std::string_view text) {
  size_t columns = 0;
  while (!text.empty()) {
    const Utf8Unit unit = next_utf8(text);
    columns += columns_of(unit);
    text.remove_prefix(unit.bytes);
  }
  return columns;
}

std::string cut_to_columns(std::string_view text, size_t columns) {
  if (columns_of(text) <= columns) return std::string(text);
  if (columns == 0) return "";
  size_t used = 0;
  size_t bytes = 0;
  while (bytes < text.size()) {
    const Utf8Unit unit = next_utf8(text.substr(bytes));
    if (used + columns_of(unit) > columns - 1) break;
    used += columns_of(unit);
    bytes += unit.bytes;
  }
  return std::string(text.substr(0, bytes)) + "…";
}

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Utf8Unit unit = next_utf8(text);
    const bool blank = unit.valid && (unit.code_point == '\n' || unit.code_point == '\t' || unit.code_point == '\r');
    // C0, DEL, C1, and the characters that turn the direction of text around (a way to disguise names).
    const bool control = unit.code_point < 0x20 || (unit.code_point >= 0x7F && unit.code_point < 0xA0) ||
                         (unit.code_point >= 0x202A && unit.code_point <= 0x202E) || (unit.code_point >= 0x2066 && unit.code_point <= 0x2069);
    if (blank) {
      out += ' ';
    } else if (!unit.valid || control) {
      out += '?';
    } else {
      out += text.substr(0, unit.bytes);
    }
    text.remove_prefix(unit.bytes);
  }
  return out;
}

}  // namespace assay::ctl
