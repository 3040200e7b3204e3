// SPDX-License-Identifier: Apache-2.0
#include "agent/metrics.h"

#include <prometheus/collectable.h>
#include <prometheus/exposer.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <exception>
#include <mutex>

#include <fmt/format.h>

#include "agent/metrics_gpu.h"

namespace assay::agent {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

// Collects families in the order of their first sample.
class Page final : public SeriesSink {
 public:
  void gauge(const char* name, const char* help, Labels labels, double value) { add(name, help, MetricType::Gauge, std::move(labels)).gauge.value = value; }
  void counter(const char* name, const char* help, Labels labels, double value) {
    add(name, help, MetricType::Counter, std::move(labels)).counter.value = value;
  }
  void summary(const char* name, const char* help, Labels labels, const DurationSum& sum) {
    auto& metric = add(name, help, MetricType::Summary, std::move(labels));
    metric.summary.sample_count = sum.count;
    metric.summary.sample_sum = sum.seconds;
  }
  void put_gauge(std::string_view name, std::string_view help, const SeriesLabels& labels, double value) override {
    add(std::string(name), std::string(help), MetricType::Gauge, copy_of(labels)).gauge.value = value;
  }
  void put_counter(std::string_view name, std::string_view help, const SeriesLabels& labels, double value) override {
    add(std::string(name), std::string(help), MetricType::Counter, copy_of(labels)).counter.value = value;
  }
  std::vector<MetricFamily> take() { return std::move(families_); }

 private:
  static Labels copy_of(const SeriesLabels& labels) {
    Labels copy;
    for (const auto& [name, value] : labels) copy.push_back({name, value});
    return copy;
  }
  ClientMetric& add(const std::string& name, const std::string& help, MetricType type, Labels labels) {
    auto family = std::find_if(families_.begin(), families_.end(), [&](const MetricFamily& known) { return known.name == name; });
    if (family == families_.end()) {
      families_.push_back({name, help, type, {}});
      family = families_.end() - 1;
    }
    family->metric.emplace_back();
    family->metric.back().label = std::move(labels);
    return family->metric.back();
  }
  std::vector<MetricFamily> families_;
};

double number(uint64_t value) { return static_cast<double>(value); }
double unix_seconds(WallTime time) { return to_seconds(time.time_since_epoch()); }

void add_device(Page& page, const DeviceMetrics& device, Duration since) {
  const DeviceStatus& status = device.status;
  const Labels id{{"device", status.device.id}};
  page.gauge("assay_budget_ratio", "Share of unit-seconds that probing may use.", id, status.budget_ratio);
  page.gauge("assay_probe_time_ratio", "Share of unit-seconds that probing used, over the last hour.", id, status.probe_ratio);
  page.counter("assay_probe_unit_seconds_total", "Unit-seconds spent on probing.", id, device.probe_unit_seconds);
  if (device.probe_host_seconds) {
    page.counter("assay_probe_host_seconds_total", "Seconds of cores that probing an accelerator took; they are charged to its budget.", id, *device.probe_host_seconds);
  }
  page.gauge("assay_coverage_oldest_cell_age_seconds", "Age of the least recently measured cell (probe x variant x unit); since it is known if never.", id,
             to_seconds(status.oldest_cell_age + since));
  page.gauge("assay_coverage_cells", "Cells (probe x variant x unit) that this device can measure.", id, number(status.cells));
  page.gauge("assay_coverage_cells_covered", "Of them, measured at least once.", id, number(status.cells_covered));
  page.gauge("assay_coverage_cells_unsupported", "Cells that turned out not to run on this device.", id, number(device.cells_unsupported));
  for (const BinCoverage& bin : device.bins) {
    const Labels in_bin{{"device", status.device.id}, {"bin", std::string(to_string(bin.bin))}};
    page.gauge("assay_coverage_bin_oldest_cell_age_seconds", "Age of the cell least recently measured in this condition; since it could have been if never.", in_bin,
               to_seconds(bin.oldest_age + since));
    page.gauge("assay_coverage_bin_cells_covered", "Cells measured at least once in this condition.", in_bin, number(bin.cells_covered));
  }
  for (uint8_t i = 0; i <= static_cast<uint8_t>(kLastDeviceState); ++i) {
    const auto state = static_cast<DeviceState>(i);
    page.gauge("assay_device_state", "1 for the state the device is in, as its agent sees it.",
               {{"device", status.device.id}, {"state", std::string(to_string(state))}}, status.state == state ? 1 : 0);
  }
  page.gauge("assay_device_state_synthetic", "1 while the state comes from a drill.", id, device.state_synthetic ? 1 : 0);
  const auto control = [&](const char* result, uint64_t count) {
    page.counter("assay_controls_total", "Planted faults (positive controls), by whether they were seen.",
                 {{"device", status.device.id}, {"result", result}}, number(count));
  };
  control("seen", device.controls.seen);
  control("missed", device.controls.missed);
  control("inconclusive", device.controls.inconclusive);
  const auto runner = [&](const char* event, uint64_t count) {
    page.counter("assay_agent_runner_events_total", "Starts and deaths of the probe runner.", {{"device", status.device.id}, {"event", event}},
                 number(count));
  };
  runner("start", device.runner.starts);
  runner("hang", device.runner.hangs);
  runner("crash", device.runner.crashes);
  runner("error", device.runner.errors);
  for (const auto& [reason, count] : device.skips) {
    page.counter("assay_skips_total", "Slices that were due and not run, by reason.", {{"device", status.device.id}, {"reason", reason}}, number(count));
  }
  const Conditions& conditions = status.conditions;
  if (conditions.temperature_celsius) page.gauge("assay_device_temperature_celsius", "Hottest sensor of the device.", id, *conditions.temperature_celsius);
  if (conditions.power_watts) page.gauge("assay_device_power_watts", "Power of the device.", id, *conditions.power_watts);
  if (conditions.clock_hertz) page.gauge("assay_device_clock_hertz", "Mean clock of the device's units.", id, *conditions.clock_hertz);
}

void add_runs(Page& page, const RunCounters& counters) {
  for (const auto& [key, count] : counters.runs) {
    const auto& [device, probe, precision, result] = key;
    page.counter("assay_probe_runs_total", "Probe runs by result; controls and drills are not among them.",
                 {{"device", device}, {"probe", probe}, {"precision", precision}, {"result", result}}, number(count));
  }
  for (const auto& [key, count] : counters.synthetic) {
    const auto& [device, kind, result] = key;
    page.counter("assay_probe_synthetic_runs_total", "Runs with a planted fault: controls and drills.",
                 {{"device", device}, {"kind", kind}, {"result", result}}, number(count));
  }
  for (const auto& [reason, count] : counters.inconclusive) {
    page.counter("assay_probe_inconclusive_total", "Units of slices that could not be measured, by reason.", {{"reason", reason}}, number(count));
  }
  for (const auto& [key, sum] : counters.durations) {
    page.summary("assay_probe_duration_seconds", "Time of slices, as the runner measured it.", {{"device", key.first}, {"probe", key.second}}, sum);
  }
}

void add_reading(Page& page, const Reading& reading) {
  const Labels sensor{{"source", reading.source}, {"sensor", reading.sensor}};
  switch (reading.quantity) {
    case Quantity::kTemperatureCelsius: return page.gauge("assay_telemetry_temperature_celsius", "Temperature of a chip's sensor.", sensor, reading.value);
    case Quantity::kPowerWatts: return page.gauge("assay_telemetry_power_watts", "Power of an energy domain.", {{"source", reading.source}}, reading.value);
    case Quantity::kClockHertz: return;  // assay_device_clock_hertz has it
    case Quantity::kThrottleEvents: return page.counter("assay_telemetry_throttle_events_total", "Throttling for heat since boot.", sensor, reading.value);
    case Quantity::kCorrectedErrors:
      return page.counter("assay_telemetry_memory_errors_total", "Memory errors seen by a memory controller.",
                          {{"source", reading.source}, {"severity", "corrected"}}, reading.value);
    case Quantity::kUncorrectedErrors:
      return page.counter("assay_telemetry_memory_errors_total", "Memory errors seen by a memory controller.",
                          {{"source", reading.source}, {"severity", "uncorrected"}}, reading.value);
    case Quantity::kPressureRatio:
      return page.gauge("assay_telemetry_pressure_ratio", "Share of time tasks waited for a resource, average of 10 s.",
                        {{"resource", reading.source}, {"kind", reading.sensor}}, reading.value);
  }
}

void add_telemetry(Page& page, const TelemetrySample& sample) {
  for (const ReaderReport& reader : sample.readers) {
    if (!reader.present) continue;
    page.gauge("assay_telemetry_reader_success", "1 when the reader's last sample succeeded; no series where the machine has no such source.",
               {{"reader", reader.name}}, reader.success ? 1 : 0);
    page.gauge("assay_telemetry_reader_duration_seconds", "Time of the reader's last sample.", {{"reader", reader.name}}, to_seconds(reader.took));
    for (const Reading& reading : reader.readings) add_reading(page, reading);
  }
  add_nvml_reader(page, sample.nvml);
  if (sample.gpus) add_gpus(page, *sample.gpus);
}

void add_transport(Page& page, const OutboxFacts& outbox, const LinkFacts& link, Instant now) {
  page.gauge("assay_agent_spool_reports", "Reports on disk that wait for the collector.", {}, number(outbox.spool.reports));
  page.gauge("assay_agent_spool_bytes", "Bytes of the reports on disk.", {}, number(outbox.spool.bytes));
  page.gauge("assay_agent_spool_memory_reports", "Reports that wait in memory because the disk does not take them.", {}, number(outbox.memory_reports));
  page.gauge("assay_agent_spool_rejected_reports", "Reports the collector will not take, set aside on disk.", {}, number(outbox.spool.rejected));
  page.counter("assay_agent_spool_dropped_reports_total", "Rollups dropped to keep the spool within its size.", {}, number(outbox.spool.dropped));
  page.counter("assay_agent_spool_write_failures_total", "Attempts to use the spool that failed.", {}, number(outbox.write_failures));
  page.counter("assay_agent_spool_lost_reports_total", "Reports for which neither disk nor memory had room.", {{"class", "rollup"}}, number(outbox.lost_rollups));
  page.counter("assay_agent_spool_lost_reports_total", "", {{"class", "evidence"}}, number(outbox.lost_evidence));
  if (!link.configured) return;
  page.gauge("assay_agent_uplink_connected", "1 when the collector answered the last call.", {}, link.connected ? 1 : 0);
  page.gauge("assay_agent_uplink_enrolled", "1 when the agent has a certificate.", {}, link.enrolled ? 1 : 0);
  page.counter("assay_agent_uplink_acknowledged_total", "Reports the collector has acknowledged.", {}, number(link.acknowledged));
  page.counter("assay_agent_uplink_failures_total", "Calls to the collector that failed or were refused.", {}, number(link.failures));
  if (link.last_ack) page.gauge("assay_agent_uplink_last_ack_age_seconds", "Time since the last acknowledgement.", {}, to_seconds(now.mono - link.last_ack->mono));
  if (link.certificate_expires) {
    page.gauge("assay_agent_certificate_expiry_time_seconds", "When the certificate expires, Unix time.", {}, unix_seconds(*link.certificate_expires));
  }
}

std::vector<MetricFamily> families_of(const MetricsSnapshot& snapshot, Instant now) {
  Page page;
  page.gauge("assay_agent_build_info", "1; the release is in the label.", {{"version", snapshot.version}}, 1);
  page.gauge("assay_agent_start_time_seconds", "When the agent started, Unix time.", {}, unix_seconds(snapshot.started));
  for (const BackendFacts& backend : snapshot.backends) {
    page.gauge("assay_agent_backend_success", "1 when the backend told its devices when it was asked last; 0 when it failed or hung.", {{"backend", backend.name}},
               backend.success ? 1 : 0);
    page.gauge("assay_agent_backend_devices", "Devices that the backend found when it was asked last, those left out included.", {{"backend", backend.name}},
               number(backend.devices));
    page.counter("assay_agent_backend_hangs_total", "Times that the backend did not tell its devices in time.", {{"backend", backend.name}}, number(backend.hangs));
  }
  const Duration since = std::max(Duration::zero(), now.mono - snapshot.taken.mono);
  for (const DeviceMetrics& device : snapshot.devices) add_device(page, device, device.status.cells > 0 ? since : Duration::zero());
  add_runs(page, snapshot.counters);
  if (snapshot.telemetry) add_telemetry(page, *snapshot.telemetry);
  add_gpu_intake(page, snapshot.gpu_intake);
  add_transport(page, snapshot.outbox, snapshot.link, now);
  return page.take();
}

class Latest final : public prometheus::Collectable {
 public:
  explicit Latest(const Clock& clock) : clock_(clock) {}
  void publish(std::shared_ptr<const MetricsSnapshot> snapshot) {
    const std::lock_guard lock(mutex_);
    snapshot_ = std::move(snapshot);
  }
  std::vector<MetricFamily> Collect() const override {
    std::shared_ptr<const MetricsSnapshot> snapshot;
    {
      const std::lock_guard lock(mutex_);
      snapshot = snapshot_;
    }
    if (!snapshot) return {};
    return families_of(*snapshot, clock_.now());
  }

 private:
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::shared_ptr<const MetricsSnapshot> snapshot_;
};

}  // namespace

void RunCounters::count(const ProbeSpec& probe, const Observation& observation) {
  const bool real = observation.synthetic == Synthetic::kNone;
  const auto add = [&](Outcome outcome, uint64_t count) {
    if (count == 0) return;
    const std::string result(to_string(outcome));
    if (real) {
      runs[{observation.device_id, probe.ref.id, std::string(probe.precision), result}] += count;
    } else {
      synthetic[{observation.device_id, std::string(to_string(observation.synthetic)), result}] += count;
    }
  };
  for (const UnitResult& unit : observation.units) {
    if (unit.outcome == Outcome::kInconclusive) {
      add(Outcome::kInconclusive, 1);
      if (real) ++inconclusive[std::string(to_string(unit.reason))];
      continue;
    }
    add(Outcome::kMismatch, unit.mismatches);
    add(Outcome::kMatch, unit.runs - std::min(unit.runs, unit.mismatches));
  }
  DurationSum& sum = durations[{observation.device_id, probe.ref.id}];
  ++sum.count;
  sum.seconds += to_seconds(observation.took);
}

class Metrics::Impl {
 public:
  Impl(const std::string& bind, const Clock& clock) : latest_(std::make_shared<Latest>(clock)), exposer_(bind, 1) {
    exposer_.RegisterCollectable(latest_);
  }
  std::shared_ptr<Latest> latest_;
  prometheus::Exposer exposer_;
};

Metrics::Metrics(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Metrics::~Metrics() = default;

Result<std::unique_ptr<Metrics>> Metrics::start(const std::string& address, uint16_t port, const Clock& clock) {
  const bool v6 = address.find(':') != std::string::npos && !address.starts_with('[');
  const std::string bind = v6 ? fmt::format("[{}]:{}", address, port) : fmt::format("{}:{}", address, port);
  try {
    return std::unique_ptr<Metrics>(new Metrics(std::make_unique<Impl>(bind, clock)));
  } catch (const std::exception&) {  // civetweb says no more than that it failed
    return make_error(ErrorCode::kUnavailable, fmt::format("metrics: cannot listen on {}; is another agent running? see [metrics] address and port", bind));
  }
}

void Metrics::publish(std::shared_ptr<const MetricsSnapshot> snapshot) { impl_->latest_->publish(std::move(snapshot)); }

uint16_t Metrics::port() const {
  const auto ports = impl_->exposer_.GetListeningPorts();
  return ports.empty() ? 0 : static_cast<uint16_t>(ports.front());
}

std::string render(const MetricsSnapshot& snapshot, Instant now) { return prometheus::TextSerializer().Serialize(families_of(snapshot, now)); }

}  // namespace assay::agent
