// SPDX-License-Identifier: Apache-2.0
// JSON written straight into a string, member by member, so that shapes can be declared in headers and long lists need no
// tree in memory. What is absent is left out: there is no way to write null.
#pragma once

#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace assay::collector {

// Begin and end calls must match; in an object every value has a key, in a list none has (checked only by tests). Text that is
// not UTF-8 is repaired with U+FFFD. Numbers are written in full, never by the locale; a number that is not finite is left out,
// for JSON has none.
class JsonWriter {
 public:
  JsonWriter& begin_object(std::string_view key = {});
  JsonWriter& end_object();
  JsonWriter& begin_list(std::string_view key = {});
  JsonWriter& end_list();

  JsonWriter& text(std::string_view key, std::string_view value);
  // Left out when empty.
  JsonWriter& text_if(std::string_view key, std::string_view value) { return value.empty() ? *this : text(key, value); }
  JsonWriter& number(std::string_view key, double value);
  template <std::integral T>
  JsonWriter& number(std::string_view key, T value) {
    if constexpr (std::signed_integral<T>) {
      return whole(key, static_cast<int64_t>(value));
    } else {
      return natural(key, static_cast<uint64_t>(value));
    }
  }
  template <typename T>
  JsonWriter& number_if(std::string_view key, const std::optional<T>& value) {
    return value ? number(key, *value) : *this;
  }
  JsonWriter& number_if(std::string_view key, const std::optional<double>& value);
  JsonWriter& flag(std::string_view key, bool value);
  JsonWriter& counts(std::string_view key, const std::map<std::string, uint64_t>& values);

  const std::string& str() const { return out_; }
  std::string take() { return std::move(out_); }

 private:
  JsonWriter& whole(std::string_view key, int64_t value);
  JsonWriter& natural(std::string_view key, uint64_t value);
  void start(std::string_view key);
  void quote(std::string_view value);

  std::string out_;
  bool first_ = true;
};

}  // namespace assay::collector
