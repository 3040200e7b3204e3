// SPDX-License-Identifier: Apache-2.0
// docs/reference/cli.md and the documents say the same, both ways.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/contract/ctl/documents.h"
#include "tests/contract/ctl/shapes.h"

namespace assay::ctl::test {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;

Shapes documented() { return read_shapes(read_file(source_dir() / "docs/reference/cli.md", 1 << 20).value()); }

TEST(CliJson, EveryDocumentHasExactlyItsDocumentedFields) {
  const Shapes shapes = documented();
  std::vector<std::string> problems;
  std::set<std::string> seen;
  for (const NamedDocument& document : all_documents()) compare(shapes, document.shape, document.json, problems, seen);
  EXPECT_THAT(problems, IsEmpty());
}

TEST(CliJson, EveryDocumentedFieldIsInSomeDocument) {
  const Shapes shapes = documented();
  std::vector<std::string> problems;
  std::set<std::string> seen;
  for (const NamedDocument& document : all_documents()) compare(shapes, document.shape, document.json, problems, seen);
  std::vector<std::string> never;
  for (const auto& [shape, fields] : shapes) {
    for (const ShapeField& field : fields) {
      if (!seen.contains(shape + "." + field.name)) never.push_back(shape + "." + field.name);
    }
  }
  EXPECT_THAT(never, IsEmpty());
  EXPECT_GT(seen.size(), 150U);
}

// The comparison itself must be able to fail.
TEST(CliJson, TheComparisonFindsMissingUndocumentedAndWronglyTypedFields) {
  const Shapes shapes = read_shapes("### A\n| `a` | text | |\n| `b?` | [B] | |\n### B\n| `n` | number | |\n");
  std::vector<std::string> problems;
  std::set<std::string> seen;
  compare(shapes, "A", R"({"extra":1,"b":[{"n":"x"}]})", problems, seen);
  EXPECT_THAT(problems, Contains("A.a: is documented and missing"));
  EXPECT_THAT(problems, Contains("A.extra: is there and not documented"));
  EXPECT_THAT(problems, Contains("B.n: is not of type number"));
  EXPECT_THAT(seen, Contains("A.b"));
}

}  // namespace
}  // namespace assay::ctl::test
