// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/crc32c/variants.h"
#include "probes/catalogue/crc32c.h"

namespace assay::probes::host {
namespace {

struct Table {
  uint32_t entries[256];
};

constexpr Table make_table() {
  Table table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? crc32c::kPolynomial : 0);
    table.entries[i] = crc;
  }
  return table;
}
constexpr Table kTable = make_table();

inline uint64_t take_in(uint64_t crc, uint64_t word) {
  for (int byte = 0; byte < 8; ++byte, word >>= 8) crc = crc >> 8 ^ kTable.entries[(crc ^ word) & 0xFF];
  return crc;
}

}  // namespace

void crc32c_scalar(uint64_t* state, const uint64_t* data, uint32_t) {
  using namespace crc32c;
  for (uint32_t k = 0; k < kDataWords; ++k) {
    for (uint32_t lane = 0; lane < kLanes; ++lane) {
      state[lane] = take_in(state[lane], data[(k + kLaneDistance * lane) % kDataWords]);
    }
  }
}

}  // namespace assay::probes::host
