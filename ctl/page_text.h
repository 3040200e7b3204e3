// SPDX-License-Identifier: Apache-2.0
// Builds a page of headed sections with aligned "name  value" lines; prose is wrapped at words under its own column.
#pragma once

#include <string>
#include <string_view>

#include "ctl/format.h"
#include "ctl/table.h"

namespace assay::ctl {

class PageText {
 public:
  explicit PageText(const View& view) : view_(view) {}
  // A heading; a blank line in front unless it is the first thing of the page.
  void heading(std::string_view text, Tone tone = Tone::kStrong);
  // "  name            value"; nothing when the value is empty.
  void field(std::string_view name, std::string_view value, Tone tone = Tone::kPlain);
  // A line of prose, indented like fields and wrapped at the width of the terminal.
  void prose(std::string_view text, Tone tone = Tone::kPlain);
  // Lines as they are: printable, each ending in a newline.
  void raw_text(std::string_view text) { out_ += text; }
  void table(const Table& table);
  std::string take() { return std::move(out_); }

 private:
  void wrapped(std::string_view lead, std::string_view text, size_t hang, Tone tone);
  const View& view_;
  std::string out_;
};

}  // namespace assay::ctl
