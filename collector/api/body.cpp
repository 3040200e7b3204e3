// SPDX-License-Identifier: Apache-2.0
#include "collector/api/body.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/base/parse.h"

namespace assay::collector {
namespace {

Error invalid(std::string message) { return make_error(ErrorCode::kInvalid, std::move(message)); }

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

}  // namespace

Result<Body> Body::parse(std::string_view text) {
  const nlohmann::json document = nlohmann::json::parse(text, nullptr, false);
  if (document.is_discarded() || !document.is_object()) return invalid("the body is not a JSON object");
  Body body;
  for (const auto& [name, value] : document.items()) {
    if (value.is_string()) {
      body.members_.emplace(name, value.get<std::string>());
    } else if (value.is_boolean()) {
      body.members_.emplace(name, value.get<bool>());
    } else if (value.is_number_unsigned()) {
      body.members_.emplace(name, value.get<uint64_t>());
    } else {
      return invalid(fmt::format("\"{}\" must be a text, a whole number or a boolean", name.substr(0, 64)));
    }
  }
  return body;
}

Result<std::string> Body::block(const std::string& name, size_t limit) const {
  const auto found = members_.find(name);
  const auto* text = found == members_.end() ? nullptr : std::get_if<std::string>(&found->second);
  if (text == nullptr || trim(*text).empty()) return invalid(fmt::format("\"{}\" must be given as a text that is not empty", name));
  if (text->size() > limit) return invalid(fmt::format("\"{}\" is longer than {} characters", name, limit));
  return *text;
}

Result<std::string> Body::line(const std::string& name, size_t limit) const {
  std::string text = TRY(block(name, limit));
  if (has_control_character(text)) return invalid(fmt::format("\"{}\" must be one line without control characters", name));
  return text;
}

Result<std::string> Body::line_or_empty(const std::string& name, size_t limit) const {
  if (!members_.contains(name)) return std::string{};
  return line(name, limit);
}

Result<std::optional<uint64_t>> Body::number(const std::string& name, uint64_t lowest, uint64_t highest) const {
  const auto found = members_.find(name);
  if (found == members_.end()) return std::optional<uint64_t>{};
  const auto* number = std::get_if<uint64_t>(&found->second);
  if (number == nullptr || *number < lowest || *number > highest) {
    return invalid(fmt::format("\"{}\" must be a whole number from {} to {}", name, lowest, highest));
  }
  return std::optional<uint64_t>{*number};
}

}  // namespace assay::collector
