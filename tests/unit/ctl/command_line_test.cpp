// SPDX-License-Identifier: Apache-2.0
// Whole command lines in this process: what is asked of the collector, what is printed, and the exit code.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/ctl/fake_shell.h"

namespace assay::ctl::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

class CommandLineTest : public ::testing::Test {
 protected:
  int run(const std::vector<std::string>& arguments) {
    fake_.console.written.clear();
    fake_.console.said.clear();
    fake_.collector.asked.clear();
    return fake_.run(arguments);
  }
  FakeShell fake_;
  std::map<std::string, std::string>& answers_ = fake_.collector.answers;
};

constexpr char kDecision[] = R"({"decision":{"number":7,"kind":"release","actor":"alice","device_id":"cpu-a","reason":"why","state_after":"probation"}})";

TEST_F(CommandLineTest, UsageErrorsAreOneLineWithTheNextStep) {
  EXPECT_EQ(run({"device", "list", "--frobnicate"}), 64);
  EXPECT_THAT(fake_.console.said, StartsWith("assayctl: "));
  EXPECT_THAT(fake_.console.said, HasSubstr("see assayctl device list --help (exit 64)\n"));
  EXPECT_EQ(std::count(fake_.console.said.begin(), fake_.console.said.end(), '\n'), 1);
  EXPECT_THAT(fake_.console.written, IsEmpty());
  EXPECT_EQ(run({}), 64);
  EXPECT_EQ(run({"quarantine"}), 64);
  EXPECT_EQ(run({"nonsense"}), 64);
  EXPECT_EQ(run({"quarantine", "release", "cpu-a"}), 64);   // no reason
  EXPECT_EQ(run({"device", "list", "--state", "broken"}), 64);
  EXPECT_EQ(run({"token", "create", "--kind", "king"}), 64);
}

TEST_F(CommandLineTest, HelpAndVersionGoToStandardOutput) {
  EXPECT_EQ(run({"--help"}), 0);
  for (const std::string& command : command_names()) EXPECT_THAT(fake_.console.written, HasSubstr(command.substr(0, command.find(' '))));
  EXPECT_EQ(run({"probe", "run", "--help"}), 0);
  EXPECT_THAT(fake_.console.written, HasSubstr("--inject"));
  EXPECT_EQ(run({"--version"}), 0);
  EXPECT_THAT(fake_.console.written, StartsWith("assayctl 0."));
  EXPECT_THAT(fake_.console.said, IsEmpty());
}

TEST_F(CommandLineTest, ErrorsOfTheCollectorKeepTheirExitCode) {
  const std::vector<std::pair<ErrorCode, int>> table = {{ErrorCode::kUnavailable, 69}, {ErrorCode::kTimeout, 69}, {ErrorCode::kPermission, 77},
                                                        {ErrorCode::kNotFound, 64},    {ErrorCode::kConflict, 64}, {ErrorCode::kCorrupt, 2}};
  for (const auto& [code, exit] : table) {
    fake_.collector.errors.clear();
    fake_.collector.errors.insert({"GET /v1/status", make_error(code, "the words\nof it")});
    EXPECT_EQ(run({"status"}), exit) << to_string(code);
    EXPECT_EQ(fake_.console.said, "assayctl: the words of it (exit " + std::to_string(exit) + ")\n");
  }
}

TEST_F(CommandLineTest, ConfigurationErrorsAre78) {
  fake_.shell.environment["ASSAY_TIMEOUT"] = "soon";
  EXPECT_EQ(run({"status"}), 78);
  fake_.shell.environment.erase("ASSAY_TIMEOUT");
  fake_.shell.connect = make_api;
  fake_.shell.environment.erase("ASSAY_TOKEN");
  EXPECT_EQ(run({"status"}), 78);
  EXPECT_THAT(fake_.console.said, HasSubstr("--token-file"));
}

TEST_F(CommandLineTest, ATokenThatIsNoneIsNotPermittedAndNotRepeated) {
  fake_.shell.connect = make_api;
  fake_.shell.environment["ASSAY_TOKEN"] = "assay1.v.secretsecret";
  EXPECT_EQ(run({"status"}), 77);
  EXPECT_THAT(fake_.console.said, HasSubstr("token create"));
  EXPECT_THAT(fake_.console.said, Not(HasSubstr("secretsecret")));
}

TEST_F(CommandLineTest, JsonIsTheDocumentItselfAndKeepsTheExitCode) {
  const std::string document = R"({"findings":2,  "nodes":{"silent":0},"runs":{"match":1}})";
  answers_["GET /v1/status"] = document;
  EXPECT_EQ(run({"status", "--json"}), 1);
  EXPECT_EQ(fake_.console.written, document + "\n");
  EXPECT_EQ(run({"--json", "status"}), 1);
  EXPECT_EQ(fake_.console.written, document + "\n");
}

TEST_F(CommandLineTest, StatusTellsFineFindingAndUnknownApart) {
  const auto status = [&](const char* json) {
    answers_["GET /v1/status"] = json;
    return run({"status"});
  };
  EXPECT_EQ(status(R"({"findings":0,"nodes":{"total":1,"silent":0},"runs":{"match":5,"mismatch":0}})"), 0);
  EXPECT_EQ(status(R"({"findings":1,"nodes":{"total":1,"silent":1},"runs":{"match":5,"mismatch":1}})"), 1);
  EXPECT_EQ(status(R"({"findings":0,"nodes":{"total":2,"silent":1},"runs":{"match":5,"mismatch":0}})"), 2);
  EXPECT_EQ(status(R"({"findings":0,"nodes":{"total":0,"silent":0},"runs":{"match":0,"mismatch":0}})"), 2);
  EXPECT_EQ(status("{}"), 2);
  EXPECT_EQ(status("[]"), 2);
  EXPECT_EQ(status("not json"), 2);
}

TEST_F(CommandLineTest, ListsAskWithTheirFilters) {
  answers_["GET /v1/devices?state=suspect&node=node%201&limit=5"] = R"({"devices":[]})";
  EXPECT_EQ(run({"device", "list", "--state", "suspect", "--node", "node 1", "--limit", "5"}), 0);
  answers_["GET /v1/incidents?device=cpu-a&verdict=open"] = R"({"incidents":[]})";
  EXPECT_EQ(run({"incident", "list", "--device", "cpu-a", "--verdict", "open"}), 0);
  answers_["GET /v1/devices/..%2Fx"] = "{}";
  EXPECT_EQ(run({"device", "show", "../x"}), 0);
}

TEST_F(CommandLineTest, ARealQuarantineIsAFindingADrillIsNot) {
  answers_["GET /v1/quarantine"] = R"({"quarantine":[{"device_id":"cpu-a","synthetic":true}]})";
  EXPECT_EQ(run({"quarantine", "list"}), 0);
  EXPECT_THAT(fake_.console.written, HasSubstr("[drill]"));
  answers_["GET /v1/quarantine"] = R"({"quarantine":[{"device_id":"cpu-a","synthetic":true},{"device_id":"cpu-b","synthetic":false}]})";
  EXPECT_EQ(run({"quarantine", "list"}), 1);
  EXPECT_EQ(run({"quarantine", "show", "cpu-b", "--json"}), 0);
  EXPECT_EQ(fake_.console.written, "{\"device_id\":\"cpu-b\",\"synthetic\":false}\n");
  EXPECT_EQ(run({"quarantine", "show", "cpu-z"}), 64);
  EXPECT_THAT(fake_.console.said, HasSubstr("not in quarantine"));
}

TEST_F(CommandLineTest, ActsSendTheirReason) {
  answers_["POST /v1/devices/cpu-a/release"] = kDecision;
  answers_["POST /v1/devices/cpu-a/retire"] = kDecision;
  answers_["POST /v1/breaker/reset"] = kDecision;
  answers_["POST /v1/probes/int.mul.chain/unfreeze"] = kDecision;
  EXPECT_EQ(run({"quarantine", "release", "cpu-a", "--reason", "say \"fixed\""}), 0);
  EXPECT_THAT(fake_.collector.asked, ElementsAre(R"(POST /v1/devices/cpu-a/release {"reason":"say \"fixed\""})"));
  EXPECT_THAT(fake_.console.written, HasSubstr("decision 7: release of cpu-a"));
  EXPECT_EQ(run({"quarantine", "retire", "cpu-a", "--reason", "old"}), 0);
  EXPECT_EQ(run({"breaker", "reset", "--reason", "known batch"}), 0);
  EXPECT_EQ(run({"probe", "unfreeze", "int.mul.chain", "--cohort", "c", "--reason", "r"}), 0);
  EXPECT_THAT(fake_.collector.asked, ElementsAre(R"(POST /v1/probes/int.mul.chain/unfreeze {"reason":"r","cohort":"c"})"));
}

TEST_F(CommandLineTest, ANewTokenIsAloneOnStandardOutput) {
  answers_["POST /v1/tokens"] = R"({"id":"0a","token":"assay1.e.0a.s.f","expires_unix_ms":1800003600000})";
  EXPECT_EQ(run({"token", "create", "--kind", "enrol", "--node", "node-9", "--ttl", "10min"}), 0);
  EXPECT_EQ(fake_.console.written, "assay1.e.0a.s.f\n");
  EXPECT_THAT(fake_.collector.asked, ElementsAre(R"(POST /v1/tokens {"kind":"enrol","node":"node-9","ttl_s":600})"));
  EXPECT_THAT(fake_.console.said, Not(HasSubstr("assay1.")));
  EXPECT_EQ(run({"token", "create", "--kind", "viewer"}), 0);
  EXPECT_THAT(fake_.collector.asked, ElementsAre(R"(POST /v1/tokens {"kind":"viewer","ttl_s":2592000})"));
}

TEST_F(CommandLineTest, RevocationsSayWhatWasRevoked) {
  answers_["DELETE /v1/tokens/0a"] = "{}";
  answers_["POST /v1/certificates/7f/revoke"] = "{}";
  EXPECT_EQ(run({"token", "revoke", "0a"}), 0);
  EXPECT_EQ(fake_.console.written, "token 0a is revoked\n");
  EXPECT_EQ(run({"certificate", "revoke", "7f", "--reason", "stolen"}), 0);
  EXPECT_EQ(fake_.console.written, "certificate 7f is revoked\n");
}

TEST_F(CommandLineTest, ProbeListWorksWithoutACollector) {
  EXPECT_EQ(run({"probe", "list", "--offline"}), 0);
  EXPECT_THAT(fake_.console.written, HasSubstr("int.mul.chain/1"));
  EXPECT_THAT(fake_.collector.asked, IsEmpty());
  fake_.collector.errors.insert({"GET /v1/probes", make_error(ErrorCode::kUnavailable, "cannot reach it")});
  EXPECT_EQ(run({"probe", "list"}), 0);
  EXPECT_THAT(fake_.console.said, HasSubstr("cannot reach it; this is the catalogue of this build alone"));
}

TEST_F(CommandLineTest, LocalRunsNameWhatIsMissing) {
  EXPECT_EQ(run({"probe", "run", "no.such.probe"}), 64);
  EXPECT_EQ(run({"probe", "run", "int.mul.chain"}), 69);
  EXPECT_THAT(fake_.console.said, HasSubstr("/nowhere/bin/assay-probe-runner is not there"));
  EXPECT_EQ(run({"incident", "replay"}), 64);
  EXPECT_EQ(run({"golden", "verify"}), 64);
  EXPECT_EQ(run({"node", "check", "--socket", "/nowhere/agent.sock"}), 69);
  EXPECT_THAT(fake_.console.said, HasSubstr("is assay-agent running?"));
}

TEST_F(CommandLineTest, ReplayOfAMissedControlSaysWhatToDoInstead) {
  answers_["GET /v1/incidents/inc-1"] = R"({"id":"inc-1","operand_set":1,"probe":"int.mul.chain/1","verdict":"control_missed"})";
  EXPECT_EQ(run({"incident", "replay", "inc-1"}), 2);
  EXPECT_THAT(fake_.console.said, HasSubstr("probe run int.mul.chain --inject bit_flip"));
}

TEST_F(CommandLineTest, AuditReadsPageByPage) {
  answers_["GET /v1/audit?after=0"] = R"({"public_key":"00","decisions":[{"number":1,"kind":"refuse","at_unix_ms":1,"state_after":"unknown"}]})";
  answers_["GET /v1/audit?after=1"] = R"({"public_key":"00","decisions":[]})";
  EXPECT_EQ(run({"audit", "verify"}), 1);
  EXPECT_THAT(fake_.console.written, HasSubstr("BROKEN at decision 1"));
  EXPECT_EQ(fake_.collector.asked.size(), 2U);
  EXPECT_EQ(run({"audit", "verify", "--pin", "nonsense"}), 64);
  answers_["GET /v1/audit?after=0"] = R"({"public_key":"00","decisions":[]})";
  EXPECT_EQ(run({"audit", "verify"}), 0);
  EXPECT_EQ(run({"audit", "verify", "--pin", "1:" + std::string(64, 'a')}), 1);
}

TEST_F(CommandLineTest, ASavedAuditLogNeedsNoCollector) {
  const assay::test::TempDir folder;
  ASSERT_TRUE(write_file_atomic(folder / "log.json", R"({"public_key":"00","decisions":[]})").ok());
  EXPECT_EQ(run({"audit", "verify", "--from", (folder / "log.json").string(), "--json"}), 0);
  EXPECT_THAT(fake_.console.written, HasSubstr("\"intact\":true"));
  EXPECT_THAT(fake_.collector.asked, IsEmpty());
}

}  // namespace
}  // namespace assay::ctl::test
