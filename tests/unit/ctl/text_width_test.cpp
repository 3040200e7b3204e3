// SPDX-License-Identifier: Apache-2.0
#include "ctl/text_width.h"

#include <gtest/gtest.h>

namespace assay::ctl {
namespace {

TEST(TextWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(columns_of("plain"), 5U);
  EXPECT_EQ(columns_of("61.5 °C"), 7U);
  EXPECT_EQ(columns_of("日本"), 4U);
  EXPECT_EQ(columns_of("e\u0301"), 1U);
  EXPECT_EQ(columns_of("\xff\xfe"), 2U);
}

TEST(TextWidth, CutsAtACharacterAndMarksTheCut) {
  EXPECT_EQ(cut_to_columns("short", 5), "short");
  EXPECT_EQ(cut_to_columns("longer", 5), "long…");
  EXPECT_EQ(cut_to_columns("日本語", 5), "日本…");
  EXPECT_EQ(cut_to_columns("日本語", 4), "日…");
  EXPECT_EQ(cut_to_columns("anything", 1), "…");
  EXPECT_EQ(cut_to_columns("anything", 0), "");
}

TEST(TextWidth, MakesHostileTextHarmless) {
  EXPECT_EQ(printable("\x1b[2Jgone"), "?[2Jgone");
  EXPECT_EQ(printable("two\nlines\there"), "two lines here");
  EXPECT_EQ(printable("bad \xc3( bytes"), "bad ?( bytes");
  EXPECT_EQ(printable("\u202e" "evil"), "?evil");
  EXPECT_EQ(printable("µ-arch °C"), "µ-arch °C");
}

TEST(TextWidth, RefusesFormsThatAreNotUtf8) {
  EXPECT_FALSE(next_utf8("\xc0\xaf").valid);          // overlong
  EXPECT_FALSE(next_utf8("\xed\xa0\x80").valid);      // surrogate
  EXPECT_FALSE(next_utf8("\xf5\x80\x80\x80").valid);  // beyond Unicode
  EXPECT_FALSE(next_utf8("\xe2\x82").valid);          // cut short
  EXPECT_EQ(next_utf8("€").code_point, 0x20ACU);
}

}  // namespace
}  // namespace assay::ctl
