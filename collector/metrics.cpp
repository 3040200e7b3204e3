// SPDX-License-Identifier: Apache-2.0
#include "collector/metrics.h"

#include <algorithm>
#include <limits>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "assay_version.h"
#include "probes/catalogue/catalogue.h"

namespace assay::collector {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

using Labels = std::vector<ClientMetric::Label>;

// Gathers families in the order they are added.
class Page {
 public:
  // Starts a family; the samples that follow belong to it.
  Page& family(MetricType type, std::string_view name, std::string_view help) {
    families_.push_back({fmt::format("assay_collector_{}", name), std::string(help), type, {}});
    return *this;
  }
  Page& counter(std::string_view name, std::string_view help) { return family(MetricType::Counter, name, help); }
  Page& gauge(std::string_view name, std::string_view help) { return family(MetricType::Gauge, name, help); }

  Page& sample(double value, Labels labels = {}) {
    ClientMetric metric;
    metric.label = std::move(labels);
    (families_.back().type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
    families_.back().metric.push_back(std::move(metric));
    return *this;
  }
  Page& sample(uint64_t value, Labels labels = {}) { return sample(static_cast<double>(value), std::move(labels)); }

  void histogram(ClientMetric::Histogram histogram) {
    ClientMetric metric;
    metric.histogram = std::move(histogram);
    families_.back().metric.push_back(std::move(metric));
  }

  std::string text() const { return prometheus::TextSerializer().Serialize(families_); }

 private:
  std::vector<MetricFamily> families_;
};

Labels label(std::string_view name, std::string_view value) { return {{std::string(name), std::string(value)}}; }
double unix_seconds(WallTime time) { return static_cast<double>(to_unix_ms(time)) / 1000.0; }

void add_build(Page& page, const MetricsInput& input) {
  page.gauge("build_info", "1, with the release as a label").sample(1.0, label("version", kVersion));
  page.gauge("start_time_seconds", "when this process started, seconds since the epoch").sample(unix_seconds(input.started));
  if (input.resident_bytes) {
    page.gauge("resident_memory_bytes", "memory of the process that is in RAM").sample(*input.resident_bytes);
  }
  page.gauge("certificate_expiry_timestamp_seconds", "when a certificate of the collector runs out, seconds since the epoch")
      .sample(unix_seconds(input.server_certificate_not_after), label("certificate", "server"))
      .sample(unix_seconds(input.ca_certificate_not_after), label("certificate", "ca"));
}

void add_intake(Page& page, const IntakeCounters& intake) {
  page.counter("reports_total", "reports of agents, by what became of them")
      .sample(intake.accepted, label("result", "accepted"))
      .sample(intake.duplicate, label("result", "duplicate"))
      .sample(intake.wrong_identity, label("result", "wrong_identity"))
      .sample(intake.invalid, label("result", "invalid"))
      .sample(intake.too_large, label("result", "too_large"))
      .sample(intake.unavailable, label("result", "unavailable"));
  page.counter("report_bytes_total", "bytes of report bodies, whatever became of them").sample(intake.bytes);
}

void add_writer(Page& page, const MetricsInput& input) {
  const WriterCounters& writer = input.writer;
  ClientMetric::Histogram histogram;
  histogram.sample_count = writer.commits;
  histogram.sample_sum = writer.commit_seconds;
  uint64_t cumulative = 0;
  for (size_t i = 0; i < writer.commit_buckets.size(); ++i) {
    cumulative += writer.commit_buckets[i];
    const double bound = i < kCommitBuckets.size() ? kCommitBuckets[i] : std::numeric_limits<double>::infinity();
    histogram.bucket.push_back({cumulative, bound});
  }
  page.family(MetricType::Histogram, "commit_seconds", "time of one durable commit of the store").histogram(std::move(histogram));
  page.counter("commits_failed_total", "commits that failed; nothing of them was acknowledged").sample(writer.commits_failed);
  page.counter("jobs_total", "pieces of work the writer has committed").sample(writer.jobs);
  page.counter("jobs_refused_total", "pieces of work refused: queue full, stopping, or not committed").sample(writer.jobs_refused);
  page.gauge("queue_depth", "pieces of work that wait for the writer").sample(writer.queue_depth);
  page.gauge("store_bytes", "size of the store on disk, log included").sample(input.fleet.store_bytes);
}

void add_fleet(Page& page, const FleetSummary& fleet) {
  page.gauge("devices", "devices by state, drills included");
  for (size_t i = 0; i < kDeviceStates; ++i) {
    page.sample(fleet.devices_by_state[i], label("state", to_string(static_cast<DeviceState>(i))));
  }
  page.gauge("nodes", "nodes that have ever reported, by whether they still do")
      .sample(fleet.nodes - fleet.nodes_silent, label("state", "reporting"))
      .sample(fleet.nodes_silent, label("state", "silent"));
  page.gauge("findings", "what is not synthetic and needs a person: devices suspect, confirming or quarantined, and frozen probes").sample(fleet.findings);
  page.gauge("incidents_open", "real incidents without a verdict yet").sample(fleet.incidents_open);
  page.gauge("quarantine_active", "devices in quarantine now")
      .sample(fleet.quarantined, label("synthetic", "false"))
      .sample(fleet.quarantined_drill, label("synthetic", "true"));
  page.gauge("quarantine_waiting", "quarantines that wait for the breaker or for capacity").sample(fleet.pending_quarantines);
  page.gauge("quarantine_window", "real quarantines of the last 24 hours, as the breaker counts them").sample(fleet.quarantines_last_day);
  page.gauge("quarantine_window_limit", "how many the breaker allows in 24 hours, of the whole fleet").sample(fleet.quarantine_limit);
  page.gauge("breaker_open", "1 while the circuit breaker refuses quarantines in some scope").sample(fleet.breaker_open ? 1.0 : 0.0);
  page.gauge("frozen_probes", "probes that may not accuse, one for each cohort").sample(static_cast<uint64_t>(fleet.freezes.size()));
  page.gauge("hooks", "drain hooks that are not done, by status")
      .sample(fleet.hooks_pending, label("status", "pending"))
      .sample(fleet.hooks_failed, label("status", "failed"));
}

void add_rules(Page& page, const FleetCounters& rules) {
  page.counter("decisions_total", "decisions made, by kind");
  for (size_t i = 0; i <= static_cast<size_t>(kLastDecisionKind); ++i) {
    const std::string kind(to_string(static_cast<DecisionKind>(i)));
    const auto found = rules.decisions.find(kind);
    page.sample(found == rules.decisions.end() ? uint64_t{0} : found->second, label("kind", kind));
  }
  page.counter("observations_total", "observations in accepted reports").sample(rules.observations);
  page.counter("rechecked_runs_total", "runs whose digest the collector compared with its own goldens").sample(rules.rechecked_runs);
  page.counter("recheck_findings_total", "results whose claim the collector did not believe")
      .sample(rules.blind, label("finding", "blind"))
      .sample(rules.contradictions, label("finding", "contradiction"))
      .sample(rules.minorities, label("finding", "minority"));
  page.counter("unchecked_results_total", "results that could not be compared: over the bound of one report, or a damaged table").sample(rules.unchecked);
  page.counter("controls_total", "positive controls that agents ran").sample(rules.controls);
  page.counter("controls_missed_total", "positive controls that a detector did not see").sample(rules.controls_missed);
  page.counter("refused_items_total", "devices, observations and incidents that a node may not speak for").sample(rules.refused_items);
  page.counter("skipped_slices_total", "slices that agents did not run, as they report them").sample(rules.skipped_slices);
}

std::string_view precision_of(const std::string& probe) {
  const ProbeSpec* spec = probes::find_probe(probe);
  return spec == nullptr ? "unknown" : spec->precision;
}

void add_probes(Page& page, const std::vector<ProbeTotals>& totals) {
  std::map<std::string, ProbeTotals> by_id;   // versions of one probe together
  for (const ProbeSpec& spec : probes::all_probes()) by_id[spec.ref.id];
  for (const ProbeTotals& each : totals) {
    ProbeTotals& sum = by_id[each.probe.id];
    sum.match += each.match;
    sum.mismatch += each.mismatch;
    sum.inconclusive += each.inconclusive;
  }
  page.counter("probe_runs_total", "runs of each probe over the fleet, by result, drills included");
  for (const auto& [id, sum] : by_id) {
    const auto labels = [&, probe = id](std::string_view result) {
      return Labels{{"probe", probe}, {"precision", std::string(precision_of(probe))}, {"result", std::string(result)}};
    };
    page.sample(sum.match, labels("match")).sample(sum.mismatch, labels("mismatch")).sample(sum.inconclusive, labels("inconclusive"));
  }
}

void add_nodes(Page& page, const MetricsInput& input) {
  std::map<std::string, double> oldest;
  for (const DeviceRow& device : input.devices) {
    double& age = oldest[device.record.node];
    age = std::max(age, to_seconds(device.record.live.oldest_cell_age));
  }
  page.gauge("coverage_oldest_cell_age_seconds", "age of the least recently covered probe and unit of a node, at its last report");
  for (const auto& [node, age] : oldest) page.sample(age, label("node", node));

  Duration skew{};
  uint64_t dropped = 0;
  for (const NodeRecord& node : input.nodes) {
    if (!node.silent) skew = std::max(skew, node.clock_skew < Duration::zero() ? -node.clock_skew : node.clock_skew);
    dropped += node.dropped_reports;
  }
  page.gauge("agent_clock_skew_max_seconds", "largest difference between a reporting node's clock and the collector's").sample(to_seconds(skew));
  page.gauge("agent_dropped_reports", "reports that the spools of the nodes had to drop since they were made").sample(dropped);
}

void add_http(Page& page, const HttpCounters& http, const net::ServerCounters& server) {
  page.counter("http_replies_total", "answers by class of status");
  for (size_t i = 0; i < http.replies.size(); ++i) page.sample(http.replies[i], label("class", fmt::format("{}xx", i + 1)));
  page.counter("http_unauthenticated_total", "requests without a good identity").sample(http.unauthenticated);
  page.counter("http_forbidden_total", "requests whose role was too low").sample(http.forbidden);
  page.counter("http_requests_total", "requests that were read whole").sample(server.requests);
  page.counter("http_requests_refused_total", "requests refused before they were read: malformed, too large, too slow").sample(server.requests_refused);
  page.gauge("connections_open", "connections that are open now").sample(server.connections_open);
  page.counter("connections_total", "connections that were accepted").sample(server.connections_accepted);
  page.counter("connections_refused_total", "connections over the limit").sample(server.connections_refused);
  page.counter("handshakes_failed_total", "TLS handshakes that failed: wrong, expired, revoked or no trust, or not TLS").sample(server.handshakes_failed);
}

}  // namespace

std::string render_metrics(const MetricsInput& input) {
  Page page;
  add_build(page, input);
  add_intake(page, input.intake);
  add_writer(page, input);
  add_fleet(page, input.fleet.summary);
  add_rules(page, input.fleet.counters);
  add_probes(page, input.probes);
  add_nodes(page, input);
  add_http(page, input.http, input.server);
  return page.text();
}

}  // namespace assay::collector
