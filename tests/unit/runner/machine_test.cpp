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

// A node with plenty of memory, where the process lives in cgroups.
class CgroupMemory : public testing::Test {
 protected:
  void put(const std::string& path, std::string_view text) {
    std::filesystem::create_directories((root_ / path).parent_path());
    ASSERT_TRUE(write_file_atomic(root_ / path, text).ok());
  }
  void SetUp() override { put("proc/meminfo", "MemAvailable:   16777216 kB\n"); }
  FsRoot root() const { return FsRoot(root_.path()); }
  static constexpr uint64_t kMiB = 1 << 20;

 private:
  test::TempDir root_;
};

TEST_F(CgroupMemory, WithoutLimitsDoesNotForbid) {
  put("proc/self/cgroup", "0::/system.slice/assay-agent.service\n");
  put("sys/fs/cgroup/system.slice/assay-agent.service/memory.max", "max\n");
  put("sys/fs/cgroup/system.slice/assay-agent.service/memory.current", "1000\n");
  EXPECT_FALSE(cgroup_memory_bytes(root()).has_value());
  EXPECT_TRUE(memory_suffices(root(), 1024 * kMiB));
}

TEST_F(CgroupMemory, OfVersionTwoIsTheLeastRoomOnTheWayUp) {
  put("proc/self/cgroup", "0::/jobs/ours\n");
  put("sys/fs/cgroup/jobs/ours/memory.max", "1073741824\n");
  put("sys/fs/cgroup/jobs/ours/memory.current", "104857600\n");
  EXPECT_EQ(cgroup_memory_bytes(root()), 924 * kMiB);
  put("sys/fs/cgroup/jobs/memory.max", "536870912\n");
  put("sys/fs/cgroup/jobs/memory.current", "419430400\n");
  EXPECT_EQ(cgroup_memory_bytes(root()), 112 * kMiB) << "the group above it has less";
  EXPECT_FALSE(memory_suffices(root(), 64 * kMiB)) << "as much again must stay";
  EXPECT_TRUE(memory_suffices(root(), 48 * kMiB));
}

TEST_F(CgroupMemory, CountsFilePagesThatAreNotInUseAsRoomAndHeedsTheThrottle) {
  put("proc/self/cgroup", "0::/\n");
  put("sys/fs/cgroup/memory.max", "1073741824\n");
  put("sys/fs/cgroup/memory.current", "1048576000\n");
  EXPECT_EQ(cgroup_memory_bytes(root()), 24 * kMiB);
  put("sys/fs/cgroup/memory.stat", "anon 5\ninactive_file 943718400\nactive_file 7\n");
  EXPECT_EQ(cgroup_memory_bytes(root()), 924 * kMiB);
  put("sys/fs/cgroup/memory.high", "209715200\n");
  EXPECT_EQ(cgroup_memory_bytes(root()), 100 * kMiB);
}

TEST_F(CgroupMemory, OfVersionOneIsFoundInAContainerWhoseFolderIsNotThere) {
  put("proc/self/cgroup", "5:cpuset:/\n4:memory,hugetlb:/docker/0123\n0::/\n");
  put("sys/fs/cgroup/memory/memory.limit_in_bytes", "268435456\n");
  put("sys/fs/cgroup/memory/memory.usage_in_bytes", "209715200\n");
  put("sys/fs/cgroup/memory/memory.stat", "inactive_file 1\ntotal_inactive_file 20971520\n");
  EXPECT_EQ(cgroup_memory_bytes(root()), 76 * kMiB);
  EXPECT_FALSE(memory_suffices(root(), 64 * kMiB));
}

TEST_F(CgroupMemory, ThatIsOverItsLimitHasNoRoom) {
  put("proc/self/cgroup", "0::/full\n");
  put("sys/fs/cgroup/full/memory.max", "1048576\n");
  put("sys/fs/cgroup/full/memory.current", "2097152\n");
  EXPECT_EQ(cgroup_memory_bytes(root()), 0U);
  EXPECT_FALSE(memory_suffices(root(), 1));
}

TEST(MemoryCheck, LargeProbesLeaveAsMuchAsTheyTake) {
  const test::TempDir root;
  ASSERT_TRUE(make_directory(root / "proc").ok());
  ASSERT_TRUE(write_file_atomic(root / "proc/meminfo", "MemAvailable:   1048576 kB\n").ok());
  EXPECT_TRUE(memory_suffices(FsRoot(root.path()), uint64_t{512} << 20));
  EXPECT_FALSE(memory_suffices(FsRoot(root.path()), (uint64_t{512} << 20) + 1));
}

}  // namespace
}  // namespace assay::probes::host
