// SPDX-License-Identifier: Apache-2.0
// GET /: a plain status page for people, rendered here, without scripts; it refreshes itself every ten seconds.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "collector/store/rows.h"
#include "collector/writer/fleet_snapshot.h"
#include "common/base/clock.h"

namespace assay::collector {

struct PageInput {
  FleetSnapshot fleet;
  std::vector<DeviceRow> devices;          // findings first is the page's business
  std::vector<QuarantineRow> quarantine;   // newest first
  std::vector<IncidentRow> incidents;      // newest first
  std::vector<EventRow> events;            // newest first
  uint64_t devices_total = 0;              // `devices` may be fewer
  WallTime now;
};

// How much of each list the page asks for.
inline constexpr uint32_t kPageDevices = 500;
inline constexpr uint32_t kPageIncidents = 20;
inline constexpr uint32_t kPageEvents = 25;

// A whole HTML document. Everything that came from outside is escaped.
std::string render_page(const PageInput& input);
// &, <, >, " and ' as entities.
std::string escape_html(std::string_view text);

// The style sheet of the page (page_style.cpp).
extern const std::string_view kPageStyle;

}  // namespace assay::collector
