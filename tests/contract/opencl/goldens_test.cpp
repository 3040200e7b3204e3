// SPDX-License-Identifier: Apache-2.0
// Every portable program on the OpenCL device of this machine, compiled by its driver, against the committed goldens: the same operand sets as the plain
// C++ programs are tried with, on every unit at once, or ASSAY_DEVICE_SETS of them.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <numeric>
#include <set>
#include <string>

#include "probes/backend/opencl/accelerator.h"
#include "probes/catalogue/catalogue.h"
#include "probes/goldens/golden_set.h"
#include "tests/contract/opencl/opencl_device.h"
#include "tests/support/golden_folder.h"

namespace assay::probes::opencl {
namespace {

const GoldenSet& goldens() {
  static const GoldenSet kSet = GoldenSet::load(test::golden_folder()).value();
  return kSet;
}

std::string test_name(const ::testing::TestParamInfo<std::string_view>& info) {
  std::string name(info.param);
  std::ranges::replace(name, '.', '_');
  return name;
}

std::vector<std::string_view> all_ids() {
  std::vector<std::string_view> ids;
  for (const device::Program& program : device::programs()) ids.push_back(program.probe_id);
  return ids;
}

std::vector<uint32_t> sets_to_try() {
  const char* count = std::getenv("ASSAY_DEVICE_SETS");
  if (count == nullptr) return {0, 1, 2, 3, 101, 255};
  std::vector<uint32_t> sets(static_cast<size_t>(std::atoi(count)));
  std::iota(sets.begin(), sets.end(), 0U);
  return sets;
}

class OpenclGoldens : public ::testing::TestWithParam<std::string_view> {
 protected:
  // Whether the device offers it; where it does not, it must say why.
  static std::string missing(std::string_view probe) {
    for (const device::Offer& offer : first_device()->offers()) {
      if (offer.probe == probe) return offer.missing;
    }
    return "not offered";
  }
};

TEST_P(OpenclGoldens, AreWhatTheDeviceGivesOnEveryUnit) {
  ASSAY_NEEDS_OPENCL();
  const device::Program& program = *device::find_program(GetParam());
  if (const std::string why = missing(GetParam()); !why.empty()) GTEST_SKIP() << first_device()->device().model << ": " << why;
  const GoldenTable* table = goldens().find({std::string(program.probe_id), program.version});
  if (!has_golden(find_probe(program.probe_id)->tier)) GTEST_SKIP() << "tier T3 has none: OpenclApproximations";
  ASSERT_NE(table, nullptr);
  const auto units = static_cast<uint32_t>(first_device()->device().units.size());
  const std::vector<uint32_t> sets = sets_to_try();
  OpenclJob it(program, sets, units, static_cast<uint32_t>(sets.size()));
  for (uint32_t slot = 0; slot < sets.size(); ++slot) it.golden(slot, table->digests[sets[slot]]);
  const device::JobResult result = run_on_device(it.job);
  ASSERT_EQ(result.units.size(), units);
  for (uint32_t unit = 0; unit < units; ++unit) {
    const device::JobUnitResult& own = result.units[unit];
    EXPECT_TRUE(own.reached);
    EXPECT_FALSE(own.moved);
    EXPECT_EQ(own.not_executed, 0U);
    EXPECT_EQ(own.wrong, 0U);
    EXPECT_GT(own.busy.count(), 0);
    ASSERT_EQ(own.digests.size(), sets.size()) << "unit " << unit;
    for (uint32_t run = 0; run < sets.size(); ++run) {
      EXPECT_EQ(to_hex(own.digests[run]), to_hex(table->digests[it.set_of(unit, run)])) << "unit " << unit << ", set " << it.set_of(unit, run);
    }
  }
}

// What has no golden must be the same bits on every unit and in every run, and others on other operands.
TEST(OpenclApproximations, AreAlikeOnEveryUnitAndInEveryRun) {
  ASSAY_NEEDS_OPENCL();
  const device::Program& program = *device::find_program("sfu.approx");
  const auto units = static_cast<uint32_t>(first_device()->device().units.size());
  const OpenclJob it(program, {0, 7}, units, 6);
  const device::JobResult result = run_on_device(it.job);
  ASSERT_EQ(result.units.size(), units);
  std::map<uint32_t, std::set<std::string>> seen;
  for (uint32_t unit = 0; unit < units; ++unit) {
    EXPECT_EQ(result.units[unit].wrong, 0U);
    ASSERT_EQ(result.units[unit].digests.size(), 6U);
    for (uint32_t run = 0; run < 6; ++run) seen[it.set_of(unit, run)].insert(to_hex(result.units[unit].digests[run]));
  }
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].size(), 1U);
  EXPECT_EQ(seen[7].size(), 1U);
  EXPECT_NE(seen[0], seen[7]);
}

INSTANTIATE_TEST_SUITE_P(All, OpenclGoldens, ::testing::ValuesIn(all_ids()), test_name);

}  // namespace
}  // namespace assay::probes::opencl
