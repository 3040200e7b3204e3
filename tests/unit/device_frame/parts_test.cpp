// SPDX-License-Identifier: Apache-2.0
// The parts of the frame around accelerators: pace of launches, cache of words, the host's expected words, the loader.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include "common/base/file.h"
#include "probes/backend/device/backend_library.h"
#include "probes/backend/device/expected_words.h"
#include "probes/backend/device/launch_pace.h"
#include "probes/backend/device/word_cache.h"
#include "probes/goldens/golden_set.h"

namespace assay::test {
namespace {

using namespace probes::device;  // NOLINT(google-build-using-namespace)
using std::chrono::milliseconds;

TEST(LaunchPace, BeginsSmallGrowsAndStaysBelowItsTarget) {
  LaunchPace pace;
  EXPECT_EQ(pace.next(milliseconds{100}), 1U);
  pace.learn(1, std::chrono::microseconds{50});
  EXPECT_EQ(pace.next(milliseconds{100}), 8U) << "not at once: one run tells little of many";
  pace.learn(8, std::chrono::microseconds{400});
  EXPECT_EQ(pace.next(milliseconds{100}), 64U);
  pace.learn(64, milliseconds{14});
  EXPECT_EQ(pace.next(milliseconds{100}), 32U);
  EXPECT_EQ(pace.next(milliseconds{1}), 4U) << "and what is left of the slice counts";
  EXPECT_EQ(pace.shortest(), std::chrono::microseconds{50});
  pace.learn(4096, std::chrono::microseconds{1});
  EXPECT_EQ(pace.next(milliseconds{100}), kRunsPerJobUnit);
}

SharedWords words_of(size_t count) { return std::make_shared<const SetWords>(SetWords{std::vector<uint64_t>(count, 7), 1}); }

TEST(WordCache, OldestGoesFirstAndTheBoundHolds) {
  WordCache cache(10 * sizeof(uint64_t));
  cache.keep({"a", 0}, words_of(4));
  cache.keep({"a", 1}, words_of(4));
  ASSERT_NE(cache.find({"a", 0}), nullptr);
  cache.keep({"b", 0}, words_of(4));
  EXPECT_NE(cache.find({"a", 0}), nullptr) << "it was used last";
  EXPECT_EQ(cache.find({"a", 1}), nullptr);
  cache.keep({"c", 0}, words_of(11));
  EXPECT_EQ(cache.find({"c", 0}), nullptr) << "larger than all";
  EXPECT_LE(cache.bytes(), 10 * sizeof(uint64_t));
}

TEST(HostWords, GiveTheGoldenOfSmallProbesAndNothingElse) {
  HostWords words;
  const SharedWords made = words.compute("fma.fp64.chain", 3);
  ASSERT_NE(made, nullptr);
  EXPECT_EQ(made->words.size() % made->words_per_step, 0U);
  EXPECT_EQ(words.compute("fma.fp64.chain", 3)->words, made->words);
  EXPECT_NE(words.compute("fma.fp64.chain", 4)->words, made->words);
  EXPECT_EQ(words.compute("gemm.fp64.grid", 0), nullptr) << "its outputs are too large";
  EXPECT_EQ(words.compute("mem.march.l1", 0), nullptr);
  EXPECT_EQ(words.compute("no.such.probe", 0), nullptr);
}

TEST(BackendLibrary, AbsentBrokenAndForeignOnesAreToldApart) {
  char folder[] = "/tmp/assay-backend-XXXXXX";
  ASSERT_NE(::mkdtemp(folder), nullptr);
  const std::vector<std::filesystem::path> folders = backend_folders(folder);
  EXPECT_EQ(load_backend("cuda", folders).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(load_backend("../cuda", folders).error().code, ErrorCode::kInvalid);
  ASSERT_TRUE(write_file_atomic(std::filesystem::path(folder) / "libassay_cuda.so", "no library", 0600).ok());
  const auto broken = load_backend("cuda", folders);
  EXPECT_EQ(broken.error().code, ErrorCode::kCorrupt);
  EXPECT_THAT(broken.error().message, testing::HasSubstr("libassay_cuda.so"));
  std::filesystem::remove_all(folder);
}

TEST(BackendLibrary, LooksBesideTheProgram) {
  const auto folders = backend_folders({});
  ASSERT_EQ(folders.size(), 3U);
  EXPECT_EQ(folders[0].filename(), "lib");
  EXPECT_EQ(folders[1].filename(), "assay");
}

}  // namespace
}  // namespace assay::test
