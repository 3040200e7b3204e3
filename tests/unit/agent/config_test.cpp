// SPDX-License-Identifier: Apache-2.0
#include "agent/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace assay::agent {
namespace {

using namespace std::chrono_literals;

std::string error_of(std::string_view text) {
  const auto config = parse_config(text, "agent.toml");
  if (config.ok()) return "no error";
  EXPECT_EQ(config.error().code, ErrorCode::kInvalid);
  return config.error().message;
}

TEST(Config, AnEmptyFileIsTheDefaults) {
  const auto config = parse_config("", "agent.toml");
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config->budget_ratio, 0.001);
  EXPECT_EQ(config->slice, 50ms);
  EXPECT_EQ(config->metrics_address, "127.0.0.1");
  EXPECT_EQ(config->metrics_port, 9481);
  EXPECT_EQ(config->state_dir, "/var/lib/assay/agent");
  EXPECT_FALSE(config->drill.enabled);
}

TEST(Config, ReadsEveryTable) {
  const auto config = parse_config(R"(
[agent]
node = "n-17"
state_dir = "/tmp/x"
socket = ""
log_level = "debug"
synthetic_identity = true
[collector]
url = "https://127.0.0.1:9480"
token_file = "/tmp/token"
report_interval = "2.5s"
[probing]
demo = true
budget_ratio = 0.1
slice = "20ms"
units_per_slice = 3
control_one_in = 40
power_steps_one_in = 7
goldens_dir = "/tmp/g"
probes = ["gemm.fp64.grid"]
load_gate_ratio = 0.4
memory_reserve_mib = 64
paused = true
[runner]
program = "/tmp/runner"
margin = "900ms"
priority = "normal"
[telemetry]
interval = "3s"
[metrics]
enabled = false
address = "::1"
port = 0
[spool]
max_mib = 8
[drill]
enabled = true
device = "cpu-a"
unit = 1
shape = "stuck_at"
mask = "0x8000000000000001"
probability = 0.25
after = "4s"
probe = "gemm.fp64.grid"
)", "agent.toml");
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->node, "n-17");
  EXPECT_EQ(config->socket, "");
  EXPECT_EQ(config->log_level, log::Level::kDebug);
  EXPECT_EQ(config->report_interval, 2500ms);
  EXPECT_EQ(config->budget_ratio, 0.1);
  EXPECT_EQ(config->units_per_slice, 3U);
  EXPECT_EQ(config->power_steps_one_in, 7U);
  EXPECT_EQ(config->memory_reserve_bytes, 64U << 20);
  EXPECT_EQ(config->runner_margin, 900ms);
  EXPECT_FALSE(config->runner_idle_priority);
  EXPECT_EQ(config->spool_bytes, 8U << 20);
  EXPECT_EQ(config->drill.shape, FaultShape::kStuckAt);
  EXPECT_EQ(config->drill.mask, 0x8000000000000001ULL);
  EXPECT_EQ(config->drill.probability, 0.25);
  EXPECT_EQ(config->drill.after, 4s);
}

TEST(Config, NamesTheFileLineAndKeyOfWhatIsWrong) {
  EXPECT_EQ(error_of("[agent]\nnode = 'a'\nnodes = 'b'\n"), "agent.toml:3: [agent] nodes is not a known key");
  EXPECT_EQ(error_of("[probes]\nx = 1\n"), "agent.toml:1: probes is not a known table");
  EXPECT_EQ(error_of("\n[probing]\nslice = \"fast\"\n"), "agent.toml:3: [probing] slice must be a duration between 1 ms and 10.0 s, such as \"500ms\" or \"30s\"");
  EXPECT_EQ(error_of("[agent]\nstate_dir = \"here\"\n"), "agent.toml:2: [agent] state_dir must be an absolute path");
  EXPECT_EQ(error_of("[agent]\nnode = \"a b\"\n"), "agent.toml:2: [agent] node must be 1 to 128 characters of A-Z, a-z, 0-9, '.', '_', ':' and '-'");
  EXPECT_EQ(error_of("[collector]\nurl = \"http://x\"\n"), "agent.toml:2: [collector] url must begin with https://");
  EXPECT_EQ(error_of("[drill]\nunit = 9999\n"), "agent.toml:2: [drill] unit must be between 0 and 4095");
  EXPECT_THAT(error_of("[drill]\nshape = \"bitflip\"\n"), testing::HasSubstr("'bitflip' is not a fault shape: choose one of none, bit_flip"));
  EXPECT_THAT(error_of("[agent\n"), testing::StartsWith("agent.toml:1: "));
  EXPECT_THAT(error_of("[agent]\nnode = 'a'\nnode = 'b'\n"), testing::StartsWith("agent.toml:3: "));
  EXPECT_THAT(error_of("agent = 4\n"), testing::HasSubstr("agent must be a table"));
}

TEST(Config, ReadsWhatIsAboutDevices) {
  const auto config = parse_config("[devices]\nbackends = ['host', 'opencl']\nexclude = ['GPU-a']\ndeadline = '2min'\n", "agent.toml");
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->backends, (std::vector<std::string>{"host", "opencl"}));
  EXPECT_EQ(config->exclude, (std::vector<std::string>{"GPU-a"}));
  EXPECT_EQ(config->discovery_deadline, 2min);
  EXPECT_THAT(error_of("[devices]\ndeadline = '10ms'\n"), testing::HasSubstr("deadline must be a duration between 1.0 s and 5.0 min"));
  Config running = *config;
  Config fresh = *config;
  fresh.discovery_deadline = 30s;
  EXPECT_TRUE(adopt(running, fresh).empty());
  EXPECT_EQ(running.discovery_deadline, 30s) << "a reload asks failed backends again, with the new time";
}

TEST(Config, ReadsReplays) {
  const auto config = parse_config(R"(
[[replay]]
id = "user.lattice_step"
version = 3
program = "/usr/lib/assay/replays/lattice_step"
arguments = ["--fast", "7"]
timeout = "1500ms"
operand_sets = 8
memory_mib = 5
weight = 4
[[replay]]
id = "user.other"
program = "/bin/true"
)", "agent.toml");
  ASSERT_TRUE(config.ok()) << config.error().message;
  ASSERT_EQ(config->replays.size(), 2U);
  EXPECT_EQ(config->replays[0].arguments, (std::vector<std::string>{"--fast", "7"}));
  EXPECT_EQ(config->replays[0].timeout, 1500ms);
  EXPECT_EQ(config->replays[0].memory_bytes, 5U << 20);
  EXPECT_EQ(config->replays[1].operand_sets, 16U);
}

TEST(Config, RefusesReplaysThatCannotRun) {
  EXPECT_THAT(error_of("[[replay]]\nid = 'mine'\nprogram = '/bin/true'\n"), testing::StartsWith("agent.toml:2: [replay] id must begin with user."));
  EXPECT_THAT(error_of("[[replay]]\nid = 'user.a'\n"), testing::HasSubstr("[replay] program must be an absolute path"));
  EXPECT_THAT(error_of("[[replay]]\nid = 'user.a'\nprogram = 'true'\n"), testing::HasSubstr("[replay] program must be an absolute path"));
  EXPECT_THAT(error_of("[[replay]]\nid = 'user.a'\nprogram = '/bin/true'\nshell = true\n"), testing::HasSubstr("shell is not a known key"));
  EXPECT_THAT(error_of("[[replay]]\nid = 'user.a'\nprogram = '/bin/true'\n[[replay]]\nid = 'user.a'\nprogram = '/bin/true'\n"),
              testing::HasSubstr("the replay user.a is there twice"));
  EXPECT_THAT(error_of("[replay]\nid = 'user.a'\n"), testing::HasSubstr("replay must be a list of tables"));
}

TEST(Config, ReadsWhatIsAboutNvidia) {
  const auto config = parse_config(R"(
[nvml]
enabled = false
library = "/tmp/libnvidia-ml.so.1"
program = "/tmp/reader"
deadline = "3s"
[xid]
table = "/tmp/xid.tsv"
kernel_log = ""
[[xid_rule]]
code = 94
action = "retest"
count = 3
window = "24h"
)", "agent.toml");
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_FALSE(config->nvml_enabled);
  EXPECT_EQ(config->nvml_library, "/tmp/libnvidia-ml.so.1");
  EXPECT_EQ(config->nvml_deadline, 3s);
  EXPECT_EQ(config->xid_kernel_log, "");
  EXPECT_EQ(config->xid_rules, (std::vector<XidOverride>{{XidKind::kXid, 94, XidAction::kRetest, 3, 24h}}));
  EXPECT_EQ(config->nvml_program, "/tmp/reader");
  EXPECT_EQ(config->xid_table, "/tmp/xid.tsv");
}

TEST(Config, RefusesXidRulesThatMeanNothing) {
  EXPECT_THAT(error_of("[[xid_rule]]\ncode = 94\n"), testing::HasSubstr("[xid_rule] code and action must be given"));
  EXPECT_THAT(error_of("[[xid_rule]]\ncode = 94\naction = 'burn'\n"), testing::HasSubstr("agent.toml:3: [xid_rule] action 'burn' is not an action"));
  EXPECT_THAT(error_of("[[xid_rule]]\ncode = 94\naction = 'watch'\ncount = 0\n"), testing::HasSubstr("count must be between 1 and 64"));
  EXPECT_THAT(error_of("[[xid_rule]]\ncode = 94\naction = 'watch'\n[[xid_rule]]\ncode = 94\naction = 'none'\n"),
              testing::HasSubstr("the rule for xid 94 is there twice"));
}

TEST(Config, TheBudgetIsCappedUnlessItIsADemonstration) {
  EXPECT_TRUE(parse_config("[probing]\nbudget_ratio = 0.01\n", "f").ok());
  EXPECT_EQ(error_of("[probing]\nbudget_ratio = 0.02\n"),
            "agent.toml:2: [probing] budget_ratio must be a ratio between 0 and 0.01; more, up to 0.1, needs demo = true and is not for production");
  EXPECT_TRUE(parse_config("[probing]\nbudget_ratio = 0.1\ndemo = true\n", "f").ok());
  EXPECT_EQ(error_of("[probing]\nbudget_ratio = 0.2\ndemo = true\n"), "agent.toml:2: [probing] budget_ratio must be a ratio between 0 and 0.1");
  EXPECT_FALSE(parse_config("[probing]\nbudget_ratio = nan\n", "f").ok());
  EXPECT_FALSE(parse_config("[probing]\nbudget_ratio = -0.001\n", "f").ok());
}

TEST(Config, AReloadTakesWhatItCanAndNamesWhatNeedsARestart) {
  Config running;
  Config fresh;
  fresh.budget_ratio = 0.005;
  fresh.drill.enabled = true;
  fresh.report_interval = 5s;
  fresh.metrics_port = 1;
  fresh.state_dir = "/elsewhere";
  EXPECT_THAT(adopt(running, fresh), testing::ElementsAre("agent.state_dir", "metrics.port"));
  EXPECT_EQ(running.budget_ratio, 0.005);
  EXPECT_TRUE(running.drill.enabled);
  EXPECT_EQ(running.report_interval, 5s);
  EXPECT_EQ(running.metrics_port, 9481) << "what needs a restart keeps its old value";
  EXPECT_EQ(running.state_dir, "/var/lib/assay/agent");
}

TEST(Config, TheShippedExampleIsValidAndHasTheDefaults) {
  const char* source = std::getenv("ASSAY_SOURCE_DIR");
  ASSERT_NE(source, nullptr);
  const auto example = load_config(std::filesystem::path(source) / "packaging/config/agent.toml");
  ASSERT_TRUE(example.ok()) << example.error().message;
  EXPECT_EQ(example->budget_ratio, Config().budget_ratio);
  EXPECT_EQ(example->state_dir, Config().state_dir);
  EXPECT_FALSE(example->demo);
  EXPECT_FALSE(example->drill.enabled);
}

}  // namespace
}  // namespace assay::agent
