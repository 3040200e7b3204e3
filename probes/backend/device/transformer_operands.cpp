// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/device/transformer_operands.h"

#include <algorithm>
#include <vector>

#include "common/base/check.h"
#include "probes/catalogue/transformer.h"

namespace assay::probes::device {

void transformer_operands(uint32_t operand_set, std::span<uint64_t>, std::span<uint64_t> params) {
  constexpr uint32_t kWeightWords = transformer::weight::kCount / 2;
  ASSAY_CHECK(params.size() == kWeightWords + transformer::kParamWords);
  std::vector<uint64_t> state(transformer::kStateWords);
  transformer::operands(operand_set, state, params.subspan(kWeightWords));
  std::copy_n(state.begin(), kWeightWords, params.begin());
}

}  // namespace assay::probes::device
