// SPDX-License-Identifier: Apache-2.0
#include "ctl/json_writer.h"

#include <cmath>

#include <fmt/format.h>

#include "common/base/check.h"
#include "ctl/text_width.h"

namespace assay::ctl {

std::string json_quoted(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const Utf8Unit unit = next_utf8(text);
    const std::string_view bytes = text.substr(0, unit.bytes);
    text.remove_prefix(unit.bytes);
    if (!unit.valid) {
      out += "\\ufffd";
    } else if (bytes == "\"" || bytes == "\\") {
      out += '\\';
      out += bytes;
    } else if (unit.code_point < 0x20 || unit.code_point == 0x7F) {
      out += fmt::format("\\u{:04x}", unit.code_point);
    } else {
      out += bytes;
    }
  }
  return out + "\"";
}

void JsonWriter::separate() {
  if (has_element_.empty()) return;
  if (has_element_.back()) out_ += ',';
  has_element_.back() = true;
}

void JsonWriter::name(std::string_view key) {
  ASSAY_CHECK(!has_element_.empty());
  separate();
  out_ += json_quoted(key);
  out_ += ':';
}

JsonWriter& JsonWriter::begin_object() {
  separate();
  out_ += '{';
  has_element_.push_back(false);
  return *this;
}

JsonWriter& JsonWriter::begin_object(std::string_view key) {
  name(key);
  out_ += '{';
  has_element_.push_back(false);
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  ASSAY_CHECK(!has_element_.empty());
  has_element_.pop_back();
  out_ += '}';
  return *this;
}

JsonWriter& JsonWriter::begin_array(std::string_view key) {
  name(key);
  out_ += '[';
  has_element_.push_back(false);
  return *this;
}

JsonWriter& JsonWriter::end_array() {
  ASSAY_CHECK(!has_element_.empty());
  has_element_.pop_back();
  out_ += ']';
  return *this;
}

JsonWriter& JsonWriter::field(std::string_view key, std::string_view value) { return raw_field(key, json_quoted(value)); }
JsonWriter& JsonWriter::field(std::string_view key, uint64_t value) { return raw_field(key, fmt::format("{}", value)); }
JsonWriter& JsonWriter::field(std::string_view key, int64_t value) { return raw_field(key, fmt::format("{}", value)); }
JsonWriter& JsonWriter::field(std::string_view key, bool value) { return raw_field(key, value ? "true" : "false"); }

JsonWriter& JsonWriter::field(std::string_view key, double value) {
  ASSAY_CHECK(std::isfinite(value));
  return raw_field(key, fmt::format("{}", value));
}

JsonWriter& JsonWriter::field(std::string_view key, const std::optional<uint64_t>& value) { return value ? field(key, *value) : *this; }

JsonWriter& JsonWriter::raw_field(std::string_view key, std::string_view json) {
  name(key);
  out_ += json;
  return *this;
}

JsonWriter& JsonWriter::element(std::string_view value) {
  separate();
  out_ += json_quoted(value);
  return *this;
}

JsonWriter& JsonWriter::element(uint64_t value) {
  separate();
  out_ += fmt::format("{}", value);
  return *this;
}

std::string JsonWriter::take() {
  ASSAY_CHECK(has_element_.empty());
  return std::move(out_);
}

}  // namespace assay::ctl
