// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/gather.h"

#include <vector>

#include "probes/reference/families.h"

namespace assay::probes::reference {
namespace {

// The table as bytes, so that both widths go the same way.
class Table {
 public:
  explicit Table(std::span<const uint64_t> words) : bytes_(words.size() * 8) {
    for (size_t i = 0; i < words.size(); ++i) write(i, 8, words[i]);
  }
  // Element `index` of a table of elements of so many bytes, lowest byte first.
  uint64_t read(uint64_t index, unsigned size) const {
    uint64_t value = 0;
    for (unsigned i = size; i-- > 0;) value = value * 256 + bytes_.at(index * size + i);
    return value;
  }
  void write(uint64_t index, unsigned size, uint64_t value) {
    for (unsigned i = 0; i < size; ++i, value /= 256) bytes_.at(index * size + i) = static_cast<uint8_t>(value % 256);
  }

 private:
  std::vector<uint8_t> bytes_;
};

uint64_t fold(uint64_t word, uint64_t with) {
  const uint64_t sum = word + with;
  return sum << 24 | sum >> 40;
}

struct Lanes {
  std::vector<uint64_t> x;
  std::vector<uint64_t> h;
};

void iterate(Lanes& lanes, Table& table, std::span<const uint64_t> c) {
  using namespace gather;
  for (uint32_t l = 0; l < kLanes; ++l) {
    const uint64_t loaded = lanes.h[l] % 2 == 1 ? table.read(lanes.h[l] >> 54, 8) : c[l];
    lanes.x[l] = fold(lanes.x[l], loaded);
  }
  for (uint32_t l = 0; l < kLanes; ++l) lanes.h[l] = fold(lanes.h[l], table.read(lanes.x[l] % 2048, 4));
  for (uint32_t l = 0; l < kLanes; ++l) {
    const uint64_t j = kRowWords * l + (lanes.x[l] >> 58);
    const uint64_t old = table.read(j, 8);
    lanes.h[l] = fold(lanes.h[l], old);
    table.write(j, 8, fold(old, lanes.x[l]));
  }
  for (uint32_t l = 0; l < kLanes; ++l) {
    const uint64_t j = 2 * kRowWords * l + (lanes.h[l] >> 57);
    const uint64_t old = table.read(j, 4);
    lanes.x[l] = fold(lanes.x[l], old);
    const uint64_t sum = (old + lanes.h[l]) % (uint64_t{1} << 32);
    table.write(j, 4, sum << 11 | sum >> 21);
  }
}

}  // namespace

Status gather_scatter(uint32_t operand_set, const StepSink& sink) {
  using namespace gather;
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> params(kParamWords);
  operands(operand_set, state, params);
  Lanes lanes{{state.begin(), state.begin() + kLanes}, {state.begin() + kLanes, state.begin() + kTableWord}};
  Table table(std::span<const uint64_t>(state).subspan(kTableWord));
  for (uint32_t step = 0; step < kSteps; ++step) {
    for (uint32_t i = 0; i < kIterations; ++i) {
      iterate(lanes, table, std::span<const uint64_t>(params).subspan(i % kRounds * kLanes, kLanes));
    }
    for (uint32_t l = 0; l < kLanes; ++l) {
      state[l] = lanes.x[l];
      state[kLanes + l] = lanes.h[l];
    }
    for (uint32_t j = 0; j < kTableWords; ++j) state[kTableWord + j] = table.read(j, 8);
    sink(step, state);
  }
  return {};
}

}  // namespace assay::probes::reference
