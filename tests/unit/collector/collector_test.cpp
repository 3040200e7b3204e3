// SPDX-License-Identifier: Apache-2.0
// The whole collector on loopback: real TLS, real store, real threads.
#include "collector/collector.h"

#include <sys/stat.h>

#include <cstdlib>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/base/file.h"
#include "common/base/parse.h"
#include "common/net/https_client.h"
#include "common/wire/report_wire.h"
#include "tests/support/sample_report.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/collector/documented_shapes.h"
#include "tests/unit/collector/eventually.h"

namespace assay::collector {
namespace {

using nlohmann::json;
using ::testing::IsEmpty;

class CollectorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    config_.port = 0;
    config_.state_dir = dir_ / "state";
    config_.goldens_dir = std::filesystem::path(std::getenv("ASSAY_SOURCE_DIR")) / "probes/goldens";
    start();
  }

  void start() {
    auto started = Collector::start(config_, clock_);
    ASSERT_TRUE(started.ok()) << started.error().message;
    collector_ = std::move(*started);
    admin_ = std::string(trim(*read_file(config_.state_dir / "admin.token", 4096)));
    ca_pem_ = *read_file(config_.state_dir / "ca/ca.pem", 1 << 20);
  }

  net::Response call(const net::CallOptions& options, const std::optional<crypto::Identity>& identity = std::nullopt) {
    net::ClientOptions client;
    client.url = "https://127.0.0.1:" + std::to_string(collector_->port());
    client.ca_pem = ca_pem_;
    client.identity = identity;
    auto made = net::HttpsClient::make(client);
    if (!made.ok()) return {0, "", made.error().message, {}};
    auto response = made->call(options);
    return response.ok() ? *response : net::Response{0, "", response.error().message, {}};
  }
  net::Response get(const std::string& target, const std::string& token) { return call({"GET", target, "", "Bearer " + token, ""}); }
  net::Response post(const std::string& target, const json& body, const std::string& token = "") {
    return call({"POST", target, "application/json", token.empty() ? "" : "Bearer " + token, body.dump()});
  }

  std::string make_token(const std::string& kind, const std::string& node = "") {
    json body{{"kind", kind}};
    if (!node.empty()) body["node"] = node;
    const auto response = post("/v1/tokens", body, admin_);
    EXPECT_EQ(response.status, 200) << response.body;
    return json::parse(response.body)["token"];
  }

  // Enrols and gives the identity; a status other than 200 goes to `status`.
  std::optional<crypto::Identity> enrol(const std::string& node, const std::string& token, int* status = nullptr) {
    const auto request = crypto::make_request(node);
    const auto response = post("/v1/enrol", {{"token", token}, {"node", node}, {"csr_pem", request->csr_pem}});
    if (status != nullptr) *status = response.status;
    if (response.status != 200) return std::nullopt;
    return crypto::Identity{request->key_pem, json::parse(response.body)["certificate_pem"]};
  }

  Report report(const std::string& node, uint64_t sequence) {
    Report report;
    report.node = node;
    report.stream = "stream-1";
    report.sequence = sequence;
    report.boot_id = "boot-1";
    report.agent_version = "1";
    report.sent = clock_.now();
    DeviceStatus status;
    status.device = {"cpu-" + node + "-s0", DeviceKind::kCpuSocket, false, "Some CPU", "x86_64/x/1/2", "", 0, {0, 1}};
    status.state = DeviceState::kUnknown;
    status.cells = 4;
    report.devices.push_back(status);
    return report;
  }
  // What an agent sends after its ladder: set 17 was wrong on unit 1 each time it was tried.
  Incident confirmed_incident(const std::string& node) {
    const auto goldens = probes::GoldenSet::load(config_.goldens_dir);
    Incident incident;
    incident.id = "inc-0123456789abcdef";
    incident.node = node;
    incident.device_id = "cpu-" + node + "-s0";
    incident.unit = 1;
    incident.probe = {"int.mul.chain", 1};
    incident.operand_set = 17;
    incident.variant = "scalar";
    incident.verdict = Verdict::kConfirmedUnit;
    incident.opened = incident.updated = clock_.now().wall;
    incident.expected = goldens->find(incident.probe, 17);
    incident.actual = Digest{1, 2};
    incident.steps.push_back({Rung::kFirstSight, incident.opened, "unit 1", 1, 1, 1, Inconclusive::kNone, {}});
    incident.steps.push_back({Rung::kSameUnit, incident.opened, "unit 1", 1, 10, 10, Inconclusive::kNone, {}});
    incident.steps.push_back({Rung::kOtherUnits, incident.opened, "unit 0", 0, 10, 0, Inconclusive::kNone, {}});
    return incident;
  }
  net::Response send(const Report& report, const crypto::Identity& identity) {
    return call({"POST", "/v1/report", wire::kContentType, "", wire::encode(report)}, identity);
  }

  test::TempDir dir_;
  SystemClock clock_;
  Config config_;
  std::unique_ptr<Collector> collector_;
  std::string admin_;
  std::string ca_pem_;
};

TEST_F(CollectorTest, KeepsItsSecretsToItself) {
  for (const char* name : {"admin.token", "ca/ca.key", "signing.key", "server.key", "collector.db"}) {
    struct stat facts {};
    ASSERT_EQ(::stat((config_.state_dir / name).c_str(), &facts), 0) << name;
    EXPECT_EQ(facts.st_mode & 0777, 0600U) << name;
  }
}

TEST_F(CollectorTest, ASecondOneOnTheSameStateIsRefused) {
  const auto second = Collector::start(config_, clock_);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::kConflict);
}

TEST_F(CollectorTest, AnswersEveryReadingRouteInItsDocumentedShape) {
  const auto identity = enrol("node-1", make_token("enrol"));
  ASSERT_TRUE(identity.has_value());
  Report first = report("node-1", 1);
  first.devices[0].readings = assay::test::sample_readings();
  first.devices[0].offers = {{"int.mul.chain", "scalar", true}};
  ASSERT_EQ(send(first, *identity).status, 200);
  EXPECT_THAT(differences(get("/v1/status", admin_).body, "Status"), IsEmpty());
  const auto each = [&](const std::string& target, const std::string& list, const std::string& shape) {
    const auto response = get(target, admin_);
    ASSERT_EQ(response.status, 200) << target << " " << response.body;
    const json document = json::parse(response.body);
    for (const auto& item : document.at(list)) EXPECT_THAT(differences(item.dump(), shape), IsEmpty()) << target;
  };
  each("/v1/devices?node=node-1&limit=5", "devices", "Device");
  each("/v1/quarantine", "quarantine", "Quarantine");
  each("/v1/incidents", "incidents", "IncidentSummary");
  each("/v1/probes", "probes", "Probe");
  each("/v1/tokens", "tokens", "Token");
  each("/v1/certificates", "certificates", "Certificate");
  each("/v1/audit", "decisions", "AuditEntry");
  each("/v1/events", "events", "Event");
  const json shown = json::parse(get("/v1/devices/cpu-node-1-s0", admin_).body);
  EXPECT_THAT(differences(shown.dump(), "DeviceDetail"), IsEmpty());
  EXPECT_EQ(shown["readings"]["power_limit_watts"], 700.0);
  EXPECT_EQ(shown["readings"]["row_remap_failure"], false);
  EXPECT_EQ(shown["readings"]["xids"][0]["code"], 63);
  EXPECT_EQ(shown["offers"][0]["ran_on_silicon"], true);
  EXPECT_EQ(get("/v1/devices/none", admin_).status, 404);
  EXPECT_EQ(get("/v1/incidents/none", admin_).status, 404);
  EXPECT_EQ(get("/v1/devices?state=broken", admin_).status, 400);
  EXPECT_EQ(get("/v1/devices?limit=0", admin_).status, 400);
  EXPECT_EQ(get("/v1/incidents?verdict=x", admin_).status, 400);
  EXPECT_EQ(get("/v1/events?after=x", admin_).status, 400);
  const auto page = get("/", admin_);
  EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
  EXPECT_NE(page.body.find("cpu-node-1-s0"), std::string::npos);
  EXPECT_NE(get("/metrics", admin_).body.find("assay_collector_reports_total{result=\"accepted\"} 1"), std::string::npos);
}

TEST_F(CollectorTest, RolesHoldOnEveryRoute) {
  const std::string viewer = make_token("viewer");
  const std::string oper = make_token("operator");
  const auto agent = enrol("node-1", make_token("enrol"));
  ASSERT_TRUE(agent.has_value());
  for (const Route& route : routes()) {
    std::string path(route.pattern);
    if (const size_t star = path.find('*'); star != std::string::npos) path.replace(star, 1, "nothing");
    const auto status_for = [&](const std::string& authorization, const std::optional<crypto::Identity>& identity = std::nullopt) {
      return call({std::string(route.method), path, "", authorization, ""}, identity).status;
    };
    const bool open = route.access == Access::kAnyone || route.access == Access::kToken;
    const int nobody = status_for("");
    EXPECT_EQ(nobody == 401, !open) << path;
    EXPECT_EQ(status_for("Bearer " + viewer) == 403, !open && !allows(route.access, Role::kViewer)) << path;
    EXPECT_EQ(status_for("Bearer " + oper) == 403, !open && !allows(route.access, Role::kOperator)) << path;
    EXPECT_EQ(status_for("", agent) == 403, !open && !allows(route.access, Role::kAgent)) << path;
    EXPECT_NE(status_for("Bearer " + admin_), 401) << path;
  }
}

TEST_F(CollectorTest, RefusesStrangersAndOddMethods) {
  EXPECT_EQ(call({"GET", "/healthz", "", "", ""}).body, "ok\n");
  EXPECT_EQ(get("/v1/status", "nonsense").status, 401);
  EXPECT_EQ(call({"GET", "/v1/nothing", "", "", ""}).status, 401);
  EXPECT_EQ(get("/v1/nothing", admin_).status, 404);
  const auto response = call({"DELETE", "/v1/status", "", "Bearer " + admin_, ""});
  EXPECT_EQ(response.status, 405);
  const auto head = call({"HEAD", "/v1/status", "", "Bearer " + admin_, ""});
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.body, "");
  int limited = 0;
  for (int i = 0; i < 20; ++i) limited += get("/v1/status", "nonsense").status == 429 ? 1 : 0;
  EXPECT_GT(limited, 5);
  EXPECT_EQ(get("/v1/status", admin_).status, 200);   // a right token is never refused for it
}

TEST_F(CollectorTest, EnrolmentTokensWorkOnceAndOnlyForWhatTheyAreFor) {
  const std::string token = make_token("enrol");
  int status = 0;
  EXPECT_TRUE(enrol("node-1", token, &status).has_value());
  EXPECT_FALSE(enrol("node-2", token, &status).has_value());
  EXPECT_EQ(status, 403);
  EXPECT_FALSE(enrol("node-1", make_token("enrol"), &status).has_value());
  EXPECT_EQ(status, 409);
  EXPECT_TRUE(enrol("node-1", make_token("enrol", "node-1"), &status).has_value());
  EXPECT_FALSE(enrol("node-3", make_token("enrol", "node-2"), &status).has_value());
  EXPECT_EQ(status, 403);
  EXPECT_FALSE(enrol("node-3", make_token("viewer"), &status).has_value());
  EXPECT_EQ(status, 403);
  EXPECT_FALSE(enrol("node-3", "nonsense", &status).has_value());
  EXPECT_EQ(status, 401);
}

TEST_F(CollectorTest, ATokenOutlivesARestartAndADeletedOneDoesNot) {
  const std::string viewer = make_token("viewer");
  const std::string other = make_token("viewer");
  EXPECT_EQ(call({"DELETE", "/v1/tokens/" + std::string(split(other, '.')[2]), "", "Bearer " + admin_, ""}).status, 200);
  EXPECT_EQ(call({"DELETE", "/v1/tokens/000000000000", "", "Bearer " + admin_, ""}).status, 404);
  EXPECT_EQ(get("/v1/status", other).status, 401);
  collector_.reset();
  start();
  EXPECT_EQ(get("/v1/status", viewer).status, 200);
  EXPECT_EQ(get("/v1/status", other).status, 401);
}

TEST_F(CollectorTest, ReportsAreAppliedOnceAlsoAcrossARestart) {
  const auto identity = enrol("node-1", make_token("enrol"));
  ASSERT_TRUE(identity.has_value());
  const auto ack = wire::decode_ack(send(report("node-1", 1), *identity).body);
  ASSERT_TRUE(ack.ok());
  EXPECT_FALSE(ack->duplicate);
  EXPECT_EQ(ack->sequence, 1U);
  EXPECT_TRUE(wire::decode_ack(send(report("node-1", 1), *identity).body)->duplicate);
  collector_.reset();
  start();
  EXPECT_TRUE(wire::decode_ack(send(report("node-1", 1), *identity).body)->duplicate);
  EXPECT_FALSE(wire::decode_ack(send(report("node-1", 2), *identity).body)->duplicate);
}

TEST_F(CollectorTest, AnAgentSpeaksForItsOwnNodeOnly) {
  const auto identity = enrol("node-1", make_token("enrol"));
  ASSERT_TRUE(identity.has_value());
  EXPECT_EQ(send(report("node-2", 1), *identity).status, 403);
  EXPECT_EQ(call({"POST", "/v1/report", wire::kContentType, "", "nonsense\xFF"}, identity).status, 400);
  EXPECT_EQ(call({"POST", "/v1/report", wire::kContentType, "Bearer " + admin_, wire::encode(report("node-1", 1))}).status, 403);
  EXPECT_NE(get("/v1/events", admin_).body.find("wrong_identity"), std::string::npos);
  EXPECT_EQ(get("/v1/devices/cpu-node-2-s0", admin_).status, 404);
}

TEST_F(CollectorTest, RenewsForTheSameNameAndRefusesTheRevoked) {
  const auto identity = enrol("node-1", make_token("enrol"));
  ASSERT_TRUE(identity.has_value());
  const auto renew = [&](const std::string& name) {
    const json body{{"csr_pem", crypto::make_request(name)->csr_pem}};
    return call({"POST", "/v1/renew", "application/json", "", body.dump()}, identity);
  };
  EXPECT_EQ(renew("node-1").status, 200);
  EXPECT_EQ(renew("node-2").status, 400);
  const auto facts = crypto::read_certificate(identity->certificate_pem);
  EXPECT_EQ(post("/v1/certificates/" + facts->serial + "/revoke", {{"reason", "stolen"}}, admin_).status, 200);
  EXPECT_EQ(post("/v1/certificates/00ff/revoke", {{"reason", "stolen"}}, admin_).status, 404);
  EXPECT_EQ(renew("node-1").status, 0);   // not even a connection
  collector_.reset();
  start();
  EXPECT_EQ(renew("node-1").status, 0);
}

TEST_F(CollectorTest, OperatorsNeedAReasonAndTheRightState) {
  const auto identity = enrol("node-1", make_token("enrol"));
  ASSERT_TRUE(identity.has_value());
  ASSERT_EQ(send(report("node-1", 1), *identity).status, 200);
  EXPECT_EQ(post("/v1/devices/cpu-node-1-s0/release", json::object(), admin_).status, 400);
  EXPECT_EQ(post("/v1/devices/cpu-node-1-s0/release", {{"reason", "fixed"}}, admin_).status, 409);
  EXPECT_EQ(post("/v1/devices/none/release", {{"reason", "fixed"}}, admin_).status, 404);
  EXPECT_EQ(post("/v1/devices/cpu-node-1-s0/retire", {{"reason", "old"}}, admin_).status, 409);
  EXPECT_EQ(post("/v1/probes/gemm.fp64.grid/unfreeze", {{"reason", "x"}}, admin_).status, 409);
  EXPECT_EQ(post("/v1/breaker/reset", {{"reason", "all known"}}, admin_).status, 409) << "it is closed";
  EXPECT_EQ(json::parse(get("/v1/audit", admin_).body)["decisions"].size(), 0U) << "what was refused is no decision";
}

TEST_F(CollectorTest, AConfirmedFaultIsQuarantinedDrainedAndReleased) {
  collector_.reset();
  const std::filesystem::path hooks = dir_ / "hooks";
  ASSERT_TRUE(make_directory(hooks, 0755).ok());
  ASSERT_TRUE(write_file_atomic(hooks / "drain", "#!/bin/sh\n/bin/cat >> " + (dir_ / "told").string() + "\n", 0755).ok());
  config_.policy.mode = PolicyMode::kEnforce;
  config_.policy.hook = true;
  config_.hooks.directory = hooks;
  config_.hooks.drain = hooks / "drain";
  start();
  const auto identity = enrol("node-1", make_token("enrol"));
  ASSERT_TRUE(identity.has_value());
  Report first = report("node-1", 1);
  first.incidents.push_back(confirmed_incident("node-1"));
  const MonoTime begin = BootClock::now();
  ASSERT_EQ(send(first, *identity).status, 200);

  const auto quarantine = [&] { return json::parse(get("/v1/quarantine", admin_).body)["quarantine"]; };
  ASSERT_TRUE(eventually([&] { return quarantine().size() == 1 && quarantine()[0]["hook"]["status"] == "done"; })) << quarantine().dump();
  EXPECT_LT(BootClock::now() - begin, std::chrono::seconds{5});
  EXPECT_THAT(differences(quarantine()[0].dump(), "Quarantine"), IsEmpty());
  EXPECT_THAT(differences(get("/v1/incidents/inc-0123456789abcdef", admin_).body, "Incident"), IsEmpty());
  EXPECT_NE(get("/metrics", admin_).body.find("assay_collector_quarantine_active{synthetic=\"false\"} 1"), std::string::npos);
  EXPECT_NE(get("/", admin_).body.find("1 finding to look at"), std::string::npos);
  EXPECT_TRUE(wire::decode_ack(send(first, *identity).body)->duplicate);   // sent again: nothing is done twice

  EXPECT_EQ(post("/v1/devices/cpu-node-1-s0/release", {{"reason", "new board"}}, admin_).status, 200);
  EXPECT_TRUE(quarantine().empty());
  const auto told = [&] { return read_file(dir_ / "told", 1 << 20).ok() ? *read_file(dir_ / "told", 1 << 20) : ""; };
  ASSERT_TRUE(eventually([&] { return told().find("undrain") != std::string::npos; })) << told();
  EXPECT_EQ(split(trim(told()), '\n').size(), 2U) << told();
  EXPECT_THAT(json::parse(get("/v1/audit", admin_).body)["decisions"].size(), ::testing::Ge(2U));
}

TEST_F(CollectorTest, ReloadTakesThePolicyAndLeavesTheRest) {
  Config next = config_;
  next.policy.mode = PolicyMode::kEnforce;
  EXPECT_TRUE(collector_->reload(next));
  EXPECT_TRUE(eventually([&] { return json::parse(get("/v1/status", admin_).body)["mode"] == "enforce"; }));
  next.port = 1;
  EXPECT_FALSE(collector_->reload(next));
  next.hooks.drain = "/nowhere/hook";
  next.hooks.directory = "/nowhere";
  EXPECT_FALSE(collector_->reload(next));
}

TEST_F(CollectorTest, GoldensThatAreNotSignedAreRefused) {
  const std::filesystem::path copy = dir_ / "goldens";
  std::filesystem::copy(config_.goldens_dir, copy);
  Config other = config_;
  other.state_dir = dir_ / "other";
  other.goldens_dir = copy;
  ASSERT_TRUE(write_file_atomic(copy / "MANIFEST.sig", std::string(128, '0') + "\n").ok());
  const auto started = Collector::start(other, clock_);
  ASSERT_FALSE(started.ok());
  EXPECT_EQ(started.error().code, ErrorCode::kPermission);
  EXPECT_NE(started.error().message.find("goldens"), std::string::npos);
}

}  // namespace
}  // namespace assay::collector
