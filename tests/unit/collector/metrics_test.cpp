// SPDX-License-Identifier: Apache-2.0
#include "collector/metrics.h"

#include <cstdlib>
#include <regex>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "common/base/file.h"

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

std::set<std::string> names_in(const std::string& text, const std::regex& pattern) {
  std::set<std::string> names;
  for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it) names.insert((*it)[1].str());
  return names;
}

TEST(CollectorMetrics, AreThoseOfTheDocumentation) {
  const auto page = read_file(std::filesystem::path(std::getenv("ASSAY_SOURCE_DIR")) / "docs/reference/metrics-collector.md", 1 << 20);
  ASSERT_TRUE(page.ok());
  const auto documented = names_in(*page, std::regex(R"(\| `(assay_collector_[a-z_]+)` \|)"));
  const auto exported = names_in(render_metrics(input()), std::regex(R"(# TYPE (assay_collector_[a-z_]+) )"));
  EXPECT_EQ(exported, documented);
  EXPECT_GT(exported.size(), 40U);
}

TEST(CollectorMetrics, TypesAreThoseOfTheDocumentation) {
  const auto page = read_file(std::filesystem::path(std::getenv("ASSAY_SOURCE_DIR")) / "docs/reference/metrics-collector.md", 1 << 20);
  ASSERT_TRUE(page.ok());
  const std::string text = render_metrics(input());
  const std::regex row(R"(\| `(assay_collector_[a-z_]+)` \| ([a-z]+) \|)");
  for (std::sregex_iterator it(page->begin(), page->end(), row), end; it != end; ++it) {
    EXPECT_NE(text.find("# TYPE " + (*it)[1].str() + " " + (*it)[2].str() + "\n"), std::string::npos) << (*it)[1].str();
  }
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
