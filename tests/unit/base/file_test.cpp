// SPDX-License-Identifier: Apache-2.0
#include "common/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "tests/support/temp_dir.h"

namespace assay {
namespace {

TEST(File, AtomicWriteReplacesContentAndMode) {
  const test::TempDir dir;
  const auto path = dir / "secret";
  ASSERT_TRUE(write_file_atomic(path, "one", 0600).ok());
  ASSERT_TRUE(write_file_atomic(path, "two", 0600).ok());
  EXPECT_EQ(*read_file(path, 100), "two");
  struct stat facts {};
  ASSERT_EQ(::stat(path.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0600U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir.path()), {}), 1) << "no temporary file is left";
}

TEST(File, ReadIsBoundedAndNamesTheFile) {
  const test::TempDir dir;
  ASSERT_TRUE(write_file_atomic(dir / "big", std::string(100, 'x')).ok());
  EXPECT_EQ(read_file(dir / "big", 99).error().code, ErrorCode::kLimit);
  EXPECT_TRUE(read_file(dir / "big", 100).ok());
  const auto missing = read_file(dir / "missing", 10);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_NE(missing.error().message.find("missing"), std::string::npos);
}

TEST(File, WriteToAMissingFolderFailsAndLeavesNothing) {
  const test::TempDir dir;
  EXPECT_FALSE(write_file_atomic(dir / "no/such", "x").ok());
}

TEST(File, ASecondLockIsRefused) {
  const test::TempDir dir;
  const auto first = lock_file(dir / "lock");
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(lock_file(dir / "lock").error().code, ErrorCode::kConflict);
}

TEST(File, UniqueFdMovesItsDescriptor) {
  UniqueFd fd(::open("/dev/null", 0));
  UniqueFd other(std::move(fd));
  EXPECT_FALSE(fd.valid());  // NOLINT(bugprone-use-after-move): the moved-from state is the subject
  EXPECT_TRUE(other.valid());
}

}  // namespace
}  // namespace assay
