// SPDX-License-Identifier: Apache-2.0
#include "ctl/table.h"

#include <gtest/gtest.h>

#include "common/base/parse.h"
#include "ctl/text_width.h"

namespace assay::ctl {
namespace {

Table sample() {
  Table table({{"NAME", Align::kLeft, true}, {"COUNT", Align::kRight}, {"STATE"}});
  table.add({"node-1", "7", {"in service", Tone::kGood}});
  table.add({"a-node-with-a-very-long-name", "1,234", {"quarantined", Tone::kBad}});
  return table;
}

TEST(Table, AlignsTextLeftAndNumbersRight) {
  EXPECT_EQ(sample().text(0, false),
            "NAME                          COUNT  STATE\n"
            "node-1                            7  in service\n"
            "a-node-with-a-very-long-name  1,234  quarantined\n");
}

TEST(Table, ShrinksWhatMayShrinkToTheWidthOfTheTerminal) {
  EXPECT_EQ(sample().text(40, false),
            "NAME                  COUNT  STATE\n"
            "node-1                    7  in service\n"
            "a-node-with-a-very-…  1,234  quarantined\n");
}

TEST(Table, NeverWrapsHoweverNarrowTheTerminalIs) {
  for (const size_t width : {1U, 5U, 9U, 17U, 23U, 31U}) {
    const std::string text = sample().text(width, false);
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
    for (const std::string_view line : split(text, '\n')) EXPECT_LE(columns_of(line), std::max<size_t>(width, kShrunkColumns)) << width;
  }
}

TEST(Table, AlignsWideAndAccentedCharacters) {
  Table table({{"A"}, {"B"}});
  table.add({"61.5 °C", "x"});
  table.add({"日本", "y"});
  EXPECT_EQ(table.text(0, false),
            "A        B\n"
            "61.5 °C  x\n"
            "日本     y\n");
}

TEST(Table, ColoursOnlyWhenAskedAndLeavesTheAlignment) {
  const std::string colored = sample().text(0, true);
  EXPECT_NE(colored.find("\x1b[32min service\x1b[0m"), std::string::npos);
  EXPECT_EQ(sample().text(0, false).find('\x1b'), std::string::npos);
}

TEST(Table, HostileCellsCannotMoveTheCursor) {
  Table table({{"A"}});
  table.add({"\x1b[2J\r\nroot#"});
  EXPECT_EQ(table.text(0, false), "A\n?[2J  root#\n");
}

TEST(Table, AnEmptyTableStillShowsItsHeader) { EXPECT_EQ(Table({{"A"}, {"B"}}).text(0, false), "A  B\n"); }

}  // namespace
}  // namespace assay::ctl
