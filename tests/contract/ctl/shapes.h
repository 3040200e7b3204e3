// SPDX-License-Identifier: Apache-2.0
// The JSON shapes of docs/reference/cli.md, read from its tables, and the comparison of a document with one of them.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace assay::ctl::test {

struct ShapeField {
  std::string name;
  std::string type;        // "text", "[number]", "map of number", "Device", "[Device]"
  bool may_be_absent = false;
};
using Shapes = std::map<std::string, std::vector<ShapeField>>;

// Every "### Name" with a table of fields below; "All of Other, and:" takes over the other's fields.
Shapes read_shapes(std::string_view markdown);

// Appends to `problems` what is wrong with the document ("Device.units: missing"), and to `seen` each "Shape.field" that was there.
void compare(const Shapes& shapes, const std::string& shape, const std::string& json, std::vector<std::string>& problems, std::set<std::string>& seen);

}  // namespace assay::ctl::test
