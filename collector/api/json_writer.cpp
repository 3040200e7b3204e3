// SPDX-License-Identifier: Apache-2.0
#include "collector/api/json_writer.h"

#include <cmath>

#include <fmt/format.h>

namespace assay::collector {
namespace {

// Length of the well-formed UTF-8 sequence at the start of the text (RFC 3629); 0 when there is none.
size_t sequence_length(std::string_view text) {
  const auto byte = [&](size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto follows = [&](size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return follows(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    if (!follows(1) || !follows(2)) return 0;
    const bool overlong = lead == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = lead == 0xED && byte(1) > 0x9F;
    return overlong || surrogate ? 0 : 3;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    if (!follows(1) || !follows(2) || !follows(3)) return 0;
    const bool overlong = lead == 0xF0 && byte(1) < 0x90;
    const bool over_range = lead == 0xF4 && byte(1) > 0x8F;
    return overlong || over_range ? 0 : 4;
  }
  return 0;
}

}  // namespace

void JsonWriter::quote(std::string_view value) {
  out_.push_back('"');
  while (!value.empty()) {
    const char c = value.front();
    const size_t length = sequence_length(value);
    if (c == '"' || c == '\\') {
      out_.push_back('\\');
      out_.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out_ += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else if (length == 0) {
      out_ += "\xEF\xBF\xBD";
    } else {
      out_ += value.substr(0, length);
    }
    value.remove_prefix(length == 0 ? 1 : length);
  }
  out_.push_back('"');
}

void JsonWriter::start(std::string_view key) {
  if (!first_) out_.push_back(',');
  first_ = false;
  if (!key.empty()) {
    quote(key);
    out_.push_back(':');
  }
}

JsonWriter& JsonWriter::begin_object(std::string_view key) {
  start(key);
  out_.push_back('{');
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  out_.push_back('}');
  first_ = false;
  return *this;
}

JsonWriter& JsonWriter::begin_list(std::string_view key) {
  start(key);
  out_.push_back('[');
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::end_list() {
  out_.push_back(']');
  first_ = false;
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view key, std::string_view value) {
  start(key);
  quote(value);
  return *this;
}

JsonWriter& JsonWriter::number(std::string_view key, double value) {
  if (!std::isfinite(value)) return *this;
  start(key);
  out_ += fmt::format("{}", value);
  return *this;
}

JsonWriter& JsonWriter::number_if(std::string_view key, const std::optional<double>& value) {
  return value ? number(key, *value) : *this;
}

JsonWriter& JsonWriter::whole(std::string_view key, int64_t value) {
  start(key);
  out_ += fmt::format("{}", value);
  return *this;
}

JsonWriter& JsonWriter::natural(std::string_view key, uint64_t value) {
  start(key);
  out_ += fmt::format("{}", value);
  return *this;
}

JsonWriter& JsonWriter::flag(std::string_view key, bool value) {
  start(key);
  out_ += value ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::counts(std::string_view key, const std::map<std::string, uint64_t>& values) {
  begin_object(key);
  for (const auto& [name, value] : values) number(name, value);
  return end_object();
}

}  // namespace assay::collector
