// SPDX-License-Identifier: Apache-2.0
#include "common/base/trusted_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/file.h"
#include "tests/support/temp_dir.h"

namespace assay {
namespace {

using testing::HasSubstr;

class TrustedFile : public testing::Test {
 protected:
  void SetUp() override {
    program_ = std::filesystem::canonical(dir_.path()) / "program";
    ASSERT_TRUE(write_file_atomic(program_, "#!/bin/true\n", 0755).ok());
  }
  Status check() const { return check_trusted_program(program_, ::geteuid()); }
  void set_mode(const std::filesystem::path& path, mode_t mode) { ASSERT_EQ(::chmod(path.c_str(), mode), 0); }

  test::TempDir dir_;
  std::filesystem::path program_;
};

TEST_F(TrustedFile, OfItsOwnerAloneIsTrusted) {
  const Status trusted = check();
  EXPECT_TRUE(trusted.ok()) << trusted.error().message;
}

TEST_F(TrustedFile, ThatOthersMayWriteIsNot) {
  for (const mode_t mode : {0775U, 0757U, 0777U}) {
    set_mode(program_, mode);
    ASSERT_FALSE(check().ok());
    EXPECT_EQ(check().error().code, ErrorCode::kPermission);
    EXPECT_THAT(check().error().message, HasSubstr("can be written by others"));
  }
}

TEST_F(TrustedFile, InADirectoryThatOthersMayWriteIsNot) {
  set_mode(dir_.path(), 0777);
  EXPECT_FALSE(check().ok()) << "they could put another file in its place";
  set_mode(dir_.path(), 0700);
  EXPECT_TRUE(check().ok());
}

TEST_F(TrustedFile, ThatIsALinkADirectoryOrNotExecutableIsNot) {
  const auto link = program_.parent_path() / "link";
  std::filesystem::create_symlink(program_, link);
  EXPECT_THAT(check_trusted_program(link, ::geteuid()).error().message, HasSubstr("is a link"));
  EXPECT_FALSE(check_trusted_program(program_.parent_path(), ::geteuid()).ok());
  set_mode(program_, 0644);
  EXPECT_THAT(check().error().message, HasSubstr("is not executable"));
  set_mode(program_, 04755);
  EXPECT_THAT(check().error().message, HasSubstr("setuid"));
}

TEST_F(TrustedFile, MustBeNamedPlainly) {
  EXPECT_EQ(check_trusted_program("bin/true", 0).error().code, ErrorCode::kPermission);
  EXPECT_EQ(check_trusted_program("/bin/../bin/true", 0).error().code, ErrorCode::kPermission);
  EXPECT_EQ(check_trusted_program("/", 0).error().code, ErrorCode::kPermission);
  EXPECT_EQ(check_trusted_program(program_.parent_path() / "nothing", 0).error().code, ErrorCode::kNotFound);
}

TEST_F(TrustedFile, OfAnotherUserIsNot) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to give a file away";
  ASSERT_EQ(::chown(program_.c_str(), 65534, 65534), 0);
  EXPECT_THAT(check().error().message, HasSubstr("does not belong to root"));
  EXPECT_TRUE(check_trusted_program(program_, 65534).ok());
}

}  // namespace
}  // namespace assay
