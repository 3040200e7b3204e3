// SPDX-License-Identifier: Apache-2.0
#include "ctl/json_value.h"

#include <cmath>

#include <nlohmann/json.hpp>

namespace assay::ctl {
namespace {

const nlohmann::json& as_json(const void* node) { return *static_cast<const nlohmann::json*>(node); }

}  // namespace

Result<JsonValue> parse_json(std::string_view text) {
  auto document = std::make_shared<const nlohmann::json>(nlohmann::json::parse(text, nullptr, false));
  if (document->is_discarded()) return make_error(ErrorCode::kCorrupt, "the answer is not a JSON document");
  const void* node = document.get();
  return JsonValue(std::move(document), node);
}

Result<JsonValue> parse_json_object(std::string_view text) {
  JsonValue value = TRY(parse_json(text));
  if (!value.is_object()) return make_error(ErrorCode::kCorrupt, "the answer is not a JSON object");
  return value;
}

bool JsonValue::is_object() const { return node_ != nullptr && as_json(node_).is_object(); }
bool JsonValue::is_array() const { return node_ != nullptr && as_json(node_).is_array(); }

JsonValue JsonValue::at(std::string_view key) const {
  if (!is_object()) return {};
  const auto found = as_json(node_).find(std::string(key));
  if (found == as_json(node_).end() || found->is_null()) return {};
  return {document_, &*found};
}

std::vector<JsonValue> JsonValue::items() const {
  std::vector<JsonValue> all;
  if (!is_array()) return all;
  for (const auto& item : as_json(node_)) all.push_back({document_, &item});
  return all;
}

std::vector<JsonValue> JsonValue::list(std::string_view key) const { return at(key).items(); }

std::vector<std::pair<std::string, JsonValue>> JsonValue::members() const {
  std::vector<std::pair<std::string, JsonValue>> all;
  if (!is_object()) return all;
  for (auto it = as_json(node_).begin(); it != as_json(node_).end(); ++it) all.emplace_back(it.key(), JsonValue(document_, &*it));
  return all;
}

std::optional<std::string> JsonValue::as_text() const {
  if (node_ == nullptr || !as_json(node_).is_string()) return std::nullopt;
  return *as_json(node_).get_ptr<const std::string*>();
}

std::optional<double> JsonValue::as_real() const {
  if (node_ == nullptr || !as_json(node_).is_number()) return std::nullopt;
  const double value = as_json(node_).get<double>();
  if (!std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<uint64_t> JsonValue::as_number() const {
  if (node_ == nullptr) return std::nullopt;
  const nlohmann::json& json = as_json(node_);
  if (json.is_number_unsigned()) return json.get<uint64_t>();
  if (json.is_number_integer() && json.get<int64_t>() >= 0) return static_cast<uint64_t>(json.get<int64_t>());
  return std::nullopt;
}

std::optional<std::string> JsonValue::text(std::string_view key) const { return at(key).as_text(); }
std::optional<uint64_t> JsonValue::number(std::string_view key) const { return at(key).as_number(); }
std::optional<double> JsonValue::real(std::string_view key) const { return at(key).as_real(); }

std::optional<int64_t> JsonValue::integer(std::string_view key) const {
  const JsonValue value = at(key);
  if (!value.present() || !as_json(value.node_).is_number_integer()) return std::nullopt;
  return as_json(value.node_).get<int64_t>();
}

bool JsonValue::flag(std::string_view key) const {
  const JsonValue value = at(key);
  return value.present() && as_json(value.node_).is_boolean() && as_json(value.node_).get<bool>();
}

std::string JsonValue::text_or(std::string_view key, std::string_view otherwise) const {
  return text(key).value_or(std::string(otherwise));
}

std::string JsonValue::dump() const {
  if (node_ == nullptr) return "null";
  return as_json(node_).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace assay::ctl
