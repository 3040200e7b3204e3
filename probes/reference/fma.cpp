// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/fma.h"

#include <vector>

#include "probes/reference/families.h"
#include "probes/reference/soft_float.h"

namespace assay::probes::reference {
namespace {

// One lane as the definition writes it; words are 64 or 32 bits wide.
struct Chain {
  FloatFormat format;
  uint64_t keep;
  uint64_t set;
  int width;
  int rotation;

  // rotl(to + bits(fma(window(from), a, b)))
  uint64_t half_iteration(uint64_t to, uint64_t from, uint64_t a, uint64_t b) const {
    const uint64_t mask = width == 64 ? ~uint64_t{0} : (uint64_t{1} << width) - 1;
    const uint64_t sum = (to + soft_fma(format, (from & keep) | set, a, b)) & mask;
    return (sum << rotation | sum >> (width - rotation)) & mask;
  }
};

// Words of `width` bits out of 64-bit ones and back.
std::vector<uint64_t> spread(const std::vector<uint64_t>& words, int width) {
  if (width == 64) return words;
  std::vector<uint64_t> halves;
  for (const uint64_t word : words) {
    halves.push_back(word & 0xFFFFFFFF);
    halves.push_back(word >> 32);
  }
  return halves;
}
std::vector<uint64_t> gather(const std::vector<uint64_t>& parts, int width) {
  if (width == 64) return parts;
  std::vector<uint64_t> words;
  for (size_t i = 0; i < parts.size(); i += 2) words.push_back(parts[i] | parts[i + 1] << 32);
  return words;
}

Status run_chain(const Chain& chain, const std::vector<uint64_t>& state, const std::vector<uint64_t>& params,
                 const StepSink& sink) {
  std::vector<uint64_t> words = spread(state, chain.width);
  const std::vector<uint64_t> factors = spread(params, chain.width);
  const size_t lanes = words.size() / 2;
  for (uint32_t step = 0; step < fma::kSteps; ++step) {
    for (uint32_t i = 0; i < fma::kIterations; ++i) {
      const size_t round = 2 * i % fma::kRounds;
      for (size_t lane = 0; lane < lanes; ++lane) {
        uint64_t& u = words[lane];
        uint64_t& v = words[lanes + lane];
        const auto a = [&](size_t r) { return factors[r * lanes + lane]; };
        const auto b = [&](size_t r) { return factors[(fma::kRounds + r) * lanes + lane]; };
        v = chain.half_iteration(v, u, a(round), b(round));
        u = chain.half_iteration(u, v, a(round + 1), b(round + 1));
      }
    }
    sink(step, gather(words, chain.width));
  }
  return {};
}

}  // namespace

Status fma_f64_chain(uint32_t operand_set, const StepSink& sink) {
  std::vector<uint64_t> state(fma::kStateWords);
  std::vector<uint64_t> params(fma::kParamWords);
  fma::operands_f64(operand_set, state, params);
  return run_chain({kBinary64, fma::kKeepF64, fma::kSetF64, 64, 24}, state, params, sink);
}

Status fma_f32_chain(uint32_t operand_set, const StepSink& sink) {
  std::vector<uint64_t> state(fma::kStateWords);
  std::vector<uint64_t> params(fma::kParamWords);
  fma::operands_f32(operand_set, state, params);
  return run_chain({kBinary32, fma::kKeepF32, fma::kSetF32, 32, 8}, state, params, sink);
}

}  // namespace assay::probes::reference
