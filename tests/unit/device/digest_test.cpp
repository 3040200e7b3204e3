// SPDX-License-Identifier: Apache-2.0
// The digest that lanes of a team compute is Digest128.
#include "common/base/digest.h"

#include <span>
#include <vector>

#include "common/base/random.h"
#include "probes/backend/device/programs/plain.h"

namespace assay::probes::device {
namespace {

TEST(DeviceDigest, IsDigest128WhateverTheSizeOfAStep) {
  Random random(3);
  for (const uint32_t words : {1U, 3U, 7U, 8U, 16U, 61U, 64U, 100U}) {
    for (const uint32_t steps : {1U, 2U, 5U, 64U}) {
      std::vector<uint64_t> all(size_t{words} * steps);
      for (uint64_t& word : all) word = random.next();
      Digest128 digest;
      digest.add(all);
      uint64_t lanes[8];
      for (uint32_t lane = 0; lane < 8; ++lane) lanes[lane] = assay_digest_start(uint64_t{lane + 1} * ASSAY_DIGEST_MULTIPLIER);
      for (uint32_t step = 0; step < steps; ++step) {
        for (uint32_t lane = 0; lane < 32; ++lane) assay_digest_step(lanes, lane, words, step, all.data() + size_t{step} * words);
      }
      EXPECT_EQ(assay_digest_half(lanes, all.size(), 0xA5A5A5A5A5A5A5A5, 0), digest.value().high) << words << " words, " << steps << " steps";
      EXPECT_EQ(assay_digest_half(lanes, all.size(), ~uint64_t{0}, 1), digest.value().low) << words << " words, " << steps << " steps";
    }
  }
}

}  // namespace
}  // namespace assay::probes::device
