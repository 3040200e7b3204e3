// SPDX-License-Identifier: Apache-2.0
// Every document assayctl can print, for the contract tests: fixtures as the collector and the agent send them, and those assayctl makes
// itself, made here by its own code from sample values.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "ctl/fault_matrix.h"
#include "ctl/probe_report.h"
#include "ctl/replay.h"

namespace assay::ctl::test {

std::filesystem::path source_dir();
// A file of tests/contract/ctl/fixtures.
std::string fixture(std::string_view name);

// A document and the name of its shape in docs/reference/cli.md.
struct NamedDocument {
  std::string shape;
  std::string json;
};
std::vector<NamedDocument> all_documents();

// Samples: two units of which one is wrong; a dead runner; an incident replayed.
ProbeReport sample_probe_report();
ProbeReport sample_dead_report();
ReplayReport sample_replay();
// A matrix of two variants and three faults, in which one was missed.
MatrixReport sample_matrix();

}  // namespace assay::ctl::test
