// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/addmul.h"

#include <vector>

#include "probes/reference/families.h"
#include "probes/reference/soft_float.h"

namespace assay::probes::reference {
namespace {

// One lane of the definition, in words of `width` bits that are cut out of the 64-bit ones where they lie.
class Lane {
 public:
  Lane(FloatFormat format, uint64_t keep, uint64_t set) : format_(format), keep_(keep), set_(set) {}

  void iterate(uint64_t& u, uint64_t& v, uint64_t a0, uint64_t b0, uint64_t a1, uint64_t b1) const {
    const uint64_t product = soft_multiply(format_, window(u), a0);
    fold(v, product);
    fold(v, soft_add(format_, product, b0));
    const uint64_t difference = soft_subtract(format_, window(v), b1);
    fold(u, difference);
    fold(u, soft_multiply(format_, difference, a1));
  }

 private:
  uint64_t window(uint64_t word) const { return (word & keep_) | set_; }
  void fold(uint64_t& word, uint64_t result) const {
    if (format_.fraction_bits == kBinary64.fraction_bits) {
      word += result;
      word = word << 24 | word >> 40;
    } else {
      const uint64_t sum = (word + result) % (uint64_t{1} << 32);
      word = sum % (uint64_t{1} << 24) << 8 | sum >> 24;
    }
  }

  FloatFormat format_;
  uint64_t keep_;
  uint64_t set_;
};

using Operands = void (*)(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

// Lane `index` of an array of words that hold `parts` lanes each.
uint64_t get(const std::vector<uint64_t>& words, size_t index, size_t parts) {
  return parts == 1 ? words[index] : words[index / 2] >> (32 * (index % 2)) & 0xFFFFFFFF;
}
void put(std::vector<uint64_t>& words, size_t index, size_t parts, uint64_t value) {
  if (parts == 1) {
    words[index] = value;
  } else {
    const unsigned at = 32 * (index % 2);
    words[index / 2] = (words[index / 2] & ~(uint64_t{0xFFFFFFFF} << at)) | value << at;
  }
}

Status run_chain(const Lane& lane, size_t parts, Operands operands, uint32_t operand_set, const StepSink& sink) {
  using namespace addmul;
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> params(kParamWords);
  operands(operand_set, state, params);
  const size_t lanes = parts * kHalfWords;
  for (uint32_t step = 0; step < kSteps; ++step) {
    for (size_t l = 0; l < lanes; ++l) {
      uint64_t u = get(state, l, parts);
      uint64_t v = get(state, lanes + l, parts);
      const auto a = [&](size_t round) { return get(params, round * lanes + l, parts); };
      const auto b = [&](size_t round) { return get(params, (kRounds + round) * lanes + l, parts); };
      for (uint32_t i = 0; i < kIterations; ++i) {
        const size_t round = 2 * i % kRounds;
        lane.iterate(u, v, a(round), b(round), a(round + 1), b(round + 1));
      }
      put(state, l, parts, u);
      put(state, lanes + l, parts, v);
    }
    sink(step, state);
  }
  return {};
}

}  // namespace

Status addmul_f64_chain(uint32_t operand_set, const StepSink& sink) {
  const Lane lane(kBinary64, addmul::kKeepF64, addmul::kSetF64);
  return run_chain(lane, 1, addmul::operands_f64, operand_set, sink);
}

Status addmul_f32_chain(uint32_t operand_set, const StepSink& sink) {
  const Lane lane(kBinary32, addmul::kKeepF32, addmul::kSetF32);
  return run_chain(lane, 2, addmul::operands_f32, operand_set, sink);
}

}  // namespace assay::probes::reference
