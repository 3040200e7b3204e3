// SPDX-License-Identifier: Apache-2.0
#include "ctl/settings.h"

#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/support/temp_dir.h"

namespace assay::ctl {
namespace {

class SettingsTest : public ::testing::Test {
 protected:
  // A config file where assayctl looks for the user's.
  void write_config(std::string_view text) {
    ASSERT_TRUE(make_directory(home_ / ".config/assay").ok());
    ASSERT_TRUE(write_file_atomic(home_ / ".config/assay/assayctl.toml", text).ok());
  }
  Environment environment() const { return {{"HOME", home_.path().string()}}; }
  assay::test::TempDir home_;
};

TEST_F(SettingsTest, HaveDefaultsWithoutAnything) {
  const Settings settings = load_settings({}, environment()).value();
  EXPECT_EQ(settings.collector_url, "https://127.0.0.1:9480");
  EXPECT_EQ(settings.timeout, std::chrono::seconds{15});
  EXPECT_EQ(settings.agent_socket, "/run/assay/agent.sock");
  EXPECT_FALSE(settings.has_identity());
}

TEST_F(SettingsTest, FlagsWeighMoreThanEnvironmentAndThatMoreThanTheFile) {
  write_config("collector = \"https://file:1\"\nca = \"/file/ca.pem\"\ntimeout = \"2s\"\n");
  Environment environment = this->environment();
  EXPECT_EQ(load_settings({}, environment).value().collector_url, "https://file:1");
  environment["ASSAY_COLLECTOR"] = "https://environment:2";
  EXPECT_EQ(load_settings({}, environment).value().collector_url, "https://environment:2");
  Flags flags;
  flags.collector = "https://flag:3";
  const Settings settings = load_settings(flags, environment).value();
  EXPECT_EQ(settings.collector_url, "https://flag:3");
  EXPECT_EQ(settings.ca_file, "/file/ca.pem");
  EXPECT_EQ(settings.timeout, std::chrono::seconds{2});
}

TEST_F(SettingsTest, TokenComesFromFlagThenEnvironmentThenFile) {
  ASSERT_TRUE(write_file_atomic(home_ / "flag", "from-flag\n").ok());
  ASSERT_TRUE(write_file_atomic(home_ / "named", "from-named-file").ok());
  Environment environment = this->environment();
  environment["ASSAY_TOKEN_FILE"] = (home_ / "named").string();
  EXPECT_EQ(load_settings({}, environment).value().token, "from-named-file");
  environment["ASSAY_TOKEN"] = "direct";
  EXPECT_EQ(load_settings({}, environment).value().token, "direct");
  Flags flags;
  flags.token_file = (home_ / "flag").string();
  EXPECT_EQ(load_settings(flags, environment).value().token, "from-flag");
}

TEST_F(SettingsTest, WrongConfigNamesFileLineAndKey) {
  write_config("collector = \"https://a:1\"\ncolector = \"x\"\n");
  const auto unknown = load_settings({}, environment());
  ASSERT_FALSE(unknown.ok());
  EXPECT_NE(unknown.error().message.find("assayctl.toml:2: unknown key 'colector'"), std::string::npos) << unknown.error().message;
  EXPECT_EQ(parse_config("timeout = 5", "f").error().message, "f:1: 'timeout' must be a text in quotes, and not empty");
  EXPECT_NE(parse_config("a = = b", "f").error().message.find("f:1:"), std::string::npos);
}

TEST_F(SettingsTest, MissingAndEmptyFilesAreNamed) {
  Flags flags;
  flags.config = (home_ / "absent.toml").string();
  EXPECT_NE(load_settings(flags, environment()).error().message.find("absent.toml"), std::string::npos);
  ASSERT_TRUE(write_file_atomic(home_ / "empty", "\n").ok());
  Flags token;
  token.token_file = (home_ / "empty").string();
  EXPECT_NE(load_settings(token, environment()).error().message.find("is empty"), std::string::npos);
}

TEST_F(SettingsTest, ACertificateNeedsItsKey) {
  Flags flags;
  flags.certificate = "/x.pem";
  EXPECT_FALSE(load_settings(flags, environment()).ok());
}

TEST_F(SettingsTest, NoColorComesFromFlagOrEnvironment) {
  Environment environment = this->environment();
  EXPECT_TRUE(load_settings({}, environment).value().color_allowed);
  environment["NO_COLOR"] = "1";
  EXPECT_FALSE(load_settings({}, environment).value().color_allowed);
}

TEST(Patience, TakesSecondsAndDurations) {
  EXPECT_EQ(parse_patience("60").value(), std::chrono::seconds{60});
  EXPECT_EQ(parse_patience("1.5").value(), std::chrono::milliseconds{1500});
  EXPECT_EQ(parse_patience("250ms").value(), std::chrono::milliseconds{250});
  for (const char* text : {"", "0", "-1", "soon", "5 s", "1e99"}) EXPECT_FALSE(parse_patience(text).ok()) << text;
}

}  // namespace
}  // namespace assay::ctl
