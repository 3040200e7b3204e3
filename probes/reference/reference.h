// SPDX-License-Identifier: Apache-2.0
// The slow, obvious implementations that goldens are made with. They share the operands and the definition with the
// kernels (probes/catalogue) and no code: integer arithmetic only, one file a family.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "common/base/digest.h"
#include "common/base/result.h"

namespace assay::probes::reference {

// Called once per step, in order, with the words the probe must output there.
using StepSink = std::function<void(uint32_t step, std::span<const uint64_t> output)>;

// Computes a probe on one operand set: kNotFound when there is no reference of that id, kInvalid when the operands
// break the bound that makes the probe exact (then no golden may be built from them). Thread-safe.
Status run(std::string_view probe_id, uint32_t operand_set, const StepSink& sink);
// Digest128 over the outputs of all steps, in order: the golden.
Result<Digest> digest(std::string_view probe_id, uint32_t operand_set);

}  // namespace assay::probes::reference
