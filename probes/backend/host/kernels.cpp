// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <memory>

#include "probes/backend/host/chain_kernel.h"
#include "probes/backend/host/cpu_features.h"
#include "probes/backend/host/gemm_kernel.h"
#include "probes/backend/host/kernel.h"
#include "probes/backend/host/march_kernel.h"
#include "probes/backend/host/variants.h"
#include "probes/catalogue/aes.h"
#include "probes/catalogue/crc32c.h"
#include "probes/catalogue/div.h"
#include "probes/catalogue/fma.h"
#include "probes/catalogue/gemm.h"
#include "probes/catalogue/int_mul.h"
#include "probes/catalogue/march.h"
#include "probes/catalogue/shuffle.h"

namespace assay::probes::host {
namespace {

constexpr double per_run(uint32_t steps, double work_per_step) {
  return steps * work_per_step;
}

constexpr ChainShape kFmaF64{fma::kStateWords,
                             fma::kParamWords,
                             fma::kStateWords,
                             fma::kSteps,
                             per_run(fma::kSteps, 4.0 * fma::kIterations * fma::kLanesF64),
                             fma::operands_f64};
constexpr ChainShape kFmaF32{fma::kStateWords,
                             fma::kParamWords,
                             fma::kStateWords,
                             fma::kSteps,
                             per_run(fma::kSteps, 4.0 * fma::kIterations * fma::kLanesF32),
                             fma::operands_f32};
constexpr ChainShape kIntMul{int_mul::kStateWords,
                             int_mul::kParamWords,
                             int_mul::kStateWords,
                             int_mul::kSteps,
                             per_run(int_mul::kSteps, 1.0 * int_mul::kIterations * int_mul::kLanes),
                             int_mul::operands};
constexpr ChainShape kDiv{div::kStateWords,
                          div::kParamWords,
                          div::kStateWords,
                          div::kSteps,
                          per_run(div::kSteps, 2.0 * div::kIterations * div::kLanes),
                          div::operands};
constexpr ChainShape kCrc32c{crc32c::kStateWords,
                             crc32c::kParamWords,
                             crc32c::kStateWords,
                             crc32c::kSteps,
                             per_run(crc32c::kSteps, 8.0 * crc32c::kDataWords * crc32c::kLanes),
                             crc32c::operands};
constexpr ChainShape kAes{aes::kStateWords,
                          aes::kParamWords,
                          aes::kStateWords,
                          aes::kSteps,
                          per_run(aes::kSteps, 16.0 * aes::kIterations * aes::kBlocks),
                          aes::operands};
constexpr ChainShape kShuffle{shuffle::kStateWords,
                              shuffle::kParamWords,
                              shuffle::kStateWords,
                              shuffle::kSteps,
                              per_run(shuffle::kSteps, 64.0 * shuffle::kIterations * shuffle::kVectors),
                              shuffle::operands};

template <const ChainShape& kShape, ChainStep kAdvance, uint32_t kWordsPerVector>
std::unique_ptr<Kernel> chain() {
  return ChainKernel::make(kShape, kAdvance, kWordsPerVector);
}

template <auto kProduct, const GemmBlock& kBlock>
std::unique_ptr<Kernel> product() {
  return make_gemm(kProduct, kBlock);
}

template <MarchFunction kFunction, uint32_t kWordsPerVector>
std::unique_ptr<Kernel> memory() {
  return make_march(kFunction, kWordsPerVector);
}

// What a variant of a probe needs of the CPU beside being built.
using Needs = bool CpuFeatures::*;

struct Line {
  KernelEntry entry;
  Needs needs;  // nullptr: nothing
};

constexpr Line kLines[] = {
    {{gemm::kIdF64, Variant::kScalar, product<gemm_f64_scalar, kGemmScalar>}, nullptr},
    {{gemm::kIdF32, Variant::kScalar, product<gemm_f32_scalar, kGemmScalar>}, nullptr},
    {{fma::kIdF64, Variant::kScalar, chain<kFmaF64, fma_f64_scalar, 1>}, nullptr},
    {{fma::kIdF32, Variant::kScalar, chain<kFmaF32, fma_f32_scalar, 1>}, nullptr},
    {{int_mul::kId, Variant::kScalar, chain<kIntMul, int_mul_scalar, 1>}, nullptr},
    {{div::kId, Variant::kScalar, chain<kDiv, div_f64_scalar, 1>}, nullptr},
    {{crc32c::kId, Variant::kScalar, chain<kCrc32c, crc32c_scalar, 1>}, nullptr},
    {{aes::kId, Variant::kScalar, chain<kAes, aes_scalar, 1>}, nullptr},
    {{shuffle::kId, Variant::kScalar, chain<kShuffle, shuffle_scalar, 1>}, nullptr},
    {{march::kId, Variant::kScalar, memory<march_scalar, 1>}, nullptr},
#if defined(__x86_64__)
    {{gemm::kIdF64, Variant::kAvx2, product<gemm_f64_avx2, kGemmAvx2>}, &CpuFeatures::avx2},
    {{gemm::kIdF64, Variant::kAvx512, product<gemm_f64_avx512, kGemmAvx512>}, &CpuFeatures::avx512},
    {{gemm::kIdF32, Variant::kAvx2, product<gemm_f32_avx2, kGemmAvx2>}, &CpuFeatures::avx2},
    {{gemm::kIdF32, Variant::kAvx512, product<gemm_f32_avx512, kGemmAvx512>}, &CpuFeatures::avx512},
    {{fma::kIdF64, Variant::kAvx2, chain<kFmaF64, fma_f64_avx2, 4>}, &CpuFeatures::avx2},
    {{fma::kIdF64, Variant::kAvx512, chain<kFmaF64, fma_f64_avx512, 8>}, &CpuFeatures::avx512},
    {{fma::kIdF32, Variant::kAvx2, chain<kFmaF32, fma_f32_avx2, 4>}, &CpuFeatures::avx2},
    {{fma::kIdF32, Variant::kAvx512, chain<kFmaF32, fma_f32_avx512, 8>}, &CpuFeatures::avx512},
    {{int_mul::kId, Variant::kAvx2, chain<kIntMul, int_mul_avx2, 4>}, &CpuFeatures::avx2},
    {{int_mul::kId, Variant::kAvx512, chain<kIntMul, int_mul_avx512, 8>}, &CpuFeatures::avx512},
    {{div::kId, Variant::kAvx2, chain<kDiv, div_f64_avx2, 4>}, &CpuFeatures::avx2},
    {{div::kId, Variant::kAvx512, chain<kDiv, div_f64_avx512, 8>}, &CpuFeatures::avx512},
    {{crc32c::kId, Variant::kAvx2, chain<kCrc32c, crc32c_avx2, 1>}, &CpuFeatures::sse42},
    {{aes::kId, Variant::kAvx2, chain<kAes, aes_avx2, 2>}, &CpuFeatures::aes},
    {{aes::kId, Variant::kAvx512, chain<kAes, aes_avx512, 8>}, &CpuFeatures::vaes512},
    {{shuffle::kId, Variant::kAvx2, chain<kShuffle, shuffle_avx2, 4>}, &CpuFeatures::avx2},
    {{shuffle::kId, Variant::kAvx512, chain<kShuffle, shuffle_avx512, 8>}, &CpuFeatures::avx512},
    {{march::kId, Variant::kAvx2, memory<march_avx2, 4>}, &CpuFeatures::avx2},
    {{march::kId, Variant::kAvx512, memory<march_avx512, 8>}, &CpuFeatures::avx512},
#elif defined(__aarch64__)
    {{gemm::kIdF64, Variant::kNeon, product<gemm_f64_neon, kGemmNeon>}, &CpuFeatures::neon},
    {{gemm::kIdF32, Variant::kNeon, product<gemm_f32_neon, kGemmNeon>}, &CpuFeatures::neon},
    {{fma::kIdF64, Variant::kNeon, chain<kFmaF64, fma_f64_neon, 2>}, &CpuFeatures::neon},
    {{fma::kIdF32, Variant::kNeon, chain<kFmaF32, fma_f32_neon, 2>}, &CpuFeatures::neon},
    {{div::kId, Variant::kNeon, chain<kDiv, div_f64_neon, 2>}, &CpuFeatures::neon},
    {{crc32c::kId, Variant::kNeon, chain<kCrc32c, crc32c_neon, 1>}, &CpuFeatures::arm_crc},
    {{aes::kId, Variant::kNeon, chain<kAes, aes_neon, 2>}, &CpuFeatures::arm_aes},
    {{shuffle::kId, Variant::kNeon, chain<kShuffle, shuffle_neon, 2>}, &CpuFeatures::neon},
    {{march::kId, Variant::kNeon, memory<march_neon, 2>}, &CpuFeatures::neon},
#endif
};

constexpr auto kEntries = [] {
  std::array<KernelEntry, std::size(kLines)> entries{};
  for (size_t i = 0; i < entries.size(); ++i) entries[i] = kLines[i].entry;
  return entries;
}();

}  // namespace

std::string_view to_string(Variant variant) {
  switch (variant) {
    case Variant::kScalar:
      return "scalar";
    case Variant::kNeon:
      return "neon";
    case Variant::kAvx2:
      return "avx2";
    case Variant::kAvx512:
      return "avx512";
  }
  return "unknown";
}

std::span<const KernelEntry> kernels() {
  return kEntries;
}

bool is_supported(std::string_view probe_id, Variant variant) {
  for (const Line& line : kLines) {
    if (line.entry.probe_id != probe_id || line.entry.variant != variant) continue;
    return line.needs == nullptr || cpu_features().*line.needs;
  }
  return false;
}

const KernelEntry* best_kernel(std::string_view probe_id) {
  const KernelEntry* best = nullptr;
  for (const KernelEntry& entry : kEntries) {
    if (entry.probe_id != probe_id || !is_supported(probe_id, entry.variant)) continue;
    if (best == nullptr || entry.variant > best->variant) best = &entry;
  }
  return best;
}

}  // namespace assay::probes::host
