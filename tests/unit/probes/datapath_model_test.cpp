// SPDX-License-Identifier: Apache-2.0
// The share of stuck-at wires of the modelled datapath that each recipe of operands shows; the table is
// docs/measured/operand-excitation.md.
#include "probes/reference/datapath_model.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <tuple>

#include "common/base/random.h"
#include "probes/reference/excitation.h"

namespace assay::probes::reference {
namespace {

constexpr uint32_t kDots = 1024;

class DatapathOf : public testing::TestWithParam<const char*> {
 protected:
  const MatrixUnit& unit() const { return *find_unit("hopper", GetParam()); }
};

TEST_P(DatapathOf, WithoutAFaultIsTheEmulatedUnit) {
  Random random(3);
  const NarrowFloat& format = unit().operand;
  for (int round = 0; round < 200; ++round) {
    std::vector<Fraction> x[2];
    std::vector<Unpacked> y[2];
    for (int i = 0; i < 100; ++i) {
      for (int side = 0; side < 2; ++side) {
        const uint32_t exponent = 1 + static_cast<uint32_t>(random.below(static_cast<uint64_t>(2 * format.bias - 2)));
        uint32_t code = static_cast<uint32_t>(random.next()) & (format.sign_bit() | ((1U << format.mantissa_bits) - 1));
        if (random.below(8) != 0) code |= (format.exponent_bits == 8 ? 100 + exponent % 50 : exponent) << format.mantissa_bits;
        x[side].push_back(decode(format, code));
        y[side].push_back(unpack(format, code));
      }
    }
    ASSERT_EQ(datapath_dot(unit(), y[0], y[1], nullptr), multiply_accumulate(unit(), x[0], x[1], 0));
  }
}

TEST_P(DatapathOf, HasEachWireOnceWithBothValues) {
  const auto wires = stuck_wires(unit());
  std::set<std::tuple<DatapathPart, uint32_t, uint32_t, bool>> distinct;
  for (const StuckWire& wire : wires) distinct.insert({wire.part, wire.lane, wire.bit, wire.value});
  EXPECT_EQ(distinct.size(), wires.size());
  EXPECT_EQ(wires.size() % 2, 0U);
}

TEST_P(DatapathOf, TheGridShowsNineteenOfTwentyFaultsAndRandomOperandsNearlyAll) {
  EXPECT_GE(measure_excitation(unit(), Recipe::kGrid, kDots).share(), 0.95);
  EXPECT_GE(measure_excitation(unit(), Recipe::kGridAndRandom, kDots).share(), 0.995);
}

// The control: the measure can fail, and this is how simple operands do.
TEST_P(DatapathOf, OperandsOfMinusOneZeroAndOneShowFarLess) {
  const double share = measure_excitation(unit(), Recipe::kTernary, kDots / 4).share();
  EXPECT_LT(share, 0.75);
  EXPECT_GT(share, 0.3);
}

INSTANTIATE_TEST_SUITE_P(Formats, DatapathOf, testing::Values("fp16", "bf16", "tf32", "e4m3", "e5m2"),
                         [](const auto& format) { return std::string(format.param); });

}  // namespace
}  // namespace assay::probes::reference
