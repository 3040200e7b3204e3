// SPDX-License-Identifier: Apache-2.0
// The text of one golden file, `<probe id>.v<version>.golden`: a first line, `key: value` lines of provenance, an empty
// line, then one "SET DIGEST" line per operand set, ascending from 0.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/digest.h"
#include "common/base/result.h"
#include "common/model/probe_spec.h"

namespace assay::probes {

inline constexpr std::string_view kGoldenFirstLine = "assay golden 1";

struct GoldenFile {
  ProbeRef probe;
  GoldenTier tier = GoldenTier::kT0Analytic;
  std::string builder;          // program, version and compiler that made it
  std::string definition;       // path of the header that defines the computation
  std::vector<Digest> digests;  // by operand set
};

// "int.mul.chain.v1.golden"
std::string golden_file_name(const ProbeRef& probe);
std::string format_golden(const GoldenFile& golden);
// `name` goes into the messages, which name the line: kInvalid or kCorrupt. Keys must come once each, and all of them.
Result<GoldenFile> parse_golden(std::string_view name, std::string_view text);

}  // namespace assay::probes
