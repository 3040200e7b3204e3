// SPDX-License-Identifier: Apache-2.0
// The wgmma programs over a model of wgmma.mma_async m64n96 give the goldens of the catalogue, those of the random probes of Hopper with its emulator.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "probes/backend/cuda/tensor/layout.h"
#include "probes/backend/cuda/tensor/products.h"
#include "probes/backend/cuda/tensor/wgmma_step.h"
#include "tests/unit/cuda_tensor/goldens.h"
#include "tests/unit/cuda_tensor/shared_model.h"
#include "tests/unit/cuda_tensor/tile_product.h"

namespace assay::probes::tensor {
namespace {

// The Team of wgmma_step.h: all 128 lanes.
class ModelTeam {
 public:
  using Sums = std::array<std::array<double, 128>, 48>;  // by register, by lane

  ModelTeam(Number number, const Arithmetic& arithmetic, const std::vector<uint64_t>& params)
      : number_(number), arithmetic_(arithmetic), params_(params), shared_(0x2C10, (64 + 96) * 128) {}

  uint32_t address() const { return shared_.base(); }
  template <typename F>
  void each_lane(const F& f) {
    for (uint32_t lane = 0; lane < 128; ++lane) f(lane);
  }
  void put(uint32_t piece, const uint64_t*, uint32_t from) {
    EXPECT_FALSE(published_) << "written while the matrix unit may read";
    shared_.put(piece, params_, from);
  }
  void publish() { published_ = true; }
  void barrier() { published_ = false; }
  void multiply(Sums& sums, const uint64_t (&a)[4], const uint64_t (&b)[4]) {
    EXPECT_TRUE(published_);
    for (uint32_t j = 0; j < 4; ++j) one(sums, a[j], b[j]);
  }
  uint32_t word_of(const Sums& sums, uint32_t lane, uint32_t i) const { return tensor::word_of(number_, sums[i][lane]); }

 private:
  // PTX ISA, "Register fragments and shared memory matrix layouts" of wgmma: register i of a lane is in row 16 (warp) + groupID, 8 below where i / 2 is
  // odd, column 8 (i / 4) + 2 threadID_in_group + i % 2.
  static size_t place(uint32_t lane, uint32_t i) {
    const uint32_t row = 16 * (lane / 32) + lane % 32 / 4 + (i / 2 % 2 == 1 ? 8 : 0);
    return size_t{row} * 96 + i / 4 * 8 + lane % 4 * 2 + i % 2;
  }
  void one(Sums& sums, uint64_t a, uint64_t b) {
    Tile tile(64, 96, depth_of(number_));
    tile.a = shared_.read(number_, Side::kA, a, 64, 0);
    const std::vector<double> columns = shared_.read(number_, Side::kB, b, 96, 0);
    for (size_t t = 0; t < tile.k; ++t) {
      for (size_t j = 0; j < 96; ++j) tile.b[t * 96 + j] = columns[j * tile.k + t];
    }
    for (uint32_t lane = 0; lane < 128; ++lane) {
      for (uint32_t i = 0; i < 48; ++i) tile.c[place(lane, i)] = sums[i][lane];
    }
    multiply_tile(number_, arithmetic_, tile);
    for (uint32_t lane = 0; lane < 128; ++lane) {
      for (uint32_t i = 0; i < 48; ++i) sums[i][lane] = tile.c[place(lane, i)];
    }
  }

  Number number_;
  const Arithmetic& arithmetic_;
  const std::vector<uint64_t>& params_;
  SharedModel shared_;
  bool published_ = false;
};

template <Number kNumber, uint32_t kTurns, uint32_t kShift>
void expect_goldens(std::string_view probe_id, const Arithmetic& arithmetic = {}) {
  const Program* program = find_program(probe_id, "wgmma");
  ASSERT_NE(program, nullptr);
  for (const uint32_t set : kSets) {
    const std::vector<uint64_t> params = operand_words(*program, set);
    Digest128 digest;
    for (uint32_t step = 0; step < program->steps(); ++step) {
      std::vector<uint64_t> out(program->out_words(), ~uint64_t{0});
      ModelTeam team(kNumber, arithmetic, params);
      wgmma_step<kNumber, kTurns, kShift>(team, params.data(), out.data(), step);
      EXPECT_EQ(std::ranges::count(out, ~uint64_t{0}), 0);
      digest.add(out);
    }
    EXPECT_EQ(to_hex(digest.value()), to_hex(golden_of(probe_id, set))) << probe_id << " set " << set;
  }
}

template <const Product& kProduct>
void expect_goldens_of(std::string_view probe_id, const Arithmetic& arithmetic = {}) {
  expect_goldens<kProduct.number, kProduct.turns, kProduct.shift>(probe_id, arithmetic);
}

TEST(WgmmaStep, Tf32) { expect_goldens_of<kWgmmaTf32>("gemm.tf32.grid"); }
TEST(WgmmaStep, Fp16) { expect_goldens_of<kWgmmaFp16>("gemm.fp16.grid"); }
TEST(WgmmaStep, Bf16) { expect_goldens_of<kWgmmaBf16>("gemm.bf16.grid"); }
TEST(WgmmaStep, E4m3) { expect_goldens_of<kWgmmaE4m3>("gemm.e4m3.grid"); }
TEST(WgmmaStep, E5m2) { expect_goldens_of<kWgmmaE5m2>("gemm.e5m2.grid"); }
TEST(WgmmaStep, Int8) { expect_goldens_of<kWgmmaInt8>("gemm.int8.grid"); }
TEST(WgmmaStepRandom, Tf32) { expect_goldens_of<kWgmmaTf32Random>("gemm.tf32.random.hopper", {"hopper"}); }
TEST(WgmmaStepRandom, Fp16) { expect_goldens_of<kWgmmaFp16Random>("gemm.fp16.random.hopper", {"hopper"}); }
TEST(WgmmaStepRandom, Bf16) { expect_goldens_of<kWgmmaBf16Random>("gemm.bf16.random.hopper", {"hopper"}); }
TEST(WgmmaStepRandom, E4m3) { expect_goldens_of<kWgmmaE4m3Random>("gemm.e4m3.random.hopper", {"hopper"}); }
TEST(WgmmaStepRandom, E5m2) { expect_goldens_of<kWgmmaE5m2Random>("gemm.e5m2.random.hopper", {"hopper"}); }

}  // namespace
}  // namespace assay::probes::tensor
