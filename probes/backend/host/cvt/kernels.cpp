// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/chain_kernel.h"
#include "probes/backend/host/cvt/variants.h"
#include "probes/backend/host/families.h"
#include "probes/catalogue/cvt.h"

namespace assay::probes::host {
namespace {

constexpr ChainShape kCvt{cvt::kStateWords,
                          cvt::kParamWords,
                          cvt::kStateWords,
                          cvt::kSteps,
                          per_run(cvt::kSteps, 1.0 * cvt::kIterations * (cvt::kNarrow * cvt::kLanes + cvt::kWide * cvt::kHalfWords)),
                          cvt::operands};

constexpr KernelEntry kEntries[] = {
    {cvt::kId, Variant::kScalar, nullptr, "scalar conversions between integers, FP32 and FP64; FP16 and BF16 emulated in integers", make_chain<kCvt, cvt_scalar, 1>},
#if defined(__x86_64__)
    {cvt::kId, Variant::kSse, &CpuFeatures::sse42, "128-bit conversions between 32-bit integers, FP32 and FP64; 64-bit integers scalar; FP16 and BF16 emulated in integers", make_chain<kCvt, cvt_sse, 2>},
    {cvt::kId, Variant::kAvx2, &CpuFeatures::f16c, "256-bit conversions between 32-bit integers, FP16 (F16C), FP32 and FP64; 64-bit integers scalar; BF16 emulated in integers", make_chain<kCvt, cvt_avx2, 4>},
    {cvt::kId, Variant::kAvx512, &CpuFeatures::avx512, "512-bit conversions between integers, FP16, FP32 and FP64; BF16 emulated in integers", make_chain<kCvt, cvt_avx512, 8>},
    {cvt::kId, Variant::kAvx512Bf16, &CpuFeatures::avx512_bf16, "512-bit conversions between integers, FP16, BF16, FP32 and FP64", make_chain<kCvt, cvt_avx512_bf16, 8>},
#endif
};

}  // namespace

std::span<const KernelEntry> cvt_kernels() { return kEntries; }

}  // namespace assay::probes::host
