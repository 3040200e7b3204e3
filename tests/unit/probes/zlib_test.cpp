// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/zlib.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "probes/backend/host/kernel.h"
#include "probes/reference/zlib.h"

namespace assay::probes {
namespace {

std::span<const uint8_t> bytes(std::string_view text) { return {reinterpret_cast<const uint8_t*>(text.data()), text.size()}; }

std::string text_of(uint32_t operand_set) {
  std::vector<uint64_t> words(zlib::kTextWords);
  std::vector<uint64_t> params(zlib::kParamWords);
  zlib::operands(operand_set, words, params);
  std::string text;
  for (const uint64_t word : words) {
    for (int byte = 0; byte < 8; ++byte) text += static_cast<char>(word >> (8 * byte));
  }
  return text;
}

TEST(ZlibReference, GivesTheCheckValues) {
  EXPECT_EQ(reference::crc32_of(bytes("123456789")), 0xCBF43926U);
  EXPECT_EQ(reference::crc32_of({}), 0U);
  EXPECT_EQ(reference::adler32_of(bytes("123456789")), 0x091E01DEU);
  EXPECT_EQ(reference::adler32_of(bytes("Wikipedia")), 0x11E60398U);
  EXPECT_EQ(reference::adler32_of({}), 1U);
}

// Text that repeats itself, but not all of it: both matches and literals, and both kinds of bytes.
TEST(ZlibOperands, AreTextThatCanBeCompressedAndNotTooMuch) {
  for (const uint32_t set : {0U, 7U, 255U}) {
    const std::string text = text_of(set);
    std::set<std::string_view> seen;
    size_t repeated = 0;
    size_t high = 0;
    for (size_t i = 0; i + 4 <= text.size(); ++i) repeated += seen.insert(std::string_view(text).substr(i, 4)).second ? 0 : 1;
    for (const char c : text) high += static_cast<uint8_t>(c) >= 0x80 ? 1 : 0;
    EXPECT_GT(repeated, text.size() / 2) << set;
    EXPECT_LT(repeated, text.size() * 95 / 100) << set;
    EXPECT_GT(high, 50U) << set;
    EXPECT_LT(high, text.size() / 10) << set;
  }
  EXPECT_NE(text_of(0), text_of(1));
}

#if ASSAY_WITH_ZLIB
TEST(ZlibKernel, SaysSoWhenTheTextThatComesBackIsAnother) {
  const auto kernel = host::best_kernel(zlib::kId)->make({});
  ASSERT_NE(kernel, nullptr);
  kernel->prepare(1);
  kernel->step(0);
  const std::vector<uint64_t> right(kernel->output().begin(), kernel->output().end());
  EXPECT_EQ(right[zlib::kTextWords], zlib::kTextBytes);
  EXPECT_EQ(right.back(), 0U) << "a complaint of the library";
  kernel->prepare(1);
  kernel->state()[100] ^= uint64_t{1} << 40;
  kernel->step(0);
  const auto wrong = kernel->output();
  EXPECT_EQ(wrong[100], right[100] ^ uint64_t{1} << 40);
  EXPECT_NE(wrong[zlib::kTextWords + 1], right[zlib::kTextWords + 1]);
  EXPECT_NE(wrong[zlib::kTextWords + 2], right[zlib::kTextWords + 2]);
}
#else
TEST(ZlibKernel, IsNotThereInABuildWithoutTheLibrary) { EXPECT_EQ(host::best_kernel(zlib::kId), nullptr); }
#endif

}  // namespace
}  // namespace assay::probes
