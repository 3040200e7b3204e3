// SPDX-License-Identifier: Apache-2.0
#include "ctl/page_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/base/parse.h"
#include "ctl/text_width.h"

namespace assay::ctl {
namespace {

constexpr size_t kIndent = 2;
constexpr size_t kNameColumns = 16;
constexpr size_t kNarrowest = 40;   // on less than this prose is left to the terminal

}  // namespace

void PageText::heading(std::string_view text, Tone tone) {
  if (!out_.empty()) out_ += '\n';
  out_ += toned(printable(text), tone, view_.color) + "\n";
}

void PageText::field(std::string_view name, std::string_view value, Tone tone) {
  if (value.empty()) return;
  const std::string lead = fmt::format("{:{}}{:<{}}", "", kIndent, name, kNameColumns);
  wrapped(lead, value, kIndent + kNameColumns, tone);
}

void PageText::prose(std::string_view text, Tone tone) { wrapped(std::string(kIndent, ' '), text, kIndent, tone); }

void PageText::table(const Table& table) { out_ += table.text(view_.width_columns, view_.color, kIndent); }

void PageText::wrapped(std::string_view lead, std::string_view text, size_t hang, Tone tone) {
  const std::string clean = printable(text);
  const size_t room = view_.width_columns < kNarrowest ? 0 : view_.width_columns - std::min(hang, view_.width_columns - kNarrowest / 2);
  std::string line;
  std::string margin(lead);
  const auto finish = [&] {
    out_ += margin + toned(line, tone, view_.color) + "\n";
    margin.assign(hang, ' ');
    line.clear();
  };
  for (const std::string_view word : split(clean, ' ')) {
    if (room != 0 && !line.empty() && columns_of(line) + 1 + columns_of(word) > room) finish();
    if (!line.empty()) line += ' ';
    line += word;
  }
  finish();
}

}  // namespace assay::ctl
