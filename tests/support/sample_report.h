// SPDX-License-Identifier: Apache-2.0
// A report with every field set, for tests of the wire, the store and the ingest.
#pragma once

#include "common/model/report.h"

namespace assay::test {

inline Observation sample_observation() {
  Observation observation;
  observation.device_id = "cpu-node-1-s0";
  observation.probe = {"gemm.fp64.grid", 1};
  observation.variant = "avx2";
  observation.synthetic = Synthetic::kDrill;
  observation.started = from_unix_ms(1'800'000'000'000);
  observation.took = std::chrono::milliseconds{50};
  observation.conditions = {61.5, 180.0, 3.1e9};
  UnitResult unit;
  unit.unit = 1;
  unit.first_set = 17;
  unit.set_count = 256;
  unit.runs = 5;
  unit.mismatches = 1;
  unit.outcome = Outcome::kMismatch;
  unit.reason = Inconclusive::kNone;
  unit.fold = {1, 2};
  unit.busy = std::chrono::milliseconds{49};
  unit.records = {{17, 3, 42, 2, 0x10, 0x11, 0x11, 5, 5}};
  observation.units = {unit};
  return observation;
}

inline Incident sample_incident() {
  Incident incident;
  incident.id = "inc-0123456789abcdef";
  incident.node = "node-1";
  incident.device_id = "cpu-node-1-s0";
  incident.unit = 1;
  incident.probe = {"gemm.fp64.grid", 1};
  incident.operand_set = 17;
  incident.variant = "avx2";
  incident.verdict = Verdict::kConfirmedUnit;
  incident.opened = from_unix_ms(1'800'000'000'000);
  incident.updated = from_unix_ms(1'800'000'001'000);
  incident.expected = Digest{3, 4};
  incident.actual = Digest{5, 6};
  incident.steps = {{Rung::kSameUnit, incident.updated, "unit 1 (cpu 1), operand set 17", 1, 10, 10, Inconclusive::kNone, {61.5, {}, {}}}};
  incident.records = sample_observation().units[0].records;
  incident.ran_on_silicon = true;
  return incident;
}

inline AcceleratorReadings sample_readings() {
  AcceleratorReadings readings;
  readings.memory_temperature_celsius = 71.0;
  readings.power_limit_watts = 700.0;
  readings.memory_clock_hertz = 2.619e9;
  readings.clock_events = {"sw_power_cap", "hw_thermal"};
  readings.ecc_corrected = 12;
  readings.ecc_uncorrected = 1;
  readings.row_remaps = 2;
  readings.row_remap_pending = true;
  readings.row_remap_failure = false;
  readings.retired_pages = 3;
  readings.pcie_replays = 4;
  readings.nvlink_errors = 5;
  readings.trouble = "reset_required";
  readings.recovery_action = "gpu_reset";
  readings.driver_version = "580.95.05";
  readings.xids = {{63, "memory_repair", 2, from_unix_ms(1'800'000'001'000)}};
  return readings;
}

inline Report sample_report() {
  Report report;
  report.node = "node-1";
  report.stream = "0123456789abcdef";
  report.sequence = 7;
  report.boot_id = "9f0c1d1e-0000-4000-8000-000000000000";
  report.agent_version = "0.1.0";
  report.sent = {from_unix_ms(1'800'000'002'000), MonoTime{std::chrono::hours{1}}};
  DeviceStatus status;
  status.device = {"cpu-node-1-s0", DeviceKind::kCpuSocket, true, "AMD EPYC 9654", "x86_64/AuthenticAMD/25/17", "0xa101148", 0, {0, 1}};
  status.state = DeviceState::kConfirming;
  status.conditions = {61.5, 180.0, 3.1e9};
  status.oldest_cell_age = std::chrono::minutes{5};
  status.cells = 20;
  status.cells_covered = 18;
  status.probe_ratio = 0.0009;
  status.budget_ratio = 0.001;
  status.readings = sample_readings();
  status.offers = {{"gemm.fp64.grid", "mma", true}, {"gemm.fp64.grid", "simt", false}};
  report.devices = {status};
  report.observations = {sample_observation()};
  report.incidents = {sample_incident()};
  report.findings = {{from_unix_ms(1'800'000'001'500), "xid", "cpu-node-1-s0", "xid=79", true}};
  report.skips = {{"budget", 12}, {"load", 1}};
  report.dropped_reports = 2;
  return report;
}

}  // namespace assay::test
