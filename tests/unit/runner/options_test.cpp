// SPDX-License-Identifier: Apache-2.0
#include "probes/runner/options.h"

#include <vector>

namespace assay::probes {
namespace {

Result<RunnerOptions> parse(const std::vector<std::string_view>& arguments) { return parse_options(arguments); }

TEST(Options, NoArgumentsServe) {
  const auto options = parse({});
  ASSERT_TRUE(options.ok());
  EXPECT_EQ(options->mode, RunnerOptions::Mode::kServe);
  EXPECT_FALSE(options->allow_injection);
  EXPECT_TRUE(options->idle_priority);
}

TEST(Options, ValuesComeAfterABlankOrAnEqualsSign) {
  const auto options = parse({"--discover", "--node", "n1", "--fs-root=/tmp/x", "--synthetic-identity", "--priority=normal", "--encoded"});
  ASSERT_TRUE(options.ok()) << options.error().message;
  EXPECT_EQ(options->mode, RunnerOptions::Mode::kDiscover);
  EXPECT_EQ(options->node, "n1");
  EXPECT_EQ(options->fs_root, "/tmp/x");
  EXPECT_TRUE(options->synthetic_identity);
  EXPECT_TRUE(options->encoded);
  EXPECT_FALSE(options->idle_priority);
}

TEST(Options, BadArgumentsAreNamed) {
  const std::vector<std::pair<std::vector<std::string_view>, std::string>> cases = {
      {{"--bogus"}, "--bogus"},
      {{"request"}, "request"},
      {{"--node"}, "--node needs a value"},
      {{"--node="}, "--node needs a value"},
      {{"--node", "two words"}, "--node"},
      {{"--priority", "high"}, "idle or normal"},
      {{"--list", "--self-test", "--goldens=x"}, "--self-test does not go"},
      {{"--self-test"}, "--goldens"},
      {{"--allow-injection=yes"}, "--allow-injection=yes"},
  };
  for (const auto& [arguments, words] : cases) {
    const auto options = parse(arguments);
    ASSERT_FALSE(options.ok()) << arguments[0];
    EXPECT_THAT(options.error().message, testing::HasSubstr(words));
    EXPECT_EQ(options.error().message.find('\n'), std::string::npos);
  }
}

TEST(Options, HelpNamesEveryArgument) {
  for (const std::string_view name : {"--allow-injection", "--priority", "--discover", "--encoded", "--node", "--synthetic-identity", "--fs-root",
                                      "--self-test", "--goldens", "--list", "--version", "--help"}) {
    EXPECT_NE(help_text().find(name), std::string_view::npos) << name;
  }
}

}  // namespace
}  // namespace assay::probes
