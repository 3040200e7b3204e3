// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/interp.h"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <vector>

#include "probes/backend/host/interp/variants.h"
#include "probes/reference/reference.h"

namespace assay::probes {
namespace {

TEST(InterpOperands, HaveEveryOpEquallyOftenAndOnlyBijections) {
  std::vector<uint64_t> state(interp::kStateWords);
  std::vector<uint64_t> program(interp::kParamWords);
  interp::operands(9, state, program);
  std::array<uint32_t, 16> ops{};
  for (const uint64_t word : program) {
    ++ops[word % 16];
    EXPECT_NE(word >> 4 & 15, word >> 8 & 15);
    EXPECT_NE(word >> 4 & 15, word >> 12 & 15);
  }
  for (const uint32_t count : ops) EXPECT_EQ(count, interp::kProgramWords / 16);
}

// A program that is caught in a short loop would test little: the counters at the ends of steps are all over the place.
TEST(InterpPrograms, GoOnWanderingToTheEnd) {
  for (const uint32_t set : {0U, 100U, 255U}) {
    std::set<uint64_t> places;
    ASSERT_TRUE(reference::run(interp::kId, set, [&](uint32_t, std::span<const uint64_t> output) {
                  places.insert(output.back() % interp::kProgramWords);
                }).ok());
    EXPECT_GT(places.size(), interp::kSteps / 2) << set;
  }
}

// One instruction that does nothing to anybody but the counter.
TEST(InterpKernel, CountsItsInstructions) {
  std::vector<uint64_t> state(interp::kStateWords);
  std::vector<uint64_t> program(interp::kParamWords, 2 | 1 << 8 | 1 << 12);  // r[0] ^= r[1]
  state[1] = 5;
  host::interp_scalar(state.data(), program.data(), 0);
  EXPECT_EQ(state.back(), interp::kInstructions);
  EXPECT_EQ(state[0], 0U) << "an even number of times";
}

}  // namespace
}  // namespace assay::probes
