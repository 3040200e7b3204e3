// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/cuda_tensor/goldens.h"

#include <string>

#include "common/base/check.h"
#include "probes/catalogue/catalogue.h"
#include "probes/goldens/golden_set.h"
#include "tests/support/golden_folder.h"

namespace assay::probes::tensor {

Digest golden_of(std::string_view probe_id, uint32_t operand_set) {
  static const Result<GoldenSet> kSet = GoldenSet::load(test::golden_folder());
  ASSAY_CHECK(kSet.ok());
  const ProbeSpec* spec = find_probe(probe_id);
  ASSAY_CHECK(spec != nullptr);
  const auto found = kSet.value().find(spec->ref, operand_set);
  ASSAY_CHECK(found.has_value());
  return *found;
}

}  // namespace assay::probes::tensor
