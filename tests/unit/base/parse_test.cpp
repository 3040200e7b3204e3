// SPDX-License-Identifier: Apache-2.0
#include "common/base/parse.h"

namespace assay {
namespace {

using namespace std::chrono_literals;

TEST(Parse, NumbersAreTakenWholeOrNotAtAll) {
  EXPECT_EQ(*parse_u64("18446744073709551615"), ~uint64_t{0});
  EXPECT_EQ(*parse_i64("-5"), -5);
  EXPECT_EQ(*parse_f64("0.001"), 0.001);
  for (const char* wrong : {"", " 1", "1 ", "0x1", "1.5.2", "18446744073709551616", "-1", "1,5"}) EXPECT_FALSE(parse_u64(wrong).ok()) << wrong;
}

TEST(Parse, DurationsNeedAUnit) {
  EXPECT_EQ(*parse_duration("250ms"), 250ms);
  EXPECT_EQ(*parse_duration("1.5h"), 90min);
  EXPECT_EQ(*parse_duration("30d"), 24h * 30);
  for (const char* wrong : {"", "5", "ms", "-5s", "5 s", "5sec", "1e9d", "nan"}) EXPECT_FALSE(parse_duration(wrong).ok()) << wrong;
}

TEST(Parse, CpuLists) {
  EXPECT_EQ(*parse_cpu_list("0-3,8,10-11\n", 16), (std::vector<uint32_t>{0, 1, 2, 3, 8, 10, 11}));
  EXPECT_TRUE(parse_cpu_list("", 16)->empty());
  for (const char* wrong : {"3-1", "a", "0-", "0-99", "1,,2", "4294967295-4294967296", "0,0", "3,1", "0-3,2"}) EXPECT_FALSE(parse_cpu_list(wrong, 16).ok()) << wrong;
}

TEST(Parse, HexadecimalRoundTrip) {
  const std::string bytes("\x00\xff\x10", 3);
  EXPECT_EQ(hex_encode(bytes), "00ff10");
  EXPECT_EQ(*hex_decode("00ff10"), bytes);
  EXPECT_FALSE(hex_decode("0").ok());
  EXPECT_FALSE(hex_decode("zz").ok());
}

TEST(Parse, SplitKeepsEmptyParts) { EXPECT_EQ(split("a,,b", ','), (std::vector<std::string_view>{"a", "", "b"})); }

}  // namespace
}  // namespace assay
