// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/march/kernel.h"

#include <array>

#include "probes/backend/host/aligned_buffer.h"
#include "probes/catalogue/march.h"

namespace assay::probes::host {
namespace {

class MarchKernel final : public Kernel {
 public:
  MarchKernel(MarchFunction function, uint32_t words_per_vector)
      : function_(function),
        words_per_vector_(words_per_vector),
        memory_(march::kWords),
        output_(size_t{march::kBlocks} * march::kOutputWordsPerBlock) {}

  bool has_memory() const { return !memory_.empty() && !output_.empty(); }

  // The memory keeps what the last run left: the march writes every word before it reads one.
  void prepare(uint32_t operand_set) override { backgrounds_ = march::operands(operand_set); }
  uint32_t steps() const override { return march::kSteps; }
  void step(uint32_t index) override {
    const march::Element& element = march::kMarch[index % march::kElements];
    const march::Background& background = backgrounds_[index / march::kElements];
    const auto flip = [](bool inverse) { return inverse ? ~uint64_t{0} : 0; };
    function_(memory_.data(), output_.data(),
              {background.seed, background.stride, flip(element.read_inverse), flip(element.write_inverse),
               element.down, element.reads, element.writes});
  }
  std::span<uint64_t> output() override { return output_.span(); }
  std::span<uint64_t> state() override { return memory_.span(); }
  uint32_t words_per_vector() const override { return words_per_vector_; }
  double work_per_run() const override {
    return 1.0 * march::kBackgrounds * march::kReadingElements * static_cast<double>(march::kBytes);
  }

 private:
  MarchFunction function_;
  uint32_t words_per_vector_;
  AlignedBuffer memory_;
  AlignedBuffer output_;
  std::array<march::Background, march::kBackgrounds> backgrounds_{};
};

}  // namespace

std::unique_ptr<Kernel> make_march(MarchFunction function, uint32_t words_per_vector) {
  auto kernel = std::make_unique<MarchKernel>(function, words_per_vector);
  if (!kernel->has_memory()) return nullptr;
  return kernel;
}

}  // namespace assay::probes::host
