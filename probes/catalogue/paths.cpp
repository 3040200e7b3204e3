// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/paths.h"

#include <algorithm>

#include "probes/catalogue/operand_seed.h"

namespace assay::probes::paths {
namespace {

void random_words(std::string_view id, uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params) {
  Random random = operand_random(id, kVersion, operand_set);
  for (uint64_t& word : state) word = random.next();
  for (uint64_t& word : params) word = random.next();
}

}  // namespace

void operands_l2_read(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params) { random_words(kIdL2Read, operand_set, state, params); }

void operands_copy_to_device(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params) {
  random_words(kIdCopyToDevice, operand_set, state, params);
}

void operands_copy_to_host(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params) {
  random_words(kIdCopyToHost, operand_set, state, params);
}

void operands_exchange(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params) { random_words(kIdExchange, operand_set, state, params); }

void operands_atomic_mix(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params) {
  random_words(kIdAtomicMix, operand_set, state, params);
  std::ranges::fill(state.subspan(2 * kCells, kCells), ~uint64_t{0});
  std::ranges::fill(state.subspan(3 * kCells, kCells), 0);
}

}  // namespace assay::probes::paths
