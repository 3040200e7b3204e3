// SPDX-License-Identifier: Apache-2.0
// Writes one JSON document, field by field in the order of the calls. Absent fields are not written, never null.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::ctl {

// Begin and end calls must pair (checked). Not thread-safe.
class JsonWriter {
 public:
  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array(std::string_view key);
  JsonWriter& end_array();
  // An object as a field of the open object.
  JsonWriter& begin_object(std::string_view key);

  JsonWriter& field(std::string_view key, std::string_view value);
  JsonWriter& field(std::string_view key, const char* value) { return field(key, std::string_view(value)); }
  JsonWriter& field(std::string_view key, uint64_t value);
  JsonWriter& field(std::string_view key, uint32_t value) { return field(key, uint64_t{value}); }
  JsonWriter& field(std::string_view key, int64_t value);
  JsonWriter& field(std::string_view key, double value);        // finite; checked
  JsonWriter& field(std::string_view key, bool value);
  // Nothing is written when it is absent.
  JsonWriter& field(std::string_view key, const std::optional<uint64_t>& value);
  // JSON text that is taken over as it is.
  JsonWriter& raw_field(std::string_view key, std::string_view json);
  // An element of the open array.
  JsonWriter& element(std::string_view value);
  JsonWriter& element(uint64_t value);

  // The document; everything that was begun must have ended.
  std::string take();

 private:
  void separate();
  void name(std::string_view key);
  std::string out_;
  std::vector<bool> has_element_;   // of every open object and array
};

// The text as a JSON string literal; invalid UTF-8 becomes U+FFFD.
std::string json_quoted(std::string_view text);

}  // namespace assay::ctl
