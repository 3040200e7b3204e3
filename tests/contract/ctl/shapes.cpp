// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/ctl/shapes.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "common/base/parse.h"

namespace assay::ctl::test {
namespace {

using nlohmann::json;

class Comparison {
 public:
  Comparison(const Shapes& shapes, std::vector<std::string>& problems, std::set<std::string>& seen) : shapes_(shapes), problems_(problems), seen_(seen) {}

  void object(const std::string& shape, const json& value) {
    const auto found = shapes_.find(shape);
    if (found == shapes_.end()) return problem(shape, "is not documented");
    if (!value.is_object()) return problem(shape, "is not an object");
    for (const ShapeField& field : found->second) {
      const std::string name = shape + "." + field.name;
      if (!value.contains(field.name)) {
        if (!field.may_be_absent) problem(name, "is documented and missing");
        continue;
      }
      seen_.insert(name);
      typed(name, field.type, value.at(field.name));
    }
    for (const auto& [key, ignored] : value.items()) {
      const bool known = std::any_of(found->second.begin(), found->second.end(), [&](const ShapeField& field) { return field.name == key; });
      if (!known) problem(shape + "." + key, "is there and not documented");
    }
  }

 private:
  void problem(const std::string& name, const std::string& what) { problems_.push_back(name + ": " + what); }

  void typed(const std::string& name, const std::string& type, const json& value) {
    if (type == "text") return expect(name, type, value.is_string());
    if (type == "number") return expect(name, type, value.is_number());
    if (type == "boolean") return expect(name, type, value.is_boolean());
    if (type.starts_with("map of ")) {
      if (!value.is_object()) return problem(name, "is not a map");
      for (const auto& [key, one] : value.items()) typed(name, type.substr(7), one);
      return;
    }
    if (type.starts_with("[")) {
      if (!value.is_array()) return problem(name, "is not a list");
      for (const json& one : value) typed(name, type.substr(1, type.size() - 2), one);
      return;
    }
    object(type, value);
  }
  void expect(const std::string& name, const std::string& type, bool right) {
    if (!right) problem(name, "is not of type " + type);
  }

  const Shapes& shapes_;
  std::vector<std::string>& problems_;
  std::set<std::string>& seen_;
};

}  // namespace

Shapes read_shapes(std::string_view markdown) {
  Shapes shapes;
  std::string shape;
  for (const std::string_view line : split(markdown, '\n')) {
    if (line.starts_with("## ")) shape.clear();
    if (line.starts_with("### ")) shape = line.substr(4);
    if (shape.empty()) continue;
    if (line.starts_with("All of ")) {
      const std::string other(line.substr(7, line.find(',') - 7));
      shapes[shape] = shapes[other];
    }
    if (!line.starts_with("| `")) continue;
    const auto cells = split(line, '|');
    std::string_view name = trim(cells[1]);
    name = name.substr(1, name.size() - 2);
    ShapeField field;
    field.may_be_absent = name.ends_with('?');
    field.name = field.may_be_absent ? name.substr(0, name.size() - 1) : name;
    field.type = trim(cells[2]);
    shapes[shape].push_back(field);
  }
  return shapes;
}

void compare(const Shapes& shapes, const std::string& shape, const std::string& text, std::vector<std::string>& problems, std::set<std::string>& seen) {
  const json document = json::parse(text, nullptr, false);
  if (document.is_discarded()) {
    problems.push_back(shape + ": is not JSON");
    return;
  }
  Comparison(shapes, problems, seen).object(shape, document);
}

}  // namespace assay::ctl::test
