// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/cvt.h"

#include <algorithm>
#include <vector>

#include "probes/reference/families.h"
#include "probes/reference/soft_float.h"

namespace assay::probes::reference {
namespace {

constexpr uint64_t kLow = 0xFFFFFFFF;

int64_t signed_half(uint64_t lane) { return static_cast<int64_t>(lane << 32) >> 32; }
uint64_t low_half(int64_t value) { return static_cast<uint64_t>(value) & kLow; }

void fold_half(uint64_t& to, uint64_t result) {
  const uint64_t sum = (to + result) & kLow;
  to = (sum << 8 | sum >> 24) & kLow;
}
void fold_word(uint64_t& to, uint64_t result) {
  to += result;
  to = to << 24 | to >> 40;
}

// One 32-bit lane.
void narrow(uint64_t& to, uint64_t w, uint64_t h) {
  if ((h & 0x7C00) == 0x7C00) h &= 0xFC00;
  const uint64_t f = soft_convert(kBinary16, kBinary32, h);
  fold_half(to, f);
  const bool infinite = (h & 0x7C00) == 0x7C00;
  fold_half(to, soft_convert(kBinary32, kBinary16, infinite ? f : f + w % 8192));
  fold_half(to, soft_convert(kBinary32, kBinary16, (w & 0x8FFFFFFF) | 0x30000000));
  fold_half(to, soft_convert(kBinary32, kBfloat16, (w & fma::kKeepF32) | fma::kSetF32));
  fold_half(to, soft_from_integer(kBinary32, signed_half(w)));
  const uint64_t y = (w & 0x87FFFFFF) + 0x3E000000;
  fold_half(to, low_half(soft_to_integer(kBinary32, y, ToInteger::kTruncate)));
  fold_half(to, low_half(soft_to_integer(kBinary32, y & ~uint64_t{0xFFF}, ToInteger::kNearestEven)));
  fold_half(to, soft_from_integer(kBinary32, std::clamp<int64_t>(signed_half(w) >> 15, -32768, 32767)));
  fold_half(to, soft_from_integer(kBinary32, std::clamp<int64_t>(signed_half(w) >> 23, -128, 127)));
}

void wide(uint64_t& to, uint64_t w) {
  const uint64_t x = (w & fma::kKeepF64) | fma::kSetF64;
  const uint64_t low = w & kLow;
  fold_word(to, soft_convert(kBinary64, kBinary32, x));
  fold_word(to, soft_convert(kBinary64, kBinary32, x >> 28 << 28));
  fold_word(to, soft_convert(kBinary64, kBinary32, (w & 0x81FFFFFFFFFFFFFF) | 0x3600000000000000));
  fold_word(to, soft_convert(kBinary32, kBinary64, (low & fma::kKeepF32) | fma::kSetF32));
  fold_word(to, soft_convert(kBinary32, kBinary64, low & 0x807FFFFF));
  fold_word(to, soft_from_integer(kBinary64, signed_half(w)));
  fold_word(to, soft_from_integer(kBinary64, static_cast<int64_t>(w)));
  const uint64_t y = (w & 0x83FFFFFFFFFFFFFF) + 0x3FC0000000000000;
  fold_word(to, static_cast<uint64_t>(soft_to_integer(kBinary64, y, ToInteger::kTruncate)));
  fold_word(to, static_cast<uint64_t>(soft_to_integer(kBinary64, y >> 32 << 32, ToInteger::kNearestEven)));
  const uint64_t z = (w & 0x80FFFFFFFFFFFFFF) + 0x3FC0000000000000;
  fold_word(to, low_half(soft_to_integer(kBinary64, z, ToInteger::kTruncate)));
  fold_word(to, low_half(soft_to_integer(kBinary64, z >> 40 << 40, ToInteger::kNearestEven)));
}

}  // namespace

Status cvt_table(uint32_t operand_set, const StepSink& sink) {
  using namespace cvt;
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> params(kParamWords);
  operands(operand_set, state, params);
  for (uint32_t step = 0; step < kSteps; ++step) {
    for (uint32_t i = 0; i < kIterations; ++i) {
      const uint64_t first = uint64_t{kLanes} * (step * kIterations + i);
      for (uint32_t word = 0; word < kHalfWords; ++word) {
        uint64_t& u = state[word];
        uint64_t& v = state[kHalfWords + word];
        uint64_t low = v & kLow;
        uint64_t high = v >> 32;
        narrow(low, u & kLow, ((first + 2 * word) * params[0] + params[1]) % 65536);
        narrow(high, u >> 32, ((first + 2 * word + 1) * params[0] + params[1]) % 65536);
        v = low | high << 32;
        wide(u, v);
      }
    }
    sink(step, state);
  }
  return {};
}

}  // namespace assay::probes::reference
