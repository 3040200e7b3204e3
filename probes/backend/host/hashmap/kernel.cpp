// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/hashmap/kernel.h"

#include <algorithm>

#include "probes/backend/host/aligned_buffer.h"
#include "probes/backend/host/hashmap/variants.h"

namespace assay::probes::host {
namespace {

class HashMapKernel final : public Kernel {
 public:
  HashMapKernel() : params_(hashmap::kParamWords), state_(kHashMapStateWords), output_(hashmap::kOutputWords) {}

  bool has_memory() const { return !params_.empty() && !state_.empty() && !output_.empty(); }

  void prepare(uint32_t operand_set) override {
    const hashmap::Walk walk = hashmap::operands(operand_set, params_.span());
    std::ranges::fill(state_.span(), 0);
    hashmap_fill_scalar(state_.data(), params_.data());
    state_.data()[kHashMapStateWords - 2] = walk.cursor;
    state_.data()[kHashMapStateWords - 1] = walk.digest;
  }
  uint32_t steps() const override { return hashmap::kSteps; }
  void step(uint32_t) override { hashmap_step_scalar(state_.data(), params_.data(), output_.data()); }
  std::span<uint64_t> output() override { return output_.span(); }
  std::span<uint64_t> state() override { return state_.span(); }
  uint32_t words_per_vector() const override { return 1; }
  // Operations on the map, the looks of the output among them.
  double work_per_run() const override { return 1.0 * hashmap::kSteps * (hashmap::kOperations + hashmap::kKeys); }

 private:
  AlignedBuffer params_;
  AlignedBuffer state_;
  AlignedBuffer output_;
};

}  // namespace

std::unique_ptr<Kernel> make_hashmap(const KernelSite&) {
  auto kernel = std::make_unique<HashMapKernel>();
  if (!kernel->has_memory()) return nullptr;
  return kernel;
}

}  // namespace assay::probes::host
