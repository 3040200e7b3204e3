// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/gemm.h"

#include <cmath>

#include "common/base/check.h"
#include "probes/catalogue/operand_seed.h"

namespace assay::probes::gemm {
namespace {

constexpr uint32_t kPerGroup = kDepth / kGroups;  // elements of one class in a row of A or a column of B
constexpr uint32_t kEven = kPerGroup / kTurns;    // nonzeros of an even class: one in each kTurns
static_assert(kShift == kGroups, "a turn moves on by one element of a class");

// How the integers of one class are drawn.
struct Class {
  uint32_t bits = 1;              // magnitudes under 2^bits; 1: always +-1
  uint32_t nonzeros = kPerGroup;  // one in each of so many equal parts of the kPerGroup elements: at random there ...
  bool positive = false;          // no signs
  uint32_t shift_bits = 0;        // times 2^e, e random under 2^shift_bits
  constexpr bool even() const { return nonzeros == kEven; }  // ... but at the same place of every part, at random for a line
};
using Classes = std::array<Class, kGroups>;

// Pairs of nonzeros that meet in one step, at most. A turn moves on by one element of a class, so that a step pairs each element with kTurns
// neighbours, of which one alone is not zero where those are even.
constexpr uint64_t meeting(const Class& a, const Class& b) {
  const uint64_t pairs = a.nonzeros < b.nonzeros ? a.nonzeros : b.nonzeros;
  if (a.even()) return b.nonzeros;
  return b.even() ? a.nonzeros : kTurns * pairs;
}
// The most that the magnitudes of the products of one output can add up to, whatever the data and the step.
constexpr uint64_t worst_sum(const Classes& a, const Classes& b) {
  uint64_t sum = 0;
  for (uint32_t c = 0; c < kGroups; ++c) {
    const auto largest = [](const Class& x) { return ((uint64_t{1} << x.bits) - 1) << ((1U << x.shift_bits) - 1); };
    sum += meeting(a[c], b[c]) * largest(a[c]) * largest(b[c]);
  }
  return sum;
}

constexpr Classes kA64 = {{{43, 8}, {4, kEven}, {25, 4}, {21}, {50, 1}, {1, kEven}, {4, kPerGroup, false, 4}, {21, kPerGroup, true}}};
constexpr Classes kB64 = {{{4, kEven}, {43, 8}, {23, kEven}, {21}, {1, kEven}, {50, 1}, {4, kPerGroup, false, 4}, {21, kPerGroup, true}}};
constexpr Classes kA32 = {{{14, 8}, {4, kEven}, {11, 4}, {6}, {21, 1}, {1, kEven}, {2, kPerGroup, false, 2}, {6, kPerGroup, true}}};
constexpr Classes kB32 = {{{4, kEven}, {14, 8}, {8, kEven}, {7}, {1, kEven}, {21, 1}, {2, kPerGroup, false, 2}, {6, kPerGroup, true}}};
// fill_sparse takes at most 57 bits of a word for the integer.
static_assert(worst_sum(kA64, kB64) < uint64_t{1} << 53);
static_assert(worst_sum(kA32, kB32) < uint64_t{1} << 24);

// Exponent ranges, far from overflow and from denormals: |row|, |column| <= kScale, |group| <= kScale / 2.
constexpr int kScale64 = 64;
constexpr int kScale32 = 20;

// The integer of a class out of its random bits: the sign lowest, then the shift, then the magnitude. Without branches,
// which random signs would mispredict.
template <typename T>
T to_element(uint64_t field, Class form, T scale) {
  const uint64_t sign = form.positive ? 0 : field & 1;
  const uint64_t shift = (field >> 1) & ((1U << form.shift_bits) - 1);
  const uint64_t magnitude = (form.bits == 1 ? 1 : field >> (1 + form.shift_bits)) << shift;
  // Through a signed integer: exact, for magnitudes are under 2^53 and 2^24.
  return static_cast<T>(static_cast<int64_t>((magnitude ^ (0 - sign)) + sign)) * scale;
}

// `count` elements, `step` apart.
template <typename T>
void fill_run(Random& random, Class form, T scale, size_t step, uint32_t count, T* out) {
  const uint32_t width = form.bits + form.shift_bits + 1;
  const uint32_t per_word = 64 / width;
  const uint64_t mask = (uint64_t{1} << width) - 1;
  for (uint32_t g = 0; g < count;) {
    uint64_t word = random.next();
    for (uint32_t i = 0; i < per_word && g < count; ++i, ++g) {
      out[g * step] = to_element(word & mask, form, scale);
      word >>= width;
    }
  }
}

template <typename T>
void fill_dense(Random& random, Class form, T scale, size_t step, T* out) {
  fill_run(random, form, scale, step, kPerGroup, out);
}

template <typename T>
void fill_sparse(Random& random, Class form, T scale, size_t step, T* out) {
  for (uint32_t g = 0; g < kPerGroup; ++g) out[g * step] = 0;
  const uint32_t part = kPerGroup / form.nonzeros;  // a power of two up to 64
  if (form.even()) {
    return fill_run(random, form, scale, part * step, form.nonzeros, out + (random.next() & (part - 1)) * step);
  }
  for (uint32_t g = 0; g < kPerGroup; g += part) {
    const uint64_t word = random.next();
    const uint64_t at = g + ((word >> 58) & (part - 1));
    out[at * step] = to_element(word & ((uint64_t{1} << (form.bits + 1)) - 1), form, scale);
  }
}

// One row of A or column of B; element t goes to out[t * stride].
template <typename T>
void fill_line(Random& random, const Classes& classes, const std::array<T, kGroups>& scales, size_t stride, T* out) {
  for (uint32_t c = 0; c < kGroups; ++c) {
    const bool dense = classes[c].nonzeros == kPerGroup;
    (dense ? fill_dense<T> : fill_sparse<T>)(random, classes[c], scales[c], kGroups * stride, out + c * stride);
  }
}

int draw_exponent(Random& random, int limit) {
  return static_cast<int>(random.below(2 * static_cast<uint64_t>(limit) + 1)) - limit;
}

struct Matrix {
  uint32_t lines;  // rows of A or columns of B
  uint32_t panel;  // lines that stand together
  const Classes& classes;
  const int* line_exponents;
  int group_sign;  // of the group exponents: they cancel in a product
};

template <typename T>
void fill_matrix(Random& random, const Matrix& matrix, const Exponents& exponents, T* out) {
  ASSAY_CHECK(matrix.panel != 0 && matrix.lines % matrix.panel == 0);
  for (uint32_t line = 0; line < matrix.lines; ++line) {
    std::array<T, kGroups> scales{};
    for (uint32_t c = 0; c < kGroups; ++c) {
      scales[c] = std::ldexp(T{1}, matrix.line_exponents[line] + matrix.group_sign * exponents.group[c]);
    }
    T* start = out + size_t{line / matrix.panel} * kDepth * matrix.panel + line % matrix.panel;
    fill_line(random, matrix.classes, scales, matrix.panel, start);
  }
}

Exponents draw_exponents(Random& random, uint32_t rows, int scale) {
  Exponents exponents;
  for (uint32_t i = 0; i < rows; ++i) exponents.row[i] = draw_exponent(random, scale);
  for (int& column : exponents.column) column = draw_exponent(random, scale);
  for (int& group : exponents.group) group = draw_exponent(random, scale / 2);
  return exponents;
}

}  // namespace

Exponents operands_f64(uint32_t operand_set, Layout layout, double* a, double* b) {
  Random random = operand_random(kIdF64, kVersion, operand_set);
  const Exponents exponents = draw_exponents(random, kRowsF64, kScale64);
  fill_matrix(random, {kRowsF64, layout.rows_of_a, kA64, exponents.row.data(), 1}, exponents, a);
  fill_matrix(random, {kColumns, layout.columns_of_b, kB64, exponents.column.data(), -1}, exponents, b);
  return exponents;
}

Exponents operands_f32(uint32_t operand_set, Layout layout, float* a, float* b) {
  Random random = operand_random(kIdF32, kVersion, operand_set);
  const Exponents exponents = draw_exponents(random, kRowsF32, kScale32);
  fill_matrix(random, {kRowsF32, layout.rows_of_a, kA32, exponents.row.data(), 1}, exponents, a);
  fill_matrix(random, {kColumns, layout.columns_of_b, kB32, exponents.column.data(), -1}, exponents, b);
  return exponents;
}

}  // namespace assay::probes::gemm
