// SPDX-License-Identifier: Apache-2.0
#include "ctl/table.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "common/base/check.h"
#include "ctl/text_width.h"

namespace assay::ctl {
namespace {

constexpr size_t kGap = 2;

std::string_view ansi(Tone tone) {
  switch (tone) {
    case Tone::kPlain: return "";
    case Tone::kStrong: return "\x1b[1m";
    case Tone::kDim: return "\x1b[2m";
    case Tone::kGood: return "\x1b[32m";
    case Tone::kWarning: return "\x1b[33m";
    case Tone::kBad: return "\x1b[1;31m";
  }
  return "";
}

}  // namespace

std::string toned(std::string_view text, Tone tone, bool color) {
  if (!color || tone == Tone::kPlain || text.empty()) return std::string(text);
  return fmt::format("{}{}\x1b[0m", ansi(tone), text);
}

void Table::add(std::vector<Cell> row) {
  ASSAY_CHECK(row.size() == columns_.size());
  for (Cell& cell : row) cell.text = printable(cell.text);
  rows_.push_back(std::move(row));
}

std::vector<size_t> Table::column_widths(size_t width) const {
  std::vector<size_t> widths;
  for (size_t i = 0; i < columns_.size(); ++i) {
    size_t widest = columns_of(columns_[i].header);
    for (const auto& row : rows_) widest = std::max(widest, columns_of(row[i].text));
    widths.push_back(widest);
  }
  if (width == 0) return widths;
  for (;;) {
    const size_t total = std::accumulate(widths.begin(), widths.end(), kGap * (widths.size() - 1));
    if (total <= width) return widths;
    size_t victim = columns_.size();
    for (size_t i = 0; i < columns_.size(); ++i) {
      const size_t floor = std::max(kShrunkColumns, columns_of(columns_[i].header));
      if (columns_[i].may_shrink && widths[i] > floor && (victim == columns_.size() || widths[i] > widths[victim])) victim = i;
    }
    if (victim == columns_.size()) return widths;
    --widths[victim];
  }
}

std::string Table::line(const std::vector<Cell>& cells, const std::vector<size_t>& widths, size_t width, bool color) const {
  std::string out;
  size_t used = 0;
  for (size_t i = 0; i < cells.size(); ++i) {
    const size_t gap = i == 0 ? 0 : kGap;
    // A column that does not fit is left out as a whole: half a number is a wrong number. Nothing is ever wrapped.
    if (i > 0 && width != 0 && used + gap + widths[i] > width) break;
    const size_t room = width == 0 ? widths[i] : std::min(widths[i], width);
    const std::string text = cut_to_columns(cells[i].text, room);
    const std::string pad(room - std::min(room, columns_of(text)), ' ');
    out.append(gap, ' ');
    if (columns_[i].align == Align::kRight) out += pad;
    out += toned(text, cells[i].tone, color);
    if (columns_[i].align == Align::kLeft && i + 1 < cells.size()) out += pad;
    used += gap + room;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string Table::text(size_t width, bool color, size_t indent) const {
  const size_t room = width == 0 ? 0 : std::max<size_t>(width, indent + kShrunkColumns) - indent;
  const std::vector<size_t> widths = column_widths(room);
  const std::string margin(indent, ' ');
  std::vector<Cell> header;
  for (const Column& column : columns_) header.emplace_back(column.header, Tone::kStrong);
  std::string out = margin + line(header, widths, room, color) + "\n";
  for (const auto& row : rows_) out += margin + line(row, widths, room, color) + "\n";
  return out;
}

}  // namespace assay::ctl
