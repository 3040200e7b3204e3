// SPDX-License-Identifier: Apache-2.0
// An exact model of the mma.sync instructions, all 32 lanes at once: D = A * B + C from the lanes' registers by the tables of the PTX ISA ("Matrix
// fragments for mma.m16n8k16 with floating point type" and the others), written from there and not from mma_shape.h. As the Warp of mma_step.h it shows
// that the operands' layout, the walk over slabs and passes and the place of every output are right.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "probes/backend/cuda/tensor/mma_step.h"
#include "tests/unit/cuda_tensor/tile_product.h"

namespace assay::probes::tensor {

// Which instructions: one for two slabs, or one for each octet and slab as sm_75 has them (fp16: m16n8k8, for each slab).
enum class Generation { kAmpere, kTuring };
// One instruction as the PTX ISA has it, of m x 8 x k.
struct MmaInstruction {
  uint32_t m;
  uint32_t k;
};

// D = A * B + C of one instruction. Registers of A in its order, each of all lanes; `c` are the accumulators of all lanes, row pairs in order.
struct MmaCall {
  Number number;
  MmaInstruction shape;
  const std::array<uint64_t, 32>* a[4];
  const std::array<uint64_t, 32>* b[2];
  const std::array<uint32_t, 32>* scale_a;
  const std::array<uint32_t, 32>* scale_b;
  std::array<double, 32>* c[4];
};
void run_instruction(const MmaCall& call, const Arithmetic& arithmetic);

// The Warp of mma_step.h. CHECKs that loads stay within the parameters; counts how often each output word is written.
class ModelWarp {
 public:
  using Word = std::array<uint64_t, 32>;
  using Sum = std::array<double, 32>;
  using Scale = std::array<uint32_t, 32>;

  ModelWarp(Number of, Generation generation_of, const Arithmetic& arithmetic_of, const std::vector<uint64_t>& words, std::vector<uint32_t>& counts)
      : number(of), generation(generation_of), arithmetic(arithmetic_of), params(reinterpret_cast<const uint32_t*>(words.data())),
        param_count(words.size() * 2), written(counts) {}

  template <size_t kCount>
  void load(Word (&to)[kCount], const uint32_t* from, uint32_t at) const {
    load_words(to, kCount, from, at);
  }
  template <size_t kCount>
  void load(Scale (&to)[kCount], const uint32_t* from, uint32_t at) const {
    for (uint32_t lane = 0; lane < 32; ++lane) {
      for (size_t i = 0; i < kCount; ++i) to[i][lane] = word_at(from + (size_t{at} * 32 + lane) * kCount + i);
    }
  }
  void multiply(Sum (&c)[2], Sum (&d)[2], const Word (&a)[4], const Word (&b)[2], const Scale& scale_a, const Scale& scale_b) const;
  void scale(Sum (&pair)[2], uint32_t factor) const;
  void store(uint64_t* out, uint32_t octet, uint32_t tile, const Sum (&pair)[2]) const;

 private:
  void load_words(Word* to, size_t count, const uint32_t* from, uint32_t at) const;
  uint32_t word_at(const uint32_t* place) const;

  Number number;
  Generation generation;
  const Arithmetic& arithmetic;
  const uint32_t* params;
  size_t param_count;
  std::vector<uint32_t>& written;
};

}  // namespace assay::probes::tensor
