// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/cuda/tensor/layout.h"

#include <bit>
#include <cstring>
#include <span>

#include "common/base/check.h"
#include "probes/backend/cuda/tensor/mma_shape.h"
#include "probes/backend/cuda/tensor/products.h"
#include "probes/backend/cuda/tensor/staged_shape.h"
#include "probes/catalogue/gemm.h"
#include "probes/catalogue/gemm_grid.h"
#include "probes/catalogue/gemm_random.h"

namespace assay::probes::tensor {
namespace {

static_assert(kDepth == gemm_grid::kDepth && kDepth == gemm::kDepth);
static_assert(kColumns == gemm_grid::kColumns && kColumns == gemm::kColumns);
static_assert(rows_of(Number::kFp64) == gemm::kRowsF64 && kStagedRows == gemm_grid::kRows);

// Codes of row-major A and column-major B, and what scales them.
struct Operands {
  std::vector<uint64_t> a;
  std::vector<uint64_t> b;
  gemm_grid::Scales scales;
};

template <typename Code>
void widen(const std::vector<Code>& codes, std::vector<uint64_t>& to) {
  to.assign(codes.begin(), codes.end());
}

// `fill` writes both matrices as codes of that type.
template <typename Code, typename Fill>
void draw(Operands& to, const Fill& fill) {
  std::vector<Code> a(size_t{kStagedRows} * kDepth);
  std::vector<Code> b(size_t{kColumns} * kDepth);
  fill(a.data(), b.data());
  widen(a, to.a);
  widen(b, to.b);
}

template <typename Fill>
void draw(Operands& to, uint32_t code_bytes, const Fill& fill) {
  if (code_bytes == 1) return draw<uint8_t>(to, fill);
  if (code_bytes == 2) return draw<uint16_t>(to, fill);
  draw<uint32_t>(to, fill);
}

Operands draw_fp64(uint32_t operand_set) {
  std::vector<double> a(size_t{gemm::kRowsF64} * kDepth);
  std::vector<double> b(size_t{kColumns} * kDepth);
  gemm::operands_f64(operand_set, {}, a.data(), b.data());
  Operands operands;
  for (const double value : a) operands.a.push_back(std::bit_cast<uint64_t>(value));
  for (const double value : b) operands.b.push_back(std::bit_cast<uint64_t>(value));
  return operands;
}

Operands draw_operands(const Program& program, uint32_t operand_set) {
  const Product& product = program.product;
  if (product.number == Number::kFp64) {
    ASSAY_CHECK(program.probe_id == gemm::kIdF64 && product.steps == gemm::kSteps && product.turns == gemm::kTurns && product.shift == gemm::kShift);
    return draw_fp64(operand_set);
  }
  Operands operands;
  if (const gemm_random::Kind* random = gemm_random::find_kind(program.probe_id); random != nullptr) {
    ASSAY_CHECK(product.steps == gemm_random::kSteps && product.shift == gemm_random::kShift && product.turns == 1);
    draw(operands, random->code_bytes, [&](void* a, void* b) { gemm_random::operands(*random, operand_set, {}, a, b); });
    return operands;
  }
  const gemm_grid::Kind& kind = gemm_grid::kind_of(program.probe_id);
  ASSAY_CHECK(product.steps == kind.steps && product.shift == kind.shift && product.turns == kind.turns);
  draw(operands, kind.code_bytes, [&](void* a, void* b) { gemm_grid::operands(kind, operand_set, {}, a, b, operands.scales); });
  return operands;
}

// A buffer of words of 64 bits, written by words of 32.
class Words {
 public:
  explicit Words(std::vector<uint64_t>& words) : words_(words) {}
  void put(size_t at, uint32_t value) { words_[at / 2] |= static_cast<uint64_t>(value) << (32 * (at % 2)); }

 private:
  std::vector<uint64_t>& words_;
};

// The register of one lane: of a line, from slab q.
uint64_t slab_word(const Product& product, std::span<const uint64_t> line, uint32_t q, uint32_t quad) {
  uint64_t word = 0;
  for (uint32_t e = 0; e < Slabs::word_elements(product.number); ++e) {
    word |= line[Slabs::depth(product.number, q, quad, e)] << (bits_of(product.number) * e);
  }
  return word;
}

std::span<const uint64_t> line_of(const std::vector<uint64_t>& matrix, uint32_t line) { return {matrix.data() + size_t{line} * kDepth, kDepth}; }

// Registers of one or two words of 32 bits, from `at` on.
void put_register(Words& words, size_t at, size_t index, const Product& product, uint64_t value) {
  if (product.number == Number::kFp64) {
    words.put(at + 2 * index, static_cast<uint32_t>(value));
    words.put(at + 2 * index + 1, static_cast<uint32_t>(value >> 32));
  } else {
    words.put(at + index, static_cast<uint32_t>(value));
  }
}

// The scales of the blocks of one instruction, lowest block lowest, repeated through the word. `blocks` of them from `first` on.
uint32_t scale_word(const uint8_t* scales, uint32_t first, uint32_t blocks) {
  ASSAY_CHECK(blocks != 0);
  uint32_t word = 0;
  for (uint32_t byte = 0; byte < 4; ++byte) word |= uint32_t{scales[first + byte % blocks]} << (8 * byte);
  return word;
}

uint32_t block_of(Number number) { return number == Number::kNvfp4 ? 16 : 32; }

void put_mma_scales(Words& words, const Product& product, const Operands& operands) {
  const MmaShape shape = mma_shape(product.number);
  const uint32_t blocks = 2 * Slabs::elements(product.number) / block_of(product.number);
  for (uint32_t chunk = 0; chunk < shape.chunks; ++chunk) {
    for (uint32_t lane = 0; lane < kLanes; ++lane) {
      for (uint32_t pair = 0; pair < shape.octets / 2; ++pair) {
        const uint32_t row = 16 * pair + mma_scale_row(lane);
        words.put(shape.scale_a_at() + (chunk * kLanes + lane) * (shape.octets / 2) + pair,
                  scale_word(&operands.scales.a[size_t{row} * gemm_grid::kMaxBlocks], chunk * blocks, blocks));
      }
      for (uint32_t tile = 0; tile < kColumns / 8; ++tile) {
        const uint32_t column = 8 * tile + mma_scale_column(lane);
        const uint32_t vector = (chunk * shape.passes + tile / shape.tiles) * kLanes + lane;
        words.put(shape.scale_b_at() + vector * shape.tiles + tile % shape.tiles,
                  scale_word(&operands.scales.b[size_t{column} * gemm_grid::kMaxBlocks], chunk * blocks, blocks));
      }
    }
  }
}

void put_mma(Words& words, const Product& product, const Operands& operands) {
  const MmaShape shape = mma_shape(product.number);
  for (uint32_t lane = 0; lane < kLanes; ++lane) {
    for (uint32_t q = 0; q < shape.slabs; ++q) {
      for (uint32_t octet = 0; octet < shape.octets; ++octet) {
        const uint64_t value = slab_word(product, line_of(operands.a, 8 * octet + lane / 4), q, lane % 4);
        put_register(words, 0, (size_t{q} * kLanes + lane) * shape.octets + octet, product, value);
      }
    }
    for (uint32_t q = 0; q < 2 * shape.chunks; ++q) {
      for (uint32_t tile = 0; tile < kColumns / 8; ++tile) {
        const uint64_t value = slab_word(product, line_of(operands.b, 8 * tile + lane / 4), q, lane % 4);
        const size_t vector = (size_t{q / 2} * shape.passes + tile / shape.tiles) * kLanes + lane;
        put_register(words, shape.b_at(), (vector * 2 + q % 2) * shape.tiles + tile % shape.tiles, product, value);
      }
    }
  }
  if (is_scaled(product.number)) put_mma_scales(words, product, operands);
}

// 16 bytes of a line, from column q, at piece `at`.
void put_piece(Words& words, size_t at, const Product& product, std::span<const uint64_t> line, uint32_t q) {
  const uint32_t bits = Columns::element_bits(product.number);
  for (uint32_t e = 0; e < Columns::elements(product.number); ++e) {
    const uint64_t code = line[Columns::depth(product.number, q, e)];
    const size_t bit = size_t{bits} * e;
    const uint64_t both = code << (bit % 32);
    words.put(at * 4 + bit / 32, static_cast<uint32_t>(both));
    if (both >> 32 != 0) words.put(at * 4 + bit / 32 + 1, static_cast<uint32_t>(both >> 32));
  }
}

void put_staged(Words& words, const Product& product, const Operands& operands) {
  const StagedShape shape = staged_shape(product.number);
  for (uint32_t q = 0; q < shape.a_columns; ++q) {
    for (uint32_t row = 0; row < kStagedRows; ++row) put_piece(words, q * kStagedRows + row, product, line_of(operands.a, row), q);
  }
  for (uint32_t q = 0; q < shape.b_columns; ++q) {
    for (uint32_t column = 0; column < kColumns; ++column) {
      put_piece(words, shape.b_at() + q * kColumns + column, product, line_of(operands.b, column), q);
    }
  }
  if (!is_scaled(product.number)) return;
  const uint32_t blocks = kScaleDepth / block_of(product.number);
  for (uint32_t group = 0; group < kScaleGroups; ++group) {
    for (uint32_t row = 0; row < kStagedRows; ++row) {
      words.put(shape.scale_a_at() * 4 + group * kStagedRows + row,
                scale_word(&operands.scales.a[size_t{row} * gemm_grid::kMaxBlocks], group * blocks, blocks));
    }
    for (uint32_t column = 0; column < kColumns; ++column) {
      words.put(shape.scale_b_at() * 4 + group * kColumns + column,
                scale_word(&operands.scales.b[size_t{column} * gemm_grid::kMaxBlocks], group * blocks, blocks));
    }
  }
}

}  // namespace

std::vector<uint64_t> operand_words(const Program& program, uint32_t operand_set) {
  const Operands operands = draw_operands(program, operand_set);
  const Product& product = program.product;
  std::vector<uint64_t> result(program.param_words());
  Words words(result);
  const bool is_mma = product.unit == Unit::kMma;
  if (is_mma) {
    put_mma(words, product, operands);
  } else {
    put_staged(words, product, operands);
  }
  if (product.number == Number::kNvfp4) {
    // Powers of two: their product is exact.
    const size_t at = is_mma ? mma_shape(product.number).factor_at() : staged_shape(product.number).factor_at() * 4;
    words.put(at, std::bit_cast<uint32_t>(operands.scales.tensor_a * operands.scales.tensor_b));
  }
  return result;
}

}  // namespace assay::probes::tensor
