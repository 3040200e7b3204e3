// SPDX-License-Identifier: Apache-2.0
#include "ctl/query.h"

#include "common/net/http.h"

namespace assay::ctl {

Target& Target::segment(std::string_view value) {
  text_ += '/';
  text_ += net::percent_encode(value);
  return *this;
}

Target& Target::query(std::string_view name, std::string_view value) {
  if (value.empty()) return *this;
  text_ += has_query_ ? '&' : '?';
  has_query_ = true;
  text_ += name;
  text_ += '=';
  text_ += net::percent_encode(value);
  return *this;
}

Target& Target::query(std::string_view name, std::optional<uint64_t> value) {
  return value ? query(name, std::to_string(*value)) : *this;
}

}  // namespace assay::ctl
