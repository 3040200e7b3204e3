// SPDX-License-Identifier: Apache-2.0
// The tcgen05 programs over a model of tcgen05.mma m128n96 and its tensor memory give the goldens of the catalogue.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <map>

#include "common/base/check.h"
#include "probes/backend/cuda/tensor/layout.h"
#include "probes/backend/cuda/tensor/products.h"
#include "probes/backend/cuda/tensor/tcgen05_step.h"
#include "tests/unit/cuda_tensor/goldens.h"
#include "tests/unit/cuda_tensor/shared_model.h"
#include "tests/unit/cuda_tensor/tile_product.h"

namespace assay::probes::tensor {
namespace {

// PTX ISA, "Instruction descriptor": the tables of .kind::tf32, .kind::f16, .kind::f8f6f4 and .kind::i8, and of .kind::mxf8f6f4 and .kind::mxf4.
struct Fields {
  uint32_t c;
  uint32_t a;
  uint32_t b;
  uint32_t scale;
};
Fields fields_of(Number number) {
  static const std::map<Number, Fields> kFields = {
      {Number::kFp16, {1, 0, 0, 0}}, {Number::kBf16, {1, 1, 1, 0}}, {Number::kTf32, {1, 2, 2, 0}},  {Number::kE4m3, {1, 0, 0, 0}},  {Number::kE5m2, {1, 1, 1, 0}},
      {Number::kInt8, {2, 1, 1, 0}}, {Number::kMxfp6, {0, 3, 4, 1}}, {Number::kMxfp4, {0, 1, 1, 1}}, {Number::kNvfp4, {0, 1, 1, 0}},
  };
  return kFields.at(number);
}

class ModelTeam {
 public:
  ModelTeam(Number number, const std::vector<uint64_t>& params)
      : number_(number), params_(params), shared_(0x1230, (128 + 96) * 128), memory_(128, std::vector<uint32_t>(kTmemColumns, 0xDEADBEEF)) {}

  uint32_t address() const { return shared_.base(); }
  template <typename F>
  void each_lane(const F& f) {
    for (uint32_t lane = 0; lane < 128; ++lane) f(lane);
  }
  void put(uint32_t piece, const uint64_t*, uint32_t from) {
    EXPECT_FALSE(published_) << "written while the matrix unit may read";
    shared_.put(piece, params_, from);
  }
  void open() {
    for (auto& lane : memory_) std::fill(lane.begin(), lane.begin() + 96, 0U);
  }
  void put_scales(uint32_t lane, uint32_t column, const uint32_t (&words)[16]) {
    EXPECT_FALSE(published_);
    std::ranges::copy(words, memory_.at(lane).begin() + column);
  }
  void publish() { published_ = true; }
  void finish() { published_ = false; }
  void multiply(uint64_t a, uint64_t b, uint32_t instruction, uint32_t scale_a, uint32_t scale_b) {
    EXPECT_TRUE(published_);
    check_fields(instruction);
    Tile tile(128, 96, depth_of(number_));
    tile.a = shared_.read(number_, Side::kA, a, 128, 1);
    std::vector<double> columns = shared_.read(number_, Side::kB, b, 96, 1);
    if (is_scaled(number_)) {
      apply(tile.a, 128, scale_a, instruction >> 29 & 3);
      apply(columns, 96, scale_b, instruction >> 4 & 3);
    }
    for (size_t t = 0; t < tile.k; ++t) {
      for (size_t j = 0; j < 96; ++j) tile.b[t * 96 + j] = columns[j * tile.k + t];
    }
    for (size_t i = 0; i < 128 * 96; ++i) tile.c[i] = value_of_word(number_, memory_[i / 96][i % 96]);
    multiply_tile(number_, {}, tile);
    for (size_t i = 0; i < 128 * 96; ++i) memory_[i / 96][i % 96] = word_of(number_, tile.c[i]);
  }
  void read(uint32_t lane, uint32_t column, uint32_t (&sums)[32]) const {
    EXPECT_FALSE(published_);
    std::copy_n(memory_.at(lane).begin() + column, 32, sums);
  }
  uint32_t scale(uint32_t sum, uint32_t factor) const { return std::bit_cast<uint32_t>(std::bit_cast<float>(sum) * std::bit_cast<float>(factor)); }
  void close() {}

 private:
  void check_fields(uint32_t instruction) const {
    const Fields want = fields_of(number_);
    EXPECT_EQ(instruction >> 7 & 7, want.a);
    EXPECT_EQ(instruction >> 10 & 7, want.b);
    EXPECT_EQ(instruction >> 17 & 0x3F, 96U / 8);
    if (is_scaled(number_)) {
      EXPECT_EQ(instruction >> 23 & 1, want.scale);
      EXPECT_EQ(instruction >> 27 & 3, 128U / 128);  // "M, dimension of matrix A (7 LSBs not included)"
      EXPECT_EQ(instruction & 0x8701E04FU, 0U) << "reserved, negated, transposed or sparse";
    } else {
      EXPECT_EQ(instruction >> 4 & 3, want.c);
      EXPECT_EQ(instruction >> 24 & 0x1F, 128U / 16);
      EXPECT_EQ(instruction & 0xE081E04FU, 0U);
    }
  }
  // PTX ISA, "Layout of scale factor A / B": line l in column l / 32, tensor memory lane l % 32, and the same in the three other quarters of the lanes;
  // scale_vec::1X takes byte id, 2X bytes id and id + 1, 4X all.
  void apply(std::vector<double>& values, uint32_t lines, uint32_t column, uint32_t id) const {
    const uint32_t k = depth_of(number_);
    for (uint32_t line = 0; line < lines; ++line) {
      const uint32_t word = memory_[line % 32].at(column + line / 32);
      for (uint32_t quarter = 1; quarter < 4; ++quarter) ASSAY_CHECK(memory_[line % 32 + 32 * quarter].at(column + line / 32) == word);
      for (uint32_t t = 0; t < k; ++t) {
        values[size_t{line} * k + t] *= scale_of(number_, static_cast<uint8_t>(word >> (8 * (id + t / block_of(number_)))));
      }
    }
  }

  Number number_;
  const std::vector<uint64_t>& params_;
  SharedModel shared_;
  std::vector<std::vector<uint32_t>> memory_;  // by lane, by column
  bool published_ = false;
};

template <const Product& kProduct>
void expect_goldens_of(std::string_view probe_id) {
  const Program* program = find_program(probe_id, "tcgen05");
  ASSERT_NE(program, nullptr);
  for (const uint32_t set : kSets) {
    const std::vector<uint64_t> params = operand_words(*program, set);
    Digest128 digest;
    for (uint32_t step = 0; step < program->steps(); ++step) {
      std::vector<uint64_t> out(program->out_words(), ~uint64_t{0});
      ModelTeam team(kProduct.number, params);
      tcgen05_step<kProduct.number, kProduct.turns, kProduct.shift>(team, params.data(), out.data(), step);
      EXPECT_EQ(std::ranges::count(out, ~uint64_t{0}), 0);
      digest.add(out);
    }
    EXPECT_EQ(to_hex(digest.value()), to_hex(golden_of(probe_id, set))) << probe_id << " set " << set;
  }
}

TEST(Tcgen05Step, Tf32) { expect_goldens_of<kTcgen05Tf32>("gemm.tf32.grid"); }
TEST(Tcgen05Step, Fp16) { expect_goldens_of<kTcgen05Fp16>("gemm.fp16.grid"); }
TEST(Tcgen05Step, Bf16) { expect_goldens_of<kTcgen05Bf16>("gemm.bf16.grid"); }
TEST(Tcgen05Step, E4m3) { expect_goldens_of<kTcgen05E4m3>("gemm.e4m3.grid"); }
TEST(Tcgen05Step, E5m2) { expect_goldens_of<kTcgen05E5m2>("gemm.e5m2.grid"); }
TEST(Tcgen05Step, Int8) { expect_goldens_of<kTcgen05Int8>("gemm.int8.grid"); }
TEST(Tcgen05Step, Mxfp6) { expect_goldens_of<kTcgen05Mxfp6>("gemm.mxfp6.grid"); }
TEST(Tcgen05Step, Mxfp4) { expect_goldens_of<kTcgen05Mxfp4>("gemm.mxfp4.grid"); }
TEST(Tcgen05Step, Nvfp4) { expect_goldens_of<kTcgen05Nvfp4>("gemm.nvfp4.grid"); }

}  // namespace
}  // namespace assay::probes::tensor
