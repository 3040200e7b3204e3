// SPDX-License-Identifier: Apache-2.0
// Decoding and multiplying of gemm_grid.h for any vector type. Included, inside an anonymous namespace, by the file of
// each instruction set, after gemm/tile.inl; plain loops here are for the compiler to vectorise (and not in scalar.cpp).
// A format gives Code, Unit (of the scratch), kRun (units in 32 bits) and Unit decode(Code).

// Floats with an exponent field of at least four bits: subnormals come out right where they are not flushed, and do not
// occur.
template <typename C, int kExponentBits, int kMantissaBits, int kBias>
struct WideFloatCode {
  using Code = C;
  using Unit = float;
  static constexpr int kRun = 1;
  static inline __attribute__((always_inline)) float decode(Code code) {
    constexpr uint32_t kSign = 1U << (kExponentBits + kMantissaBits);
    constexpr float kRebias = __builtin_bit_cast(float, uint32_t{254 - kBias} << 23);  // 2^(127 - bias)
    const uint32_t bits = code;
    const float magnitude = __builtin_bit_cast(float, (bits & (kSign - 1)) << (23 - kMantissaBits)) * kRebias;
    const uint32_t sign = (bits & kSign) << (31 - kExponentBits - kMantissaBits);
    return __builtin_bit_cast(float, __builtin_bit_cast(uint32_t, magnitude) | sign);
  }
};

// Floats of 4 and 6 bits, by way of an integer: a quarter of their codes are subnormal.
template <int kExponentBits, int kMantissaBits, int kBias>
struct TinyFloatCode {
  using Code = uint8_t;
  using Unit = float;
  static constexpr int kRun = 1;
  static inline __attribute__((always_inline)) float decode(Code code) {
    constexpr uint32_t kSign = 1U << (kExponentBits + kMantissaBits);
    constexpr float kLeast = 1.0F / static_cast<float>(1 << (kBias - 1 + kMantissaBits));
    const uint32_t bits = code;
    const uint32_t field = (bits & (kSign - 1)) >> kMantissaBits;
    const uint32_t normal = field != 0 ? 1 : 0;
    const uint32_t integer = ((bits & ((1U << kMantissaBits) - 1)) | normal << kMantissaBits) << (field - normal);
    const float magnitude = static_cast<float>(static_cast<int32_t>(integer)) * kLeast;
    const uint32_t sign = (bits & kSign) << (31 - kExponentBits - kMantissaBits);
    return __builtin_bit_cast(float, __builtin_bit_cast(uint32_t, magnitude) | sign);
  }
};

struct Tf32Code {
  using Code = uint32_t;
  using Unit = float;
  static constexpr int kRun = 1;
  static inline __attribute__((always_inline)) float decode(Code code) { return __builtin_bit_cast(float, code); }
};
struct Bf16Code {
  using Code = uint16_t;
  using Unit = float;
  static constexpr int kRun = 1;
  static inline __attribute__((always_inline)) float decode(Code code) {
    return __builtin_bit_cast(float, uint32_t{code} << 16);
  }
};
using Fp16Code = WideFloatCode<uint16_t, 5, 10, 15>;
using E4m3Code = WideFloatCode<uint8_t, 4, 3, 7>;
using E5m2Code = WideFloatCode<uint8_t, 5, 2, 15>;
using E2m3Code = TinyFloatCode<2, 3, 1>;
using E3m2Code = TinyFloatCode<3, 2, 3>;
using E2m1Code = TinyFloatCode<2, 1, 1>;

// Integers of 8 or 4 bits as wider ones: one 32-bit word, or pairs of 16 bits.
template <typename U, int kBits>
struct IntegerCode {
  using Code = uint8_t;
  using Unit = U;
  static constexpr int kRun = 4 / static_cast<int>(sizeof(U));
  static inline __attribute__((always_inline)) U decode(Code code) {
    constexpr int kHalf = 1 << (kBits - 1);
    return static_cast<U>((static_cast<int>(code) ^ kHalf) - kHalf);
  }
};

template <typename Format>
void decode_codes(const void* codes, unsigned count, uint32_t* out) {
  const auto* from = static_cast<const typename Format::Code*>(codes);
  auto* to = reinterpret_cast<typename Format::Unit*>(out);
  for (unsigned i = 0; i < count; ++i) to[i] = Format::decode(from[i]);
}

// Panels of kLines lines, with the scale of each line and block.
template <typename Format, int kLines, int kBlock>
void decode_scaled(const void* codes, unsigned lines, const float* scales, uint32_t* out) {
  const auto* from = static_cast<const typename Format::Code*>(codes);
  auto* to = reinterpret_cast<float*>(out);
  for (unsigned block = 0; block < lines / kLines * (gemm_grid::kDepth / kBlock); ++block) {
    for (int t = 0; t < kBlock; ++t) {
      for (int i = 0; i < kLines; ++i) to[i] = Format::decode(from[i]) * scales[i];
      from += kLines;
      to += kLines;
    }
    scales += kLines;
  }
}

// Tiles over operands that are in units of 32 bits; V as in gemm/tile.inl, with uint32_t for Element.
template <typename V, const GridBlock& kBlock>
void multiply_units(const uint32_t* a, const uint32_t* b, const GridStep& step) {
  using Tile = GemmTile<V, kBlock.rows, kBlock.vectors>;
  constexpr unsigned kUnits = gemm_grid::kDepth / static_cast<unsigned>(kBlock.run);
  constexpr unsigned kTileColumns = Tile::kTileColumns;
  static_assert(gemm_grid::kColumns % kTileColumns == 0 && gemm_grid::kRows % kBlock.rows == 0);
  for (unsigned j = 0; j < gemm_grid::kColumns; j += kTileColumns) {
    for (unsigned i = 0; i < gemm_grid::kRows; i += kBlock.rows) {
      const uint32_t* a_panel = a + i * kUnits;
      const uint32_t* b_panel = b + j * kUnits;
      Tile tile;
      tile.clear();
      for (unsigned turn = 0; turn < step.turns; ++turn) {
        const unsigned ahead = step.shift_in(turn) / static_cast<unsigned>(kBlock.run);
        const unsigned first = kUnits - ahead;
        tile.accumulate(a_panel + ahead * kBlock.rows, b_panel, first);
        tile.accumulate(a_panel, b_panel + first * kTileColumns, ahead);
      }
      tile.write(step.c + i * gemm_grid::kColumns + j, gemm_grid::kColumns);
    }
  }
}

template <typename V, typename Format, const GridBlock& kBlock>
void decode_and_multiply(const GridStep& step) {
  static_assert(Format::kRun == kBlock.run);
  decode_codes<Format>(step.a, gemm_grid::kRows * gemm_grid::kDepth, step.scratch_a);
  decode_codes<Format>(step.b, gemm_grid::kColumns * gemm_grid::kDepth, step.scratch_b);
  multiply_units<V, kBlock>(step.scratch_a, step.scratch_b, step);
}

template <typename V, typename FormatA, typename FormatB, int kScaleBlock, const GridBlock& kBlock>
void scale_and_multiply(const GridStep& step) {
  decode_scaled<FormatA, kBlock.rows, kScaleBlock>(step.a, gemm_grid::kRows, step.scale_a, step.scratch_a);
  decode_scaled<FormatB, kBlock.columns(), kScaleBlock>(step.b, gemm_grid::kColumns, step.scale_b, step.scratch_b);
  multiply_units<V, kBlock>(step.scratch_a, step.scratch_b, step);
}
