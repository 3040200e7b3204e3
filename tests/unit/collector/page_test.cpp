// SPDX-License-Identifier: Apache-2.0
#include "collector/page.h"

#include <gtest/gtest.h>

namespace assay::collector {
namespace {

const WallTime kNow = from_unix_ms(1'800'000'000'000);

PageInput input() {
  PageInput input;
  input.now = kNow;
  return input;
}

DeviceRow device(const std::string& id, DeviceState state) {
  DeviceRow row;
  row.record.device.id = id;
  row.record.node = "node-1";
  row.record.real.state = state;
  row.record.live.last_report = kNow - std::chrono::seconds{3};
  return row;
}

TEST(StatusPage, SaysSoWhenThereIsNothing) {
  const std::string html = render_page(input());
  EXPECT_NE(html.find("No device has reported yet"), std::string::npos);
  EXPECT_NE(html.find("No incident yet."), std::string::npos);
  EXPECT_NE(html.find("content=\"10\""), std::string::npos);
  EXPECT_NE(html.find("prefers-color-scheme: dark"), std::string::npos);
  EXPECT_EQ(html.find("<script"), std::string::npos);
}

TEST(StatusPage, EscapesWhatCameFromOutside) {
  PageInput page = input();
  page.devices.push_back(device("<script>alert(1)</script>", DeviceState::kInService));
  page.devices.back().record.device.model = "\"A\" & 'B'";
  page.events.push_back({1, kNow, {"state", "<b>", "", "", false, "<i>"}});
  const std::string html = render_page(page);
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find("<b>"), std::string::npos);
  EXPECT_EQ(html.find("<i>"), std::string::npos);
  EXPECT_NE(html.find("&quot;A&quot; &amp; &#39;B&#39;"), std::string::npos);
}

TEST(StatusPage, PutsFindingsFirst) {
  PageInput page = input();
  page.devices = {device("fine", DeviceState::kInService), device("broken", DeviceState::kQuarantined)};
  page.devices_total = 9;
  page.fleet.summary.findings = 1;
  page.fleet.summary.devices = 9;
  const std::string html = render_page(page);
  EXPECT_LT(html.find("broken"), html.find(">fine<"));
  EXPECT_NE(html.find("1 finding to look at"), std::string::npos);
  EXPECT_NE(html.find("2 of 9 devices are shown"), std::string::npos);
  EXPECT_NE(html.find("<title>(1) Assay"), std::string::npos);
}

TEST(StatusPage, TellsWhatDriversTellOfAcceleratorsAndNothingWhereNoneDoes) {
  PageInput page = input();
  page.devices = {device("cpu", DeviceState::kInService)};
  EXPECT_EQ(render_page(page).find("by their drivers"), std::string::npos);

  page.devices.push_back(device("gpu", DeviceState::kInService));
  page.devices.back().record.live.conditions.power_watts = 512.4;
  AcceleratorReadings& readings = page.devices.back().record.live.readings;
  readings.power_limit_watts = 700;
  readings.clock_events = {"sw_power_cap", "<hot>"};
  readings.ecc_uncorrected = 0;
  readings.row_remap_pending = true;
  readings.recovery_action = "reset_gpu";
  readings.xids = {{79, "lost", 2, kNow - std::chrono::minutes{5}}, {13, "application", 1, kNow - std::chrono::hours{1}}};
  const std::string html = render_page(page);
  EXPECT_NE(html.find("by their drivers"), std::string::npos);
  EXPECT_NE(html.find("512 of 700 W"), std::string::npos);
  EXPECT_NE(html.find("sw power cap, &lt;hot&gt;"), std::string::npos);
  EXPECT_NE(html.find("wants reset gpu, row remap waits for a reset"), std::string::npos);
  EXPECT_NE(html.find("79, 5.0 min ago"), std::string::npos);

  readings.ecc_uncorrected = 3;
  EXPECT_NE(render_page(page).find("<span class=\"bad\">3</span>"), std::string::npos);
}

}  // namespace
}  // namespace assay::collector
