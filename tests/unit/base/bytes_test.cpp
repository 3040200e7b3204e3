// SPDX-License-Identifier: Apache-2.0
#include "common/base/bytes.h"

namespace assay {
namespace {

std::string sample() {
  ByteWriter writer;
  writer.u8(7);
  writer.u32(0xDEADBEEF);
  writer.u64(~uint64_t{0});
  writer.f64(-0.5);
  writer.text("lane");
  return writer.take();
}

TEST(Bytes, RoundTrip) {
  const std::string bytes = sample();
  ByteReader reader(bytes);
  EXPECT_EQ(reader.u8(), 7);
  EXPECT_EQ(reader.u32(), 0xDEADBEEF);
  EXPECT_EQ(reader.u64(), ~uint64_t{0});
  EXPECT_EQ(reader.f64(), -0.5);
  EXPECT_EQ(reader.text(16), "lane");
  EXPECT_TRUE(reader.complete());
}

TEST(Bytes, EveryTruncationIsNoticed) {
  const std::string bytes = sample();
  for (size_t size = 0; size < bytes.size(); ++size) {
    ByteReader reader(std::string_view(bytes).substr(0, size));
    reader.u8();
    reader.u32();
    reader.u64();
    reader.f64();
    reader.text(16);
    EXPECT_FALSE(reader.complete()) << size;
  }
}

TEST(Bytes, LimitsAndEnumeratorsAreChecked) {
  enum class Colour : uint8_t { kRed, kBlue };
  ByteWriter writer;
  writer.u8(2);
  ByteReader unknown(writer.bytes());
  EXPECT_EQ(unknown.enumerator(Colour::kBlue), Colour::kRed);
  EXPECT_FALSE(unknown.ok());

  ByteWriter many;
  many.u32(1000);
  ByteReader counted(many.bytes());
  EXPECT_EQ(counted.count(999), 0U);
  EXPECT_FALSE(counted.ok());

  ByteWriter text;
  text.text("too long");
  ByteReader limited(text.bytes());
  EXPECT_EQ(limited.text(3), "");
  EXPECT_FALSE(limited.ok());
}

}  // namespace
}  // namespace assay
