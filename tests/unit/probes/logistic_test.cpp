// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/logistic.h"

#include <gtest/gtest.h>

#include <bit>
#include <vector>

namespace assay::probes::logistic {
namespace {

double window(uint64_t word) { return std::bit_cast<double>((word & kKeep) | kSet); }

TEST(LogisticOperands, TheParameterIsInTheChaoticRangeAndNeverFour) {
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> params(kParamWords);
  for (const uint32_t set : {0U, 1U, 255U}) {
    operands(set, state, params);
    for (const uint64_t word : params) {
      EXPECT_GE(std::bit_cast<double>(word), 3.5);
      EXPECT_LT(std::bit_cast<double>(word), 4.0);
    }
  }
}

// The ends of the window, and the greatest parameter on the greatest value of x (1 - x): nothing leaves [0, 1].
TEST(LogisticMap, StaysInItsInterval) {
  EXPECT_EQ(window(0), 0.125);
  EXPECT_EQ(window(~uint64_t{0}), std::bit_cast<double>(std::bit_cast<uint64_t>(0.5) - 1));
  const double greatest = std::bit_cast<double>(std::bit_cast<uint64_t>(4.0) - 1);
  EXPECT_LE(greatest * (0.5 * (1.0 - 0.5)), 1.0);
  EXPECT_EQ(greatest * (1.0 * (1.0 - 1.0)), 0.0) << "the fixed point that an orbit may fall into";
}

}  // namespace
}  // namespace assay::probes::logistic
