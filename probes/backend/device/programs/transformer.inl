// SPDX-License-Identifier: Apache-2.0
// transformer.step (probes/catalogue/transformer.h). The whole state lies in device memory, two floats to a word as in the output, for it is larger than
// the memory of a team; a lane computes the two floats of a word, each in the order of the definition. Names of places are those of the definition.
#define ASSAY_PROGRAM transformer
#define ASSAY_TEAM 128
#define ASSAY_STATE_WORDS 0
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 1744  // the weights, then tokens and targets
#define ASSAY_ARENA_WORDS 11976
#define ASSAY_OUT_WORDS 11720
#define ASSAY_STEPS 2

// Where things are, in words: weights (m, u and the gradients have the same shape), then stages of 16 rows, of 8 words or of 16 each, and behind the state
// the numerators of softmax.
enum {
  T_WE = 0, T_WP = 256, T_G1 = 384, T_B1 = 392, T_WQ = 400, T_WK = 528, T_WV = 656, T_WO = 784, T_G2 = 912, T_B2 = 920,
  T_W1 = 928, T_WC = 1184, T_W2 = 1200, T_WZ = 1456, T_WEIGHTS = 1712,
  T_M = T_WEIGHTS, T_U = 2 * T_WEIGHTS, T_GRADIENT = 3 * T_WEIGHTS,
  T_X0 = 6848, T_H1 = 6976, T_I1 = 7104, T_N1 = 7232, T_Q = 7360, T_K = 7488, T_V = 7616, T_S = 7744, T_P = 7872, T_O = 8000,
  T_X1 = 8128, T_H2 = 8256, T_I2 = 8384, T_N2 = 8512, T_R = 8640, T_A = 8896, T_X2 = 9152, T_Z = 9280, T_Y = 9536, T_LOSS = 9792,
  T_DZ = 9800, T_DX2 = 10056, T_DR = 10184, T_DN2 = 10440, T_DX1 = 10568, T_DO = 10696, T_DP = 10824, T_DS = 10952,
  T_DQ = 11080, T_DK = 11208, T_DV = 11336, T_DN1 = 11464, T_DX0 = 11592, T_EXP = 11720
};

#include "probes/backend/device/programs/transformer_words.inl"

// Each lane sums the row of its word by itself.
ASSAY_FN void transformer_norm(ASSAY_GLOBAL assay_u64* s, assay_u32 x, assay_u32 g, assay_u32 b, assay_u32 h, assay_u32 inverse, assay_u32 result, assay_u32 me) {
  ASSAY_EACH_LANE(lane, me) {
    float row[16];
    transformer_row(s + x + lane / 8 * 8, row);
    const float mean = transformer_mean(row);
    transformer_row(s + x + lane / 8 * 8, row);
    ASSAY_UNROLL
    for (assay_u32 j = 0; j < 16; ++j) {
      const float d = assay_sub_f32(row[j], mean);
      row[j] = assay_mul_f32(d, d);
    }
    const float factor = assay_div_f32(1.0f, assay_sqrt_f32(assay_add_f32(transformer_mean(row), 0x1.4f8b58p-17f)));
    const assay_u64 scaled = transformer_scaled(transformer_add(s[x + lane], transformer_two(-mean, -mean)), factor);
    s[inverse + lane] = transformer_two(factor, factor);
    s[h + lane] = scaled;
    s[result + lane] = transformer_fma(scaled, s[g + lane % 8], s[b + lane % 8]);
  }
}

// dx = before + back of norm(dy); dg and db are the gradients of g and b.
ASSAY_FN void transformer_norm_back(ASSAY_GLOBAL assay_u64* s, assay_u32 dy, assay_u32 h, assay_u32 inverse, assay_u32 g, assay_u32 before, assay_u32 dx,
                                    assay_u32 me) {
  ASSAY_EACH_LANE(lane, me) {
    float e[16];
    float product[16];
    ASSAY_UNROLL
    for (assay_u32 word = 0; word < 8; ++word) {
      const assay_u64 scaled = s[h + lane / 8 * 8 + word];
      const assay_u64 both = transformer_mul(s[dy + lane / 8 * 8 + word], s[g + word]);
      e[2 * word] = transformer_low(both);
      e[2 * word + 1] = transformer_high(both);
      product[2 * word] = assay_mul_f32(e[2 * word], transformer_low(scaled));
      product[2 * word + 1] = assay_mul_f32(e[2 * word + 1], transformer_high(scaled));
    }
    const float mean = transformer_mean(e);
    const assay_u64 left = transformer_add(transformer_mul(s[dy + lane], s[g + lane % 8]), transformer_two(-mean, -mean));
    const assay_u64 right = transformer_scaled(s[h + lane], transformer_mean(product));
    const assay_u64 difference = transformer_two(assay_sub_f32(transformer_low(left), transformer_low(right)),
                                                 assay_sub_f32(transformer_high(left), transformer_high(right)));
    s[dx + lane] = transformer_add(s[before + lane], transformer_mul(s[inverse + lane], difference));
    if (lane < 8) {
      assay_u64 sum_g = 0;
      assay_u64 sum_b = 0;
      for (assay_u32 i = 0; i < 16; ++i) {
        const assay_u64 y = s[dy + 8 * i + lane];
        sum_b = transformer_add(sum_b, y);
        sum_g = transformer_fma(y, s[h + 8 * i + lane], sum_g);
      }
      s[T_GRADIENT + g + lane] = sum_g;
      s[T_GRADIENT + g + 8 + lane] = sum_b;
    }
  }
}

// p = softmax(s), rows of 16: numerators first, for each lane needs those of its row.
ASSAY_FN void transformer_softmax_16(ASSAY_GLOBAL assay_u64* s, assay_u32 me) {
  ASSAY_EACH_LANE(lane, me) {
    float row[16];
    transformer_row(s + T_S + lane / 8 * 8, row);
    const float top = transformer_treemax(row);
    const assay_u64 x = s[T_S + lane];
    s[T_EXP + lane] = transformer_two(transformer_exp(assay_sub_f32(transformer_low(x), top)), transformer_exp(assay_sub_f32(transformer_high(x), top)));
  }
  ASSAY_BARRIER();
  ASSAY_EACH_LANE(lane, me) {
    float row[16];
    transformer_row(s + T_EXP + lane / 8 * 8, row);
    const float sum = transformer_tree(row);
    const assay_u64 e = s[T_EXP + lane];
    s[T_P + lane] = transformer_two(assay_div_f32(transformer_low(e), sum), assay_div_f32(transformer_high(e), sum));
  }
}

// y = softmax(z), rows of 32, and dz.
ASSAY_FN void transformer_softmax_32(ASSAY_GLOBAL assay_u64* s, ASSAY_GLOBAL const assay_u64* targets, assay_u32 me) {
  ASSAY_EACH_LANE(lane, me) {
    for (assay_u32 word = lane; word < 256; word += 128) {
      float row[16];
      float more[16];
      transformer_row(s + T_Z + word / 16 * 16, row);
      transformer_row(s + T_Z + word / 16 * 16 + 8, more);
      ASSAY_UNROLL
      for (assay_u32 j = 0; j < 16; ++j) {
        row[j] = transformer_greater(row[j], more[j]);
      }
      const float top = transformer_treemax(row);
      const assay_u64 x = s[T_Z + word];
      s[T_EXP + word] = transformer_two(transformer_exp(assay_sub_f32(transformer_low(x), top)), transformer_exp(assay_sub_f32(transformer_high(x), top)));
    }
  }
  ASSAY_BARRIER();
  ASSAY_EACH_LANE(lane, me) {
    for (assay_u32 word = lane; word < 256; word += 128) {
      float row[16];
      float more[16];
      transformer_row(s + T_EXP + word / 16 * 16, row);
      transformer_row(s + T_EXP + word / 16 * 16 + 8, more);
      ASSAY_UNROLL
      for (assay_u32 j = 0; j < 16; ++j) {
        row[j] = assay_add_f32(row[j], more[j]);
      }
      const float sum = transformer_tree(row);
      const float low = assay_div_f32(transformer_low(s[T_EXP + word]), sum);
      const float high = assay_div_f32(transformer_high(s[T_EXP + word]), sum);
      s[T_Y + word] = transformer_two(low, high);
      const assay_u32 target = (assay_u32)targets[word / 16] % 32;
      const assay_u32 column = word % 16 * 2;
      s[T_DZ + word] = transformer_scaled(
          transformer_two(target == column ? assay_sub_f32(low, 1.0f) : low, target == column + 1 ? assay_sub_f32(high, 1.0f) : high), 0.0625f);
    }
  }
}

ASSAY_FN void transformer_forward_attention(ASSAY_GLOBAL assay_u64* s, ASSAY_GLOBAL const assay_u64* tokens, assay_u32 me) {
  ASSAY_EACH_LANE(lane, me) {
    s[T_X0 + lane] = transformer_add(s[T_WE + (assay_u32)tokens[lane / 8] % 32 * 8 + lane % 8], s[T_WP + lane]);
  }
  ASSAY_BARRIER();
  transformer_norm(s, T_X0, T_G1, T_B1, T_H1, T_I1, T_N1, me);
  ASSAY_BARRIER();
  transformer_multiply(s, T_N1, T_WQ, T_Q, 16, 16, me);
  transformer_multiply(s, T_N1, T_WK, T_K, 16, 16, me);
  transformer_multiply(s, T_N1, T_WV, T_V, 16, 16, me);
  ASSAY_BARRIER();
  ASSAY_EACH_LANE(lane, me) {
    s[T_S + lane] = transformer_scaled(transformer_by_turned(s, T_Q, T_K, 16, 16, lane), 0.25f);
  }
  ASSAY_BARRIER();
  transformer_softmax_16(s, me);
  ASSAY_BARRIER();
  transformer_multiply(s, T_P, T_V, T_O, 16, 16, me);
  ASSAY_BARRIER();
  transformer_multiply(s, T_O, T_WO, T_X1, 16, 16, me);
  ASSAY_EACH_LANE(lane, me) {
    s[T_X1 + lane] = transformer_add(s[T_X0 + lane], s[T_X1 + lane]);
  }
  ASSAY_BARRIER();
}

ASSAY_FN void transformer_forward_rest(ASSAY_GLOBAL assay_u64* s, ASSAY_GLOBAL const assay_u64* targets, assay_u32 me) {
  transformer_norm(s, T_X1, T_G2, T_B2, T_H2, T_I2, T_N2, me);
  ASSAY_BARRIER();
  transformer_multiply(s, T_N2, T_W1, T_R, 16, 32, me);
  ASSAY_EACH_LANE(lane, me) {
    for (assay_u32 word = lane; word < 256; word += 128) {
      const assay_u64 sum = transformer_add(s[T_R + word], s[T_WC + word % 16]);
      const assay_u64 r = transformer_two(transformer_greater(transformer_low(sum), 0.0f), transformer_greater(transformer_high(sum), 0.0f));
      s[T_R + word] = r;
      s[T_A + word] = transformer_mul(r, r);
    }
  }
  ASSAY_BARRIER();
  transformer_multiply(s, T_A, T_W2, T_X2, 32, 16, me);
  ASSAY_EACH_LANE(lane, me) {
    s[T_X2 + lane] = transformer_add(s[T_X1 + lane], s[T_X2 + lane]);
  }
  ASSAY_BARRIER();
  transformer_multiply(s, T_X2, T_WZ, T_Z, 16, 32, me);
  ASSAY_BARRIER();
  transformer_softmax_32(s, targets, me);
  ASSAY_BARRIER();
  ASSAY_EACH_LANE(lane, me) {
    if (lane < 8) {
      const float low = transformer_log(transformer_number(s, T_Y, 64 * lane + (assay_u32)targets[2 * lane] % 32));
      const float high = transformer_log(transformer_number(s, T_Y, 64 * lane + 32 + (assay_u32)targets[2 * lane + 1] % 32));
      s[T_LOSS + lane] = transformer_two(assay_sub_f32(0.0f, low), assay_sub_f32(0.0f, high));
    }
  }
  ASSAY_BARRIER();
}

ASSAY_FN void transformer_backward_head(ASSAY_GLOBAL assay_u64* s, assay_u32 me) {
  transformer_multiply_turned(s, T_X2, T_DZ, T_GRADIENT + T_WZ, 16, 32, me);
  transformer_multiply_by_turned(s, T_DZ, T_WZ, T_DX2, 32, 16, me);
  ASSAY_BARRIER();
  transformer_multiply_turned(s, T_A, T_DX2, T_GRADIENT + T_W2, 32, 16, me);
  transformer_multiply_by_turned(s, T_DX2, T_W2, T_DR, 16, 32, me);
  ASSAY_EACH_LANE(lane, me) {
    for (assay_u32 word = lane; word < 256; word += 128) {
      s[T_DR + word] = transformer_mul(transformer_add(s[T_R + word], s[T_R + word]), s[T_DR + word]);
    }
  }
  ASSAY_BARRIER();
  ASSAY_EACH_LANE(lane, me) {
    for (assay_u32 word = lane; word < 16; word += 128) {
      assay_u64 sum = 0;
      for (assay_u32 i = 0; i < 16; ++i) {
        sum = transformer_add(sum, s[T_DR + 16 * i + word]);
      }
      s[T_GRADIENT + T_WC + word] = sum;
    }
  }
  ASSAY_BARRIER();  // for the compiler of PoCL 3.1 (LLVM 15), which drops these sums where other loops of the lane come next
  transformer_multiply_turned(s, T_N2, T_DR, T_GRADIENT + T_W1, 16, 32, me);
  transformer_multiply_by_turned(s, T_DR, T_W1, T_DN2, 32, 16, me);
  ASSAY_BARRIER();
  transformer_norm_back(s, T_DN2, T_H2, T_I2, T_G2, T_DX2, T_DX1, me);
  ASSAY_BARRIER();
}

ASSAY_FN void transformer_backward_attention(ASSAY_GLOBAL assay_u64* s, assay_u32 me) {
  transformer_multiply_turned(s, T_O, T_DX1, T_GRADIENT + T_WO, 16, 16, me);
  transformer_multiply_by_turned(s, T_DX1, T_WO, T_DO, 16, 16, me);
  ASSAY_BARRIER();
  transformer_multiply_by_turned(s, T_DO, T_V, T_DP, 16, 16, me);
  transformer_multiply_turned(s, T_P, T_DO, T_DV, 16, 16, me);
  ASSAY_BARRIER();
  ASSAY_EACH_LANE(lane, me) {
    float row[16];
    ASSAY_UNROLL
    for (assay_u32 word = 0; word < 8; ++word) {
      const assay_u64 product = transformer_mul(s[T_DP + lane / 8 * 8 + word], s[T_P + lane / 8 * 8 + word]);
      row[2 * word] = transformer_low(product);
      row[2 * word + 1] = transformer_high(product);
    }
    const float sum = transformer_tree(row);
    const assay_u64 centred = transformer_add(s[T_DP + lane], transformer_two(-sum, -sum));
    s[T_DS + lane] = transformer_scaled(transformer_mul(s[T_P + lane], centred), 0.25f);
  }
  ASSAY_BARRIER();
  transformer_multiply(s, T_DS, T_K, T_DQ, 16, 16, me);
  transformer_multiply_turned(s, T_DS, T_Q, T_DK, 16, 16, me);
  ASSAY_BARRIER();
  transformer_multiply_turned(s, T_N1, T_DQ, T_GRADIENT + T_WQ, 16, 16, me);
  transformer_multiply_turned(s, T_N1, T_DK, T_GRADIENT + T_WK, 16, 16, me);
  transformer_multiply_turned(s, T_N1, T_DV, T_GRADIENT + T_WV, 16, 16, me);
  ASSAY_EACH_LANE(lane, me) {
    const assay_u64 two = transformer_add(transformer_by_turned(s, T_DQ, T_WQ, 16, 16, lane), transformer_by_turned(s, T_DK, T_WK, 16, 16, lane));
    s[T_DN1 + lane] = transformer_add(two, transformer_by_turned(s, T_DV, T_WV, 16, 16, lane));
  }
  ASSAY_BARRIER();
  transformer_norm_back(s, T_DN1, T_H1, T_I1, T_G1, T_DX1, T_DX0, me);
  ASSAY_BARRIER();
}

ASSAY_FN void transformer_embedding(ASSAY_GLOBAL assay_u64* s, ASSAY_GLOBAL const assay_u64* tokens, assay_u32 me) {
  ASSAY_EACH_LANE(lane, me) {
    s[T_GRADIENT + T_WP + lane] = s[T_DX0 + lane];
    for (assay_u32 word = lane; word < 256; word += 128) {
      assay_u64 sum = 0;
      for (assay_u32 i = 0; i < 16; ++i) {
        if ((assay_u32)tokens[i] % 32 == word / 8) {
          sum = transformer_add(sum, s[T_DX0 + 8 * i + word % 8]);
        }
      }
      s[T_GRADIENT + T_WE + word] = sum;
    }
  }
  ASSAY_BARRIER();
}

ASSAY_FN assay_u64 transformer_change(assay_u64 m, assay_u64 u) {
  const float low = assay_div_f32(assay_mul_f32(0x1p-7f, transformer_low(m)), assay_add_f32(assay_sqrt_f32(transformer_low(u)), 0x1.5798eep-27f));
  const float high = assay_div_f32(assay_mul_f32(0x1p-7f, transformer_high(m)), assay_add_f32(assay_sqrt_f32(transformer_high(u)), 0x1.5798eep-27f));
  return transformer_two(-low, -high);
}

ASSAY_FN void transformer_adam(ASSAY_GLOBAL assay_u64* s, assay_u32 me) {
  ASSAY_EACH_LANE(lane, me) {
    for (assay_u32 word = lane; word < T_WEIGHTS; word += 128) {
      const assay_u64 g = s[T_GRADIENT + word];
      const assay_u64 m = transformer_fma(transformer_two(0x1.ccccccp-1f, 0x1.ccccccp-1f), s[T_M + word], transformer_scaled(g, 0x1.99999ap-4f));
      const assay_u64 u =
          transformer_fma(transformer_two(0x1.ff7ceep-1f, 0x1.ff7ceep-1f), s[T_U + word], transformer_scaled(transformer_mul(g, g), 0x1.0624dep-10f));
      s[T_M + word] = m;
      s[T_U + word] = u;
      s[word] = transformer_add(s[word], transformer_change(m, u));
    }
  }
  ASSAY_BARRIER();
}

ASSAY_FN void transformer_step(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* s, ASSAY_GLOBAL assay_u64* out,
                               assay_u32 me, assay_u32 step) {
  (void)state;
  ASSAY_EACH_LANE(lane, me) {
    for (assay_u32 word = lane; step == 0 && word < T_GRADIENT; word += 128) {
      s[word] = word < T_WEIGHTS ? params[word] : 0;
    }
  }
  ASSAY_BARRIER();
  for (assay_u32 training = 0; training < 48; ++training) {
    transformer_forward_attention(s, params + T_WEIGHTS, me);
    transformer_forward_rest(s, params + T_WEIGHTS + 16, me);
    transformer_backward_head(s, me);
    transformer_backward_attention(s, me);
    transformer_embedding(s, params + T_WEIGHTS, me);
    transformer_adam(s, me);
  }
  ASSAY_EACH_LANE(lane, me) {
    for (assay_u32 word = lane; word < ASSAY_OUT_WORDS; word += 128) {
      out[word] = s[word];
    }
  }
}
