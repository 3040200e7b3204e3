// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/chain_kernel.h"
#include "probes/backend/host/families.h"
#include "probes/backend/host/int_alu/variants.h"
#include "probes/catalogue/int_alu.h"

namespace assay::probes::host {
namespace {

constexpr ChainShape kIntAlu{int_alu::kStateWords,
                             int_alu::kParamWords,
                             int_alu::kStateWords,
                             int_alu::kSteps,
                             per_run(int_alu::kSteps, 1.0 * int_alu::kIterations * int_alu::kLanes),
                             int_alu::operands};

constexpr KernelEntry kEntries[] = {
    {int_alu::kId, Variant::kScalar, nullptr, "scalar adders with carry, shifters, logic, conditional moves; ones counted by additions",
     make_chain<kIntAlu, int_alu_scalar, 1>},
#if defined(__x86_64__)
    {int_alu::kId, Variant::kBmi2, &CpuFeatures::bmi2, "scalar adders with carry, shifters of BMI2, POPCNT, LZCNT, TZCNT, ANDN",
     make_chain<kIntAlu, int_alu_bmi2, 1>},
    {int_alu::kId, Variant::kAvx2, &CpuFeatures::avx2, "256-bit adders, variable shifts, logic, compares, blends; counts by a byte table",
     make_chain<kIntAlu, int_alu_avx2, 4>},
    {int_alu::kId, Variant::kAvx512, &CpuFeatures::avx512_count,
     "512-bit adders, variable shifts and rotates, ternary logic, VPOPCNTQ, VPLZCNTQ, compares into masks",
     make_chain<kIntAlu, int_alu_avx512, 8>},
#endif
};

}  // namespace

std::span<const KernelEntry> int_alu_kernels() { return kEntries; }

}  // namespace assay::probes::host
