// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/interp/variants.h"
#include "probes/catalogue/interp.h"

namespace assay::probes::host {
namespace {

__extension__ using Wide = unsigned __int128;

inline uint64_t rotate_left(uint64_t word, uint64_t by) {
  return word << (by & 63) | word >> (-by & 63);
}

// One instruction; returns what it adds to the program counter. The switch is one indirect jump, on purpose.
inline uint64_t execute(uint64_t word, uint64_t* registers, uint64_t* memory) {
  uint64_t& a = registers[word >> 4 & 15];
  const uint64_t b = registers[word >> 8 & 15];
  const uint64_t c = registers[word >> 12 & 15];
  const uint64_t n = word >> 16;
  switch (word & 15) {
    case 0: a += b + n; return 1;
    case 1: a = b + n - a; return 1;
    case 2: a ^= b ^ n; return 1;
    case 3: a = a * (n | 1) + b; return 1;
    case 4: a = rotate_left(a, n) ^ ~b; return 1;
    case 5: a = rotate_left(a, b) + c; return 1;
    case 6: a = __builtin_bswap64(a) + n; return 1;
    case 7: a = (a ^ a >> (1 + n % 63)) + b; return 1;
    case 8: a += b & c; return 1;
    case 9: a += b < c ? n : b; return 1;
    case 10: {
      uint64_t& cell = memory[(b + n) % interp::kMemoryWords];
      const uint64_t kept = cell;
      cell = a;
      a = kept;
      return 1;
    }
    case 11: a += memory[(b + n) % interp::kMemoryWords]; return 1;
    case 12: memory[(b + n) % interp::kMemoryWords] += a; return 1;
    case 13: a += static_cast<uint64_t>(static_cast<Wide>(b) * c >> 64); return 1;
    case 14: a = rotate_left(a, 1) + n; return 1 + (a >> (n & 63) & 1);
    default: a = rotate_left(a, 19) + n; return 1 + a;
  }
}

}  // namespace

void interp_scalar(uint64_t* state, const uint64_t* params, uint32_t) {
  using namespace interp;
  uint64_t pc = state[kStateWords - 1];
  for (uint32_t i = 0; i < kInstructions; ++i) pc += execute(params[pc % kProgramWords], state, state + kRegisters);
  state[kStateWords - 1] = pc;
}

}  // namespace assay::probes::host
