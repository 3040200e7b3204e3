// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/ctl/documents.h"

#include <cstdlib>

#include "common/base/check.h"
#include "common/base/file.h"
#include "ctl/audit_chain.h"
#include "ctl/device_offers.h"
#include "ctl/golden_listing.h"
#include "ctl/matrix_report.h"
#include "ctl/probe_listing.h"
#include "ctl/top_frame.h"
#include "ctl/wait_condition.h"

namespace assay::ctl::test {
namespace {

constexpr Digest kRight{0x2a27178776ebd9bdULL, 0x72fe62f7df9ef826ULL};
constexpr Digest kWrong{0xf1855656383a7bfaULL, 0x8d70ca61524402dfULL};

MismatchRecord sample_record() {
  MismatchRecord record;
  record.operand_set = 17;
  record.step = 4;
  record.word_index = 12;
  record.expected = 0xff;
  record.actual = 0x2000ff;
  record.reread = 0x2000ff;
  record.cpu_before = 6;
  record.cpu_after = 6;
  return record;
}

std::string sample_top() {
  TopInput input;
  input.status = parse_json_object(fixture("status.json")).value();
  input.devices = parse_json_object(fixture("devices.json")).value();
  for (const JsonValue& event : parse_json_object(fixture("events.json")).value().list("events")) input.events.push_back(event);
  return top_json(input);
}

std::string sample_audit(bool broken) {
  AuditChain chain(std::string(64, 'a'), broken ? std::optional(AuditPin{7, std::string(64, 'b')}) : std::nullopt);
  chain.finish();
  return audit_json(chain);
}

RunnerInventory sample_inventory() {
  Device gpu;
  gpu.id = "GPU-1";
  gpu.kind = DeviceKind::kGpu;
  gpu.model = "NVIDIA H100";
  gpu.architecture = "nvidia/sm_90";
  gpu.units = {0, 1, 2};
  RunnerInventory inventory;
  inventory.devices = {gpu};
  inventory.backends = {{gpu.id, "cuda"}};
  inventory.variants = {{gpu.id, "gemm.bf16.grid", "wgmma", "BF16 tensor cores", "", false}, {gpu.id, "sort.int64", "", "", "it is written for processors", false}};
  inventory.remarks = {"assay-probe-runner --discover --backend opencl gave no device list: it did not answer in time and was killed"};
  return inventory;
}

std::vector<NamedDocument> made_documents() {
  GoldenCheck bad{"/usr/share/assay/goldens", std::string(64, 'a'), "int.mul.chain.v1.golden: its hash is not the one of the manifest", 0, {"int.mul.chain/1"}};
  WaitResult wait{{{WaitCondition::Kind::kNodes, "", 5}}, {{false, "4 of 5 nodes reporting"}}, 60.0};
  const CoverageCost cost = cost_from_agent(fixture("agent_probes.json")).value();
  return {{"Probes", probe_list_json(list_probes(fixture("probes.json")).value())},
          {"Probes", probe_list_json(list_probes("", cost).value(), cost)},
          {"DeviceOffers", device_offers_json(sample_inventory())},
          {"Matrix", matrix_json(sample_matrix())},
          {"ProbeRun", probe_report_json(sample_probe_report())},
          {"ProbeRun", probe_report_json(sample_dead_report())},
          {"Replay", replay_json(sample_replay())},
          {"Goldens", golden_list_json({{"int.mul.chain/1", 256, to_hex(kRight)}, {"aes.chain/1", 0, ""}}, "/usr/share/assay/goldens")},
          {"GoldenCheck", golden_check_json(bad)},
          {"AuditCheck", sample_audit(false)},
          {"AuditCheck", sample_audit(true)},
          {"Wait", wait_json(wait)},
          {"Top", sample_top()}};
}

}  // namespace

std::filesystem::path source_dir() {
  const char* folder = std::getenv("ASSAY_SOURCE_DIR");
  ASSAY_CHECK(folder != nullptr);
  return folder;
}

std::string fixture(std::string_view name) {
  auto text = read_file(source_dir() / "tests/contract/ctl/fixtures" / name, 1 << 20);
  ASSAY_CHECK(text.ok());
  return std::move(text).value();
}

std::vector<NamedDocument> all_documents() {
  std::vector<NamedDocument> all;
  for (const auto& [shape, file] : std::vector<std::pair<const char*, const char*>>{
           {"Status", "status.json"},           {"Devices", "devices.json"},          {"DeviceDetail", "device.json"},
           {"DeviceDetail", "device_gpu.json"},
           {"Incidents", "incidents.json"},     {"Incident", "incident.json"},        {"Incident", "incident_drill.json"},
           {"Quarantines", "quarantine.json"},  {"Quarantine", "quarantine_entry.json"}, {"DecisionAnswer", "decision.json"},
           {"Tokens", "tokens.json"},           {"NewToken", "token.json"},           {"Certificates", "certificates.json"},
           {"AgentStatus", "agent_status.json"}, {"NodeCheck", "node_check.json"}}) {
    all.push_back({shape, fixture(file)});
  }
  const JsonValue events = parse_json_object(fixture("events.json")).value();
  for (const JsonValue& event : events.list("events")) all.push_back({"Event", event.dump()});
  for (NamedDocument& made : made_documents()) all.push_back(std::move(made));
  return all;
}

MatrixReport sample_matrix() {
  MatrixReport report{7, 20, "cpu-node-2-0", "AMD EPYC 9454", {0, 1}, std::chrono::seconds{95}, {}, {{"aes.chain", 1}}};
  const ProbeRef probe{"int.mul.chain", 1};
  constexpr auto kTier = GoldenTier::kT0Analytic;
  report.cells = {{probe, "scalar", kTier, "clean", 20, 20, 0, 0, 0},    {probe, "scalar", kTier, "bit_flip", 20, 18, 2, 0, 0},
                  {probe, "scalar", kTier, "one_in_n", 41, 41, 0, 0, 0}, {probe, "avx2", kTier, "clean", 20, 20, 0, 0, 0},
                  {probe, "avx2", kTier, "bit_flip", 19, 18, 0, 1, 1},  {probe, "avx2", kTier, "one_in_n", 0, 0, 0, 0, 10}};
  return report;
}

ProbeReport sample_probe_report() {
  ProbeReport report;
  report.probe = {"int.mul.chain", 1};
  report.variant = "avx2";
  report.device_id = "cpu-node-2-0";
  report.synthetic = Synthetic::kDrill;
  report.injected = "bit_flip";
  report.took = std::chrono::milliseconds{812};
  UnitReport right{0, 4, Outcome::kMatch, Inconclusive::kNone, 10, 0, std::chrono::milliseconds{800}, {{17, kRight, kRight, 10}}, {}};
  UnitReport wrong{1, 6, Outcome::kMismatch, Inconclusive::kNone, 10, 9, std::chrono::milliseconds{805}, {{17, kRight, kRight, 1}, {17, kWrong, kRight, 9}},
                   {sample_record()}};
  UnitReport unsure{2, 8, Outcome::kInconclusive, Inconclusive::kMigrated, 0, 0, Duration::zero(), {}, {}};
  report.units = {right, wrong, unsure};
  return report;
}

ProbeReport sample_dead_report() {
  ProbeReport report;
  report.probe = {"int.mul.chain", 1};
  report.variant = "avx512";
  report.device_id = "cpu-node-2-0";
  report.detail = "it ended by signal 11 (Segmentation fault)";
  UnitReport unit;
  unit.reason = Inconclusive::kCrash;
  report.units = {unit};
  return report;
}

ReplayReport sample_replay() {
  ReplayReport report;
  report.plan.incident = "inc-00c0ffee00c0ffee";
  report.plan.node = "node-2";
  report.plan.device_id = "cpu-node-2-0";
  report.plan.verdict = "confirmed_unit";
  report.plan.probe = {"int.mul.chain", 1};
  report.device_id = "cpu-node-2-0";
  report.unit = 3;
  report.cpu = 5;
  report.variant = "avx2";
  report.sets = {{17, 10, 10, Outcome::kMismatch, Inconclusive::kNone, kWrong, kRight, true, ""},
                 {21, 10, 0, Outcome::kMatch, Inconclusive::kNone, kRight, kRight, false, ""},
                 {22, 0, 0, Outcome::kInconclusive, Inconclusive::kHang, std::nullopt, std::nullopt, false, "it did not answer in time and was killed"}};
  return report;
}

}  // namespace assay::ctl::test
