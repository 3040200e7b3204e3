// SPDX-License-Identifier: Apache-2.0
#include "probes/goldens/golden_set.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "probes/goldens/golden_file.h"
#include "tests/support/temp_dir.h"

namespace assay::probes {
namespace {

GoldenFile example() {
  return {{"int.mul.chain", 3},
          GoldenTier::kT0Analytic,
          "builder 1",
          "probes/catalogue/int_mul.h",
          {{1, 2}, {3, 4}, {5, 6}}};
}

class GoldenSetLoad : public testing::Test {
 protected:
  void write(std::string_view name, std::string_view text) {
    ASSERT_TRUE(write_file_atomic(folder_ / name, text).ok());
  }
  void write_manifest(std::string_view names) {
    write("MANIFEST", fmt::format("{}  {}\n", std::string(64, 'a'), names));
  }
  std::string error() {
    const auto set = GoldenSet::load(folder_.path());
    return set.ok() ? "no error" : set.error().message;
  }

  test::TempDir folder_;
};

TEST_F(GoldenSetLoad, ReadsWhatTheBuilderWrites) {
  write("int.mul.chain.v3.golden", format_golden(example()));
  write_manifest("int.mul.chain.v3.golden");
  write("MANIFEST.sig", "abcd\n");
  const auto set = GoldenSet::load(folder_.path());
  ASSERT_TRUE(set.ok()) << set.error().message;
  const GoldenTable* table = set->find({"int.mul.chain", 3});
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table->digests, example().digests);
  EXPECT_EQ(table->hash, hash_of(example().digests));
  EXPECT_EQ(set->find({"int.mul.chain", 3}, 1), (Digest{3, 4}));
  EXPECT_EQ(set->find({"int.mul.chain", 3}, 3), std::nullopt);
  EXPECT_EQ(set->find({"int.mul.chain", 2}), nullptr);
  EXPECT_EQ(set->signature(), "abcd");
  EXPECT_EQ(set->files().at("int.mul.chain.v3.golden"), format_golden(example()));
}

TEST_F(GoldenSetLoad, AnEmptyFolderIsNotFound) {
  const auto set = GoldenSet::load(folder_.path());
  ASSERT_FALSE(set.ok());
  EXPECT_EQ(set.error().code, ErrorCode::kNotFound);
}

TEST_F(GoldenSetLoad, AFileOfTheManifestThatIsMissingIsNamed) {
  write_manifest("int.mul.chain.v3.golden");
  EXPECT_NE(error().find("MANIFEST:1"), std::string::npos) << error();
  EXPECT_NE(error().find("int.mul.chain.v3.golden"), std::string::npos) << error();
}

TEST_F(GoldenSetLoad, RefusesAManifestThatIsNotOne) {
  for (const char* text : {"", "hello\n", "0123  x.golden\n"}) {
    write("MANIFEST", text);
    EXPECT_NE(error().find("MANIFEST"), std::string::npos) << error();
  }
  write_manifest("../int.mul.chain.v3.golden");
  EXPECT_NE(error().find("is not the name of a golden file"), std::string::npos) << error();
  std::string line(64, 'a');
  line += "  int.mul.chain.v3.golden";
  write("MANIFEST", line);
  EXPECT_NE(error().find("cut off"), std::string::npos) << error();
}

TEST_F(GoldenSetLoad, RefusesAFileUnderAnotherName) {
  write("int.mul.chain.v4.golden", format_golden(example()));
  write_manifest("int.mul.chain.v4.golden");
  EXPECT_NE(error().find("the name must be int.mul.chain.v3.golden"), std::string::npos) << error();
}

struct Damage {
  const char* name;
  const char* from;
  const char* to;
  const char* message;
};

class DamagedGolden : public testing::TestWithParam<Damage> {};

TEST_P(DamagedGolden, IsRefusedWithFileLineAndReason) {
  std::string text = format_golden(example());
  const size_t at = text.find(GetParam().from);
  ASSERT_NE(at, std::string::npos);
  text.replace(at, std::string_view(GetParam().from).size(), GetParam().to);
  const auto golden = parse_golden("x.golden", text);
  ASSERT_FALSE(golden.ok());
  EXPECT_NE(golden.error().message.find(GetParam().message), std::string::npos) << golden.error().message;
  EXPECT_TRUE(golden.error().message.starts_with("x.golden:")) << golden.error().message;
}

INSTANTIATE_TEST_SUITE_P(Goldens, DamagedGolden,
                         testing::Values(Damage{"first_line", "assay golden 1", "assay golden 2", ":1: "},
                                         Damage{"probe", "probe: int", "probe: INT", "not a probe id"},
                                         Damage{"version", "version: 3", "version: 0", "version"},
                                         Damage{"tier", "tier: T0", "tier: T9", ":8: "},
                                         Damage{"no_sets", "sets: 3", "sets: 0", "sets must be"},
                                         Damage{"too_many_sets", "sets: 3", "sets: 99999", "sets must be"},
                                         Damage{"more_announced", "sets: 3", "sets: 4", "after 3 of 4"},
                                         Damage{"fewer_announced", "sets: 3", "sets: 2", ":11: more lines"},
                                         Damage{"unknown_key", "builder:", "bilder:", ":6: unknown key"},
                                         Damage{"twice", "builder:", "sets:", "comes twice"},
                                         Damage{"missing_key", "builder: builder 1\n", "", "the header needs"},
                                         Damage{"not_a_key", "version: 3", "version 3", "key: value"},
                                         Damage{"order", "\n1 0", "\n2 0", ":10: expected \"1 DIGEST\""},
                                         Damage{"short_digest", "1 00", "1 0", ":10: "},
                                         Damage{"bad_digit", "1 00", "1 0g", ":10: "}),
                         [](const auto& damage) { return damage.param.name; });

TEST(GoldenFile, EveryCutIsRefused) {
  const std::string text = format_golden(example());
  for (size_t size = 0; size + 1 < text.size(); ++size) {
    EXPECT_FALSE(parse_golden("x", text.substr(0, size)).ok()) << size;
  }
}

TEST(GoldenHash, DependsOnEveryDigestAndItsPlace) {
  std::vector<Digest> digests = example().digests;
  const Digest hash = hash_of(digests);
  std::swap(digests[0], digests[1]);
  EXPECT_NE(hash_of(digests), hash);
  digests = example().digests;
  digests[2].low ^= 1;
  EXPECT_NE(hash_of(digests), hash);
}

}  // namespace
}  // namespace assay::probes
