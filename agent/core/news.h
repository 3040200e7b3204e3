// SPDX-License-Identifier: Apache-2.0
// What a device's core has to tell its shell: incidents to report, lines for the log, things to do.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/model/incident.h"
#include "common/model/observation.h"

namespace assay::agent {

enum class RemarkKind : uint8_t {
  kMismatch, kHang, kCrash, kGoldenCorrupt, kControlMissed, kIncidentOpened, kVerdict, kStateChanged,
  kXid, kHungDriverCall, kGpuErrors, kBackendFailed,
};
std::string_view to_string(RemarkKind kind);  // "incident_opened"

// One line for the log; the shell adds nothing but the level.
struct Remark {
  RemarkKind kind = RemarkKind::kMismatch;
  bool synthetic = false;
  std::string text;
  std::string device = "";      // id, of remarks that go into reports as findings
  bool suspects = false;        // of those: it puts the hardware of the device in doubt
};

struct News {
  std::vector<Incident> incidents;   // opened or changed, each whole
  std::vector<Remark> remarks;
  bool urgent = false;               // report at once
  bool reload_goldens = false;       // read them from disk again, check them, and restart the runner
  bool memory_changed = false;       // what must survive a restart has changed

  bool empty() const { return incidents.empty() && remarks.empty() && !urgent && !reload_goldens && !memory_changed; }
};

}  // namespace assay::agent
