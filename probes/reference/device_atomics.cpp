// SPDX-License-Identifier: Apache-2.0
// device.atomics from its definition, cell after cell: for each, all operations that meet it, the last of the last lane first.
#include "probes/catalogue/device_atomics.h"

#include <algorithm>
#include <vector>

#include "probes/reference/families.h"

namespace assay::probes::reference {
namespace {

using device_atomics::kCells;
using device_atomics::kLanes;
using device_atomics::kOperations;

constexpr uint64_t kLow = 0xFFFFFFFF;

uint64_t mix(uint64_t k) {
  k ^= k >> 33;
  k *= 0xFF51AFD7ED558CCD;
  k ^= k >> 33;
  k *= 0xC4CEB9FE1A85EC53;
  k ^= k >> 33;
  return k;
}

struct Cell {
  std::vector<uint64_t> operands;

  uint64_t sum(uint64_t from) const {
    for (const uint64_t v : operands) from += v;
    return from;
  }
  uint64_t parity(uint64_t from) const {
    for (const uint64_t v : operands) from ^= v;
    return from;
  }
  uint64_t least(uint64_t none) const { return operands.empty() ? none : std::ranges::min(operands); }
  uint64_t most() const { return operands.empty() ? 0 : std::ranges::max(operands); }
  // What each operation has as its operand of 32 bits, and as that of the swap.
  Cell halves() const {
    Cell result;
    for (const uint64_t v : operands) result.operands.push_back(v / (kLow + 1));
    return result;
  }
  Cell swapped_halves() const {
    Cell result;
    for (const uint64_t v : operands) result.operands.push_back(v / (kLow + 1) + (v % (kLow + 1)) * (kLow + 1));
    return result;
  }
};

std::vector<Cell> cells_of(std::span<const uint64_t> params, uint64_t step) {
  std::vector<Cell> cells(kCells);
  for (uint64_t lane = kLanes; lane-- > 0;) {
    for (uint64_t i = kOperations; i-- > 0;) {
      const uint64_t v = mix(params[lane] + (kOperations * step + i) * device_atomics::kStride);
      cells[v % kCells].operands.push_back(v);
    }
  }
  return cells;
}

void put_half(uint64_t& word, uint64_t which, uint64_t value) {
  word = which == 0 ? (word & ~kLow) | (value & kLow) : (word & kLow) | value << 32;
}

}  // namespace

Status device_atomics_cells(uint32_t operand_set, const StepSink& sink) {
  using namespace device_atomics;
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> params(kParamWords);
  operands(operand_set, state, params);
  for (uint32_t step = 0; step < kSteps; ++step) {
    const std::vector<Cell> cells = cells_of(params, step);
    for (uint64_t c = 0; c < kCells; ++c) {
      const Cell& cell = cells[c];
      state[c] = cell.sum(state[c]);
      state[kCells + c] = cell.least(~uint64_t{0});
      state[2 * kCells + c] = cell.most();
      state[3 * kCells + c] = cell.parity(state[3 * kCells + c]);
      state[4 * kCells + c] = cell.swapped_halves().sum(state[4 * kCells + c]);
      const Cell narrow = cell.halves();
      uint64_t* words = &state[kWideKinds * kCells + c / 2];
      const uint64_t shift = 32 * (c % 2);
      put_half(words[0], c % 2, narrow.sum(words[0] >> shift & kLow));
      put_half(words[kCells / 2], c % 2, narrow.least(kLow));
      put_half(words[kCells], c % 2, narrow.most());
      put_half(words[3 * kCells / 2], c % 2, narrow.parity(words[3 * kCells / 2] >> shift & kLow));
    }
    sink(step, state);
  }
  return {};
}

}  // namespace assay::probes::reference
