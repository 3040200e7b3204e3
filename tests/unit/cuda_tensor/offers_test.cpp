// SPDX-License-Identifier: Apache-2.0
// Which chip is offered which program of the matrix units.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "probes/backend/cuda/tensor/device_rows.h"
#include "probes/backend/cuda/tensor/offers.h"

namespace assay::probes::tensor {
namespace {

cuda::Chip chip_of(uint32_t number) {
  cuda::Chip chip;
  chip.major = number / 10;
  chip.minor = number % 10;
  return chip;
}

// "fp16 int8": the formats of grid probes that a chip gets by a variant, sorted.
std::string formats(uint32_t chip, std::string_view variant, std::string_view kind = ".grid") {
  std::set<std::string_view> found;
  for (const Program& program : programs()) {
    const std::string_view id = program.probe_id;
    if (program.variant() != variant || id.find(kind) == std::string_view::npos || !fit_of(program, chip_of(chip)).missing.empty()) continue;
    found.insert(id.substr(5, id.find('.', 5) - 5));
  }
  std::string words;
  for (const std::string_view one : found) words += (words.empty() ? "" : " ") + std::string(one);
  return words;
}

TEST(TensorOffers, MmaReachesTheUnitItNames) {
  EXPECT_EQ(formats(70, "mma"), "");
  EXPECT_EQ(formats(75, "mma"), "fp16 int4 int8");
  EXPECT_EQ(formats(80, "mma"), "bf16 fp16 fp64 int4 int8 tf32");
  EXPECT_EQ(formats(86, "mma"), formats(80, "mma"));
  EXPECT_EQ(formats(89, "mma"), "bf16 e4m3 e5m2 fp16 fp64 int4 int8 tf32");
  EXPECT_EQ(formats(90, "mma"), "bf16 fp16 fp64 int8 tf32");
  EXPECT_EQ(formats(100, "mma"), formats(90, "mma"));
  EXPECT_EQ(formats(103, "mma"), formats(90, "mma"));
  EXPECT_EQ(formats(120, "mma"), "bf16 e4m3 e5m2 fp16 fp64 int8 mxfp4 mxfp6 nvfp4 tf32");
}

TEST(TensorOffers, WgmmaIsHoppers) {
  EXPECT_EQ(formats(90, "wgmma"), "bf16 e4m3 e5m2 fp16 int8 tf32");
  for (const uint32_t chip : {75U, 80U, 89U, 100U, 103U, 120U}) EXPECT_EQ(formats(chip, "wgmma"), "") << chip;
}

TEST(TensorOffers, Tcgen05IsOfDatacentreBlackwell) {
  EXPECT_EQ(formats(100, "tcgen05"), "bf16 e4m3 e5m2 fp16 int8 mxfp4 mxfp6 nvfp4 tf32");
  EXPECT_EQ(formats(103, "tcgen05"), "bf16 e4m3 e5m2 fp16 mxfp4 mxfp6 nvfp4 tf32");
  for (const uint32_t chip : {80U, 90U, 120U}) EXPECT_EQ(formats(chip, "tcgen05"), "") << chip;
}

TEST(TensorOffers, ProbesOfHopperRunOnHopperAlone) {
  EXPECT_EQ(formats(90, "wgmma", ".hopper"), "bf16 e4m3 e5m2 fp16 tf32");
  EXPECT_EQ(formats(90, "mma", ".hopper"), "bf16 fp16 tf32");
  for (const uint32_t chip : {75U, 80U, 89U, 100U, 103U, 120U}) EXPECT_EQ(formats(chip, "mma", ".hopper"), "") << chip;
}

TEST(TensorOffers, EveryRefusalAndEverySiliconIsInWords) {
  for (const Program& program : programs()) {
    for (const uint32_t chip : {70U, 75U, 80U, 86U, 89U, 90U, 100U, 103U, 120U}) {
      const cuda::Fit fit = fit_of(program, chip_of(chip));
      EXPECT_NE(fit.silicon.empty(), fit.missing.empty()) << program.name << " on " << chip;
    }
  }
}

TEST(TensorRows, NamesAreUniqueAndOfOneProbeTheStrongestComesFirst) {
  const std::vector<cuda::DeviceProgram> rows = device_rows();
  std::set<std::string> kernels;
  std::set<std::pair<std::string_view, std::string_view>> pairs;
  const auto strength = [](std::string_view variant) { return variant == "tcgen05" ? 2 : variant == "wgmma" ? 1 : 0; };
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_TRUE(kernels.insert(rows[i].kernel).second) << rows[i].kernel;
    EXPECT_TRUE(pairs.emplace(rows[i].probe, rows[i].variant).second) << rows[i].kernel;
    if (i > 0 && rows[i - 1].probe == rows[i].probe) {
      EXPECT_GT(strength(rows[i - 1].variant), strength(rows[i].variant)) << rows[i].kernel;
    }
  }
}

TEST(TensorRows, TeamsFitInABlockOfTheirChip) {
  for (const cuda::DeviceProgram& row : device_rows()) {
    EXPECT_EQ(row.shape.lanes, row.variant == "mma" ? 32U : 128U) << row.kernel;
    EXPECT_LE(row.most_teams * row.shape.lanes, row.variant == "mma" ? 256U : 512U) << row.kernel;
    EXPECT_LE(row.most_teams * row.shape.memory_words * 8, 200U * 1024) << row.kernel;
    EXPECT_EQ(row.shape.param_words % 2, 0U) << row.kernel << ": operands of the next set must begin at a multiple of 16 bytes";
  }
}

// The operands that the launcher gets are those of the program, for a set on which formats differ most.
TEST(TensorRows, OperandsAreOfTheirProgram) {
  for (const cuda::DeviceProgram& row : device_rows()) {
    std::vector<uint64_t> params(row.shape.param_words);
    row.operands(3, {}, params);
    EXPECT_GT(std::ranges::count_if(params, [](uint64_t word) { return word != 0; }), static_cast<ptrdiff_t>(params.size() / 4)) << row.kernel;
  }
}

}  // namespace
}  // namespace assay::probes::tensor
