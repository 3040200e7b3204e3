// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "probes/backend/host/kernel.h"
#include "probes/backend/host/plain_run.h"
#include "probes/catalogue/catalogue.h"
#include "probes/reference/reference.h"
#include "tests/support/sanitized.h"

namespace assay::probes::host {
namespace {

using test::kSanitized;

class KernelOf : public testing::TestWithParam<const ProbeSpec*> {
 protected:
  std::string_view id() const { return GetParam()->ref.id; }
  // Every variant that this CPU can run.
  std::vector<std::unique_ptr<Kernel>> supported() const {
    std::vector<std::unique_ptr<Kernel>> made;
    for (const KernelEntry& entry : kernels()) {
      if (entry.probe_id == id() && is_supported(id(), entry.variant)) made.push_back(entry.make({}));
    }
    return made;
  }
};

TEST_P(KernelOf, GivesTheWordsOfTheReferenceInEveryStepAndVariant) {
  for (const uint32_t set : {0U, GetParam()->operand_sets - 1}) {
    auto variants = supported();
    ASSERT_FALSE(variants.empty());
    for (const auto& kernel : variants) kernel->prepare(set);
    const Status done = reference::run(id(), set, [&](uint32_t step, std::span<const uint64_t> expected) {
      for (const auto& kernel : variants) {
        std::ranges::fill(kernel->output(), 0xA5A5A5A5A5A5A5A5);
        kernel->step(step);
        ASSERT_TRUE(std::ranges::equal(kernel->output(), expected)) << "set " << set << " step " << step;
        ASSERT_LT(step, kernel->steps());
      }
    });
    ASSERT_TRUE(done.ok()) << done.error().message;
    if (kSanitized || id().starts_with("gemm")) break;  // one set is 300 million products
  }
}

TEST_P(KernelOf, GivesTheSameBitsTwiceAndOthersForAnotherSet) {
  const auto kernel = best_kernel(id())->make({});
  const Digest first = plain_run(*kernel, 7);
  EXPECT_NE(plain_run(*kernel, 8), first);
  EXPECT_EQ(plain_run(*kernel, 7), first);
}

// Chains must not forget: a flip of any bit of the state, low ones of mantissas above all, still shows in the last
// output.
class ChainOf : public KernelOf {};
TEST_P(ChainOf, NoFlippedBitOfTheStateIsForgotten) {
  const auto kernel = best_kernel(id())->make({});
  ASSERT_FALSE(kernel->state().empty());
  constexpr uint32_t kFlipAfter = 1;
  constexpr uint32_t kLast = 4;
  const auto last_output = [&](std::optional<uint32_t> bit) {
    kernel->prepare(3);
    for (uint32_t step = 0; step <= kLast; ++step) {
      kernel->step(step);
      if (step == kFlipAfter && bit) kernel->state()[*bit / 64] ^= uint64_t{1} << (*bit % 64);
    }
    return std::vector<uint64_t>(kernel->output().begin(), kernel->output().end());
  };
  const std::vector<uint64_t> clean = last_output(std::nullopt);
  // A CRC register is the low half of its word.
  const uint32_t bits = id() == "hash.crc32c.chain" ? 32 : 64;
  const auto words = static_cast<uint32_t>(kernel->state().size());
  // A step of these takes half a millisecond, or threads on other CPUs.
  const uint32_t next_bit = id() == "zlib.roundtrip" || id().starts_with("cross.") ? (kSanitized ? 31 : 13) : (kSanitized ? 5 : 1);
  for (uint32_t word = 0; word < words; word += std::max(5U, words / 61 | 1)) {
    for (uint32_t bit = 0; bit < bits; bit += next_bit)
      ASSERT_NE(last_output(64 * word + bit), clean) << "word " << word << " bit " << bit;
  }
}

TEST_P(KernelOf, DescribesItself) {
  for (const auto& kernel : supported()) {
    EXPECT_GT(kernel->steps(), 1U);
    EXPECT_GT(kernel->work_per_run(), 0.0);
    EXPECT_TRUE(kernel->words_per_vector() == 1 || kernel->words_per_vector() == 2 || kernel->words_per_vector() == 4 ||
                kernel->words_per_vector() == 8);
    kernel->prepare(0);
    const auto* before = kernel->output().data();
    kernel->step(0);
    EXPECT_EQ(kernel->output().data(), before);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(before) % 64, 0U);
  }
}

enum class Which { kAll,
                   kChains };
std::vector<const ProbeSpec*> probes_of(Which which) {
  std::vector<const ProbeSpec*> probes;
  for (const ProbeSpec& probe : catalogue()) {
    if (!ASSAY_WITH_ZLIB && probe.family == "zlib") continue;  // zlib_test says that it is not there
    // Grid products have independent steps; memory probes overwrite what they found and have tests of their own; a training step
    // contracts, and puts out every number that it computes instead; an empty slot of the hash map hides what is written into it.
    constexpr std::string_view kNotChains[] = {"gemm", "gemm_grid", "gemm_random", "memory", "transformer", "hashmap"};
    const bool chain = std::ranges::find(kNotChains, probe.family) == std::end(kNotChains);
    if (which == Which::kAll || chain) probes.push_back(&probe);
  }
  return probes;
}
std::string name_of(const testing::TestParamInfo<const ProbeSpec*>& probe) {
  std::string name = probe.param->ref.id;
  std::ranges::replace(name, '.', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Catalogue, KernelOf, testing::ValuesIn(probes_of(Which::kAll)), name_of);
INSTANTIATE_TEST_SUITE_P(Catalogue, ChainOf, testing::ValuesIn(probes_of(Which::kChains)), name_of);

TEST(Reference, AnUnknownProbeIsNamed) {
  const auto digest = reference::digest("no.such", 0);
  ASSERT_FALSE(digest.ok());
  EXPECT_EQ(digest.error().code, ErrorCode::kNotFound);
  EXPECT_NE(digest.error().message.find("no.such"), std::string::npos);
}

}  // namespace
}  // namespace assay::probes::host
