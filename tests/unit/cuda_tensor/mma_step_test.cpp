// SPDX-License-Identifier: Apache-2.0
// The mma.sync programs over a model of their instructions give the goldens of the catalogue.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "probes/backend/cuda/tensor/layout.h"
#include "probes/backend/cuda/tensor/products.h"
#include "tests/unit/cuda_tensor/goldens.h"
#include "tests/unit/cuda_tensor/mma_model.h"

namespace assay::probes::tensor {
namespace {

// The program on one set; fails when a word of some step is not written once.
template <Product kProduct>
Digest run_set(const Program& program, uint32_t operand_set, Generation generation, const Arithmetic& arithmetic) {
  const std::vector<uint64_t> params = operand_words(program, operand_set);
  Digest128 digest;
  for (uint32_t step = 0; step < program.steps(); ++step) {
    std::vector<uint64_t> out(program.out_words());
    std::vector<uint32_t> written(out.size());
    mma_step<kProduct.number, kProduct.turns, kProduct.shift>(ModelWarp(kProduct.number, generation, arithmetic, params, written), params.data(), out.data(), step);
    EXPECT_EQ(std::ranges::count(written, 1U), static_cast<ptrdiff_t>(out.size())) << program.name << " step " << step;
    digest.add(out);
  }
  return digest.value();
}

template <Product kProduct>
void expect_goldens(std::string_view probe_id, Generation generation = Generation::kAmpere, const Arithmetic& arithmetic = {}) {
  const Program* program = find_program(probe_id, "mma");
  ASSERT_NE(program, nullptr);
  for (const uint32_t set : kSets) {
    EXPECT_EQ(to_hex(run_set<kProduct>(*program, set, generation, arithmetic)), to_hex(golden_of(probe_id, set))) << probe_id << " set " << set;
  }
}

TEST(MmaStep, Fp64) { expect_goldens<kMmaFp64>("gemm.fp64.grid"); }
TEST(MmaStep, Tf32) { expect_goldens<kMmaTf32>("gemm.tf32.grid"); }
TEST(MmaStep, Fp16) { expect_goldens<kMmaFp16>("gemm.fp16.grid"); }
TEST(MmaStep, Bf16) { expect_goldens<kMmaBf16>("gemm.bf16.grid"); }
TEST(MmaStep, E4m3) { expect_goldens<kMmaE4m3>("gemm.e4m3.grid"); }
TEST(MmaStep, E5m2) { expect_goldens<kMmaE5m2>("gemm.e5m2.grid"); }
TEST(MmaStep, Int8) { expect_goldens<kMmaInt8>("gemm.int8.grid"); }
TEST(MmaStep, Int4) { expect_goldens<kMmaInt4>("gemm.int4.grid"); }
TEST(MmaStep, Mxfp6) { expect_goldens<kMmaMxfp6>("gemm.mxfp6.grid"); }
TEST(MmaStep, Mxfp4) { expect_goldens<kMmaMxfp4>("gemm.mxfp4.grid"); }
TEST(MmaStep, Nvfp4) { expect_goldens<kMmaNvfp4>("gemm.nvfp4.grid"); }
TEST(MmaStepOnTuring, Fp16) { expect_goldens<kMmaFp16>("gemm.fp16.grid", Generation::kTuring); }
TEST(MmaStepOnTuring, Int8) { expect_goldens<kMmaInt8>("gemm.int8.grid", Generation::kTuring); }
TEST(MmaStepOnTuring, Int4) { expect_goldens<kMmaInt4>("gemm.int4.grid", Generation::kTuring); }
TEST(MmaStepOnHopper, Tf32Random) { expect_goldens<kMmaTf32Random>("gemm.tf32.random.hopper", Generation::kAmpere, {"hopper"}); }
TEST(MmaStepOnHopper, Fp16Random) { expect_goldens<kMmaFp16Random>("gemm.fp16.random.hopper", Generation::kAmpere, {"hopper"}); }
TEST(MmaStepOnHopper, Bf16Random) { expect_goldens<kMmaBf16Random>("gemm.bf16.random.hopper", Generation::kAmpere, {"hopper"}); }

// The test can fail: another order of blocks along k, the one of Turing, gives other bits on ordinary operands.
TEST(MmaStepOnHopper, OtherBlocksGiveOtherBits) {
  const Program* program = find_program("gemm.fp16.random.hopper", "mma");
  ASSERT_NE(program, nullptr);
  EXPECT_NE(run_set<kMmaFp16Random>(*program, 0, Generation::kTuring, {"hopper"}), golden_of("gemm.fp16.random.hopper", 0));
}

}  // namespace
}  // namespace assay::probes::tensor
