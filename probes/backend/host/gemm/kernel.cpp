// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/gemm/kernel.h"

#include <type_traits>

#include "probes/backend/host/aligned_buffer.h"
#include "probes/catalogue/gemm.h"

namespace assay::probes::host {
namespace {

template <typename T>
class GemmKernel final : public Kernel {
 public:
  using Product = std::conditional_t<std::is_same_v<T, double>, GemmF64, GemmF32>;
  static constexpr bool kDouble = std::is_same_v<T, double>;
  static constexpr uint32_t kRows = kDouble ? gemm::kRowsF64 : gemm::kRowsF32;
  static constexpr uint32_t kPerWord = sizeof(uint64_t) / sizeof(T);

  GemmKernel(Product product, const GemmBlock& block)
      : product_(product),
        block_(block),
        a_(kRows * gemm::kDepth / kPerWord),
        b_(gemm::kColumns * gemm::kDepth / kPerWord),
        c_(kRows * gemm::kColumns / kPerWord) {}

  bool has_memory() const { return !a_.empty() && !b_.empty() && !c_.empty(); }

  void prepare(uint32_t operand_set) override {
    const auto rows = static_cast<uint32_t>(block_.rows);
    // A scalar tile is as wide in FP32 as in FP64; vectors hold twice as many elements.
    const auto width =
        static_cast<uint32_t>(block_.width_f64 == 1 || kDouble ? block_.width_f64 : 2 * block_.width_f64);
    const gemm::Layout layout{rows, static_cast<uint32_t>(block_.vectors) * width};
    if constexpr (kDouble) {
      gemm::operands_f64(operand_set, layout, elements(a_), elements(b_));
    } else {
      gemm::operands_f32(operand_set, layout, elements(a_), elements(b_));
    }
  }
  uint32_t steps() const override { return gemm::kSteps; }
  void step(uint32_t index) override { product_(elements(a_), elements(b_), index * gemm::kTurns * gemm::kShift, elements(c_)); }
  std::span<uint64_t> output() override { return c_.span(); }
  uint32_t words_per_vector() const override { return static_cast<uint32_t>(block_.width_f64); }
  double work_per_run() const override { return 2.0 * kRows * gemm::kColumns * gemm::kDepth * gemm::kSteps * gemm::kTurns; }

 private:
  static T* elements(const AlignedBuffer& buffer) { return reinterpret_cast<T*>(buffer.data()); }

  Product product_;
  GemmBlock block_;
  AlignedBuffer a_;
  AlignedBuffer b_;
  AlignedBuffer c_;
};

template <typename T>
std::unique_ptr<Kernel> make(typename GemmKernel<T>::Product product, const GemmBlock& block) {
  auto kernel = std::make_unique<GemmKernel<T>>(product, block);
  if (!kernel->has_memory()) return nullptr;
  return kernel;
}

}  // namespace

std::unique_ptr<Kernel> make_gemm(GemmF64 product, const GemmBlock& block) {
  return make<double>(product, block);
}
std::unique_ptr<Kernel> make_gemm(GemmF32 product, const GemmBlock& block) {
  return make<float>(product, block);
}

}  // namespace assay::probes::host
