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
  const auto floor_of = [&](size_t i) {
    return columns_[i].may_shrink ? std::min(widths[i], std::max(kShrunkColumns, columns_of(columns_[i].header))) : widths[i];
  };
  // Columns from the left as long as they fit when shrunk; the others are left out as a whole: half a number is a wrong number.
  size_t used = 0;
  size_t kept = 0;
  while (kept < widths.size() && used + floor_of(kept) + (kept == 0 ? 0 : kGap) <= width) {
    used += floor_of(kept) + (kept == 0 ? 0 : kGap);
    ++kept;
  }
  widths.resize(std::max<size_t>(kept, 1));
  // The widest gives way first, until what is kept fits.
  while (std::accumulate(widths.begin(), widths.end(), kGap * (widths.size() - 1)) > width) {
    size_t victim = widths.size();
    for (size_t i = 0; i < widths.size(); ++i) {
      if (widths[i] > floor_of(i) && (victim == widths.size() || widths[i] > widths[victim])) victim = i;
    }
    if (victim == widths.size()) break;
    --widths[victim];
  }
  return widths;
}

std::string Table::line(const std::vector<Cell>& cells, const std::vector<size_t>& widths, size_t width, bool color) const {
  std::string out;
  for (size_t i = 0; i < widths.size(); ++i) {
    const size_t gap = i == 0 ? 0 : kGap;
    const size_t room = width == 0 ? widths[i] : std::min(widths[i], width);
    const std::string text = cut_to_columns(cells[i].text, room);
    const std::string pad(room - std::min(room, columns_of(text)), ' ');
    out.append(gap, ' ');
    if (columns_[i].align == Align::kRight) out += pad;
    out += toned(text, cells[i].tone, color);
    if (columns_[i].align == Align::kLeft && i + 1 < widths.size()) out += pad;
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
