// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/x87_atan.h"

#include <fmt/format.h>

#include <optional>
#include <vector>

#include "probes/reference/elementary.h"
#include "probes/reference/families.h"
#include "probes/reference/portable_word.h"

namespace assay::probes::reference {
namespace {

using namespace x87_atan;

// Remembers whether any value was too near to a boundary.
class Rounder {
 public:
  bool all_clear() const { return clear_; }
  uint64_t word(const Fixed& y) {
    const std::optional<uint64_t> found = portable_word(y);
    clear_ = clear_ && found.has_value();
    return found.value_or(0);
  }

 private:
  bool clear_ = true;
};

Fixed number(uint64_t word, Field field, uint64_t c) {
  return Fixed::of({word | kLeadingBit, sign_exponent(field, c)});
}

uint64_t fold(uint64_t to, uint64_t word) {
  const uint64_t sum = to + word;
  return sum << 24 | sum >> 40;
}

void iterate(Rounder& rounder, uint64_t& u, uint64_t& v, uint64_t c, uint64_t d) {
  const Fixed x = number(u, kX, c);
  const Fixed sine_of_x = sine(x);
  const Fixed cosine_of_x = cosine(x);
  const uint64_t sine_word = rounder.word(sine_of_x);
  const uint64_t cosine_word = rounder.word(cosine_of_x);
  for (const uint64_t word : {sine_word, cosine_word, sine_word, cosine_word}) v = fold(v, word);
  v = fold(v, rounder.word(sine_of_x / cosine_of_x));
  v = fold(v, rounder.word(power_of_two_less_one(x)));
  const Fixed y = number(v, kY, c);
  const Fixed z = number(d, kZ, c);
  const Fixed t = number(v, kT, c);
  u = fold(u, rounder.word(angle(y, z)));
  u = fold(u, rounder.word(z * logarithm_to_base_two(y.magnitude())));
  u = fold(u, rounder.word(z * logarithm_to_base_two(Fixed(1) + t)));
}

}  // namespace

Status x87_atan_chain(uint32_t operand_set, const StepSink& sink) {
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> params(kParamWords);
  operands(operand_set, state, params);
  Rounder rounder;
  for (uint32_t step = 0; step < kSteps; ++step) {
    for (uint32_t lane = 0; lane < kLanes; ++lane) {
      for (uint32_t i = 0; i < kIterations; ++i) {
        const uint32_t at = i % kRounds * kLanes + lane;
        iterate(rounder, state[lane], state[kLanes + lane], params[at], params[kTable + at]);
      }
    }
    if (!rounder.all_clear()) {
      return make_error(ErrorCode::kInvalid,
                        fmt::format("operand set {}: a value lies too near to a boundary of the rounding to 40 bits; give "
                                    "the set another salt in probes/catalogue/x87_atan.cpp",
                                    operand_set));
    }
    sink(step, state);
  }
  return {};
}

}  // namespace assay::probes::reference
