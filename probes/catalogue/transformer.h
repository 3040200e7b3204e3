// SPDX-License-Identifier: Apache-2.0
// transformer.step: training steps of a small transformer in FP32: the forward pass, the loss, the whole backward pass
// and Adam, with the weights, tokens and targets of an operand set. Every operation is one IEEE addition, subtraction,
// multiplication, division, square root or fused multiply-add, rounded to nearest even, in the order written here, so
// the result is one on any hardware. Sizes: 16 tokens, width 16, 32 hidden units, 32 words; matrices are row-major.
//
// Conventions. A * B: each element is fma(a[i][k], b[k][j], sum) for k ascending from sum = +0; the same for a product
// with a transposed matrix. tree(x) over 16 numbers: x[j] + x[j + 8], then + 4, + 2, + 1 apart; treemax likewise with
// max(a, b) = a > b ? a : b. Over 32: first x[j] + x[j + 16] (max likewise). Sums over rows ascend from +0.
//   norm(x; g, b), by rows: mean = tree(x) * (1/16), d = x - mean, i = 1 / sqrt(tree(d * d) * (1/16) + eps),
//     h = d * i, result fma(h, g, b); eps = 0x1.4f8b58p-17
//   back of norm for dy: db = sum of the rows of dy; dg = fma(dy, h, dg) over the rows; e = dy * g;
//     dx = i * ((e - tree(e) * (1/16)) - h * (tree(e * h) * (1/16)))
//   exp(x): t = max(x, -80) * 0x1.715476p+0; n = (t + 0x1.8p23) - 0x1.8p23; f = t - n; p = Horner of kExp in f by fma;
//     result p * 2^n, by adding n to the exponent field
//   softmax(x), by rows: e = exp(x - treemax(x)), result e / tree(e)
//   ln(x), x normal: e = (bits(x) - 0x3F3504F3) >> 23 (arithmetic), m = bits(x) - (e << 23), z = (m - 1) / (m + 1),
//     s = z * z, q = Horner of kLog in s by fma, result fma(float(e), 0x1.62e43p-1, z * q)
//
// Forward: x0[i] = E[token i] + P[i]; n1 = norm(x0); q, k, v = n1 * Wq, Wk, Wv; s = (q * k^T) * 0.25; p = softmax(s);
//   o = p * v; x1 = x0 + o * Wo; n2 = norm(x1); r = max(n2 * W1 + c, 0); a = r * r (elements); x2 = x1 + a * W2;
//   z = x2 * Wz; y = softmax(z); loss[i] = 0 - ln(y[i][target i]).
// Backward: dz = (y - onehot(target)) * (1/16); dWz = x2^T * dz; dx2 = dz * Wz^T; dW2 = a^T * dx2;
//   dr = (r + r) * (dx2 * W2^T) (elements); dW1 = n2^T * dr; dc = sum of rows of dr; dn2 = dr * W1^T;
//   dx1 = dx2 + back of norm(dn2); dWo = o^T * dx1; do = dx1 * Wo^T; dp = do * v^T; dv = p^T * do;
//   ds = (p * (dp - tree(dp * p))) * 0.25; dq = ds * k; dk = ds^T * q; dWq, dWk, dWv = n1^T * dq, dk, dv;
//   dn1 = (dq * Wq^T + dk * Wk^T) + dv * Wv^T; dx0 = dx1 + back of norm(dn1); dP = dx0; dE[token i] += dx0[i], i
//   ascending, from +0.
// Adam for every weight w with gradient g: m = fma(kBeta1, m, kRest1 * g); u = fma(kBeta2, u, kRest2 * (g * g));
//   w = w - (kRate * m) / (sqrt(u) + kFloor). There is no correction of the bias.
// Subnormal numbers may come up in u and are kept.
//
// A step of a run is 48 of these training steps, on the same tokens; the weights, m and u carry on. State and output of a step: weights, m, u,
// gradients, then the results of all stages of the last training step (below), two floats to a word, the first in the low half. Every stage
// feeds the weights but the loss, which is computed to be compared. A run has 2 steps.
// Parameters: tokens, then targets, a word each.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::probes::transformer {

inline constexpr std::string_view kId = "transformer.step";
inline constexpr uint32_t kVersion = 2;  // 1: 32 trainings a step
inline constexpr uint32_t kTokens = 16;
inline constexpr uint32_t kWidth = 16;
inline constexpr uint32_t kHidden = 32;
inline constexpr uint32_t kWords = 32;  // of the vocabulary
inline constexpr uint32_t kTrainings = 48;  // a step
inline constexpr uint32_t kSteps = 2;
inline constexpr uint32_t kParamWords = 2 * kTokens;

inline constexpr float kNormFloor = 0x1.4f8b58p-17F;  // 1e-5
inline constexpr float kLog2E = 0x1.715476p+0F;
inline constexpr float kLn2 = 0x1.62e43p-1F;
inline constexpr float kRoundingMagic = 0x1.8p23F;
inline constexpr float kLeastExponent = -80.0F;
inline constexpr uint32_t kRootHalf = 0x3F3504F3;  // bits of sqrt(1/2)
// 2^f = sum of kExp[j] f^j: (ln 2)^j / j!.
inline constexpr float kExp[] = {0x1p+0F, 0x1.62e43p-1F, 0x1.ebfbep-3F, 0x1.c6b08ep-5F,
                                 0x1.3b2ab6p-7F, 0x1.5d87fep-10F, 0x1.430912p-13F};
// 2 atanh(z) = z * sum of kLog[j] z^(2j): 2 / (2j + 1).
inline constexpr float kLog[] = {2.0F, 0x1.555556p-1F, 0x1.99999ap-2F, 0x1.24924ap-2F, 0x1.c71c72p-3F};
inline constexpr float kBeta1 = 0x1.ccccccp-1F;   // 0.9
inline constexpr float kRest1 = 0x1.99999ap-4F;   // 0.1
inline constexpr float kBeta2 = 0x1.ff7ceep-1F;   // 0.999
inline constexpr float kRest2 = 0x1.0624dep-10F;  // 0.001
inline constexpr float kRate = 0x1p-7F;
inline constexpr float kFloor = 0x1.5798eep-27F;  // 1e-8

// Where the weights lie in their block of kWeights floats; m, u and the gradients have the same shape.
namespace weight {
inline constexpr uint32_t kE = 0;                         // kWords x kWidth
inline constexpr uint32_t kP = kE + kWords * kWidth;      // kTokens x kWidth
inline constexpr uint32_t kG1 = kP + kTokens * kWidth;    // kWidth
inline constexpr uint32_t kB1 = kG1 + kWidth;             // kWidth
inline constexpr uint32_t kQ = kB1 + kWidth;              // kWidth x kWidth
inline constexpr uint32_t kK = kQ + kWidth * kWidth;      // kWidth x kWidth
inline constexpr uint32_t kV = kK + kWidth * kWidth;      // kWidth x kWidth
inline constexpr uint32_t kO = kV + kWidth * kWidth;      // kWidth x kWidth
inline constexpr uint32_t kG2 = kO + kWidth * kWidth;     // kWidth
inline constexpr uint32_t kB2 = kG2 + kWidth;             // kWidth
inline constexpr uint32_t k1 = kB2 + kWidth;              // kWidth x kHidden
inline constexpr uint32_t kC = k1 + kWidth * kHidden;     // kHidden
inline constexpr uint32_t k2 = kC + kHidden;              // kHidden x kWidth
inline constexpr uint32_t kZ = k2 + kHidden * kWidth;     // kWidth x kWords
inline constexpr uint32_t kCount = kZ + kWidth * kWords;  // floats
}  // namespace weight

// Where each block begins in the state, in floats. Names as in the definition; a row of `inverse` holds i of that row
// kWidth times.
namespace at {
constexpr uint32_t after(uint32_t begin, uint32_t columns) { return begin + kTokens * columns; }
inline constexpr uint32_t kWeights = 0;
inline constexpr uint32_t kM = kWeights + weight::kCount;
inline constexpr uint32_t kU = kM + weight::kCount;
inline constexpr uint32_t kGradients = kU + weight::kCount;
inline constexpr uint32_t kX0 = kGradients + weight::kCount;
inline constexpr uint32_t kH1 = after(kX0, kWidth);
inline constexpr uint32_t kInverse1 = after(kH1, kWidth);
inline constexpr uint32_t kN1 = after(kInverse1, kWidth);
inline constexpr uint32_t kQ = after(kN1, kWidth);
inline constexpr uint32_t kK = after(kQ, kWidth);
inline constexpr uint32_t kV = after(kK, kWidth);
inline constexpr uint32_t kS = after(kV, kWidth);
inline constexpr uint32_t kP = after(kS, kTokens);
inline constexpr uint32_t kO = after(kP, kTokens);
inline constexpr uint32_t kX1 = after(kO, kWidth);
inline constexpr uint32_t kH2 = after(kX1, kWidth);
inline constexpr uint32_t kInverse2 = after(kH2, kWidth);
inline constexpr uint32_t kN2 = after(kInverse2, kWidth);
inline constexpr uint32_t kR = after(kN2, kWidth);
inline constexpr uint32_t kA = after(kR, kHidden);
inline constexpr uint32_t kX2 = after(kA, kHidden);
inline constexpr uint32_t kZ = after(kX2, kWidth);
inline constexpr uint32_t kY = after(kZ, kWords);
inline constexpr uint32_t kLoss = after(kY, kWords);
inline constexpr uint32_t kDz = after(kLoss, 1);
inline constexpr uint32_t kDx2 = after(kDz, kWords);
inline constexpr uint32_t kDr = after(kDx2, kWidth);
inline constexpr uint32_t kDn2 = after(kDr, kHidden);
inline constexpr uint32_t kDx1 = after(kDn2, kWidth);
inline constexpr uint32_t kDo = after(kDx1, kWidth);
inline constexpr uint32_t kDp = after(kDo, kWidth);
inline constexpr uint32_t kDs = after(kDp, kTokens);
inline constexpr uint32_t kDq = after(kDs, kTokens);
inline constexpr uint32_t kDk = after(kDq, kWidth);
inline constexpr uint32_t kDv = after(kDk, kWidth);
inline constexpr uint32_t kDn1 = after(kDv, kWidth);
inline constexpr uint32_t kDx0 = after(kDn1, kWidth);
inline constexpr uint32_t kEnd = after(kDx0, kWidth);
}  // namespace at

inline constexpr uint32_t kStateWords = at::kEnd / 2;
// Multiply-adds of one step: six products a token with each square matrix there and back, and so on.
inline constexpr uint32_t kMultiplyAdds =
    3 * kTokens * (4 * kWidth * kWidth + 2 * kTokens * kWidth + 2 * kWidth * kHidden + kWidth * kWords);

// Operands of a set: weights of random sign and full mantissa with exponents -4..-1, gains in [1/2, 2); everything else
// zero; random tokens and targets. The spans have kStateWords and kParamWords.
void operands(uint32_t operand_set, std::span<uint64_t> state, std::span<uint64_t> params);

}  // namespace assay::probes::transformer
