// SPDX-License-Identifier: Apache-2.0
// How wide a UTF-8 text is on a terminal, and cutting it there without breaking a character. Text from elsewhere is made harmless first:
// control characters, which could move the cursor or recolour the screen, become '?'.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace assay::ctl {

struct Utf8Unit {
  uint32_t code_point = 0;
  size_t bytes = 1;       // to skip; 1 for a byte that is not UTF-8
  bool valid = false;
};
// The first character of a text that is not empty. Overlong forms, surrogates and broken sequences are invalid.
Utf8Unit next_utf8(std::string_view text);

// Columns: 0 for combining marks, 2 for East Asian wide characters and most emoji, else 1 (Unicode TR 11, the ranges that matter).
size_t columns_of(std::string_view text);
// The longest beginning of at most `columns` columns, with an ellipsis in the last column when something was cut.
std::string cut_to_columns(std::string_view text, size_t columns);
// Control characters and broken bytes replaced by '?'; newlines and tabs by a blank.
std::string printable(std::string_view text);

}  // namespace assay::ctl
