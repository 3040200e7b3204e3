// SPDX-License-Identifier: Apache-2.0
// Every portable program, as plain C++, against the committed goldens: a few operand sets of each, or ASSAY_DEVICE_SETS of them.
#include "probes/backend/device/portable.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "common/base/file.h"
#include "probes/catalogue/catalogue.h"
#include "probes/goldens/golden_file.h"
#include "tests/support/golden_folder.h"
#include "tests/unit/device/plain_job.h"

namespace assay::probes::device {
namespace {

std::vector<Digest> goldens_of(const Program& program) {
  const std::string name = golden_file_name({std::string(program.probe_id), program.version});
  const auto text = read_file(test::golden_folder() / name, 1 << 20);
  if (!text) return {};
  return parse_golden(name, *text).value().digests;
}

std::string test_name(const ::testing::TestParamInfo<std::string_view>& info) {
  std::string name(info.param);
  std::ranges::replace(name, '.', '_');
  return name;
}

std::vector<std::string_view> all_ids() {
  std::vector<std::string_view> ids;
  for (const Program& program : programs()) ids.push_back(program.probe_id);
  return ids;
}

class Programs : public ::testing::TestWithParam<std::string_view> {};

TEST_P(Programs, GiveTheGoldensOrOfTierT3TheSameBitsTwice) {
  const Program& program = *find_program(GetParam());
  if (!has_golden(find_probe(program.probe_id)->tier)) {
    const uint32_t sets[] = {0, 7, 0};
    PlainJob job(program, sets, 6, 2);
    job.run();
    EXPECT_EQ(to_hex(job.digest(0)), to_hex(job.digest(2)));
    EXPECT_EQ(to_hex(job.digest(0)), to_hex(job.digest(3)));
    EXPECT_NE(to_hex(job.digest(0)), to_hex(job.digest(1)));
    EXPECT_TRUE(goldens_of(program).empty()) << "none of us can know it";
    return;
  }
  const std::vector<Digest> goldens = goldens_of(program);
  ASSERT_EQ(goldens.size(), 256U);
  // Neighbours, whose classes of operands differ, and some far away.
  std::vector<uint32_t> sets = {0, 1, 2, 3, 101, 255};
  if (const char* count = std::getenv("ASSAY_DEVICE_SETS")) {
    sets.clear();
    for (uint32_t set = 0; set < static_cast<uint32_t>(std::atoi(count)); ++set) sets.push_back(set);
  }
  PlainJob job(program, sets, static_cast<uint32_t>(sets.size()));
  job.run();
  for (uint32_t run = 0; run < sets.size(); ++run) {
    EXPECT_EQ(job.results[run].done, 1U);
    EXPECT_EQ(to_hex(job.digest(run)), to_hex(goldens[sets[run]])) << "set " << sets[run];
  }
  EXPECT_EQ(job.unit.not_executed, 0U);
}

TEST_P(Programs, HaveAnEntryOfTheCatalogueAndAShapeThatAKernelCanTake) {
  const Program& program = *find_program(GetParam());
  const ProbeSpec* spec = find_probe(program.probe_id);
  ASSERT_NE(spec, nullptr);
  EXPECT_EQ(spec->ref.version, program.version);
  EXPECT_NE(find_plain_program(program.shape.name), nullptr);
  EXPECT_EQ(program.shape.lanes % 32, 0U);
  EXPECT_LE(program.shape.lanes, 128U);
  EXPECT_LE(program.shape.memory_words * 8, 48U * 1024);  // what every CUDA device gives a block without being asked
  EXPECT_GT(program.work_per_run, 0);
  EXPECT_FALSE(program.silicon.empty());
}

INSTANTIATE_TEST_SUITE_P(All, Programs, ::testing::ValuesIn(all_ids()), test_name);

TEST(ProgramTable, NamesAProbeOnce) {
  for (const Program& program : programs()) EXPECT_EQ(find_program(program.probe_id)->shape.name, program.shape.name);
  EXPECT_EQ(find_program("sort.merge"), nullptr);
}

}  // namespace
}  // namespace assay::probes::device
