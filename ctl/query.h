// SPDX-License-Identifier: Apache-2.0
// Targets of the HTTP API put together from parts that people typed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assay::ctl {

// "/v1/devices" + ("node", "n 1") -> "/v1/devices?node=n%201"; empty values are left out.
class Target {
 public:
  explicit Target(std::string path) : text_(std::move(path)) {}
  // One more path segment, percent-encoded.
  Target& segment(std::string_view value);
  Target& query(std::string_view name, std::string_view value);
  Target& query(std::string_view name, std::optional<uint64_t> value);
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  bool has_query_ = false;
};

}  // namespace assay::ctl
