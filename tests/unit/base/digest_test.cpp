// SPDX-License-Identifier: Apache-2.0
#include "common/base/digest.h"

#include <vector>

#include "common/base/random.h"

namespace assay {
namespace {

std::vector<uint64_t> some_words(size_t count) {
  Random random(7);
  std::vector<uint64_t> words(count);
  for (uint64_t& word : words) word = random.next();
  return words;
}

Digest digest_of(const std::vector<uint64_t>& words) {
  Digest128 digest;
  digest.add(words);
  return digest.value();
}

// Known answers, computed by a second implementation in another language: goldens depend on these bits, so a change here is a change of every golden.
TEST(Digest, KnownAnswers) {
  EXPECT_EQ(to_hex(digest_of({})), "e7381ec3b35c663604a76791fa2fdef4");
  EXPECT_EQ(to_hex(digest_of({1, 2, 3})), "b4be9f8b5a02cfdee4c92f521ba659c9");
  EXPECT_EQ(to_hex(digest_bytes("assay")), "908aa7ff53cdff67227efdd8747f8ab9");
  Digest64 d;
  d.add(1);
  EXPECT_EQ(d.value(), 7682696834913629834U);
}

TEST(Digest, DoesNotDependOnHowTheWordsWereSplit) {
  const auto words = some_words(101);
  for (size_t cut = 0; cut <= words.size(); ++cut) {
    Digest128 digest;
    digest.add(std::span(words).first(cut));
    for (size_t i = cut; i < words.size(); ++i) digest.add(words[i]);
    EXPECT_EQ(digest.value(), digest_of(words));
  }
}

TEST(Digest, EverySingleBitFlipChangesBothHalves) {
  auto words = some_words(40);
  const Digest right = digest_of(words);
  for (uint64_t& word : words) {
    for (int bit = 0; bit < 64; ++bit) {
      word ^= uint64_t{1} << bit;
      const Digest wrong = digest_of(words);
      EXPECT_NE(wrong.high, right.high);
      EXPECT_NE(wrong.low, right.low);
      word ^= uint64_t{1} << bit;
    }
  }
}

TEST(Digest, EqualMasksInTwoPlacesNeverCancel) {
  auto words = some_words(24);
  const Digest right = digest_of(words);
  for (size_t i = 0; i < words.size(); ++i) {
    for (size_t j = i + 1; j < words.size(); ++j) {
      for (const uint64_t mask : {uint64_t{1}, uint64_t{1} << 63, uint64_t{0xFF00}}) {
        words[i] ^= mask;
        words[j] ^= mask;
        EXPECT_NE(digest_of(words), right);
        words[i] ^= mask;
        words[j] ^= mask;
      }
    }
  }
}

TEST(Digest, SwappedWordsAndMissingZerosAreSeen) {
  auto words = some_words(16);
  const Digest right = digest_of(words);
  std::swap(words[0], words[8]);  // the same lane
  EXPECT_NE(digest_of(words), right);
  std::swap(words[0], words[8]);
  std::swap(words[3], words[4]);  // neighbouring lanes
  EXPECT_NE(digest_of(words), right);
  EXPECT_NE(digest_of({0, 0}), digest_of({0, 0, 0}));
}

TEST(Digest, HexadecimalRoundTrip) {
  const Digest digest{0x0123456789abcdefULL, 0xfedcba9876543210ULL};
  EXPECT_EQ(to_hex(digest), "0123456789abcdeffedcba9876543210");
  EXPECT_EQ(*parse_digest(to_hex(digest)), digest);
  for (const char* wrong : {"", "0123", "0123456789ABCDEFfedcba9876543210", "0123456789abcdeffedcba987654321g"}) {
    EXPECT_FALSE(parse_digest(wrong).ok()) << wrong;
  }
}

TEST(Digest, BytesOfDifferentLengthDiffer) { EXPECT_NE(digest_bytes("a"), digest_bytes(std::string("a\0", 2))); }

}  // namespace
}  // namespace assay
