// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/cuda_tensor/mma_model.h"

#include <bit>

#include "common/base/check.h"
#include "tests/unit/cuda_tensor/values.h"

namespace assay::probes::tensor {
namespace {

struct Place {
  uint32_t row;  // of A; the column of B
  uint32_t k;
};

// The tables, in the words of the PTX ISA: groupID = laneid >> 2, threadID_in_group = laneid % 4, element a_i or b_i, i counted through the registers.
Place place_of_a(const MmaInstruction& shape, uint32_t bits, uint32_t lane, uint32_t i) {
  const uint32_t group = lane >> 2;
  const uint32_t thread = lane % 4;
  const uint32_t per = bits >= 32 ? 1 : 32 / bits;  // elements of a register
  if (shape.m == 8) return {group, thread * per + i};
  // m16: a_0 .. are of row groupID, the next register of groupID + 8; registers 2 and 3 are half of k further on.
  const uint32_t reg = i / per;
  return {reg % 2 == 0 ? group : group + 8, thread * per + i % per + (reg >= 2 ? shape.k / 2 : 0)};
}

Place place_of_b(const MmaInstruction& shape, uint32_t bits, uint32_t lane, uint32_t i) {
  const uint32_t per = bits >= 32 ? 1 : 32 / bits;
  const uint32_t thread = lane % 4;
  return {lane >> 2, thread * per + i % per + (i / per == 1 ? shape.k / 2 : 0)};
}

uint64_t element(uint64_t word, uint32_t bits, uint32_t i) { return bits == 64 ? word : word >> (bits * i) & ((uint64_t{1} << bits) - 1); }

void gather(const MmaCall& call, Tile& to) {
  const uint32_t bits = bits_of(call.number);
  const uint32_t per = bits >= 32 ? 1 : 32 / bits;
  const uint32_t of_a = call.shape.m * call.shape.k / 32;  // elements of a lane
  const uint32_t of_b = 8 * call.shape.k / 32;
  for (uint32_t lane = 0; lane < 32; ++lane) {
    for (uint32_t i = 0; i < of_a; ++i) {
      const Place at = place_of_a(call.shape, bits, lane, i);
      to.a[at.row * to.k + at.k] = value_of(call.number, Side::kA, element((*call.a[i / per])[lane], bits, i % per));
    }
    for (uint32_t i = 0; i < of_b; ++i) {
      const Place at = place_of_b(call.shape, bits, lane, i);
      to.b[at.k * to.n + at.row] = value_of(call.number, Side::kB, element((*call.b[i / per])[lane], bits, i % per));
    }
  }
}

// Block scaling with selectors {0, 0}: of row groupID of A lane 4 groupID tells, of row groupID + 8 the next lane; of column groupID of B lane 4
// groupID. Byte x of the word scales block x.
void apply_scales(const MmaCall& call, Tile& to) {
  ASSAY_CHECK(call.scale_a != nullptr && call.scale_b != nullptr);
  const uint32_t block = block_of(call.number);
  for (uint32_t k = 0; k < call.shape.k; ++k) {
    const uint32_t shift = 8 * (k / block);
    for (uint32_t row = 0; row < 16; ++row) {
      const uint32_t lane = 4 * (row % 8) + row / 8;
      to.a[row * to.k + k] *= scale_of(call.number, static_cast<uint8_t>((*call.scale_a)[lane] >> shift));
    }
    for (uint32_t column = 0; column < 8; ++column) {
      to.b[k * to.n + column] *= scale_of(call.number, static_cast<uint8_t>((*call.scale_b)[4 * column] >> shift));
    }
  }
}

// The accumulator c_i of a lane: row groupID for i < 2, groupID + 8 for the others; column threadID_in_group * 2 + (i & 1).
size_t place_of_c(uint32_t lane, uint32_t i) { return ((lane >> 2) + (i < 2 ? 0 : 8)) * 8 + lane % 4 * 2 + (i & 1); }

}  // namespace

void run_instruction(const MmaCall& call, const Arithmetic& arithmetic) {
  Tile tile(call.shape.m, 8, call.shape.k);
  gather(call, tile);
  if (is_scaled(call.number)) apply_scales(call, tile);
  const uint32_t sums = call.shape.m / 4;
  for (uint32_t lane = 0; lane < 32; ++lane) {
    for (uint32_t i = 0; i < sums; ++i) tile.c[place_of_c(lane, i)] = (*call.c[i])[lane];
  }
  multiply_tile(call.number, arithmetic, tile);
  for (uint32_t lane = 0; lane < 32; ++lane) {
    for (uint32_t i = 0; i < sums; ++i) (*call.c[i])[lane] = tile.c[place_of_c(lane, i)];
  }
}

uint32_t ModelWarp::word_at(const uint32_t* place) const {
  ASSAY_CHECK(place >= params && place < params + param_count);
  return *place;
}

void ModelWarp::load_words(Word* to, size_t count, const uint32_t* from, uint32_t at) const {
  const uint32_t words = number == Number::kFp64 ? 2 : 1;
  for (uint32_t lane = 0; lane < 32; ++lane) {
    for (size_t i = 0; i < count; ++i) {
      const uint32_t* place = from + ((size_t{at} * 32 + lane) * count + i) * words;
      to[i][lane] = word_at(place) | (words == 2 ? uint64_t{word_at(place + 1)} << 32 : 0);
    }
  }
}

void ModelWarp::multiply(Sum (&c)[2], Sum (&d)[2], const Word (&a)[4], const Word (&b)[2], const Scale& scale_a, const Scale& scale_b) const {
  const uint32_t slab = Slabs::elements(number);
  const bool by_octet = number == Number::kFp64 || (generation == Generation::kTuring && is_integer(number));
  if (by_octet) {
    for (uint32_t half = 0; half < 2; ++half) {
      run_instruction({number, {8, slab}, {&a[2 * half]}, {&b[half]}, nullptr, nullptr, {&c[0], &c[1]}}, arithmetic);
      run_instruction({number, {8, slab}, {&a[2 * half + 1]}, {&b[half]}, nullptr, nullptr, {&d[0], &d[1]}}, arithmetic);
    }
  } else if (generation == Generation::kTuring) {
    for (uint32_t half = 0; half < 2; ++half) {
      run_instruction({number, {16, slab}, {&a[2 * half], &a[2 * half + 1]}, {&b[half]}, nullptr, nullptr, {&c[0], &c[1], &d[0], &d[1]}}, arithmetic);
    }
  } else {
    run_instruction({number, {16, 2 * slab}, {&a[0], &a[1], &a[2], &a[3]}, {&b[0], &b[1]}, &scale_a, &scale_b, {&c[0], &c[1], &d[0], &d[1]}},
                    arithmetic);
  }
}

void ModelWarp::scale(Sum (&pair)[2], uint32_t factor) const {
  for (Sum& each : pair) {
    for (double& value : each) value *= static_cast<double>(std::bit_cast<float>(factor));
  }
}

void ModelWarp::store(uint64_t* out, uint32_t octet, uint32_t tile, const Sum (&pair)[2]) const {
  for (uint32_t lane = 0; lane < 32; ++lane) {
    const uint32_t at = mma_out_word(number, lane, octet, tile);
    if (number == Number::kFp64) {
      for (uint32_t i = 0; i < 2; ++i) {
        out[at + i] = std::bit_cast<uint64_t>(pair[i][lane]);
        ++written.at(at + i);
      }
    } else {
      out[at] = word_of(number, pair[0][lane]) | uint64_t{word_of(number, pair[1][lane])} << 32;
      ++written.at(at);
    }
  }
}

}  // namespace assay::probes::tensor
