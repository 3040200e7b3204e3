// SPDX-License-Identifier: Apache-2.0
// One training step of transformer.h for any vector type. Included, inside an anonymous namespace, by the file of each
// instruction set. V gives Block (16 floats), zero(), broadcast(x), load(), store(), add, subtract, multiply, divide,
// fused(a, b, c), root(x), greater(a, b) (a > b ? a : b), tree(x), treemax(x), scale(x, sum) (x * 2^n for n = the
// integer that sum - kRoundingMagic holds) and split(x, e) (m of ln(); e becomes float(e)).
using Float = float __attribute__((may_alias));

constexpr uint32_t kBlock = 16;
constexpr uint32_t kT = transformer::kTokens;
constexpr uint32_t kD = transformer::kWidth;
constexpr uint32_t kH = transformer::kHidden;
constexpr uint32_t kW = transformer::kWords;
static_assert(kT == kBlock && kD == kBlock && kH == 2 * kBlock && kW == 2 * kBlock);

template <typename V>
struct TrainingStep {
  using Block = typename V::Block;
  Float* s;                            // the whole state
  const uint64_t* tokens;              // and targets
  alignas(64) Float turned[kH * kW];  // a transposed matrix

  Float* weights(uint32_t which) { return s + transformer::at::kWeights + which; }
  Float* gradients(uint32_t which) { return s + transformer::at::kGradients + which; }
  Float* stage(uint32_t which) { return s + which; }

  // c = a * b: rows x inner times inner x columns.
  static void multiply(const Float* a, const Float* b, Float* c, uint32_t rows, uint32_t inner, uint32_t columns) {
    constexpr uint32_t kTogether = 4;  // rows at a time, to fill the pipeline
    for (uint32_t i = 0; i < rows; i += kTogether) {
      for (uint32_t j = 0; j < columns; j += kBlock) {
        Block sums[kTogether] = {V::zero(), V::zero(), V::zero(), V::zero()};
        for (uint32_t k = 0; k < inner; ++k) {
          const Block row = V::load(b + k * columns + j);
          for (uint32_t r = 0; r < kTogether; ++r) {
            sums[r] = V::fused(V::broadcast(a[(i + r) * inner + k]), row, sums[r]);
          }
        }
        for (uint32_t r = 0; r < kTogether; ++r) V::store(c + (i + r) * columns + j, sums[r]);
      }
    }
  }
  const Float* transposed(const Float* a, uint32_t rows, uint32_t columns) {
    for (uint32_t i = 0; i < rows; ++i) {
      for (uint32_t j = 0; j < columns; ++j) turned[j * rows + i] = a[i * columns + j];
    }
    return turned;
  }
  // a^T * b, for a: kT x rows, b: kT x columns.
  void multiply_turned(const Float* a, const Float* b, Float* c, uint32_t rows, uint32_t columns) {
    multiply(transposed(a, kT, rows), b, c, rows, kT, columns);
  }
  // a * b^T, for a: kT x inner, b: columns x inner.
  void multiply_by_turned(const Float* a, const Float* b, Float* c, uint32_t inner, uint32_t columns) {
    multiply(a, transposed(b, columns, inner), c, kT, inner, columns);
  }
  static void add(const Float* a, const Float* b, Float* c, uint32_t count) {
    for (uint32_t i = 0; i < count; i += kBlock) V::store(c + i, V::add(V::load(a + i), V::load(b + i)));
  }
  static Block mean(Block x) { return V::broadcast(V::tree(x) * 0.0625F); }

  static void norm(const Float* x, const Float* g, const Float* b, Float* h, Float* inverse, Float* result) {
    for (uint32_t i = 0; i < kT * kD; i += kD) {
      const Block row = V::load(x + i);
      const Block d = V::subtract(row, mean(row));
      const Block spread = V::add(mean(V::multiply(d, d)), V::broadcast(transformer::kNormFloor));
      const Block factor = V::divide(V::broadcast(1.0F), V::root(spread));
      const Block scaled = V::multiply(d, factor);
      V::store(inverse + i, factor);
      V::store(h + i, scaled);
      V::store(result + i, V::fused(scaled, V::load(g), V::load(b)));
    }
  }
  // dx = before + back of norm(dy).
  static void norm_back(const Float* dy, const Float* h, const Float* inverse, const Float* g, const Float* before,
                        Float* dx, Float* dg, Float* db) {
    Block sum_g = V::zero();
    Block sum_b = V::zero();
    for (uint32_t i = 0; i < kT * kD; i += kD) {
      const Block y = V::load(dy + i);
      const Block scaled = V::load(h + i);
      sum_b = V::add(sum_b, y);
      sum_g = V::fused(y, scaled, sum_g);
      const Block e = V::multiply(y, V::load(g));
      const Block left = V::subtract(e, mean(e));
      const Block right = V::multiply(scaled, mean(V::multiply(e, scaled)));
      const Block back = V::multiply(V::load(inverse + i), V::subtract(left, right));
      V::store(dx + i, V::add(V::load(before + i), back));
    }
    V::store(dg, sum_g);
    V::store(db, sum_b);
  }

  static Block exponential(Block x) {
    const Block t = V::multiply(V::greater(x, V::broadcast(transformer::kLeastExponent)),
                                V::broadcast(transformer::kLog2E));
    const Block magic = V::broadcast(transformer::kRoundingMagic);
    const Block sum = V::add(t, magic);
    const Block f = V::subtract(t, V::subtract(sum, magic));
    Block p = V::broadcast(transformer::kExp[6]);
    for (int j = 5; j >= 0; --j) p = V::fused(p, f, V::broadcast(transformer::kExp[j]));
    return V::scale(p, sum);
  }
  static Block logarithm(Block x) {
    Block e;
    const Block m = V::split(x, e);
    const Block one = V::broadcast(1.0F);
    const Block z = V::divide(V::subtract(m, one), V::add(m, one));
    const Block square = V::multiply(z, z);
    Block q = V::broadcast(transformer::kLog[4]);
    for (int j = 3; j >= 0; --j) q = V::fused(q, square, V::broadcast(transformer::kLog[j]));
    return V::fused(e, V::broadcast(transformer::kLn2), V::multiply(z, q));
  }
  static void softmax16(const Float* x, Float* y) {
    for (uint32_t i = 0; i < kT * kT; i += kT) {
      const Block row = V::load(x + i);
      const Block e = exponential(V::subtract(row, V::broadcast(V::treemax(row))));
      V::store(y + i, V::divide(e, V::broadcast(V::tree(e))));
    }
  }
  static void softmax32(const Float* x, Float* y) {
    for (uint32_t i = 0; i < kT * kW; i += kW) {
      const Block low = V::load(x + i);
      const Block high = V::load(x + i + kBlock);
      const Block top = V::broadcast(V::treemax(V::greater(low, high)));
      const Block e_low = exponential(V::subtract(low, top));
      const Block e_high = exponential(V::subtract(high, top));
      const Block sum = V::broadcast(V::tree(V::add(e_low, e_high)));
      V::store(y + i, V::divide(e_low, sum));
      V::store(y + i + kBlock, V::divide(e_high, sum));
    }
  }

  void forward_attention() {
    using namespace transformer;
    for (uint32_t i = 0; i < kT; ++i) {
      add(weights(weight::kE) + tokens[i] * kD, weights(weight::kP) + i * kD, stage(at::kX0) + i * kD, kD);
    }
    norm(stage(at::kX0), weights(weight::kG1), weights(weight::kB1), stage(at::kH1), stage(at::kInverse1), stage(at::kN1));
    multiply(stage(at::kN1), weights(weight::kQ), stage(at::kQ), kT, kD, kD);
    multiply(stage(at::kN1), weights(weight::kK), stage(at::kK), kT, kD, kD);
    multiply(stage(at::kN1), weights(weight::kV), stage(at::kV), kT, kD, kD);
    multiply_by_turned(stage(at::kQ), stage(at::kK), stage(at::kS), kD, kT);
    const Block quarter = V::broadcast(0.25F);
    for (Float* row = stage(at::kS); row != stage(at::kP); row += kBlock) {
      V::store(row, V::multiply(V::load(row), quarter));
    }
    softmax16(stage(at::kS), stage(at::kP));
    multiply(stage(at::kP), stage(at::kV), stage(at::kO), kT, kT, kD);
    multiply(stage(at::kO), weights(weight::kO), stage(at::kX1), kT, kD, kD);
    add(stage(at::kX0), stage(at::kX1), stage(at::kX1), kT * kD);
  }

  void forward_rest() {
    using namespace transformer;
    norm(stage(at::kX1), weights(weight::kG2), weights(weight::kB2), stage(at::kH2), stage(at::kInverse2), stage(at::kN2));
    multiply(stage(at::kN2), weights(weight::k1), stage(at::kR), kT, kD, kH);
    for (uint32_t i = 0; i < kT * kH; i += kBlock) {
      const Block c = V::load(weights(weight::kC) + i % kH);
      const Block r = V::greater(V::add(V::load(stage(at::kR) + i), c), V::zero());
      V::store(stage(at::kR) + i, r);
      V::store(stage(at::kA) + i, V::multiply(r, r));
    }
    multiply(stage(at::kA), weights(weight::k2), stage(at::kX2), kT, kH, kD);
    add(stage(at::kX1), stage(at::kX2), stage(at::kX2), kT * kD);
    multiply(stage(at::kX2), weights(weight::kZ), stage(at::kZ), kT, kD, kW);
    softmax32(stage(at::kZ), stage(at::kY));
    for (uint32_t i = 0; i < kT * kW; ++i) stage(at::kDz)[i] = stage(at::kY)[i];
    for (uint32_t i = 0; i < kT; ++i) {
      const uint32_t target = i * kW + static_cast<uint32_t>(tokens[kT + i]);
      stage(at::kLoss)[i] = stage(at::kY)[target];
      stage(at::kDz)[target] = stage(at::kDz)[target] - 1.0F;
    }
    V::store(stage(at::kLoss), V::subtract(V::zero(), logarithm(V::load(stage(at::kLoss)))));
    for (uint32_t i = 0; i < kT * kW; i += kBlock) {
      V::store(stage(at::kDz) + i, V::multiply(V::load(stage(at::kDz) + i), V::broadcast(0.0625F)));
    }
  }

  void backward_head() {
    using namespace transformer;
    multiply_turned(stage(at::kX2), stage(at::kDz), gradients(weight::kZ), kD, kW);
    multiply_by_turned(stage(at::kDz), weights(weight::kZ), stage(at::kDx2), kW, kD);
    multiply_turned(stage(at::kA), stage(at::kDx2), gradients(weight::k2), kH, kD);
    multiply_by_turned(stage(at::kDx2), weights(weight::k2), stage(at::kDr), kD, kH);
    Block sums[2] = {V::zero(), V::zero()};
    for (uint32_t i = 0; i < kT * kH; i += kBlock) {
      const Block r = V::load(stage(at::kR) + i);
      const Block d = V::multiply(V::add(r, r), V::load(stage(at::kDr) + i));
      V::store(stage(at::kDr) + i, d);
      sums[i / kBlock % 2] = V::add(sums[i / kBlock % 2], d);
    }
    V::store(gradients(weight::kC), sums[0]);
    V::store(gradients(weight::kC) + kBlock, sums[1]);
    multiply_turned(stage(at::kN2), stage(at::kDr), gradients(weight::k1), kD, kH);
    multiply_by_turned(stage(at::kDr), weights(weight::k1), stage(at::kDn2), kH, kD);
    norm_back(stage(at::kDn2), stage(at::kH2), stage(at::kInverse2), weights(weight::kG2), stage(at::kDx2),
              stage(at::kDx1), gradients(weight::kG2), gradients(weight::kB2));
  }

  void backward_attention() {
    using namespace transformer;
    multiply_turned(stage(at::kO), stage(at::kDx1), gradients(weight::kO), kD, kD);
    multiply_by_turned(stage(at::kDx1), weights(weight::kO), stage(at::kDo), kD, kD);
    multiply_by_turned(stage(at::kDo), stage(at::kV), stage(at::kDp), kD, kT);
    multiply_turned(stage(at::kP), stage(at::kDo), stage(at::kDv), kT, kD);
    for (uint32_t i = 0; i < kT * kT; i += kT) {
      const Block p = V::load(stage(at::kP) + i);
      const Block d = V::load(stage(at::kDp) + i);
      const Block centred = V::subtract(d, V::broadcast(V::tree(V::multiply(d, p))));
      V::store(stage(at::kDs) + i, V::multiply(V::multiply(p, centred), V::broadcast(0.25F)));
    }
    multiply(stage(at::kDs), stage(at::kK), stage(at::kDq), kT, kT, kD);
    multiply_turned(stage(at::kDs), stage(at::kQ), stage(at::kDk), kT, kD);
    multiply_turned(stage(at::kN1), stage(at::kDq), gradients(weight::kQ), kD, kD);
    multiply_turned(stage(at::kN1), stage(at::kDk), gradients(weight::kK), kD, kD);
    multiply_turned(stage(at::kN1), stage(at::kDv), gradients(weight::kV), kD, kD);
    multiply_by_turned(stage(at::kDq), weights(weight::kQ), stage(at::kDn1), kD, kD);
    alignas(64) Float part[kT * kD];
    multiply_by_turned(stage(at::kDk), weights(weight::kK), part, kD, kD);
    add(stage(at::kDn1), part, stage(at::kDn1), kT * kD);
    multiply_by_turned(stage(at::kDv), weights(weight::kV), part, kD, kD);
    add(stage(at::kDn1), part, stage(at::kDn1), kT * kD);
    norm_back(stage(at::kDn1), stage(at::kH1), stage(at::kInverse1), weights(weight::kG1), stage(at::kDx1),
              stage(at::kDx0), gradients(weight::kG1), gradients(weight::kB1));
    for (uint32_t i = 0; i < kW * kD; i += kBlock) V::store(gradients(weight::kE) + i, V::zero());
    for (uint32_t i = 0; i < kT; ++i) {
      Float* row = gradients(weight::kE) + tokens[i] * kD;
      const Float* d = stage(at::kDx0) + i * kD;
      add(row, d, row, kD);
      V::store(gradients(weight::kP) + i * kD, V::load(d));
    }
  }

  void adam() {
    using namespace transformer;
    for (uint32_t i = 0; i < weight::kCount; i += kBlock) {
      const Block g = V::load(gradients(i));
      const Block m = V::fused(V::broadcast(kBeta1), V::load(s + at::kM + i), V::multiply(V::broadcast(kRest1), g));
      const Block u =
          V::fused(V::broadcast(kBeta2), V::load(s + at::kU + i), V::multiply(V::broadcast(kRest2), V::multiply(g, g)));
      const Block by = V::add(V::root(u), V::broadcast(kFloor));
      V::store(s + at::kM + i, m);
      V::store(s + at::kU + i, u);
      const Block change = V::divide(V::multiply(V::broadcast(kRate), m), by);
      V::store(weights(i), V::subtract(V::load(weights(i)), change));
    }
  }
};

template <typename V>
void transformer_step(uint64_t* state, const uint64_t* params) {
  TrainingStep<V> step;
  step.s = reinterpret_cast<Float*>(state);
  step.tokens = params;
  for (uint32_t training = 0; training < transformer::kTrainings; ++training) {
    step.forward_attention();
    step.forward_rest();
    step.backward_head();
    step.backward_attention();
    step.adam();
  }
}
