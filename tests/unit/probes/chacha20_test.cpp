// SPDX-License-Identifier: Apache-2.0
#include "probes/reference/chacha20.h"

#include <gtest/gtest.h>

namespace assay::probes::reference {
namespace {

// RFC 8439, section 2.1.1.
TEST(ChaCha20Reference, GivesTheQuarterRoundOfTheRfc) {
  ChaChaBlock block = {0x11111111, 0x01020304, 0x9B8D6F43, 0x01234567};
  chacha_quarter_round(block, 0, 1, 2, 3);
  EXPECT_EQ(block[0], 0xEA2A92F4U);
  EXPECT_EQ(block[1], 0xCB1CF8CEU);
  EXPECT_EQ(block[2], 0x4581472EU);
  EXPECT_EQ(block[3], 0x5881C4BBU);
}

// RFC 8439, section 2.2.1: only the four words named may change.
TEST(ChaCha20Reference, GivesTheQuarterRoundOnABlock) {
  ChaChaBlock block = {0x879531E0, 0xC5ECF37D, 0x516461B1, 0xC9A62F8A, 0x44C20EF3, 0x3390AF7F, 0xD9FC690B, 0x2A5F714C,
                       0x53372767, 0xB00A5631, 0x974C541A, 0x359E9963, 0x5C971061, 0x3D631689, 0x2098D9D6, 0x91DBD320};
  ChaChaBlock expected = block;
  expected[2] = 0xBDB886DC;
  expected[7] = 0xCFACAFD2;
  expected[8] = 0xE46BEA80;
  expected[13] = 0xCCC07C79;
  chacha_quarter_round(block, 2, 7, 8, 13);
  EXPECT_EQ(block, expected);
}

// RFC 8439, section 2.3.2: after the 20 rounds, and with the input added.
TEST(ChaCha20Reference, GivesTheBlockOfTheRfc) {
  const ChaChaBlock input = {0x61707865, 0x3320646E, 0x79622D32, 0x6B206574, 0x03020100, 0x07060504, 0x0B0A0908, 0x0F0E0D0C,
                             0x13121110, 0x17161514, 0x1B1A1918, 0x1F1E1D1C, 0x00000001, 0x09000000, 0x4A000000, 0x00000000};
  const ChaChaBlock rounds = {0x837778AB, 0xE238D763, 0xA67AE21E, 0x5950BB2F, 0xC4F2D0C7, 0xFC62BB2F, 0x8FA018FC, 0x3F5EC7B7,
                              0x335271C2, 0xF29489F3, 0xEABDA8FC, 0x82E46EBD, 0xD19C12B4, 0xB04E16DE, 0x9E83D0CB, 0x4E3C50A2};
  const ChaChaBlock sums = {0xE4E7F110, 0x15593BD1, 0x1FDD0F50, 0xC47120A3, 0xC7F4D1C7, 0x0368C033, 0x9AAA2204, 0x4E6CD4C3,
                            0x466482D2, 0x09AA9F07, 0x05D7C214, 0xA2028BD9, 0xD19C12B5, 0xB94E16DE, 0xE883D0CB, 0x4E3C50A2};
  const ChaChaBlock actual = chacha20_rounds(input);
  EXPECT_EQ(actual, rounds);
  for (size_t i = 0; i < actual.size(); ++i) EXPECT_EQ(actual[i] + input[i], sums[i]) << i;
}

}  // namespace
}  // namespace assay::probes::reference
