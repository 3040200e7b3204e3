// SPDX-License-Identifier: Apache-2.0
// The definition of transformer.h term by term: every element from its formula, nothing transposed, blocked or reused.
#include "probes/catalogue/transformer.h"

#include <functional>
#include <span>
#include <vector>

#include "probes/reference/families.h"
#include "probes/reference/soft_single.h"

namespace assay::probes::reference {
namespace {

using namespace transformer;

// A block of the state, row-major.
struct Matrix {
  std::span<Single> numbers;
  uint32_t columns = 0;

  Single& operator()(uint32_t row, uint32_t column) const { return numbers[row * columns + column]; }
};

// The sum of a(k) * b(k), k from 0.
template <typename A, typename B>
Single dot(uint32_t count, const A& a, const B& b) {
  Single sum;
  for (uint32_t k = 0; k < count; ++k) sum = fused(a(k), b(k), sum);
  return sum;
}

// tree() and treemax(): of a power of two of numbers, down to 16 and then to one.
template <typename Pair>
Single fold_halves(std::vector<Single> x, const Pair& pair) {
  while (x.size() > 1) {
    const size_t half = x.size() / 2;
    for (size_t j = 0; j < half; ++j) x[j] = pair(x[j], x[j + half]);
    x.resize(half);
  }
  return x[0];
}
Single tree(std::vector<Single> x) {
  return fold_halves(std::move(x), [](Single a, Single b) { return a + b; });
}
Single treemax(std::vector<Single> x) { return fold_halves(std::move(x), greater); }

template <typename Value>
std::vector<Single> row_of(uint32_t count, const Value& value) {
  std::vector<Single> row;
  for (uint32_t j = 0; j < count; ++j) row.push_back(value(j));
  return row;
}

const Single kSixteenth(0.0625F);

Single exponential(Single x) {
  const Single t = greater(x, Single(kLeastExponent)) * Single(kLog2E);
  const Single n = t + Single(kRoundingMagic) - Single(kRoundingMagic);
  const Single f = t - n;
  Single p;
  for (size_t j = std::size(kExp); j-- > 0;) p = j + 1 == std::size(kExp) ? Single(kExp[j]) : fused(p, f, Single(kExp[j]));
  const int64_t by = soft_to_integer(kBinary32, n.bits, ToInteger::kTruncate);
  return Single::of_bits(static_cast<uint64_t>(p.bits + by * (int64_t{1} << 23)));
}

Single logarithm(Single x) {
  // How often x has to be halved to lie in [sqrt(1/2), sqrt(2)); x is normal.
  int64_t e = 0;
  int64_t m = x.bits;
  constexpr int64_t kOneExponent = int64_t{1} << 23;
  for (; m < kRootHalf; m += kOneExponent) --e;
  for (; m >= kRootHalf + kOneExponent; m -= kOneExponent) ++e;
  const Single mantissa = Single::of_bits(static_cast<uint64_t>(m));
  const Single one(1.0F);
  const Single z = (mantissa - one) / (mantissa + one);
  const Single s = z * z;
  Single q(kLog[4]);
  for (int j = 3; j >= 0; --j) q = fused(q, s, Single(kLog[j]));
  return fused(Single::of_bits(soft_from_integer(kBinary32, e)), Single(kLn2), z * q);
}

class Model {
 public:
  Model(std::vector<uint64_t>& state, const std::vector<uint64_t>& params) : params_(params) {
    for (const uint64_t word : state) {
      numbers_.push_back(Single::of_bits(word & 0xFFFFFFFF));
      numbers_.push_back(Single::of_bits(word >> 32));
    }
  }

  void step() {
    attend();
    predict();
    back_to_x1();
    back_through_attention();
    back_to_inputs();
    learn();
  }
  std::vector<uint64_t> words() const {
    std::vector<uint64_t> packed;
    for (size_t i = 0; i < numbers_.size(); i += 2) {
      packed.push_back(numbers_[i].bits | static_cast<uint64_t>(numbers_[i + 1].bits) << 32);
    }
    return packed;
  }

 private:
  uint32_t token(uint32_t i) const { return static_cast<uint32_t>(params_[i]); }
  uint32_t target(uint32_t i) const { return static_cast<uint32_t>(params_[kTokens + i]); }
  Matrix at_offset(uint32_t begin, uint32_t columns) { return {std::span(numbers_).subspan(begin), columns}; }
  Matrix w(uint32_t which, uint32_t columns) { return at_offset(at::kWeights + which, columns); }
  Matrix g(uint32_t which, uint32_t columns) { return at_offset(at::kGradients + which, columns); }
  Matrix stage(uint32_t which, uint32_t columns) { return at_offset(which, columns); }

  static void for_each(uint32_t rows, uint32_t columns, const std::function<void(uint32_t, uint32_t)>& act) {
    for (uint32_t i = 0; i < rows; ++i) {
      for (uint32_t j = 0; j < columns; ++j) act(i, j);
    }
  }
  // a * b, one element.
  static Single product(const Matrix& a, const Matrix& b, uint32_t i, uint32_t j) {
    return dot(a.columns, [&](uint32_t k) { return a(i, k); }, [&](uint32_t k) { return b(k, j); });
  }
  // a * b^T, one element.
  static Single by_rows(const Matrix& a, const Matrix& b, uint32_t i, uint32_t j) {
    return dot(a.columns, [&](uint32_t k) { return a(i, k); }, [&](uint32_t k) { return b(j, k); });
  }
  // a^T * b over the tokens, one element.
  static Single by_columns(const Matrix& a, const Matrix& b, uint32_t i, uint32_t j) {
    return dot(kTokens, [&](uint32_t k) { return a(k, i); }, [&](uint32_t k) { return b(k, j); });
  }

  void norm(const Matrix& x, const Matrix& gain, const Matrix& base, const Matrix& h, const Matrix& inverse,
            const Matrix& result) {
    for (uint32_t i = 0; i < kTokens; ++i) {
      const Single mean = tree(row_of(kWidth, [&](uint32_t j) { return x(i, j); })) * kSixteenth;
      const auto d = [&](uint32_t j) { return x(i, j) - mean; };
      const Single spread = tree(row_of(kWidth, [&](uint32_t j) { return d(j) * d(j); })) * kSixteenth;
      const Single factor = Single(1.0F) / root(spread + Single(kNormFloor));
      for (uint32_t j = 0; j < kWidth; ++j) {
        inverse(i, j) = factor;
        h(i, j) = d(j) * factor;
        result(i, j) = fused(h(i, j), gain(0, j), base(0, j));
      }
    }
  }
  void norm_back(const Matrix& dy, const Matrix& h, const Matrix& inverse, const Matrix& gain, const Matrix& before,
                 const Matrix& dx, const Matrix& d_gain, const Matrix& d_base) {
    for (uint32_t j = 0; j < kWidth; ++j) {
      d_gain(0, j) = dot(kTokens, [&](uint32_t i) { return dy(i, j); }, [&](uint32_t i) { return h(i, j); });
      Single sum;
      for (uint32_t i = 0; i < kTokens; ++i) sum = sum + dy(i, j);
      d_base(0, j) = sum;
    }
    for (uint32_t i = 0; i < kTokens; ++i) {
      const auto e = [&](uint32_t j) { return dy(i, j) * gain(0, j); };
      const Single mean = tree(row_of(kWidth, e)) * kSixteenth;
      const Single slope = tree(row_of(kWidth, [&](uint32_t j) { return e(j) * h(i, j); })) * kSixteenth;
      for (uint32_t j = 0; j < kWidth; ++j) {
        dx(i, j) = before(i, j) + inverse(i, j) * ((e(j) - mean) - h(i, j) * slope);
      }
    }
  }
  static void softmax(const Matrix& x, const Matrix& y) {
    for (uint32_t i = 0; i < kTokens; ++i) {
      const Single top = treemax(row_of(x.columns, [&](uint32_t j) { return x(i, j); }));
      const std::vector<Single> e = row_of(x.columns, [&](uint32_t j) { return exponential(x(i, j) - top); });
      const Single sum = tree(e);
      for (uint32_t j = 0; j < x.columns; ++j) y(i, j) = e[j] / sum;
    }
  }

  void attend() {
    const Matrix x0 = stage(at::kX0, kWidth);
    const Matrix n1 = stage(at::kN1, kWidth);
    for_each(kTokens, kWidth, [&](uint32_t i, uint32_t j) {
      x0(i, j) = w(weight::kE, kWidth)(token(i), j) + w(weight::kP, kWidth)(i, j);
    });
    norm(x0, w(weight::kG1, kWidth), w(weight::kB1, kWidth), stage(at::kH1, kWidth), stage(at::kInverse1, kWidth), n1);
    const Matrix q = stage(at::kQ, kWidth);
    const Matrix k = stage(at::kK, kWidth);
    const Matrix v = stage(at::kV, kWidth);
    for_each(kTokens, kWidth, [&](uint32_t i, uint32_t j) {
      q(i, j) = product(n1, w(weight::kQ, kWidth), i, j);
      k(i, j) = product(n1, w(weight::kK, kWidth), i, j);
      v(i, j) = product(n1, w(weight::kV, kWidth), i, j);
    });
    const Matrix s = stage(at::kS, kTokens);
    for_each(kTokens, kTokens, [&](uint32_t i, uint32_t j) { s(i, j) = by_rows(q, k, i, j) * Single(0.25F); });
    const Matrix p = stage(at::kP, kTokens);
    softmax(s, p);
    const Matrix o = stage(at::kO, kWidth);
    for_each(kTokens, kWidth, [&](uint32_t i, uint32_t j) { o(i, j) = product(p, v, i, j); });
    for_each(kTokens, kWidth, [&](uint32_t i, uint32_t j) {
      stage(at::kX1, kWidth)(i, j) = x0(i, j) + product(o, w(weight::kO, kWidth), i, j);
    });
  }

  void predict() {
    const Matrix x1 = stage(at::kX1, kWidth);
    const Matrix n2 = stage(at::kN2, kWidth);
    norm(x1, w(weight::kG2, kWidth), w(weight::kB2, kWidth), stage(at::kH2, kWidth), stage(at::kInverse2, kWidth), n2);
    const Matrix r = stage(at::kR, kHidden);
    const Matrix a = stage(at::kA, kHidden);
    for_each(kTokens, kHidden, [&](uint32_t i, uint32_t j) {
      r(i, j) = greater(product(n2, w(weight::k1, kHidden), i, j) + w(weight::kC, kHidden)(0, j), Single());
      a(i, j) = r(i, j) * r(i, j);
    });
    const Matrix x2 = stage(at::kX2, kWidth);
    for_each(kTokens, kWidth, [&](uint32_t i, uint32_t j) {
      x2(i, j) = x1(i, j) + product(a, w(weight::k2, kWidth), i, j);
    });
    const Matrix z = stage(at::kZ, kWords);
    for_each(kTokens, kWords, [&](uint32_t i, uint32_t j) { z(i, j) = product(x2, w(weight::kZ, kWords), i, j); });
    const Matrix y = stage(at::kY, kWords);
    softmax(z, y);
    for (uint32_t i = 0; i < kTokens; ++i) stage(at::kLoss, 1)(i, 0) = Single() - logarithm(y(i, target(i)));
    for_each(kTokens, kWords, [&](uint32_t i, uint32_t j) {
      stage(at::kDz, kWords)(i, j) = (y(i, j) - Single(j == target(i) ? 1.0F : 0.0F)) * kSixteenth;
    });
  }

  void back_to_x1() {
    const Matrix dz = stage(at::kDz, kWords);
    const Matrix dx2 = stage(at::kDx2, kWidth);
    for_each(kWidth, kWords, [&](uint32_t i, uint32_t j) {
      g(weight::kZ, kWords)(i, j) = by_columns(stage(at::kX2, kWidth), dz, i, j);
    });
    for_each(kTokens, kWidth, [&](uint32_t i, uint32_t j) { dx2(i, j) = by_rows(dz, w(weight::kZ, kWords), i, j); });
    for_each(kHidden, kWidth, [&](uint32_t i, uint32_t j) {
      g(weight::k2, kWidth)(i, j) = by_columns(stage(at::kA, kHidden), dx2, i, j);
    });
    const Matrix dr = stage(at::kDr, kHidden);
    for_each(kTokens, kHidden, [&](uint32_t i, uint32_t j) {
      const Single r = stage(at::kR, kHidden)(i, j);
      dr(i, j) = (r + r) * by_rows(dx2, w(weight::k2, kWidth), i, j);
    });
    for (uint32_t j = 0; j < kHidden; ++j) {
      Single sum;
      for (uint32_t i = 0; i < kTokens; ++i) sum = sum + dr(i, j);
      g(weight::kC, kHidden)(0, j) = sum;
    }
    for_each(kWidth, kHidden, [&](uint32_t i, uint32_t j) {
      g(weight::k1, kHidden)(i, j) = by_columns(stage(at::kN2, kWidth), dr, i, j);
    });
    const Matrix dn2 = stage(at::kDn2, kWidth);
    for_each(kTokens, kWidth, [&](uint32_t i, uint32_t j) { dn2(i, j) = by_rows(dr, w(weight::k1, kHidden), i, j); });
    norm_back(dn2, stage(at::kH2, kWidth), stage(at::kInverse2, kWidth), w(weight::kG2, kWidth), dx2,
              stage(at::kDx1, kWidth), g(weight::kG2, kWidth), g(weight::kB2, kWidth));
  }

  void back_through_attention() {
    const Matrix dx1 = stage(at::kDx1, kWidth);
    const Matrix d_o = stage(at::kDo, kWidth);
    const Matrix dp = stage(at::kDp, kTokens);
    const Matrix ds = stage(at::kDs, kTokens);
    const Matrix p = stage(at::kP, kTokens);
    for_each(kWidth, kWidth, [&](uint32_t i, uint32_t j) {
      g(weight::kO, kWidth)(i, j) = by_columns(stage(at::kO, kWidth), dx1, i, j);
    });
    for_each(kTokens, kWidth, [&](uint32_t i, uint32_t j) { d_o(i, j) = by_rows(dx1, w(weight::kO, kWidth), i, j); });
    for_each(kTokens, kTokens, [&](uint32_t i, uint32_t j) { dp(i, j) = by_rows(d_o, stage(at::kV, kWidth), i, j); });
    for_each(kTokens, kWidth, [&](uint32_t i, uint32_t j) { stage(at::kDv, kWidth)(i, j) = by_columns(p, d_o, i, j); });
    for (uint32_t i = 0; i < kTokens; ++i) {
      const Single mean = tree(row_of(kTokens, [&](uint32_t j) { return dp(i, j) * p(i, j); }));
      for (uint32_t j = 0; j < kTokens; ++j) ds(i, j) = (p(i, j) * (dp(i, j) - mean)) * Single(0.25F);
    }
    for_each(kTokens, kWidth, [&](uint32_t i, uint32_t j) {
      stage(at::kDq, kWidth)(i, j) = product(ds, stage(at::kK, kWidth), i, j);
      stage(at::kDk, kWidth)(i, j) = by_columns(ds, stage(at::kQ, kWidth), i, j);
    });
  }

  void back_to_inputs() {
    const Matrix n1 = stage(at::kN1, kWidth);
    const Matrix dq = stage(at::kDq, kWidth);
    const Matrix dk = stage(at::kDk, kWidth);
    const Matrix dv = stage(at::kDv, kWidth);
    for_each(kWidth, kWidth, [&](uint32_t i, uint32_t j) {
      g(weight::kQ, kWidth)(i, j) = by_columns(n1, dq, i, j);
      g(weight::kK, kWidth)(i, j) = by_columns(n1, dk, i, j);
      g(weight::kV, kWidth)(i, j) = by_columns(n1, dv, i, j);
    });
    const Matrix dn1 = stage(at::kDn1, kWidth);
    for_each(kTokens, kWidth, [&](uint32_t i, uint32_t j) {
      dn1(i, j) = (by_rows(dq, w(weight::kQ, kWidth), i, j) + by_rows(dk, w(weight::kK, kWidth), i, j)) +
                  by_rows(dv, w(weight::kV, kWidth), i, j);
    });
    const Matrix dx0 = stage(at::kDx0, kWidth);
    norm_back(dn1, stage(at::kH1, kWidth), stage(at::kInverse1, kWidth), w(weight::kG1, kWidth),
              stage(at::kDx1, kWidth), dx0, g(weight::kG1, kWidth), g(weight::kB1, kWidth));
    for_each(kWords, kWidth, [&](uint32_t word, uint32_t j) {
      Single sum;
      for (uint32_t i = 0; i < kTokens; ++i) {
        if (token(i) == word) sum = sum + dx0(i, j);
      }
      g(weight::kE, kWidth)(word, j) = sum;
    });
    for_each(kTokens, kWidth, [&](uint32_t i, uint32_t j) { g(weight::kP, kWidth)(i, j) = dx0(i, j); });
  }

  void learn() {
    for (uint32_t i = 0; i < weight::kCount; ++i) {
      const Single slope = numbers_[at::kGradients + i];
      Single& m = numbers_[at::kM + i];
      Single& u = numbers_[at::kU + i];
      m = fused(Single(kBeta1), m, Single(kRest1) * slope);
      u = fused(Single(kBeta2), u, Single(kRest2) * (slope * slope));
      Single& value = numbers_[at::kWeights + i];
      value = value - (Single(kRate) * m) / (root(u) + Single(kFloor));
    }
  }

  std::vector<Single> numbers_;
  const std::vector<uint64_t>& params_;
};

}  // namespace

Status transformer_step(uint32_t operand_set, const StepSink& sink) {
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> params(kParamWords);
  operands(operand_set, state, params);
  Model model(state, params);
  for (uint32_t step = 0; step < kSteps; ++step) {
    for (uint32_t training = 0; training < kTrainings; ++training) model.step();
    sink(step, model.words());
  }
  return {};
}

}  // namespace assay::probes::reference
