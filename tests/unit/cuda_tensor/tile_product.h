// SPDX-License-Identifier: Apache-2.0
// C = A * B + C of one matrix instruction on numbers, as all the models of instructions do it: exactly, or as an architecture adds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "probes/backend/cuda/tensor/shape.h"

namespace assay::probes::tensor {

// How products add up.
struct Arithmetic {
  std::string architecture;  // of probes/reference/matrix_unit.h, a block an instruction; empty: exactly
};

// a: m x k, b: k x n, c: m x n, row-major.
struct Tile {
  uint32_t m;
  uint32_t n;
  uint32_t k;
  std::vector<double> a;
  std::vector<double> b;
  std::vector<double> c;

  Tile(uint32_t rows, uint32_t columns, uint32_t depth)
      : m(rows), n(columns), k(depth), a(size_t{rows} * depth), b(size_t{depth} * columns), c(size_t{rows} * columns) {}
};
// Integers wrap modulo 2^32.
void multiply_tile(Number number, const Arithmetic& arithmetic, Tile& tile);

// The bits of an accumulator: FP32 or INT32. CHECKs that it is such a number.
uint32_t word_of(Number number, double value);
double value_of_word(Number number, uint32_t word);

}  // namespace assay::probes::tensor
