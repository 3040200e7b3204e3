// SPDX-License-Identifier: Apache-2.0
// Text tables for people: aligned columns, never wider than the terminal, never wrapped. Colour is added last, so it does not disturb
// the alignment.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace assay::ctl {

// What a text says, from which its colour follows.
enum class Tone { kPlain, kStrong, kDim, kGood, kWarning, kBad };

// The text in the tone's ANSI colour, or as it is when `color` is false. The text must be printable already.
std::string toned(std::string_view text, Tone tone, bool color);

enum class Align { kLeft, kRight };

struct Column {
  std::string header;
  Align align = Align::kLeft;
  bool may_shrink = false;      // gives way, down to kShrunkColumns, when the table is too wide
};
inline constexpr size_t kShrunkColumns = 8;

struct Cell {
  Cell(std::string cell_text = "", Tone cell_tone = Tone::kPlain)   // NOLINT(google-explicit-constructor)
      : text(std::move(cell_text)), tone(cell_tone) {}
  Cell(const char* cell_text) : text(cell_text) {}                  // NOLINT(google-explicit-constructor)
  std::string text;
  Tone tone = Tone::kPlain;
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  // As many cells as there are columns (checked).
  void add(std::vector<Cell> row);
  bool empty() const { return rows_.empty(); }
  // Header and rows, each line ending in a newline, `indent` blanks in front. `width` 0: as wide as it needs to be. The header of an empty
  // table is shown all the same: an empty list is an answer.
  std::string text(size_t width, bool color, size_t indent = 0) const;

 private:
  // Of the columns that are shown, from the left.
  std::vector<size_t> column_widths(size_t width) const;
  std::string line(const std::vector<Cell>& cells, const std::vector<size_t>& widths, size_t width, bool color) const;
  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace assay::ctl
