// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/march.h"

#include <gtest/gtest.h>

#include "probes/backend/host/kernel.h"

namespace assay::probes::march {
namespace {

TEST(MarchOperands, TheFirstBackgroundTellsAddressesApart) {
  for (uint32_t set = 0; set < 16; ++set) EXPECT_EQ(operands(set)[0].stride % 2, 1U);
}

TEST(MarchOperands, TheSecondBackgroundIsTheClassicPattern) {
  const Background background = operands(1)[1];
  EXPECT_EQ(background.stride, 0U);
  EXPECT_EQ(background.seed ^ background.seed >> 32, 0x5555555555555555U);
}

// A wrong word anywhere shows in the collected differences of its block and nowhere else, in every variant.
TEST(MarchKernel, OneWrongWordShowsInItsBlock) {
  for (const host::KernelEntry& entry : host::kernels()) {
    if (entry.probe_id != kId || !host::is_supported(kId, entry.variant)) continue;
    const auto kernel = entry.make({});
    kernel->prepare(0);
    kernel->step(0);
    constexpr uint32_t kWord = 17 * kBlockWords + 4243;
    kernel->state()[kWord] ^= uint64_t{1} << 41;
    kernel->step(1);
    for (uint32_t block = 0; block < kBlocks; ++block) {
      for (uint32_t j = 0; j < kLineWords; ++j) {
        const uint64_t difference = kernel->output()[block * kOutputWordsPerBlock + kLineWords + j];
        EXPECT_EQ(difference, block == 17 && j == kWord % kLineWords ? uint64_t{1} << 41 : 0)
            << host::to_string(entry.variant);
      }
    }
  }
}

// Two equal masks in one column of a block, which cancel in sums and exclusive ors.
TEST(MarchKernel, EqualErrorsDoNotCancel) {
  const auto kernel = host::best_kernel(kId)->make({});
  kernel->prepare(2);
  kernel->step(0);
  kernel->state()[8] ^= 1;
  kernel->state()[8 + 64] ^= 1;
  kernel->step(1);
  EXPECT_EQ(kernel->output()[kLineWords], 1U);
}

}  // namespace
}  // namespace assay::probes::march
