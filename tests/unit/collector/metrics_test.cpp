// SPDX-License-Identifier: Apache-2.0
#include "collector/metrics.h"

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "common/base/file.h"
#include "common/base/parse.h"

namespace assay::collector {
namespace {

MetricsInput input() {
  MetricsInput input;
  input.started = from_unix_ms(1'800'000'000'000);
  input.now = from_unix_ms(1'800'000'060'000);
  input.resident_bytes = 1000;
  input.writer.commits = 3;
  input.writer.commit_buckets[1] = 2;
  input.writer.commit_buckets.back() = 1;
  input.fleet.summary.nodes = 5;
  input.fleet.summary.nodes_silent = 2;
  DeviceRow device;
  device.record.node = "node-1";
  device.record.live.oldest_cell_age = std::chrono::seconds{90};
  input.devices.push_back(device);
  NodeRecord node;
  node.clock_skew = -std::chrono::milliseconds{1500};
  input.nodes.push_back(node);
  input.probes.push_back({{"gemm.fp64.grid", 1}, 10, 1, 2});
  input.probes.push_back({{"gemm.fp64.grid", 2}, 5, 0, 0});
  return input;
}

// Name and type of each series in the table of the page.
std::map<std::string, std::string> documented() {
  std::map<std::string, std::string> series;
  const auto page = read_file(std::filesystem::path(std::getenv("ASSAY_SOURCE_DIR")) / "docs/reference/metrics-collector.md", 1 << 20);
  const std::string text = page.ok() ? *page : "";
  for (const std::string_view line : split(text, '\n')) {
    const auto cells = split(line, '|');
    if (cells.size() < 5 || !trim(cells[1]).starts_with("`assay_collector_")) continue;
    const std::string_view quoted = trim(cells[1]);
    series.emplace(quoted.substr(1, quoted.size() - 2), trim(cells[2]));
  }
  return series;
}

// The same of what the program exports.
std::map<std::string, std::string> exported(const std::string& text) {
  std::map<std::string, std::string> series;
  for (const std::string_view line : split(text, '\n')) {
    const auto words = split(line, ' ');
    if (words.size() == 4 && words[1] == "TYPE") series.emplace(words[2], words[3]);
  }
  return series;
}

TEST(CollectorMetrics, AreThoseOfTheDocumentation) {
  const auto series = exported(render_metrics(input()));
  EXPECT_EQ(series, documented());
  EXPECT_GT(series.size(), 40U);
}

TEST(CollectorMetrics, GiveTheNumbers) {
  const std::string text = render_metrics(input());
  const auto has = [&](const std::string& line) { return text.find("\n" + line + "\n") != std::string::npos; };
  EXPECT_TRUE(has("assay_collector_nodes{state=\"reporting\"} 3")) << text;
  EXPECT_TRUE(has("assay_collector_coverage_oldest_cell_age_seconds{node=\"node-1\"} 90"));
  EXPECT_TRUE(has("assay_collector_agent_clock_skew_max_seconds 1.5"));
  EXPECT_TRUE(has("assay_collector_probe_runs_total{probe=\"gemm.fp64.grid\",precision=\"fp64\",result=\"match\"} 15"));
  EXPECT_TRUE(has("assay_collector_commit_seconds_count 3"));
  EXPECT_TRUE(has("assay_collector_commit_seconds_bucket{le=\"+Inf\"} 3"));
  EXPECT_TRUE(has("assay_collector_decisions_total{kind=\"quarantine\"} 0"));
}

}  // namespace
}  // namespace assay::collector
