// SPDX-License-Identifier: Apache-2.0
// The checks inside the probes between CPUs, on outcomes that no healthy machine shows.
#include <gtest/gtest.h>

#include <algorithm>

#include "common/base/random.h"
#include "probes/backend/host/hop/blocks.h"
#include "probes/backend/host/litmus/judge.h"
#include "probes/backend/host/lock/record.h"

namespace assay::probes::host {
namespace {

using litmus::Shape;

constexpr uint64_t kV = 0x123456789ABCDEF1;
constexpr uint64_t kW = other_value(kV);

struct Case {
  Shape shape;
  LitmusRound round;
};

TEST(Litmus, ForbiddenOutcomesAreFound) {
  const Case cases[] = {
      {Shape::kSbFenced, {{{{0, 0}, {0, 0}}}, kV, kV}},
      {Shape::kSbExchanged, {{{{0, 0}, {0, 0}}}, kV, kV}},
      {Shape::kMp, {{{{0, 0}, {kV, 0}}}, kV, kV}},
      {Shape::kLb, {{{{kV, 0}, {kV, 0}}}, kV, kV}},
      {Shape::kCoRR, {{{{0, 0}, {kW, kV}}}, kW, 0}},
      {Shape::kCoRR, {{{{0, 0}, {kW, 0}}}, kW, 0}},
      {Shape::kCoRR, {{{{0, 0}, {kV, 0}}}, kW, 0}},
      {Shape::k2Plus2W, {{}, kV, kV}},
      {Shape::kWrc, {{{{0, 0}, {kV, kV}, {kV, 0}}}, kV, kV}},
      {Shape::kIriw, {{{{0, 0}, {0, 0}, {kV, 0}, {kV, 0}}}, kV, kV}},
  };
  for (const Case& wrong : cases) {
    EXPECT_TRUE(is_forbidden(wrong.shape, wrong.round, kV)) << "shape " << static_cast<int>(wrong.shape);
    EXPECT_EQ(aliens(wrong.shape, wrong.round, kV), 0U) << "shape " << static_cast<int>(wrong.shape);
  }
}

TEST(Litmus, AllowedOutcomesAreNot) {
  const Case cases[] = {
      {Shape::kSbFenced, {{{{kV, 0}, {0, 0}}}, kV, kV}},
      {Shape::kSbExchanged, {{{{kV, 0}, {kV, 0}}}, kV, kV}},
      {Shape::kMp, {{{{0, 0}, {0, kV}}}, kV, kV}},
      {Shape::kMp, {{{{0, 0}, {kV, kV}}}, kV, kV}},
      {Shape::kLb, {{{{0, 0}, {kV, 0}}}, kV, kV}},
      {Shape::kCoRR, {{{{0, 0}, {0, kW}}}, kW, 0}},
      {Shape::kCoRR, {{{{0, 0}, {kV, kW}}}, kW, 0}},
      {Shape::kCoRR, {{{{0, 0}, {kW, kW}}}, kW, 0}},
      {Shape::k2Plus2W, {{}, kW, kV}},
      {Shape::k2Plus2W, {{}, kW, kW}},
      {Shape::kWrc, {{{{0, 0}, {0, 0}, {0, kV}}}, kV, 0}},
      {Shape::kIriw, {{{{0, 0}, {0, 0}, {kV, 0}, {kV, kV}}}, kV, kV}},
  };
  for (const Case& fine : cases) {
    EXPECT_FALSE(is_forbidden(fine.shape, fine.round, kV)) << "shape " << static_cast<int>(fine.shape);
    EXPECT_EQ(aliens(fine.shape, fine.round, kV), 0U) << "shape " << static_cast<int>(fine.shape);
  }
}

TEST(Litmus, ValuesThatNobodyWroteAreCounted) {
  EXPECT_EQ(aliens(Shape::kMp, {{{{0, 0}, {kV, kV ^ 4}}}, kV, kV}, kV), 1U);
  EXPECT_EQ(aliens(Shape::kMp, {{}, kW, kV}, kV), 1U) << "the second value is not written there";
  EXPECT_EQ(aliens(Shape::k2Plus2W, {{}, 0, kW}, kV), 1U) << "a store that was lost";
}

class Hop : public testing::Test {
 protected:
  Hop() {
    Random random(7);
    for (uint32_t column = 0; column < hop::kColumns; ++column) constants_.set(column, random.next() | 1, random.next());
    for (uint64_t& word : block_) word = random.next();
  }
  HopConstants constants_{};
  std::array<uint64_t, hop::kBlockWords> block_{};
  HopMail mail_{};
  HopTraces trace_{};
  HopTraces differing_{};
};

TEST_F(Hop, WhatWasMadeRightIsUndoneToTheLastBit) {
  make_block(constants_, block_.data(), mail_, trace_);
  EXPECT_EQ(mail_.before, block_);
  EXPECT_NE(mail_.now, block_);
  check_block(constants_, mail_, differing_);
  EXPECT_EQ(differing_, HopTraces{});
}

TEST_F(Hop, AnyFlippedBitIsFoundInItsColumn) {
  for (uint32_t word = 0; word < hop::kBlockWords; word += 5) {
    for (uint32_t bit = 0; bit < 64; bit += 7) {
      differing_ = {};
      make_block(constants_, block_.data(), mail_, trace_);
      mail_.now[word] ^= uint64_t{1} << bit;
      check_block(constants_, mail_, differing_);
      EXPECT_NE(differing_[word % hop::kTraces], 0U);
      EXPECT_EQ(std::count(differing_.begin(), differing_.end(), 0U), hop::kTraces - 1);
    }
  }
}

// A maker whose multiplier drops a bit undoes its own work without a trace, by the same wrong multiplier; another CPU does not.
TEST_F(Hop, AFaultThatUndoesItselfIsFoundByAnother) {
  HopConstants broken = constants_;
  broken.set(3, constants_.multiplier[3] ^ 0x100, constants_.constant[3]);
  make_block(broken, block_.data(), mail_, trace_);
  HopTraces own{};
  check_block(broken, mail_, own);
  EXPECT_EQ(own, HopTraces{});
  check_block(constants_, mail_, differing_);
  EXPECT_NE(differing_[3], 0U);
}

TEST(Lock, ARecordHoldsTogetherUntilAWordOfItIsTorn) {
  Random random(9);
  LockRecord factors{};
  LockRecord record{};
  for (uint64_t& factor : factors) factor = random.next() | 1;
  factors[0] = 1;
  for (uint64_t& word : record) word = random.next();
  const LockRecord bonds = bonds_of(record, factors);
  for (uint32_t i = 0; i < lock::kRecordWords; ++i) record[i] += factors[i] * 0x123456789;
  EXPECT_EQ(torn_words(record, factors, bonds), 0U);
  LockRecord half = record;
  for (uint32_t i = 0; i < lock::kRecordWords / 2; ++i) half[i] += factors[i] * 77;  // a copy taken within a change
  EXPECT_EQ(torn_words(half, factors, bonds), lock::kRecordWords / 2);
  record[5] ^= 1;
  EXPECT_EQ(torn_words(record, factors, bonds), 1U);
}

}  // namespace
}  // namespace assay::probes::host
