// SPDX-License-Identifier: Apache-2.0
// Outputs that count as they arrive: the digest of what was fetched, and what is said of words that changed on the way.
#include "probes/backend/device/arrival.h"

#include "tests/unit/device/plain_job.h"

namespace assay::probes::device {
namespace {

const Program& copy() { return *find_program("copy.d2h"); }

struct Sent {
  AssayRun run{};
  std::vector<uint64_t> words;
};

Sent sent() {
  const uint32_t set[] = {3};
  PlainJob job(copy(), set, 1);
  job.run();
  return {job.results[0], job.scratch};
}

TEST(Arrival, KeptOutputsHaveTheDigestOfTheDevice) {
  EXPECT_TRUE(copy().shape.keeps_outputs());
  EXPECT_FALSE(find_program("fma.fp64.chain")->shape.keeps_outputs());
  Sent it = sent();
  ASSERT_EQ(it.words.size(), copy().shape.run_words());
  const AssayRun before = it.run;
  EXPECT_FALSE(take_arrival(it.run, it.words));
  EXPECT_EQ(it.run.high, before.high);
  EXPECT_EQ(it.run.low, before.low);
  EXPECT_EQ(it.run.done, 1U);
}

TEST(Arrival, ChangedWordsAreToldWhereASecondLookGivesWhatWasSent) {
  Sent it = sent();
  const Digest device{it.run.high, it.run.low};
  std::vector<uint64_t> arrived = it.words;
  arrived[5 * 1024 + 9] ^= 1;
  arrived[15 * 1024 + 1023] ^= 6;
  EXPECT_TRUE(take_arrival(it.run, arrived));
  EXPECT_EQ((Digest{it.run.high, it.run.low}), digest_of(arrived));
  const std::vector<AssayRecord> records = arrival_records(copy().shape, device, arrived, it.words, 10);
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].step, 5U);
  EXPECT_EQ(records[0].word, 9U);
  EXPECT_EQ(records[0].expected ^ records[0].actual, 1U);
  EXPECT_EQ(records[1].step, 15U);
  EXPECT_EQ(records[1].word, 1023U);
  EXPECT_EQ(records[1].reread, records[1].expected);
  EXPECT_EQ(arrival_records(copy().shape, device, arrived, it.words, 1).size(), 1U);
  EXPECT_TRUE(arrival_records(copy().shape, device, arrived, arrived, 10).empty());
}

}  // namespace
}  // namespace assay::probes::device
