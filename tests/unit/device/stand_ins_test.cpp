// SPDX-License-Identifier: Apache-2.0
// The functions that plain C++ takes for those of a special function unit are these functions, and sfu.approx takes in every bit of them.
#include "probes/backend/device/programs/stand_ins.h"

#include <cmath>
#include <functional>
#include <vector>

#include "common/base/random.h"
#include "probes/catalogue/sfu.h"
#include "tests/unit/device/plain_job.h"

namespace assay::probes::device {
namespace {

struct Function {
  const char* name;
  float (*ours)(float);
  double (*right)(double);
  float least;
  float most;
  bool is_relative;   // or absolute, where the result comes near zero
};

TEST(StandIns, AreTheFunctionsOverTheirRanges) {
  const Function functions[] = {
      {"1/x", stand_in::reciprocal, [](double x) { return 1 / x; }, -2, 2, true},
      {"1/sqrt(x)", stand_in::inverse_root, [](double x) { return 1 / std::sqrt(x); }, 0x1p-15F, 2, true},
      {"2^x", stand_in::exp2, [](double x) { return std::exp2(x); }, -64, 64, true},
      {"log2(x)", stand_in::log2, [](double x) { return std::log2(x); }, 0x1p-15F, 2, false},
      {"sin(x)", stand_in::sine, [](double x) { return std::sin(x); }, -8, 8, false},
      {"cos(x)", stand_in::cosine, [](double x) { return std::cos(x); }, -8, 8, false},
  };
  Random random(5);
  for (const Function& function : functions) {
    double worst = 0;
    for (int i = 0; i < 20000; ++i) {
      const auto x = function.least + (function.most - function.least) * static_cast<float>(random.next() >> 40) * 0x1p-24F;
      if (x == 0) continue;
      const double right = function.right(x);
      const double error = std::fabs(function.ours(x) - right);
      worst = std::max(worst, function.is_relative ? error / std::fabs(right) : error);
    }
    EXPECT_LT(worst, 2e-6) << function.name;
    EXPECT_GT(worst, 0) << function.name << " is rounded";
  }
}

// What a unit gives at last must hang on each of its results: one flipped bit of one operand changes both words of its chain, from the first step on.
TEST(SfuApprox, ForgetsNothing) {
  const Program& program = *find_program(sfu::kId);
  const std::vector<uint64_t> right = outputs_of(program, 3);
  const uint32_t sets[] = {3};
  for (const uint32_t bit : {0U, 13U, 40U}) {
    PlainJob job(program, sets, 1);
    job.expected = right;
    job.operands[program.shape.state_words + 7 * sfu::kLanes + 5] ^= uint64_t{1} << bit;  // of a[7][5]
    job.run();
    EXPECT_GE(job.results[0].wrong_words, 2 * sfu::kSteps);
    EXPECT_LE(job.results[0].wrong_words, 2 * sfu::kSteps) << "chains do not touch each other";
  }
}

}  // namespace
}  // namespace assay::probes::device
