// SPDX-License-Identifier: Apache-2.0
#include "probes/reference/gemm.h"

#include <bit>
#include <cmath>
#include <vector>

#include "probes/reference/exact_product.h"
#include "probes/reference/families.h"

namespace assay::probes::reference {
namespace {

// Rows of A (twice, so that a shifted row is a run of it) and columns of B as integers of their units.
struct Integers {
  std::vector<std::vector<int64_t>> a;
  std::vector<std::vector<int64_t>> b;
};

template <typename T>
Result<Integers> to_integers(const std::vector<T>& a, const std::vector<T>& b, const gemm::Exponents& exponents) {
  Integers result;
  for (size_t i = 0; i < a.size() / gemm::kDepth; ++i) {
    std::vector<int64_t> row;
    for (size_t t = 0; t < gemm::kDepth; ++t) {
      row.push_back(TRY(grid_integer(a[i * gemm::kDepth + t], exponents.row[i] + exponents.group[t % gemm::kGroups])));
    }
    result.a.push_back(std::move(row));
  }
  for (size_t j = 0; j < gemm::kColumns; ++j) {
    std::vector<int64_t> column;
    for (size_t t = 0; t < gemm::kDepth; ++t) {
      column.push_back(
          TRY(grid_integer(b[j * gemm::kDepth + t], exponents.column[j] - exponents.group[t % gemm::kGroups])));
    }
    result.b.push_back(std::move(column));
  }
  return result;
}

// The products of step `step`, row-major. The values are exact in T because they are under `bound`.
template <typename T>
Status multiply(const Integers& integers, const gemm::Exponents& exponents, uint32_t step, int64_t bound,
                std::vector<T>& c) {
  c.clear();
  for (size_t i = 0; i < integers.a.size(); ++i) {
    std::vector<int64_t> row(gemm::kTurns * gemm::kDepth);  // turn after turn
    for (size_t t = 0; t < row.size(); ++t) {
      const size_t turn = size_t{step} * gemm::kTurns + t / gemm::kDepth;
      row[t] = integers.a[i][(t + turn * gemm::kShift) % gemm::kDepth];
    }
    for (size_t j = 0; j < gemm::kColumns; ++j) {
      const int64_t sum = TRY(exact_dot(row, integers.b[j], bound));
      c.push_back(static_cast<T>(std::ldexp(static_cast<double>(sum), exponents.row[i] + exponents.column[j])));
    }
  }
  return {};
}

}  // namespace

GemmOperandsF64 gemm_operands_f64(uint32_t operand_set) {
  GemmOperandsF64 result;
  result.a.resize(size_t{gemm::kRowsF64} * gemm::kDepth);
  result.b.resize(size_t{gemm::kDepth} * gemm::kColumns);
  result.exponents = gemm::operands_f64(operand_set, {}, result.a.data(), result.b.data());
  return result;
}

GemmOperandsF32 gemm_operands_f32(uint32_t operand_set) {
  GemmOperandsF32 result;
  result.a.resize(size_t{gemm::kRowsF32} * gemm::kDepth);
  result.b.resize(size_t{gemm::kDepth} * gemm::kColumns);
  result.exponents = gemm::operands_f32(operand_set, {}, result.a.data(), result.b.data());
  return result;
}

Status gemm_product_f64(const GemmOperandsF64& operands, const StepSink& sink) {
  const Integers integers = TRY(to_integers(operands.a, operands.b, operands.exponents));
  for (uint32_t step = 0; step < gemm::kSteps; ++step) {
    std::vector<double> c;
    TRY(multiply(integers, operands.exponents, step, int64_t{1} << 53, c));
    std::vector<uint64_t> words;
    for (const double value : c) words.push_back(std::bit_cast<uint64_t>(value));
    sink(step, words);
  }
  return {};
}

Status gemm_product_f32(const GemmOperandsF32& operands, const StepSink& sink) {
  const Integers integers = TRY(to_integers(operands.a, operands.b, operands.exponents));
  for (uint32_t step = 0; step < gemm::kSteps; ++step) {
    std::vector<float> c;
    TRY(multiply(integers, operands.exponents, step, int64_t{1} << 24, c));
    std::vector<uint64_t> words;
    for (size_t i = 0; i < c.size(); i += 2) {
      words.push_back(std::bit_cast<uint32_t>(c[i]) | static_cast<uint64_t>(std::bit_cast<uint32_t>(c[i + 1])) << 32);
    }
    sink(step, words);
  }
  return {};
}

Status gemm_f64_grid(uint32_t operand_set, const StepSink& sink) {
  return gemm_product_f64(gemm_operands_f64(operand_set), sink);
}
Status gemm_f32_grid(uint32_t operand_set, const StepSink& sink) {
  return gemm_product_f32(gemm_operands_f32(operand_set), sink);
}

}  // namespace assay::probes::reference
