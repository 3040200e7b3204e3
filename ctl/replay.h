// SPDX-License-Identifier: Apache-2.0
// Replaying an incident: from its document to the runs that repeat it, and from what they gave to the answer. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/digest.h"
#include "common/model/device.h"
#include "common/model/probe_spec.h"
#include "ctl/command.h"
#include "ctl/json_value.h"
#include "ctl/probe_report.h"

namespace assay::ctl {

struct ReplayPlan {
  std::string incident;
  std::string node;
  std::string device_id;
  bool synthetic = false;
  std::string verdict;
  ProbeRef probe;
  std::string variant;
  uint32_t unit = 0;
  std::vector<uint32_t> sets;            // the incident's own first, then those of its records, each once
  std::optional<Digest> expected;        // golden of the first set, as the incident has it
  std::optional<Digest> actual;          // what it gave then
};
// kCorrupt when the document lacks what a replay needs; kUnsupported when this build has no such probe or another version of it.
Result<ReplayPlan> plan_replay(const JsonValue& incident);
// The request for one operand set: `runs` runs on one unit of the device. The goldens are not filled in.
probes::RunRequest replay_request(const ReplayPlan& plan, const Device& device, uint32_t unit, uint32_t set, uint32_t runs);

// What one operand set gave.
struct ReplayedSet {
  uint32_t operand_set = 0;
  uint32_t runs = 0;
  uint32_t mismatches = 0;
  Outcome outcome = Outcome::kInconclusive;
  Inconclusive reason = Inconclusive::kNotExecuted;
  std::optional<Digest> digest;          // the first wrong one, else the first
  std::optional<Digest> golden;
  bool same_as_incident = false;         // the very digest the incident reported
  std::string detail;
};
// Makes it from the report of one run of the request above. Where this build has no golden, the incident's own expected digest is the measure.
ReplayedSet replayed_set(const ReplayPlan& plan, uint32_t set, const ProbeReport& report);

struct ReplayReport {
  ReplayPlan plan;
  std::string device_id;                 // where it was replayed
  uint32_t unit = 0;
  uint32_t cpu = 0;
  std::string variant;
  std::vector<ReplayedSet> sets;

  bool same_device() const { return device_id == plan.device_id; }
  // Mismatch: reproduced here. For an incident about a hang, a hang is the reproduction.
  Outcome outcome() const;
};
std::string replay_json(const ReplayReport& report);
std::string replay_text(const ReplayReport& report, const View& view);

}  // namespace assay::ctl
