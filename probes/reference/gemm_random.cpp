// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/gemm_random.h"

#include <fmt/format.h>

#include <vector>

#include "common/base/check.h"
#include "probes/reference/families.h"
#include "probes/reference/matrix_unit.h"

namespace assay::probes::reference {
namespace {

using gemm_grid::kColumns;
using gemm_grid::kDepth;
using gemm_grid::kRows;

// Row-major A and column-major B as numbers.
struct Numbers {
  std::vector<Fraction> a;
  std::vector<Fraction> b;
};

template <typename T>
Numbers numbers_of(const gemm_random::Kind& kind, uint32_t operand_set) {
  std::vector<T> a(size_t{kRows} * kDepth);
  std::vector<T> b(size_t{kColumns} * kDepth);
  gemm_random::operands(kind, operand_set, {}, a.data(), b.data());
  const uint32_t down = kind.code_bytes == 4 ? 13 : 0;
  Numbers numbers;
  for (const T code : a) numbers.a.push_back(decode(kind.format, uint32_t{code} >> down));
  for (const T code : b) numbers.b.push_back(decode(kind.format, uint32_t{code} >> down));
  return numbers;
}

Numbers numbers_of(const gemm_random::Kind& kind, uint32_t operand_set) {
  if (kind.code_bytes == 1) return numbers_of<uint8_t>(kind, operand_set);
  if (kind.code_bytes == 2) return numbers_of<uint16_t>(kind, operand_set);
  return numbers_of<uint32_t>(kind, operand_set);
}

}  // namespace

Status gemm_random_product(std::string_view probe_id, uint32_t operand_set, const StepSink& sink) {
  const gemm_random::Kind* kind = gemm_random::find_kind(probe_id);
  ASSAY_CHECK(kind != nullptr);
  const MatrixUnit* unit = find_unit(kind->architecture, kind->precision);
  ASSAY_CHECK(unit != nullptr && unit->operand == kind->format);
  const Numbers numbers = numbers_of(*kind, operand_set);
  std::vector<Fraction> row(kDepth);
  for (uint32_t step = 0; step < gemm_random::kSteps; ++step) {
    std::vector<uint64_t> words;
    for (size_t i = 0; i < kRows; ++i) {
      for (size_t t = 0; t < kDepth; ++t) row[t] = numbers.a[i * kDepth + (t + step * gemm_random::kShift) % kDepth];
      for (size_t j = 0; j < kColumns; ++j) {
        const uint64_t bits = multiply_accumulate(*unit, row, {&numbers.b[j * kDepth], kDepth}, 0);
        if ((bits & 0x7F800000U) == 0x7F800000U) {
          return make_error(ErrorCode::kInvalid, fmt::format("{}: output {}, {} is not finite", probe_id, i, j));
        }
        if (j % 2 == 0) {
          words.push_back(bits);
        } else {
          words.back() |= bits << 32;
        }
      }
    }
    sink(step, words);
  }
  return {};
}

}  // namespace assay::probes::reference
