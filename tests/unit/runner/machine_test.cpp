// SPDX-License-Identifier: Apache-2.0
// The small pieces of the frame that touch the machine: pinning, floating-point environment, cache flush, memory check.
#include <cfenv>
#include <thread>
#include <vector>

#include "common/base/file.h"
#include "probes/backend/host/cache_flush.h"
#include "probes/backend/host/fp_environment.h"
#include "probes/backend/host/memory_check.h"
#include "probes/backend/host/pinning.h"
#include "tests/support/temp_dir.h"

namespace assay::probes::host {
namespace {

TEST(Pinning, AThreadCanBePutOnEveryAllowedCpu) {
  const auto cpus = allowed_cpus();
  ASSERT_FALSE(cpus.empty());
  for (const uint32_t cpu : cpus) {
    std::thread([cpu] {
      EXPECT_TRUE(pin_to_cpu(cpu).ok());
      EXPECT_EQ(current_cpu(), cpu);
    }).join();
  }
}

TEST(Pinning, CpusThatAreNotThereAreRefused) {
  for (const uint32_t cpu : {8191U, 65536U, ~0U}) EXPECT_EQ(pin_to_cpu(cpu).error().code, ErrorCode::kNotFound) << cpu;
}

TEST(CacheFlush, LeavesTheContentAsItIs) {
  std::vector<uint64_t> words(1000, 42);
  words[999] = 7;
  flush_from_caches(words.data(), words.size() * sizeof(uint64_t));
  flush_from_caches(&words[999], 1);
  EXPECT_EQ(words[0], 42U);
  EXPECT_EQ(words[999], 7U);
}

TEST(MemoryCheck, ReadsMemAvailableAndKeepsTheReserve) {
  const test::TempDir root;
  EXPECT_FALSE(available_memory_bytes(FsRoot(root.path())).has_value());
  EXPECT_TRUE(memory_suffices(FsRoot(root.path()), uint64_t{1} << 60)) << "a kernel that does not tell does not forbid";
  ASSERT_TRUE(make_directory(root / "proc").ok());
  ASSERT_TRUE(write_file_atomic(root / "proc/meminfo", "MemFree: 5 kB\nMemAvailable:   131072 kB\nBuffers: 1 kB\n").ok());
  EXPECT_EQ(available_memory_bytes(FsRoot(root.path())), uint64_t{128} << 20);
  EXPECT_TRUE(memory_suffices(FsRoot(root.path()), uint64_t{64} << 20));
  EXPECT_FALSE(memory_suffices(FsRoot(root.path()), (uint64_t{64} << 20) + 1));
}

}  // namespace
}  // namespace assay::probes::host
