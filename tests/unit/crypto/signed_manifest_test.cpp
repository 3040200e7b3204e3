// SPDX-License-Identifier: Apache-2.0
#include "common/crypto/signed_manifest.h"

#include "common/crypto/hash.h"
#include "common/crypto/signing.h"

namespace assay::crypto {
namespace {

class SignedManifest : public ::testing::Test {
 protected:
  Status verify() const { return verify_manifest(manifest_, signature_, key_.public_hex(), files_); }

  SigningKey key_ = SigningKey::generate();
  std::map<std::string, std::string> files_{{"a.golden", "one\n"}, {"b.golden", "two\n"}};
  std::string manifest_ = sha256_hex("one\n") + "  a.golden\n" + sha256_hex("two\n") + "  b.golden\n";
  std::string signature_ = key_.sign_hex(manifest_);
};

TEST_F(SignedManifest, AWholeSetPasses) {
  EXPECT_TRUE(verify().ok());
}

TEST_F(SignedManifest, AChangedMissingOrAddedFileIsNamed) {
  files_["b.golden"] = "twO\n";
  EXPECT_EQ(verify().error().code, ErrorCode::kCorrupt);
  EXPECT_NE(verify().error().message.find("b.golden"), std::string::npos);
  files_.erase("b.golden");
  EXPECT_NE(verify().error().message.find("missing"), std::string::npos);
  files_["b.golden"] = "two\n";
  files_["c.golden"] = "";
  EXPECT_NE(verify().error().message.find("c.golden"), std::string::npos);
}

TEST_F(SignedManifest, AManifestThatWasRewrittenIsRefused) {
  files_["a.golden"] = "evil\n";
  manifest_ = sha256_hex("evil\n") + "  a.golden\n" + sha256_hex("two\n") + "  b.golden\n";
  EXPECT_EQ(verify().error().code, ErrorCode::kPermission);
  signature_ = SigningKey::generate().sign_hex(manifest_);
  EXPECT_EQ(verify().error().code, ErrorCode::kPermission) << "signed, but by another key";
  signature_.clear();
  EXPECT_EQ(verify().error().code, ErrorCode::kPermission) << "not signed at all";
}

}  // namespace
}  // namespace assay::crypto
