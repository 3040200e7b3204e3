// SPDX-License-Identifier: Apache-2.0
// What transformer.inl is made of: numbers two to a word, sums and maxima of rows, exp and ln, and products of matrices, in the order of
// probes/catalogue/transformer.h.

ASSAY_FN float transformer_low(assay_u64 word) { return assay_f32_of((assay_u32)word); }
ASSAY_FN float transformer_high(assay_u64 word) { return assay_f32_of((assay_u32)(word >> 32)); }
ASSAY_FN assay_u64 transformer_two(float low, float high) { return ((assay_u64)assay_bits_f32(high) << 32) | assay_bits_f32(low); }
ASSAY_FN float transformer_number(ASSAY_GLOBAL const assay_u64* s, assay_u32 at, assay_u32 index) {
  return assay_f32_of((assay_u32)(s[at + index / 2] >> (32 * (index % 2))));
}
// Both floats of words.
ASSAY_FN assay_u64 transformer_add(assay_u64 a, assay_u64 b) {
  return transformer_two(assay_add_f32(transformer_low(a), transformer_low(b)), assay_add_f32(transformer_high(a), transformer_high(b)));
}
ASSAY_FN assay_u64 transformer_mul(assay_u64 a, assay_u64 b) {
  return transformer_two(assay_mul_f32(transformer_low(a), transformer_low(b)), assay_mul_f32(transformer_high(a), transformer_high(b)));
}
ASSAY_FN assay_u64 transformer_fma(assay_u64 a, assay_u64 b, assay_u64 c) {
  return transformer_two(assay_fma_f32(transformer_low(a), transformer_low(b), transformer_low(c)),
                         assay_fma_f32(transformer_high(a), transformer_high(b), transformer_high(c)));
}
ASSAY_FN assay_u64 transformer_scaled(assay_u64 a, float factor) { return transformer_mul(a, transformer_two(factor, factor)); }
ASSAY_FN float transformer_greater(float a, float b) { return a > b ? a : b; }

// A row of 16, and its sum or maximum as the definition orders them.
ASSAY_FN void transformer_row(ASSAY_GLOBAL const assay_u64* row, float* x) {
  ASSAY_UNROLL
  for (assay_u32 word = 0; word < 8; ++word) {
    x[2 * word] = transformer_low(row[word]);
    x[2 * word + 1] = transformer_high(row[word]);
  }
}
ASSAY_FN float transformer_tree(float* x) {
  ASSAY_UNROLL
  for (assay_u32 j = 0; j < 8; ++j) {
    x[j] = assay_add_f32(x[j], x[j + 8]);
  }
  ASSAY_UNROLL
  for (assay_u32 j = 0; j < 4; ++j) {
    x[j] = assay_add_f32(x[j], x[j + 4]);
  }
  return assay_add_f32(assay_add_f32(x[0], x[2]), assay_add_f32(x[1], x[3]));
}
ASSAY_FN float transformer_treemax(float* x) {
  ASSAY_UNROLL
  for (assay_u32 j = 0; j < 8; ++j) {
    x[j] = transformer_greater(x[j], x[j + 8]);
  }
  ASSAY_UNROLL
  for (assay_u32 j = 0; j < 4; ++j) {
    x[j] = transformer_greater(x[j], x[j + 4]);
  }
  return transformer_greater(transformer_greater(x[0], x[2]), transformer_greater(x[1], x[3]));
}
ASSAY_FN float transformer_mean(float* x) { return assay_mul_f32(transformer_tree(x), 0.0625f); }

ASSAY_FN float transformer_exp(float x) {
  const float t = assay_mul_f32(transformer_greater(x, -80.0f), 0x1.715476p+0f);
  const float sum = assay_add_f32(t, 0x1.8p23f);
  const float f = assay_sub_f32(t, assay_sub_f32(sum, 0x1.8p23f));
  float p = assay_fma_f32(0x1.430912p-13f, f, 0x1.5d87fep-10f);
  p = assay_fma_f32(p, f, 0x1.3b2ab6p-7f);
  p = assay_fma_f32(p, f, 0x1.c6b08ep-5f);
  p = assay_fma_f32(p, f, 0x1.ebfbep-3f);
  p = assay_fma_f32(p, f, 0x1.62e43p-1f);
  p = assay_fma_f32(p, f, 1.0f);
  return assay_f32_of(assay_bits_f32(p) + (assay_bits_f32(sum) << 23));
}

ASSAY_FN float transformer_log(float x) {
  // An arithmetic shift by 23: the sign of the difference goes into the bits above.
  const assay_u32 over = assay_bits_f32(x) - 0x3F3504F3u;
  const assay_u32 e = (over >> 23) | ((0 - (over >> 31)) << 9);
  const float m = assay_f32_of(assay_bits_f32(x) - (e << 23));
  const float z = assay_div_f32(assay_sub_f32(m, 1.0f), assay_add_f32(m, 1.0f));
  const float square = assay_mul_f32(z, z);
  float q = assay_fma_f32(0x1.c71c72p-3f, square, 0x1.24924ap-2f);
  q = assay_fma_f32(q, square, 0x1.99999ap-2f);
  q = assay_fma_f32(q, square, 0x1.555556p-1f);
  q = assay_fma_f32(q, square, 2.0f);
  return assay_fma_f32((float)(assay_i32)e, 0x1.62e43p-1f, assay_mul_f32(z, q));
}

// c = a * b, a: 16 x inner, b: inner x columns. Here and below the 128 lanes share the words of c; what a lane goes on with is its own.
ASSAY_FN void transformer_multiply(ASSAY_GLOBAL assay_u64* s, assay_u32 a, assay_u32 b, assay_u32 c, assay_u32 inner, assay_u32 columns, assay_u32 me) {
  ASSAY_EACH_LANE(lane, me) {
    for (assay_u32 word = lane; word < 8 * columns; word += 128) {
      const assay_u32 row = word / (columns / 2);
      const assay_u32 column = word % (columns / 2);
      assay_u64 sum = 0;
      for (assay_u32 k = 0; k < inner / 2; ++k) {
        const assay_u64 left = s[a + row * (inner / 2) + k];
        const float low = transformer_low(left);
        const float high = transformer_high(left);
        sum = transformer_fma(transformer_two(low, low), s[b + k * columns + column], sum);
        sum = transformer_fma(transformer_two(high, high), s[b + k * columns + columns / 2 + column], sum);
      }
      s[c + word] = sum;
    }
  }
}

// c = a^T * b, a: 16 x rows, b: 16 x columns.
ASSAY_FN void transformer_multiply_turned(ASSAY_GLOBAL assay_u64* s, assay_u32 a, assay_u32 b, assay_u32 c, assay_u32 rows, assay_u32 columns, assay_u32 me) {
  ASSAY_EACH_LANE(lane, me) {
    for (assay_u32 word = lane; word < rows * columns / 2; word += 128) {
      const assay_u32 row = word / (columns / 2);
      const assay_u32 column = word % (columns / 2);
      assay_u64 sum = 0;
      for (assay_u32 k = 0; k < 16; ++k) {
        const float left = transformer_number(s, a, k * rows + row);
        sum = transformer_fma(transformer_two(left, left), s[b + k * (columns / 2) + column], sum);
      }
      s[c + word] = sum;
    }
  }
}

// One word of a * b^T, a: 16 x inner, b: columns x inner.
ASSAY_FN assay_u64 transformer_by_turned(ASSAY_GLOBAL const assay_u64* s, assay_u32 a, assay_u32 b, assay_u32 inner, assay_u32 columns, assay_u32 word) {
  ASSAY_GLOBAL const assay_u64* left = s + a + word / (columns / 2) * (inner / 2);
  ASSAY_GLOBAL const assay_u64* right = s + b + word % (columns / 2) * inner;
  float low = 0.0f;
  float high = 0.0f;
  for (assay_u32 k = 0; k < inner / 2; ++k) {
    const assay_u64 x = left[k];
    const assay_u64 y = right[k];
    const assay_u64 z = right[inner / 2 + k];
    low = assay_fma_f32(transformer_low(x), transformer_low(y), low);
    low = assay_fma_f32(transformer_high(x), transformer_high(y), low);
    high = assay_fma_f32(transformer_low(x), transformer_low(z), high);
    high = assay_fma_f32(transformer_high(x), transformer_high(z), high);
  }
  return transformer_two(low, high);
}
ASSAY_FN void transformer_multiply_by_turned(ASSAY_GLOBAL assay_u64* s, assay_u32 a, assay_u32 b, assay_u32 c, assay_u32 inner, assay_u32 columns, assay_u32 me) {
  ASSAY_EACH_LANE(lane, me) {
    for (assay_u32 word = lane; word < 8 * columns; word += 128) {
      s[c + word] = transformer_by_turned(s, a, b, inner, columns, word);
    }
  }
}
