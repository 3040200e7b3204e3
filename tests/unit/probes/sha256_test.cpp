// SPDX-License-Identifier: Apache-2.0
#include "probes/reference/sha256.h"

#include <gtest/gtest.h>

#include <string>

namespace assay::probes::reference {
namespace {

// The whole hash as FIPS 180-4 has it: padding (5.1.1), initial value (5.3.3), one compression a block.
Sha256State sha256(std::string text) {
  const uint64_t bits = 8 * text.size();
  text += '\x80';
  while (text.size() % 64 != 56) text += '\0';
  for (int byte = 7; byte >= 0; --byte) text += static_cast<char>(bits >> (8 * byte));
  Sha256State state = {0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19};
  for (size_t block = 0; block < text.size(); block += 64) {
    Sha256Message message{};
    for (size_t i = 0; i < 64; ++i) message[i / 4] = message[i / 4] << 8 | static_cast<uint8_t>(text[block + i]);
    state = sha256_compress(state, message);
  }
  return state;
}

TEST(Sha256Reference, TheConstantsAreThoseOfTheStandard) {
  const auto constants = sha256_constants();
  EXPECT_EQ(constants[0], 0x428A2F98U);
  EXPECT_EQ(constants[1], 0x71374491U);
  EXPECT_EQ(constants[63], 0xC67178F2U);
}

// The examples of FIPS 180-2, appendix B.1 and B.2, which FIPS 180-4 refers to; and the hash of nothing.
TEST(Sha256Reference, GivesTheVectorsOfTheStandard) {
  EXPECT_EQ(sha256("abc"), (Sha256State{0xBA7816BF, 0x8F01CFEA, 0x414140DE, 0x5DAE2223, 0xB00361A3, 0x96177A9C, 0xB410FF61, 0xF20015AD}));
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            (Sha256State{0x248D6A61, 0xD20638B8, 0xE5C02693, 0x0C3E6039, 0xA33CE459, 0x64FF2167, 0xF6ECEDD4, 0x19DB06C1}));
  EXPECT_EQ(sha256(""), (Sha256State{0xE3B0C442, 0x98FC1C14, 0x9AFBF4C8, 0x996FB924, 0x27AE41E4, 0x649B934C, 0xA495991B, 0x7852B855}));
}

// Appendix B.3: a million times the letter a.
TEST(Sha256Reference, GivesTheVectorOfManyBlocks) {
  EXPECT_EQ(sha256(std::string(1'000'000, 'a')),
            (Sha256State{0xCDC76E5C, 0x9914FB92, 0x81A1C7E2, 0x84D73E67, 0xF1809A48, 0xA497200E, 0x046D39CC, 0xC7112CD0}));
}

}  // namespace
}  // namespace assay::probes::reference
