// SPDX-License-Identifier: Apache-2.0
#include "common/base/fs_root.h"

#include "common/base/file.h"
#include "tests/support/temp_dir.h"

namespace assay {
namespace {

TEST(FsRoot, ReadsBelowItsRootAndTrims) {
  const test::TempDir dir;
  ASSERT_TRUE(make_directory(dir / "sys/class").ok());
  ASSERT_TRUE(write_file_atomic(dir / "sys/class/temp", "42000\n").ok());
  const FsRoot root(dir.path());
  EXPECT_EQ(root.text("/sys/class/temp"), "42000");
  EXPECT_EQ(root.integer("/sys/class/temp"), 42000);
  EXPECT_EQ(root.list("/sys/class"), std::vector<std::string>{"temp"});
}

TEST(FsRoot, WhatCannotBeReadIsAbsent) {
  const test::TempDir dir;
  ASSERT_TRUE(write_file_atomic(dir / "text", "N/A\n").ok());
  const FsRoot root(dir.path());
  EXPECT_EQ(root.text("/missing"), std::nullopt);
  EXPECT_EQ(root.integer("/text"), std::nullopt);
  EXPECT_TRUE(root.list("/missing").empty());
  EXPECT_FALSE(root.exists("/missing"));
}

}  // namespace
}  // namespace assay
