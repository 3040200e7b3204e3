// SPDX-License-Identifier: Apache-2.0
// device.march tells each team's memory from every other's, and its outputs do not depend on where that is.
#include <algorithm>
#include <set>
#include <vector>

#include "probes/backend/device/portable.h"
#include "probes/backend/device/programs/plain.h"

namespace assay::probes::device {
namespace {

#include "probes/backend/device/programs/march_device.inl"
#include "probes/backend/device/programs/team_run.inl"
constexpr size_t kWords = ASSAY_ARENA_WORDS;
constexpr size_t kOutputs = ASSAY_OUT_WORDS;
#include "probes/backend/device/programs/end_program.inl"

// One team's memory, and what its steps give.
struct Place {
  std::vector<uint64_t> memory = std::vector<uint64_t>(kWords);
  std::vector<uint64_t> out = std::vector<uint64_t>(kOutputs);

  void step(const std::vector<uint64_t>& params, uint32_t number) { march_device_step(nullptr, params.data(), memory.data(), out.data(), 0, number); }
};

std::vector<uint64_t> params() {
  static_cast<void>(&march_device_run);  // the frame is tried elsewhere
  return operands_of(*find_program("device.march"), 0);
}

TEST(DeviceMarch, NoTwoPlacesHoldTheSameWordWhereWordsTellTheirPlace) {
  const std::vector<uint64_t> words = params();
  Place one;
  Place other;
  one.step(words, 0);
  other.step(words, 0);
  EXPECT_EQ(one.out, other.out);
  for (size_t i = 0; i < kWords; ++i) ASSERT_NE(one.memory[i], other.memory[i]) << i;
  EXPECT_EQ(std::set<uint64_t>(one.memory.begin(), one.memory.end()).size(), kWords);
}

// Two addresses that lead to one cell: the second team's words come between the first one's.
TEST(DeviceMarch, FindsACellThatTwoTeamsShare) {
  const std::vector<uint64_t> words = params();
  Place one;
  Place other;
  one.step(words, 0);
  other.step(words, 0);
  one.memory[12345] = other.memory[12345];
  one.step(words, 1);
  EXPECT_TRUE(std::ranges::any_of(one.out, [n = 0](uint64_t word) mutable { return n++ % 16 >= 8 && word != 0; }));
  other.step(words, 1);
  EXPECT_FALSE(std::ranges::any_of(other.out, [n = 0](uint64_t word) mutable { return n++ % 16 >= 8 && word != 0; }));
}

}  // namespace
}  // namespace assay::probes::device
