// SPDX-License-Identifier: Apache-2.0
// The pages people see, byte for byte: on a wide terminal, on a narrow one, and without one.
#include <gtest/gtest.h>

#include <cstdlib>

#include "common/base/file.h"
#include "common/base/parse.h"
#include "ctl/golden_listing.h"
#include "ctl/matrix_report.h"
#include "ctl/probe_listing.h"
#include "ctl/render.h"
#include "ctl/text_width.h"
#include "ctl/top_frame.h"
#include "tests/contract/ctl/documents.h"

namespace assay::ctl::test {
namespace {

View view(size_t width) { return {width, false, from_unix_ms(1'800'000'000'000)}; }

// Compares with golden/NAME.txt, or rewrites it when ASSAY_UPDATE_GOLDEN is set.
void expect_page(const std::string& name, const std::string& text) {
  const auto path = source_dir() / "tests/contract/ctl/golden" / (name + ".txt");
  if (std::getenv("ASSAY_UPDATE_GOLDEN") != nullptr) {
    ASSERT_TRUE(write_file_atomic(path, text).ok());
    return;
  }
  const auto wanted = read_file(path, 1 << 20);
  ASSERT_TRUE(wanted.ok()) << wanted.error().message << "; make it with ASSAY_UPDATE_GOLDEN=1";
  EXPECT_EQ(text, *wanted) << name;
}

struct PageCase {
  const char* name;
  const char* fixture;
  Result<Page> (*render)(std::string_view, const View&);
};
constexpr PageCase kPages[] = {
    {"status", "status.json", render_status},           {"devices", "devices.json", render_devices},
    {"device", "device.json", render_device},           {"device_gpu", "device_gpu.json", render_device},
    {"incidents", "incidents.json", render_incidents},
    {"incident", "incident.json", render_incident},     {"incident_drill", "incident_drill.json", render_incident},
    {"quarantines", "quarantine.json", render_quarantines}, {"quarantine", "quarantine_entry.json", render_quarantine},
    {"decision", "decision.json", render_decision},     {"tokens", "tokens.json", render_tokens},
    {"token", "token.json", render_new_token},          {"certificates", "certificates.json", render_certificates},
    {"events", "events.json", render_events},           {"agent_status", "agent_status.json", render_agent_status},
    {"node_check", "node_check.json", render_node_check},
};

TEST(Pages, AreAsCommitted) {
  for (const PageCase& page : kPages) {
    const auto rendered = page.render(fixture(page.fixture), view(0));
    ASSERT_TRUE(rendered.ok()) << page.name;
    expect_page(page.name, rendered->text);
  }
}

TEST(Pages, OfLocalRunsAreAsCommitted) {
  expect_page("probe_matrix", matrix_text(sample_matrix(), view(0)));
  expect_page("probe_matrix_page", matrix_markdown(sample_matrix()));
  expect_page("probe_run", probe_report_text(sample_probe_report(), view(0)));
  expect_page("probe_run_dead", probe_report_text(sample_dead_report(), view(0)));
  expect_page("replay", replay_text(sample_replay(), view(0)));
  expect_page("golden_check", golden_check_text({"/usr/share/assay/goldens", std::string(64, 'a'), "", 10, {"aes.chain/1"}}, view(0)));
}

TEST(Pages, FitATerminalOfEightyColumns) {
  for (const PageCase& page : kPages) {
    if (page.render == render_new_token) continue;   // a secret is never cut
    const std::string text = page.render(fixture(page.fixture), view(80)).value().text;
    for (const std::string_view line : split(text, '\n')) {
      // A word that is longer than the line (a digest, an id) may stand out; tables may not.
      EXPECT_TRUE(columns_of(line) <= 80 || line.find("  ") == std::string_view::npos || line.starts_with("  ")) << page.name << ": " << line;
      EXPECT_LE(columns_of(line), 100U) << page.name << ": " << line;
    }
  }
  expect_page("incident_80", render_incident(fixture("incident.json"), view(80)).value().text);
  expect_page("devices_80", render_devices(fixture("devices.json"), view(80)).value().text);
}

TEST(Pages, AnIncidentSaysAllAnOperatorNeeds) {
  const std::string text = render_incident(fixture("incident.json"), view(0)).value().text;
  for (const char* part : {"confirmed unit", "take the device out of service", "high", "the unit failed 10 of 10 retests", "other units passed 30 of 30",
                           "int.mul.chain/1", "T0: exact on any hardware", "set 17, variant avx2", "node-2", "unit 3 (cpu 5)", "71.2 °C", "2.90 GHz",
                           "same_unit", "bit 21", "quarantine", "drain", "done", "assayctl incident replay inc-00c0ffee00c0ffee"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_EQ(text.find("SYNTHETIC"), std::string::npos);
  EXPECT_NE(render_incident(fixture("incident_drill.json"), view(0)).value().text.find("*** SYNTHETIC"), std::string::npos);
}

TEST(Pages, ToleratesDocumentsOfOtherReleases) {
  for (const PageCase& page : kPages) {
    if (page.render == render_new_token) continue;   // no token, no page
    EXPECT_TRUE(page.render("{}", view(0)).ok()) << page.name;
    EXPECT_TRUE(page.render(R"({"devices":3,"incidents":{},"steps":"x","quarantine":[1,null],"events":[[]],"tokens":[{}],"records":[7]})", view(0)).ok());
    EXPECT_FALSE(page.render("[]", view(0)).ok()) << page.name;
    EXPECT_FALSE(page.render("", view(0)).ok()) << page.name;
  }
}

TEST(Pages, ExitCodesFollowTheDocument) {
  EXPECT_EQ(render_status(fixture("status.json"), view(0)).value().exit, ExitCode::kFinding);
  EXPECT_EQ(render_node_check(fixture("node_check.json"), view(0)).value().exit, ExitCode::kFinding);
  EXPECT_EQ(render_node_check(R"({"verdict":"fine"})", view(0)).value().exit, ExitCode::kFine);
  EXPECT_EQ(render_node_check(R"({"verdict":"unknown"})", view(0)).value().exit, ExitCode::kUnknown);
  EXPECT_EQ(render_node_check("{}", view(0)).value().exit, ExitCode::kUnknown);
}

}  // namespace
}  // namespace assay::ctl::test
