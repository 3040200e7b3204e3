// SPDX-License-Identifier: Apache-2.0
// What a local run of a probe came to, as values: made from the runner's answer, shown as text or as the document of
// docs/reference/cli.md. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/digest.h"
#include "common/model/device.h"
#include "common/model/observation.h"
#include "ctl/command.h"
#include "ctl/runner_session.h"

namespace assay::ctl {

// The runs of one unit on one operand set that gave one digest.
struct DigestGroup {
  uint32_t operand_set = 0;
  Digest digest;
  std::optional<Digest> golden;
  uint32_t runs = 0;
};

struct UnitReport {
  uint32_t unit = 0;
  uint32_t cpu = 0;
  Outcome outcome = Outcome::kInconclusive;
  Inconclusive reason = Inconclusive::kNotExecuted;
  uint32_t runs = 0;
  uint32_t mismatches = 0;
  Duration busy{};
  std::vector<DigestGroup> digests;
  std::vector<MismatchRecord> records;
};

struct ProbeReport {
  ProbeRef probe;
  std::string variant;
  std::string device_id;
  Synthetic synthetic = Synthetic::kNone;
  std::string injected;            // "bit_flip", "" when nothing was
  Duration took{};
  std::string detail;              // why something told nothing, in words
  std::vector<UnitReport> units;

  // Mismatch when any unit was wrong; else inconclusive when any told nothing (or there was none); else match.
  Outcome outcome() const;
};

// `operand_sets` of the probe, `goldens` empty when there are none. A dead runner is a report in which every unit is inconclusive.
ProbeReport make_probe_report(const probes::RunRequest& request, const RunnerAnswer& answer, const Device& device, uint32_t operand_sets);

ExitCode exit_code_of(Outcome outcome);
std::string probe_report_json(const ProbeReport& report);
std::string probe_report_text(const ProbeReport& report, const View& view);

}  // namespace assay::ctl
