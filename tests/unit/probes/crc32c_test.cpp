// SPDX-License-Identifier: Apache-2.0
#include "probes/reference/crc32c.h"

#include <gtest/gtest.h>

#include <array>
#include <string_view>

namespace assay::probes::reference {
namespace {

// With the inversions that the iSCSI CRC has and the probe leaves out.
template <typename Bytes>
uint32_t crc32c(const Bytes& bytes) {
  uint32_t crc = ~0U;
  for (const auto byte : bytes) crc = crc32c_byte(crc, static_cast<uint8_t>(byte));
  return ~crc;
}

// RFC 3720, B.4; the register there is written with its first byte first.
TEST(Crc32cReference, GivesTheVectorsOfRfc3720) {
  std::array<uint8_t, 32> bytes{};
  EXPECT_EQ(crc32c(bytes), 0x8A9136AAU);
  bytes.fill(0xFF);
  EXPECT_EQ(crc32c(bytes), 0x62A8AB43U);
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(i);
  EXPECT_EQ(crc32c(bytes), 0x46DD794EU);
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(31 - i);
  EXPECT_EQ(crc32c(bytes), 0x113FDB5CU);
}

TEST(Crc32cReference, GivesTheCheckValue) {
  EXPECT_EQ(crc32c(std::string_view("123456789")), 0xE3069283U);
}

}  // namespace
}  // namespace assay::probes::reference
