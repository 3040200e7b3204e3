// SPDX-License-Identifier: Apache-2.0
// A model of the datapath of one fused dot-product unit with a single stuck-at fault in it, to measure what share of such
// faults a choice of operands shows. It is our own drawing of published behaviour, not a netlist: the shares compare
// operand recipes and predict no coverage of real defects.
//
// `lanes` products at a time: significands multiply, exponents add, the largest exponent of products and accumulator is
// found, every product and the accumulator are aligned to it and cut to `fraction_bits` bits behind its point, all are
// added in two's complement, and the sum is cut to the accumulator's format. A zero operand switches its lane off: faults of that lane
// then show nothing before the addend.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "probes/reference/matrix_unit.h"

namespace assay::probes::reference {

enum class DatapathPart : uint8_t { kProduct, kExponent, kAddend, kSum, kAccumulator };
inline constexpr int kDatapathParts = 5;
std::string_view to_string(DatapathPart part);

// One wire that is always 0 or always 1. `lane` is 0 for sum and accumulator; for kAddend the lane after the last is the
// accumulator's own.
struct StuckWire {
  DatapathPart part = DatapathPart::kProduct;
  uint32_t lane = 0;
  uint32_t bit = 0;
  bool value = false;
};

// All wires of a unit, both values each. The unit must be one that truncates.
std::vector<StuckWire> stuck_wires(const MatrixUnit& unit);

// An operand as the unit gets it.
struct Unpacked {
  uint32_t significand = 0;  // with the hidden one
  int exponent_field = 1;    // of subnormals 1
  bool negative = false;
};
Unpacked unpack(const NarrowFloat& format, uint32_t code);

// +0 + sum of a[t] * b[t] in blocks of the unit's lanes, as bits of FP32; `fault` nullptr: none, and then equal to
// multiply_accumulate of the unit.
uint32_t datapath_dot(const MatrixUnit& unit, std::span<const Unpacked> a, std::span<const Unpacked> b,
                      const StuckWire* fault);

// A row and a column to multiply; the spans are of one size.
struct DotOperands {
  std::span<const Unpacked> a;
  std::span<const Unpacked> b;
};
// For each wire, whether the result of any dot product changes.
std::vector<bool> excited(const MatrixUnit& unit, std::span<const StuckWire> wires, std::span<const DotOperands> dots);

}  // namespace assay::probes::reference
