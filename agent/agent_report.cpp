// SPDX-License-Identifier: Apache-2.0
// What leaves the loop: reports into the outbox with the state they belong to, and snapshots for metrics and status.
#include "assay_version.h"

#include <utility>

#include "agent/agent.h"
#include "agent/device_memory.h"
#include "common/wire/report_wire.h"

namespace assay::agent {
namespace {

constexpr uint64_t kBacklogWithoutHeartbeats = 4;
constexpr std::chrono::hours kOffersInterval{1};   // what a device can run changes with a release; a report that was dropped is made good

}  // namespace

DeviceStatus Agent::status_of(const DeviceLane& lane, Instant now) const {
  DeviceStatus status = lane.watch().status(now);
  const Device& device = lane.watch().device();
  status.conditions = view_.conditions(device);
  if (device.kind != DeviceKind::kGpu) return status;
  const auto sample = telemetry_->latest();
  const GpuReading* gpu = sample && sample->gpus ? sample->gpus->find(device.id) : nullptr;
  if (gpu != nullptr) status.readings = readings_of(*gpu, sample->gpus->driver_version);
  status.readings.xids = gpu_intake_->xids_of(device.id, now);
  return status;
}

std::map<std::string, uint64_t> Agent::skips_since_last() {
  std::map<std::string, uint64_t> totals;
  for (const auto& lane : lanes_) {
    for (const auto& [reason, count] : lane->watch().scheduler().skips().by_name()) totals[reason] += count;
  }
  std::map<std::string, uint64_t> fresh;
  for (const auto& [reason, count] : totals) {
    if (count > skips_reported_[reason]) fresh[reason] = count - skips_reported_[reason];
  }
  skips_reported_ = std::move(totals);
  return fresh;
}

// The devices' memories that the spool does not have. Coverage moves with every slice, so by itself it is stored once a minute only.
SpoolState Agent::changed_memory(bool coverage_too) {
  SpoolState changed;
  if (!memory_changed_ && !coverage_too) return changed;
  for (const auto& lane : lanes_) {
    const std::string key = memory_key(lane->watch().device().id);
    std::string bytes = encode(lane->watch().memory());
    if (stored_memory_[key] != bytes) changed.emplace(key, std::move(bytes));
  }
  std::string intake = gpu_intake_->memory();
  if (stored_memory_[kGpuIntakeKey] != intake) changed.emplace(kGpuIntakeKey, std::move(intake));
  return changed;
}

void Agent::build_report(ReportBatch::Content content, Instant now) {
  Report report;
  report.node = node_;
  report.boot_id = boot_id_;
  report.agent_version = kVersion;
  report.sent = now;
  for (const auto& lane : lanes_) report.devices.push_back(status_of(*lane, now));
  if (now.mono >= next_offers_) {
    next_offers_ = now.mono + kOffersInterval;
    for (size_t i = 0; i < lanes_.size(); ++i) {
      if (auto offers = lanes_[i]->watch().offers(); !offers.empty()) report.devices[i].offers = std::move(offers);
    }
  }
  report.observations = std::move(content.observations);
  report.incidents = std::move(content.incidents);
  report.findings = std::move(content.findings);
  report.skips = skips_since_last();
  const OutboxFacts before = outbox_->facts();
  report.dropped_reports = before.spool.dropped + before.lost_rollups + before.lost_evidence;
  const SpoolState state = changed_memory(false);
  outbox_->store(
      content.report_class,
      [&](const std::string& stream, uint64_t sequence) {
        report.stream = stream;
        report.sequence = sequence;
        return wire::encode(report);
      },
      state);
  // With a disk that fails nothing is remembered as stored, so it is tried again with the next report.
  if (outbox_->facts().write_failures != before.write_failures) return;
  for (const auto& [key, bytes] : state) stored_memory_[key] = bytes;
  memory_changed_ = false;
}

void Agent::build_reports(Instant now) {
  if (!link_->uplink().report_due(now.mono) && !batch_.full()) return;
  const OutboxFacts facts = outbox_->facts();
  const uint64_t waiting = facts.spool.reports + facts.memory_reports;
  // A collector that is away needs no heartbeats kept for it.
  if (!batch_.empty() || waiting < kBacklogWithoutHeartbeats) {
    do {
      build_report(batch_.take(), now);
    } while (!batch_.empty());
  }
  link_->uplink().report_built(now.mono);
  publish_ = true;
}

std::shared_ptr<const MetricsSnapshot> Agent::snapshot(Instant now) const {
  auto snapshot = std::make_shared<MetricsSnapshot>();
  snapshot->version = kVersion;
  snapshot->started = started_;
  snapshot->taken = now;
  snapshot->backends = backend_watch_.facts();
  for (const auto& lane : lanes_) {
    DeviceMetrics device;
    device.status = status_of(*lane, now);
    device.state_synthetic = lane->watch().state_is_synthetic();
    device.cells_unsupported = lane->watch().scheduler().coverage().cells_unsupported();
    device.bins = lane->watch().scheduler().coverage().bins(now);
    device.probe_unit_seconds = lane->watch().scheduler().probe_unit_seconds();
    if (device.status.device.kind == DeviceKind::kGpu) device.probe_host_seconds = lane->watch().scheduler().probe_host_seconds();
    device.controls = lane->watch().controls();
    device.runner = lane->runner().facts();
    device.skips = lane->watch().scheduler().skips().by_name();
    snapshot->devices.push_back(std::move(device));
  }
  snapshot->counters = counters_;
  snapshot->outbox = outbox_->facts();
  snapshot->link = link_->facts();
  snapshot->telemetry = telemetry_->latest();
  snapshot->gpu_intake = gpu_intake_->facts();
  return snapshot;
}

}  // namespace assay::agent
