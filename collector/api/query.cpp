// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "collector/api/reads.h"
#include "common/base/parse.h"

namespace assay::collector {

std::string query_text(const net::Request& request, const std::string& name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? std::string{} : found->second;
}

Result<uint64_t> query_number(const net::Request& request, const std::string& name) {
  const std::string text = query_text(request, name);
  if (text.empty()) return uint64_t{0};
  const auto number = parse_u64(text);
  if (!number.ok()) return make_error(ErrorCode::kInvalid, fmt::format("{} must be a whole number", name));
  return *number;
}

Result<uint32_t> list_limit(const net::Request& request) {
  const std::string text = query_text(request, "limit");
  if (text.empty()) return kListLimit;
  const auto number = parse_u64(text);
  if (!number.ok() || *number == 0 || *number > kListLimitMax) {
    return make_error(ErrorCode::kInvalid, fmt::format("limit must be a whole number from 1 to {}", kListLimitMax));
  }
  return static_cast<uint32_t>(*number);
}

}  // namespace assay::collector
