// SPDX-License-Identifier: Apache-2.0
// The JSON object in the body of a request, asked for its members by name. Members that are not asked for are ignored, so that
// a newer client may say more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "common/base/result.h"

namespace assay::collector {

// Errors are kInvalid and name the member.
class Body {
 public:
  // One flat object: text, whole numbers and booleans; anything else among its members is an error.
  static Result<Body> parse(std::string_view text);

  // A member that must be there and not be blank, at most `limit` characters, one line without control characters.
  Result<std::string> line(const std::string& name, size_t limit) const;
  // The same when it is there; "" when not.
  Result<std::string> line_or_empty(const std::string& name, size_t limit) const;
  // As line(), of several lines.
  Result<std::string> block(const std::string& name, size_t limit) const;
  // A whole number in a range; absent when there is none.
  Result<std::optional<uint64_t>> number(const std::string& name, uint64_t lowest, uint64_t highest) const;

 private:
  using Value = std::variant<std::string, uint64_t, bool>;
  std::map<std::string, Value> members_;
};

}  // namespace assay::collector
