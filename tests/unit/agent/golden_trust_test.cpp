// SPDX-License-Identifier: Apache-2.0
#include "agent/golden_trust.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "common/base/file.h"
#include "common/crypto/signing.h"
#include "golden_key.h"
#include "tests/support/temp_dir.h"

namespace assay::agent {
namespace {

namespace fs = std::filesystem;

class GoldenTrust : public testing::Test {
 protected:
  void SetUp() override {
    const char* source = std::getenv("ASSAY_SOURCE_DIR");
    ASSERT_NE(source, nullptr);
    for (const auto& entry : fs::directory_iterator(fs::path(source) / "probes/goldens")) {
      const std::string name = entry.path().filename().string();
      if (name.ends_with(".golden") || name.starts_with("MANIFEST")) fs::copy(entry.path(), dir_ / name);
    }
  }
  Error error() {
    const auto loaded = load_trusted_goldens(dir_.path(), kGoldenKeyHex);
    return loaded.ok() ? make_error(ErrorCode::kInternal, "it was trusted") : loaded.error();
  }
  void change_one_byte(const fs::path& file) {
    std::string content = *read_file(file, 1 << 24);
    content[content.size() / 2] = static_cast<char>(content[content.size() / 2] == '0' ? '1' : '0');
    ASSERT_TRUE(write_file_atomic(file, content).ok());
  }
  assay::test::TempDir dir_;
};

TEST_F(GoldenTrust, TheCommittedSetIsTrusted) {
  const auto loaded = load_trusted_goldens(dir_.path(), kGoldenKeyHex);
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
}

TEST_F(GoldenTrust, AnotherKeyIsNot) {
  const auto loaded = load_trusted_goldens(dir_.path(), crypto::SigningKey::generate().public_hex());
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().code, ErrorCode::kPermission);
  EXPECT_THAT(loaded.error().message, testing::HasSubstr(dir_.path().string()));
}

TEST_F(GoldenTrust, AChangedGoldenIsNamed) {
  for (const auto& entry : fs::directory_iterator(dir_.path())) {
    if (!entry.path().string().ends_with(".golden")) continue;
    change_one_byte(entry.path());
    EXPECT_THAT(error().message, testing::HasSubstr(entry.path().filename().string()));
    return;
  }
}

TEST_F(GoldenTrust, AChangedManifestAMissingSignatureAndAMissingFolderAreRefused) {
  change_one_byte(dir_ / "MANIFEST");
  EXPECT_NE(error().code, ErrorCode::kInternal);
  fs::remove(dir_ / "MANIFEST.sig");
  EXPECT_NE(error().code, ErrorCode::kInternal);
  fs::remove_all(dir_.path());
  EXPECT_EQ(error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace assay::agent
