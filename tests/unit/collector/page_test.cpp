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

}  // namespace
}  // namespace assay::collector
