// SPDX-License-Identifier: Apache-2.0
#include "collector/config.h"

#include <cstdlib>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

namespace assay::collector {
namespace {

std::string problem_of(std::string_view text) {
  const auto config = parse_config(text, "c.toml");
  return config.ok() ? "fine" : config.error().message;
}

TEST(CollectorConfig, EmptyFileGivesTheDefaults) {
  const auto config = parse_config("", "c.toml");
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config->port, 9480);
  EXPECT_EQ(config->address, "127.0.0.1");
  EXPECT_EQ(config->policy.mode, PolicyMode::kObserve);
  EXPECT_FALSE(config->policy.hook);
}

TEST(CollectorConfig, ReadsEverySection) {
  const auto config = parse_config(R"(
[collector]
listen = "0.0.0.0"
port = 0
hosts = ["head", "10.0.0.1"]
log_level = "debug"
[policy]
mode = "enforce"
breaker_ratio = 0
silent_after = "90s"
[policy.probe_modes]
"gemm.fp64.grid" = "advise"
[policy.architecture_modes]
"nvidia/sm_90" = "advise"
[hooks]
directory = "/etc/assay/hooks"
drain = "/etc/assay/hooks/drain"
timeout = "2min"
[retention]
events = "30d"
[enrol]
certificate_lifetime = "12h"
)",
                                   "c.toml");
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->port, 0);
  EXPECT_EQ(config->hosts, (std::vector<std::string>{"head", "10.0.0.1"}));
  EXPECT_EQ(config->policy.mode, PolicyMode::kEnforce);
  EXPECT_EQ(mode_for(config->policy, "gemm.fp64.grid", GoldenTier::kT0Analytic), PolicyMode::kAdvise);
  EXPECT_EQ(mode_for(config->policy, "aes.chain", GoldenTier::kT0Analytic), PolicyMode::kEnforce);
  EXPECT_EQ(config->policy.architecture_modes.at("nvidia/sm_90"), PolicyMode::kAdvise);
  EXPECT_EQ(mode_for(config->policy, "gemm.bf16.random", GoldenTier::kT1Emulated), PolicyMode::kObserve) << "until it is named";
  EXPECT_EQ(config->policy.breaker_ratio, 0);
  EXPECT_TRUE(config->policy.hook);
  EXPECT_FALSE(config->policy.drill_hook);
  EXPECT_EQ(config->hooks.timeout, std::chrono::minutes{2});
  EXPECT_EQ(config->retention.events, std::chrono::hours{30 * 24});
  EXPECT_EQ(config->certificate_lifetime, std::chrono::hours{12});
}

TEST(CollectorConfig, NamesFileLineAndKey) {
  EXPECT_EQ(problem_of("[collector]\nport = 1\ncolour = 1\n"), "c.toml:3: [collector] colour is not a known key");
  EXPECT_EQ(problem_of("[other]\n"), "c.toml:1: other is not a known section; use [collector], [policy], [hooks], [retention] or [enrol]");
  EXPECT_EQ(problem_of("port = 1\n"), "c.toml:1: port is not a known section; use [collector], [policy], [hooks], [retention] or [enrol]");
  EXPECT_EQ(problem_of("[collector]\nport = 70000\n"), "c.toml:2: [collector] port must be between 0 and 65535");
  EXPECT_EQ(problem_of("[collector]\nport = \"x\"\n"), "c.toml:2: [collector] port must be a whole number");
  EXPECT_EQ(problem_of("[policy]\nmode = \"drain\"\n"), "c.toml:2: [policy] mode is \"drain\"; use observe, advise or enforce");
  EXPECT_EQ(problem_of("[policy.probe_modes]\n\"gemm\" = \"maybe\"\n"), "c.toml:2: [policy.probe_modes] gemm must be observe, advise or enforce");
  EXPECT_EQ(problem_of("[policy.architecture_modes]\n\"nvidia/sm_90\" = 3\n"),
            "c.toml:2: [policy.architecture_modes] nvidia/sm_90 must be observe, advise or enforce");
  EXPECT_EQ(problem_of("[policy]\nbreaker_ratio = 1.5\n"), "c.toml:2: [policy] breaker_ratio must be a ratio between 0 and 1");
  EXPECT_EQ(problem_of("[hooks]\ntimeout = \"1h\"\n"), "c.toml:2: [hooks] timeout must be between 1.0 s and 5.0 min");
  EXPECT_EQ(problem_of("[hooks]\ntimeout = 5\n"), "c.toml:2: [hooks] timeout must be a duration such as \"30s\" or \"24h\"");
  EXPECT_EQ(problem_of("[collector]\nstate_dir = \"here\"\n"), "c.toml:2: [collector] state_dir must be an absolute path");
  EXPECT_EQ(problem_of("[hooks]\ndrain = \"/x/y\"\n"), "c.toml:2: [hooks] drain needs hooks.directory, the one directory programs may be in");
}

TEST(CollectorConfig, BrokenTomlNamesTheLine) {
  EXPECT_EQ(problem_of("[collector]\nport = = 3\n").substr(0, 9), "c.toml:2:");
}

TEST(CollectorConfig, MissingFileIsAnError) {
  const test::TempDir dir;
  EXPECT_EQ(load_config(dir / "none.toml").error().code, ErrorCode::kNotFound);
}

TEST(CollectorConfig, TheExampleHasTheDefaults) {
  const char* source = std::getenv("ASSAY_SOURCE_DIR");
  ASSERT_NE(source, nullptr);
  const auto example = load_config(std::filesystem::path(source) / "packaging/config/collector.toml");
  ASSERT_TRUE(example.ok()) << example.error().message;
  const Config defaults;
  EXPECT_EQ(example->address, defaults.address);
  EXPECT_EQ(example->port, defaults.port);
  EXPECT_EQ(example->hosts, defaults.hosts);
  EXPECT_EQ(example->state_dir, defaults.state_dir);
  EXPECT_EQ(example->goldens_dir, defaults.goldens_dir);
  EXPECT_EQ(example->threads, defaults.threads);
  EXPECT_EQ(example->policy.mode, defaults.policy.mode);
  EXPECT_EQ(example->policy.breaker_floor, defaults.policy.breaker_floor);
  EXPECT_EQ(example->policy.breaker_ratio, defaults.policy.breaker_ratio);
  EXPECT_EQ(example->policy.capacity_floor_ratio, defaults.policy.capacity_floor_ratio);
  EXPECT_EQ(example->policy.silent_after, defaults.policy.silent_after);
  EXPECT_EQ(example->hooks.timeout, defaults.hooks.timeout);
  EXPECT_EQ(example->hooks.first_retry, defaults.hooks.first_retry);
  EXPECT_EQ(example->retention.rollups, defaults.retention.rollups);
  EXPECT_EQ(example->retention.events, defaults.retention.events);
  EXPECT_EQ(example->retention.streams, defaults.retention.streams);
  EXPECT_EQ(example->retention.identities, defaults.retention.identities);
  EXPECT_EQ(example->certificate_lifetime, defaults.certificate_lifetime);
}

}  // namespace
}  // namespace assay::collector
