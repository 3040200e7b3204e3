// SPDX-License-Identifier: Apache-2.0
#include "common/model/probe_spec.h"

#include <fmt/format.h>

#include "common/base/parse.h"
#include "common/model/limits.h"

namespace assay {

std::string_view to_string(GoldenTier tier) {
  constexpr std::string_view kNames[] = {"T0", "T1", "T2", "T3"};
  return kNames[static_cast<size_t>(tier)];
}

Result<GoldenTier> parse_golden_tier(std::string_view text) {
  for (uint8_t i = 0; i < 4; ++i) {
    if (text == to_string(static_cast<GoldenTier>(i))) return static_cast<GoldenTier>(i);
  }
  return make_error(ErrorCode::kInvalid, "a golden tier is T0, T1, T2 or T3");
}

std::string to_string(const ProbeRef& probe) { return fmt::format("{}/{}", probe.id, probe.version); }

Result<ProbeRef> parse_probe_ref(std::string_view text) {
  const size_t slash = text.find('/');
  const std::string_view id = text.substr(0, slash);
  if (!is_valid_probe_id(id) || slash == std::string_view::npos) {
    return make_error(ErrorCode::kInvalid, fmt::format("'{}' is not a probe reference: write id/version, as in gemm.fp64.grid/1", text.substr(0, 80)));
  }
  const uint64_t version = TRY(parse_u64(text.substr(slash + 1)));
  if (version == 0 || version > 1'000'000) return make_error(ErrorCode::kInvalid, "a probe version is 1 or more");
  return ProbeRef{std::string(id), static_cast<uint32_t>(version)};
}

bool is_valid_probe_id(std::string_view text) {
  if (text.empty() || text.size() > limits::kProbeIdChars) return false;
  bool word_empty = true;
  for (const char c : text) {
    if (c == '.') {
      if (word_empty) return false;
      word_empty = true;
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_') {
      word_empty = false;
    } else {
      return false;
    }
  }
  return !word_empty;
}

}  // namespace assay
