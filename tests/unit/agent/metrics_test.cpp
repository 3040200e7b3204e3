// SPDX-License-Identifier: Apache-2.0
#include "agent/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include <nlohmann/json.hpp>

#include "agent/status_json.h"
#include "common/base/file.h"
#include "common/base/parse.h"
#include "tests/unit/agent/core_fixture.h"

namespace assay::agent {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::Not;

const GpuIdentity kGpu{1, "GPU-a", "Fake GPU", "S1", "P1", "V1", "00000000:B5:00.0"};

// A GPU that tells everything.
std::shared_ptr<const GpuSample> full_gpus() {
  auto gpus = std::make_shared<GpuSample>();
  gpus->driver_version = "570.1";
  GpuReading gpu;
  gpu.identity = kGpu;
  for (uint8_t i = 0; i <= static_cast<uint8_t>(kLastGpuQuantity); ++i) {
    const auto quantity = static_cast<GpuQuantity>(i);
    std::string part;
    for (const char c : std::string(info_of(quantity).labels)) part += c == ',' ? ",x" : part.empty() ? "x" : "";
    gpu.facts.push_back({quantity, part, 1.0 + i});
  }
  gpus->gpus.push_back(std::move(gpu));
  return gpus;
}

GpuIntakeFacts full_intake() {
  GpuIntakeFacts facts;
  facts.xids = {{{kGpu.pci_bus_id, XidKind::kXid, 79}, "gpu_fatal", kGpu, true, 3}};
  GpuIdentity nvswitch;
  nvswitch.pci_bus_id = "00000000:C1:00.0";
  facts.xids.push_back({{nvswitch.pci_bus_id, XidKind::kSxid, 12028}, "fabric", nvswitch, false, 2});
  facts.findings = {{XidKind::kXid, XidAction::kDrainReboot, kGpu, true, 1}};
  facts.increases = {{{"GPU-a", GpuErrorKind::kRowRemaps}, 2}};
  facts.gpus = {{"GPU-a", kGpu}};
  facts.log_readable = true;
  return facts;
}

// A snapshot in which everything that can be there is there.
MetricsSnapshot full_snapshot() {
  MetricsSnapshot snapshot;
  snapshot.version = "1.2.3";
  snapshot.started = at(0s).wall;
  snapshot.taken = at(60s);
  DeviceMetrics device;
  device.status.device = device_with(2, "cpu-a");
  device.status.state = DeviceState::kSuspect;
  device.status.conditions = {55.5, 120.0, 2.5e9};
  device.status.cells = 20;
  device.status.cells_covered = 19;
  device.status.oldest_cell_age = 30s;
  device.status.budget_ratio = 0.001;
  device.status.probe_ratio = 0.0009;
  device.probe_host_seconds = 0.25;
  device.controls = {5, 1, 2};
  device.bins = {{ConditionBin::kCold, 11, 20s}, {ConditionBin::kHot, 3, 30s}};
  device.skips = {{"load", 3}};
  snapshot.devices.push_back(device);
  snapshot.link.configured = true;
  snapshot.link.connected = true;
  snapshot.link.last_ack = at(50s);
  snapshot.link.certificate_expires = at(24h).wall;
  auto sample = std::make_shared<TelemetrySample>();
  ReaderReport reader;
  reader.name = "hwmon";
  reader.present = true;
  reader.success = true;
  reader.took = 2ms;
  reader.readings = {{Quantity::kTemperatureCelsius, "coretemp", "Package id 0", 0, 55.5}, {Quantity::kPowerWatts, "package-0", "", 0, 120},
                     {Quantity::kThrottleEvents, "socket-0", "cores", 0, 3}, {Quantity::kCorrectedErrors, "mc0", "", {}, 1},
                     {Quantity::kUncorrectedErrors, "mc0", "", {}, 0}, {Quantity::kPressureRatio, "cpu", "some", {}, 0.5}};
  sample->readers = {reader};
  sample->gpus = full_gpus();
  sample->nvml.starts = 2;
  sample->nvml.failed_calls = {{"no_permission", 1}};
  snapshot.telemetry = sample;
  snapshot.gpu_intake = full_intake();
  snapshot.backends = {{"host", true, 1, 0}, {"cuda", false, 0, 3}};

  const auto probes = three_probes();
  SliceOrder order;
  order.probe = &probes[0];
  order.work = {{0, 1}, {1, 2}};
  Observation observation = run_on(faulty_unit(1), order, at(1s), 4).observation;
  observation.device_id = "cpu-a";
  ProbeSpec spec = probes[0];
  spec.precision = "fp64";
  snapshot.counters.count(spec, observation);
  observation.synthetic = Synthetic::kControl;
  snapshot.counters.count(spec, observation);
  SliceResult failed = failed_result(order, Inconclusive::kHang, at(1s).wall, 5s);
  failed.observation.device_id = "cpu-a";
  snapshot.counters.count(spec, failed.observation);
  return snapshot;
}

TEST(Metrics, CountsRunsByResultAndKeepsPlantedFaultsApart) {
  const std::string page = render(full_snapshot(), at(60s));
  EXPECT_THAT(page, HasSubstr(R"(assay_probe_runs_total{device="cpu-a",probe="alpha.one",precision="fp64",result="match"} 4)"));
  EXPECT_THAT(page, HasSubstr(R"(assay_probe_runs_total{device="cpu-a",probe="alpha.one",precision="fp64",result="mismatch"} 4)"));
  EXPECT_THAT(page, HasSubstr(R"(assay_probe_runs_total{device="cpu-a",probe="alpha.one",precision="fp64",result="inconclusive"} 2)"));
  EXPECT_THAT(page, HasSubstr(R"(assay_probe_synthetic_runs_total{device="cpu-a",kind="control",result="mismatch"} 4)"));
  EXPECT_THAT(page, HasSubstr(R"(assay_probe_inconclusive_total{reason="hang"} 2)"));
  EXPECT_THAT(page, HasSubstr(R"(assay_device_state{device="cpu-a",state="suspect"} 1)"));
  EXPECT_THAT(page, HasSubstr(R"(assay_device_state{device="cpu-a",state="in_service"} 0)"));
}

TEST(Metrics, ABackendThatDoesNotAnswerShows) {
  const std::string page = render(full_snapshot(), at(60s));
  EXPECT_THAT(page, HasSubstr(R"(assay_agent_backend_success{backend="host"} 1)"));
  EXPECT_THAT(page, HasSubstr(R"(assay_agent_backend_devices{backend="host"} 1)"));
  EXPECT_THAT(page, HasSubstr(R"(assay_agent_backend_success{backend="cuda"} 0)"));
  EXPECT_THAT(page, HasSubstr(R"(assay_agent_backend_hangs_total{backend="cuda"} 3)"));
}

TEST(Metrics, AgesGrowBetweenSnapshots) {
  const std::string page = render(full_snapshot(), at(100s));
  EXPECT_THAT(page, HasSubstr(R"(assay_coverage_oldest_cell_age_seconds{device="cpu-a"} 70)"));
  EXPECT_THAT(page, HasSubstr("assay_agent_uplink_last_ack_age_seconds 50"));
}

TEST(Metrics, TellsOfEachConditionTheDeviceWasSeenIn) {
  const std::string page = render(full_snapshot(), at(70s));
  EXPECT_THAT(page, HasSubstr(R"(assay_coverage_bin_oldest_cell_age_seconds{device="cpu-a",bin="hot"} 40)"));
  EXPECT_THAT(page, HasSubstr(R"(assay_coverage_bin_cells_covered{device="cpu-a",bin="cold"} 11)"));
  EXPECT_THAT(page, Not(HasSubstr(R"(bin="warm")"))) << "never seen, so not guessed";
}

TEST(Metrics, AGpuIsNamedAsOtherToolsNameIt) {
  const std::string page = render(full_snapshot(), at(60s));
  const std::string labels = R"(gpu_uuid="GPU-a",gpu="1",pci_bus_id="00000000:B5:00.0",model="Fake GPU")";
  EXPECT_THAT(page, HasSubstr("assay_gpu_power_watts{" + labels + "} 5"));
  EXPECT_THAT(page, HasSubstr("assay_gpu_ecc_location_errors_total{" + labels + R"(,severity="x",scope="x",location="x"})"));
  EXPECT_THAT(page, HasSubstr("assay_gpu_info{" + labels + R"(,serial="S1",board_part="P1",vbios="V1",driver="570.1"} 1)"));
  EXPECT_THAT(page, HasSubstr("assay_gpu_xid_total{" + labels + R"(,code="79",class="gpu_fatal"} 3)"));
  EXPECT_THAT(page, HasSubstr(R"(assay_nvswitch_sxid_total{pci_bus_id="00000000:C1:00.0",code="12028",class="fabric"} 2)"));
  EXPECT_THAT(page, HasSubstr("assay_gpu_errors_last_hour{" + labels + R"(,kind="row_remaps"} 2)"));
}

TEST(Metrics, WhatIsNotKnownHasNoSeries) {
  MetricsSnapshot snapshot = full_snapshot();
  snapshot.devices[0].status.conditions = {};
  snapshot.link = {};
  snapshot.telemetry = nullptr;
  snapshot.gpu_intake = {};
  const std::string page = render(snapshot, at(60s));
  for (const char* absent : {"_celsius", "_watts", "_hertz", "uplink", "certificate", "telemetry", "gpu", "xid", "nvml", "kernel_log"}) EXPECT_THAT(page, Not(HasSubstr(absent)));
}

// Names in the first column of the tables of a reference page.
std::set<std::string> documented() {
  const char* source = std::getenv("ASSAY_SOURCE_DIR");
  std::set<std::string> names;
  const auto text = read_file(std::filesystem::path(source == nullptr ? "." : source) / "docs/reference/metrics-agent.md", 1 << 20);
  EXPECT_TRUE(text.ok());
  for (const std::string_view line : split(*text, '\n')) {
    if (!line.starts_with("| `")) continue;
    names.emplace(line.substr(3, line.find('`', 3) - 3));
  }
  return names;
}

TEST(Metrics, EveryMetricIsDocumentedAndEveryDocumentedOneExists) {
  std::set<std::string> exported;
  const std::string page = render(full_snapshot(), at(60s));
  for (const std::string_view line : split(page, '\n')) {
    constexpr std::string_view kType = "# TYPE ";
    if (line.starts_with(kType)) exported.emplace(split(line.substr(kType.size()), ' ')[0]);
  }
  std::set<std::string> ours = documented();
  std::erase_if(ours, [](const std::string& name) { return name.starts_with("exposer_"); });
  EXPECT_EQ(exported, ours);
}

TEST(StatusJson, HasTheDocumentedFields) {
  Incident incident;
  incident.id = "inc-1";
  incident.probe = {"alpha.one", 1};
  incident.synthetic = Synthetic::kDrill;
  const auto json = nlohmann::json::parse(status_json("n1", "https://c:1", full_snapshot(), {incident}));
  EXPECT_EQ(json["node"], "n1");
  EXPECT_EQ(json["collector"]["connected"], true);
  EXPECT_EQ(json["devices"][0]["runs"]["match"], 4);
  EXPECT_EQ(json["devices"][0]["runs"]["mismatch"], 4);
  EXPECT_EQ(json["devices"][0]["state"], "suspect");
  EXPECT_EQ(json["devices"][0]["temperature_celsius"], 55.5);
  EXPECT_EQ(json["devices"][0]["bins"][1]["bin"], "hot");
  EXPECT_EQ(json["devices"][0]["bins"][1]["oldest_cell_age_s"], 30.0);
  EXPECT_EQ(json["incidents"][0]["probe"], "alpha.one/1");
  EXPECT_EQ(json["incidents"][0]["synthetic"], true);
  EXPECT_FALSE(json["collector"].contains("last_error")) << "unknown is absent, not empty";
}

TEST(StatusJson, APlanTellsWhatIsKnownOfEachVariant) {
  const auto probes = three_probes();
  const Device device = device_with(2);
  Scheduler scheduler(device, probes, {}, at(0s), variants_of(probes));
  const auto json = nlohmann::json::parse(plan_json("n1", {plan_of(device, probes, scheduler)}));
  EXPECT_EQ(json["node"], "n1");
  EXPECT_EQ(json["devices"][0]["units"], 2);
  EXPECT_EQ(json["devices"][0]["budget_ratio"], 0.001);
  const auto& of_alpha = json["devices"][0]["probes"][0];
  EXPECT_EQ(of_alpha["probe"], "alpha.one/1");
  EXPECT_EQ(of_alpha["variants"][1]["variant"], "narrow");
  EXPECT_EQ(of_alpha["variants"][1]["silicon"], "the scalar unit");
  EXPECT_EQ(of_alpha["variants"][1]["cells"], 2);
  EXPECT_GT(of_alpha["variants"][1]["pass_s"], 50.0);
  EXPECT_FALSE(of_alpha["variants"][1].contains("run_s")) << "not measured yet";
  EXPECT_FALSE(json["devices"][0]["probes"][2]["variants"][0].contains("variant")) << "the runner did not name it";
}

TEST(StatusJson, ARunShowsItsOutcomeAndRecords) {
  const auto probes = three_probes();
  SliceOrder order;
  order.probe = &probes[0];
  order.work = {{1, 2}};
  const auto wrong = nlohmann::json::parse(run_json(run_on(faulty_unit(1), order, at(0s), 3).observation));
  EXPECT_EQ(wrong["outcome"], "mismatch");
  EXPECT_EQ(wrong["runs"], 3);
  EXPECT_EQ(wrong["records"].size(), 3U);
  const auto nothing = nlohmann::json::parse(run_json(failed_result(order, Inconclusive::kHang, at(0s).wall, 1s).observation));
  EXPECT_EQ(nothing["outcome"], "inconclusive");
  EXPECT_EQ(nothing["reason"], "hang");
}

}  // namespace
}  // namespace assay::agent
