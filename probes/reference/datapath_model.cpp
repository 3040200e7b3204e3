// SPDX-License-Identifier: Apache-2.0
#include "probes/reference/datapath_model.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <limits>

#include "common/base/check.h"

namespace assay::probes::reference {
namespace {

constexpr int kNoExponent = std::numeric_limits<int>::min() / 4;
constexpr int kFp32Fraction = 23;
constexpr int kFp32Bias = 127;

int product_bits(const MatrixUnit& unit) { return 2 * unit.operand.significand_bits(); }
int exponent_bits(const MatrixUnit& unit) { return unit.operand.exponent_bits + 1; }
// A product is less than 4, the accumulator less than 2.
int addend_bits(const MatrixUnit& unit) { return unit.fraction_bits + 2; }
int sum_bits(const MatrixUnit& unit) { return addend_bits(unit) + static_cast<int>(std::bit_width(unit.block)) + 1; }
// Of the result; e8m13 has no more.
int least_result_bit(const MatrixUnit& unit) { return unit.rounding == ResultRounding::kTowardZeroE8m13 ? 10 : 0; }

constexpr uint32_t kMaxLanes = 64;

// Which values each wire carried in one dot product: a stuck wire that never carried the other value changes nothing.
class Carried {
 public:
  void add(DatapathPart part, uint32_t lane, uint64_t value) {
    Word& word = words_[static_cast<size_t>(part)][lane];
    word.ones |= value;
    word.zeros |= ~value;
  }
  bool differs(const StuckWire& wire) const {
    const Word& word = words_[static_cast<size_t>(wire.part)][wire.lane];
    return ((wire.value ? word.zeros : word.ones) >> wire.bit & 1) != 0;
  }

 private:
  struct Word {
    uint64_t ones = 0;
    uint64_t zeros = 0;
  };
  std::array<std::array<Word, kMaxLanes + 1>, kDatapathParts> words_{};
};

// The value of the wires of one part and lane with the fault in them.
class Wires {
 public:
  explicit Wires(const StuckWire* fault, Carried* carried = nullptr) : fault_(fault), carried_(carried) {}
  uint64_t pass(DatapathPart part, uint32_t lane, uint64_t value) const {
    if (carried_ != nullptr) carried_->add(part, lane, value);
    if (fault_ == nullptr || fault_->part != part || fault_->lane != lane) return value;
    const uint64_t bit = uint64_t{1} << fault_->bit;
    return fault_->value ? value | bit : value & ~bit;
  }

 private:
  const StuckWire* fault_;
  Carried* carried_;
};

struct Lane {
  uint64_t product = 0;
  int exponent = kNoExponent;  // of the lane's product, biased twice
  bool negative = false;
};

uint64_t align(uint64_t magnitude, int up) {
  if (up >= 0) return up < 64 ? magnitude << up : 0;
  return -up < 64 ? magnitude >> -up : 0;
}

int64_t with_sign(uint64_t magnitude, bool negative) {
  return negative ? -static_cast<int64_t>(magnitude) : static_cast<int64_t>(magnitude);
}

// One block: up to unit.block products added to c.
uint32_t add_block(const MatrixUnit& unit, std::span<const Unpacked> a, std::span<const Unpacked> b, uint32_t c,
                   const Wires& wires) {
  ASSAY_CHECK(a.size() <= kMaxLanes);
  Lane lanes[kMaxLanes];
  const int two_biases = 2 * unit.operand.bias;
  int largest = kNoExponent;
  for (uint32_t i = 0; i < a.size(); ++i) {
    if (a[i].significand == 0 || b[i].significand == 0) continue;
    lanes[i].product = wires.pass(DatapathPart::kProduct, i, uint64_t{a[i].significand} * b[i].significand);
    const int field = a[i].exponent_field + b[i].exponent_field;
    lanes[i].exponent = static_cast<int>(wires.pass(DatapathPart::kExponent, i, static_cast<uint64_t>(field)));
    lanes[i].negative = a[i].negative != b[i].negative;
    largest = std::max(largest, lanes[i].exponent);
  }
  const uint32_t c_fraction = c & 0x7FFFFF;
  const auto c_field = static_cast<int>(c >> kFp32Fraction & 0xFF);
  const uint64_t c_significand = c_field == 0 ? c_fraction : c_fraction | 1U << kFp32Fraction;
  const int c_exponent = std::max(c_field, 1) - kFp32Bias + two_biases;
  if (c_significand != 0) largest = std::max(largest, c_exponent);
  if (largest == kNoExponent) largest = 0;

  int64_t sum = 0;
  const int fraction = unit.fraction_bits;
  for (uint32_t i = 0; i < a.size(); ++i) {
    const int up = fraction - 2 * unit.operand.mantissa_bits - (largest - lanes[i].exponent);
    const uint64_t addend = wires.pass(DatapathPart::kAddend, i, align(lanes[i].product, up));
    sum += with_sign(addend, lanes[i].negative);
  }
  const uint64_t aligned = align(c_significand, fraction - kFp32Fraction - (largest - c_exponent));
  sum += with_sign(wires.pass(DatapathPart::kAddend, unit.block, aligned), (c >> 31) != 0);
  const int unused = 64 - sum_bits(unit);
  const uint64_t word = wires.pass(DatapathPart::kSum, 0, static_cast<uint64_t>(sum) << unused >> unused);
  const int64_t total = static_cast<int64_t>(word << unused) >> unused;
  const uint32_t result = to_accumulator(total, largest - two_biases - fraction, unit.rounding);
  return static_cast<uint32_t>(wires.pass(DatapathPart::kAccumulator, 0, result));
}

// The whole of a row and a column, block after block.
uint32_t add_all(const MatrixUnit& unit, const DotOperands& dot, const Wires& wires) {
  ASSAY_CHECK(dot.a.size() == dot.b.size());
  uint32_t c = 0;
  for (size_t t = 0; t < dot.a.size(); t += unit.block) {
    const size_t count = std::min<size_t>(unit.block, dot.a.size() - t);
    c = add_block(unit, dot.a.subspan(t, count), dot.b.subspan(t, count), c, wires);
  }
  return c;
}

void add_wires(std::vector<StuckWire>& wires, DatapathPart part, uint32_t lanes, int first_bit, int bits) {
  for (uint32_t lane = 0; lane < lanes; ++lane) {
    for (int bit = first_bit; bit < bits; ++bit) {
      for (const bool value : {false, true}) wires.push_back({part, lane, static_cast<uint32_t>(bit), value});
    }
  }
}

}  // namespace

std::string_view to_string(DatapathPart part) {
  constexpr std::string_view kNames[] = {"product", "exponent", "addend", "sum", "accumulator"};
  static_assert(std::size(kNames) == kDatapathParts);
  return kNames[static_cast<size_t>(part)];
}

std::vector<StuckWire> stuck_wires(const MatrixUnit& unit) {
  ASSAY_CHECK(unit.accumulation == Accumulation::kTruncate);
  std::vector<StuckWire> wires;
  add_wires(wires, DatapathPart::kProduct, unit.block, 0, product_bits(unit));
  add_wires(wires, DatapathPart::kExponent, unit.block, 0, exponent_bits(unit));
  add_wires(wires, DatapathPart::kAddend, unit.block + 1, 0, addend_bits(unit));
  add_wires(wires, DatapathPart::kSum, 1, 0, sum_bits(unit));
  add_wires(wires, DatapathPart::kAccumulator, 1, least_result_bit(unit), 32);
  return wires;
}

Unpacked unpack(const NarrowFloat& format, uint32_t code) {
  const Fraction number = decode(format, code);
  const auto field = static_cast<int>((code & (format.sign_bit() - 1)) >> format.mantissa_bits);
  return {static_cast<uint32_t>(std::abs(number.significand)), std::max(field, 1), (code & format.sign_bit()) != 0};
}

uint32_t datapath_dot(const MatrixUnit& unit, std::span<const Unpacked> a, std::span<const Unpacked> b, const StuckWire* fault) {
  return add_all(unit, {a, b}, Wires(fault));
}

std::vector<bool> excited(const MatrixUnit& unit, std::span<const StuckWire> wires, std::span<const DotOperands> dots) {
  std::vector<uint32_t> right;
  std::vector<Carried> carried(dots.size());
  for (size_t d = 0; d < dots.size(); ++d) right.push_back(add_all(unit, dots[d], Wires(nullptr, &carried[d])));
  std::vector<bool> shown(wires.size());
  for (size_t w = 0; w < wires.size(); ++w) {
    for (size_t d = 0; d < dots.size() && !shown[w]; ++d) {
      shown[w] = carried[d].differs(wires[w]) && add_all(unit, dots[d], Wires(&wires[w])) != right[d];
    }
  }
  return shown;
}

}  // namespace assay::probes::reference
