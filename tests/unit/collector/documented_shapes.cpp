// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/collector/documented_shapes.h"

#include <cctype>
#include <cstdlib>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/base/check.h"
#include "common/base/file.h"

namespace assay::collector {
namespace {

// object = "{" [ field { "," field } ] "}";  field = name [ "?" ] [ ":" value ];  value = object | "[" ( object | name | ".." ) "]" | name
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  DocumentedShape object() {
    expect('{');
    DocumentedShape shape;
    while (peek() != '}') {
      const std::string name = word();
      DocumentedField& field = shape[name];
      field.optional = take('?');
      if (take(':')) value(field);
      if (!take(',')) break;
    }
    expect('}');
    return shape;
  }

 private:
  void value(DocumentedField& field) {
    if (peek() == '[') {
      expect('[');
      field.is_list = true;
      inner(field);
      expect(']');
    } else {
      inner(field);
    }
  }
  void inner(DocumentedField& field) {
    if (peek() == '{') {
      field.members = object();
      field.is_open = field.members.empty();
      return;
    }
    field.shape = word();
    if (field.shape == "..") field.shape.clear();
    if (field.shape.empty() || std::islower(static_cast<unsigned char>(field.shape.front())) != 0) {
      field.shape.clear();
      field.is_open = true;
    }
  }
  char peek() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) { ASSAY_CHECK(take(c)); }
  std::string word() {
    peek();
    const size_t start = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_' || text_[at_] == '.')) ++at_;
    ASSAY_CHECK(at_ > start);
    return std::string(text_.substr(start, at_ - start));
  }

  std::string_view text_;
  size_t at_ = 0;
};

// "Name: `{...}`" or "Name: Base plus `{...}`" at the start of a line.
struct Heading {
  std::string name;
  std::string base;
  std::string_view body;
};
std::optional<Heading> parse_heading(std::string_view text) {
  const auto take_word = [&] {
    size_t length = 0;
    while (length < text.size() && std::isalpha(static_cast<unsigned char>(text[length])) != 0) ++length;
    std::string word(text.substr(0, length));
    text.remove_prefix(length);
    return word;
  };
  Heading heading;
  heading.name = take_word();
  if (heading.name.empty() || !text.starts_with(": ")) return std::nullopt;
  text.remove_prefix(2);
  heading.base = take_word();
  if (!heading.base.empty()) {
    if (!text.starts_with(" plus ")) return std::nullopt;
    text.remove_prefix(6);
  }
  if (!text.starts_with("`{")) return std::nullopt;
  heading.body = text.substr(1, text.find('`', 1) - 1);
  return heading;
}

void compare(const nlohmann::json& json, const DocumentedShape& shape, const std::map<std::string, DocumentedShape>& all, const std::string& path,
             std::vector<std::string>& out);

void compare_field(const nlohmann::json& value, const DocumentedField& field, const std::map<std::string, DocumentedShape>& all,
                   const std::string& path, std::vector<std::string>& out) {
  if (value.is_null()) out.push_back(path + " is null");
  if (field.is_list != value.is_array()) {
    out.push_back(path + (field.is_list ? " is not a list" : " is a list"));
    return;
  }
  if (field.is_open) return;
  const DocumentedShape& inner = field.shape.empty() ? field.members : all.at(field.shape);
  if (inner.empty()) return;
  if (!field.is_list) return compare(value, inner, all, path, out);
  for (const auto& item : value) compare(item, inner, all, path + "[]", out);
}

void compare(const nlohmann::json& json, const DocumentedShape& shape, const std::map<std::string, DocumentedShape>& all, const std::string& path,
             std::vector<std::string>& out) {
  if (!json.is_object()) {
    out.push_back(path + " is not an object");
    return;
  }
  for (const auto& [name, value] : json.items()) {
    const auto field = shape.find(name);
    if (field == shape.end()) {
      out.push_back(path + "." + name + " is not documented");
    } else {
      compare_field(value, field->second, all, path + "." + name, out);
    }
  }
  for (const auto& [name, field] : shape) {
    if (!field.optional && !json.contains(name)) out.push_back(path + "." + name + " is missing");
  }
}

}  // namespace

std::map<std::string, DocumentedShape> documented_shapes() {
  const auto page = read_file(std::filesystem::path(std::getenv("ASSAY_SOURCE_DIR")) / "docs/reference/api.md", 1 << 20);
  ASSAY_CHECK(page.ok());
  std::string text = page->substr(page->find("## Shapes"));
  text.resize(text.find("# Local socket"));
  std::map<std::string, DocumentedShape> shapes;
  for (size_t start = 0; start < text.size(); start = text.find('\n', start) + 1) {
    if (text.find('\n', start) == std::string::npos) break;
    const auto heading = parse_heading(std::string_view(text).substr(start));
    if (!heading) continue;
    DocumentedShape shape = Parser(heading->body).object();
    if (!heading->base.empty()) shape.merge(DocumentedShape(shapes.at(heading->base)));
    shapes[heading->name] = std::move(shape);
  }
  return shapes;
}

std::vector<std::string> differences(std::string_view json, const std::string& shape) {
  const auto shapes = documented_shapes();
  const auto found = shapes.find(shape);
  if (found == shapes.end()) return {"there is no shape " + shape + " in docs/reference/api.md"};
  const auto parsed = nlohmann::json::parse(json, nullptr, false);
  if (parsed.is_discarded()) return {"not JSON: " + std::string(json)};
  std::vector<std::string> out;
  compare(parsed, found->second, shapes, shape, out);
  return out;
}

}  // namespace assay::collector
