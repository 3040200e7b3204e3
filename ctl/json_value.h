// SPDX-License-Identifier: Apache-2.0
// Reading JSON without exceptions and without naming the library: a value asks for what it needs, and gets nothing when the field is
// absent or of another type. So an older or newer collector's document is shown as far as it is understood.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/result.h"

namespace assay::ctl {

// A part of a document; shares ownership of the whole, so it stays valid as long as it lives. Immutable; a missing part is an absent
// value that answers nothing to every question.
class JsonValue {
 public:
  JsonValue() = default;

  bool present() const { return node_ != nullptr; }
  bool is_object() const;
  bool is_array() const;

  // The member of an object, the element of none: absent when there is no such field.
  JsonValue at(std::string_view key) const;
  // The elements of an array field, empty when absent.
  std::vector<JsonValue> list(std::string_view key) const;
  // The elements of this array.
  std::vector<JsonValue> items() const;
  // The members of this object, in the document's order of keys (sorted).
  std::vector<std::pair<std::string, JsonValue>> members() const;

  std::optional<std::string> text(std::string_view key) const;
  std::optional<uint64_t> number(std::string_view key) const;   // whole and not negative
  std::optional<int64_t> integer(std::string_view key) const;
  std::optional<double> real(std::string_view key) const;
  bool flag(std::string_view key) const;                        // false when absent
  std::string text_or(std::string_view key, std::string_view otherwise) const;
  uint64_t number_or_zero(std::string_view key) const { return number(key).value_or(0); }

  // This value itself as a scalar.
  std::optional<std::string> as_text() const;
  std::optional<uint64_t> as_number() const;
  std::optional<double> as_real() const;

  // Compact JSON text of this value.
  std::string dump() const;

 private:
  friend Result<JsonValue> parse_json(std::string_view);
  JsonValue(std::shared_ptr<const void> document, const void* node) : document_(std::move(document)), node_(node) {}
  std::shared_ptr<const void> document_;
  const void* node_ = nullptr;
};

// kCorrupt when the text is not one JSON document.
Result<JsonValue> parse_json(std::string_view text);
// The same, but kCorrupt as well when the document is not an object.
Result<JsonValue> parse_json_object(std::string_view text);

}  // namespace assay::ctl
