// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/memory_arena.h"

#include <gtest/gtest.h>

#include <utility>

#include "probes/backend/host/kernel.h"

namespace assay::probes::host {
namespace {

constexpr size_t kMiB = 1024 * 1024;

TEST(MappedMemory, IsAlignedZeroedAndAllThere) {
  MappedMemory small(12'288);
  ASSERT_FALSE(small.empty());
  EXPECT_EQ(reinterpret_cast<uintptr_t>(small.words().data()) % 4096, 0U);
  EXPECT_EQ(small.bytes(), 12'288U);
  MappedMemory large(4 * kMiB);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(large.words().data()) % MappedMemory::kHugePageBytes, 0U);
  for (const uint64_t word : large.words()) ASSERT_EQ(word, 0U);
  large.words().back() = 7;
  const MappedMemory moved = std::move(large);
  EXPECT_EQ(moved.words().back(), 7U);
}

TEST(MappedMemory, ThatCannotBeHadIsEmpty) {
  EXPECT_TRUE(MappedMemory(0).empty());
  EXPECT_TRUE(MappedMemory(size_t{1} << 60).empty());
}

TEST(HugePages, AreCountedInTheMappingsThatOverlap) {
  constexpr std::string_view kSmaps =
      "1000-2000 rw-p 00000000 00:00 0\nSize: 4 kB\nAnonHugePages:      64 kB\n"
      "200000-600000 rw-p 00000000 00:00 0\nRss: 4096 kB\nAnonHugePages:      2048 kB\nVmFlags: rd wr hg\n"
      "600000-700000 rw-p 00000000 00:00 0\nAnonHugePages:      1024 kB\n";
  EXPECT_EQ(huge_page_bytes(kSmaps, 0x200000, 0x400000), 2 * kMiB);
  EXPECT_EQ(huge_page_bytes(kSmaps, 0x200000, 0x500000), 3 * kMiB);
  EXPECT_EQ(huge_page_bytes(kSmaps, 0x3000, 0x1000), 0U);
  EXPECT_EQ(huge_page_bytes("nonsense\nAnonHugePages: x kB\n", 0, 1), 0U);
}

TEST(MemoryArena, LendsTheSameMemoryAgain) {
  MemoryArena arena;
  uint64_t* first = nullptr;
  {
    MemoryLoan loan = arena.borrow(kMiB);
    first = loan.data();
    loan.data()[5] = 9;
    EXPECT_EQ(arena.kept_bytes(), 0U);
  }
  EXPECT_EQ(arena.kept_bytes(), kMiB);
  MemoryLoan again = arena.borrow(kMiB);
  EXPECT_EQ(again.data(), first);
  EXPECT_EQ(again.data()[5], 9U);
  EXPECT_NE(arena.borrow(kMiB).data(), first) << "lent twice at a time";
}

TEST(MemoryArena, KeepsNoMoreThanItMayAndTheLatest) {
  MemoryArena arena(3 * kMiB);
  { const MemoryLoan loan = arena.borrow(kMiB); }
  { const MemoryLoan loan = arena.borrow(2 * kMiB); }
  EXPECT_EQ(arena.kept_bytes(), 3 * kMiB);
  { const MemoryLoan loan = arena.borrow(3 * kMiB); }
  EXPECT_EQ(arena.kept_bytes(), 3 * kMiB);
  { const MemoryLoan loan = arena.borrow(4 * kMiB); }
  EXPECT_EQ(arena.kept_bytes(), 3 * kMiB) << "larger than it may keep";
  arena.release();
  EXPECT_EQ(arena.kept_bytes(), 0U);
}

TEST(MemoryArena, AMemoryProbeBorrowsAndGivesBack) {
  MemoryArena arena;
  KernelSite site;
  site.arena = &arena;
  { const auto kernel = best_kernel("mem.march")->make(site); }
  EXPECT_EQ(arena.kept_bytes(), 4 * kMiB);
}

TEST(MemoryLoan, WithoutAnArenaGoesBackToTheKernel) {
  MemoryLoan loan = borrow_memory(nullptr, kMiB);
  ASSERT_FALSE(loan.empty());
  loan = borrow_memory(nullptr, 4096);
  EXPECT_EQ(loan.words().size(), 512U);
}

}  // namespace
}  // namespace assay::probes::host
