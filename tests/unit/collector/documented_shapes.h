// SPDX-License-Identifier: Apache-2.0
// The shapes written down in docs/reference/api.md, read from there, so that page and program cannot drift apart.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace assay::collector {

// One member of a documented object.
struct DocumentedField {
  bool optional = false;
  bool is_list = false;
  bool is_open = false;                              // "{}" and "[..]": anything may be inside
  std::string shape;                                 // name of another shape, "" when none
  std::map<std::string, DocumentedField> members;    // of an object written out, or of the objects of a list
};
using DocumentedShape = std::map<std::string, DocumentedField>;

// All "Name: `{...}`" and "Name: Other plus `{...}`" of the page's section "Shapes".
std::map<std::string, DocumentedShape> documented_shapes();

// What is wrong with a JSON text when it should have the shape: members that are not documented, and those that are missing.
std::vector<std::string> differences(std::string_view json, const std::string& shape);

}  // namespace assay::collector
