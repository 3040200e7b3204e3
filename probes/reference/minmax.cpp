// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/minmax.h"

#include <vector>

#include "probes/reference/families.h"
#include "probes/reference/soft_float.h"

namespace assay::probes::reference {
namespace {

enum class Kind { kSigned,
                  kUnsigned,
                  kFloat };
enum class Test { kLess,
                  kLessOrEqual,
                  kEqual };

// The lanes of a word of one width and kind, and how they compare.
struct Lanes {
  unsigned width;
  Kind kind;

  uint64_t mask() const { return width == 64 ? ~uint64_t{0} : (uint64_t{1} << width) - 1; }
  uint64_t lane(uint64_t word, unsigned shift) const { return word >> shift & mask(); }

  // One lane of each.
  bool less(uint64_t a, uint64_t b) const {
    switch (kind) {
      case Kind::kFloat:
        return soft_less(width == 64 ? kBinary64 : kBinary32, window(a), window(b));
      case Kind::kSigned:
        // Moved up by half the range, the order is that of the unsigned ones.
        return ((a + half()) & mask()) < ((b + half()) & mask());
      case Kind::kUnsigned:
        break;
    }
    return a < b;
  }
  bool holds(Test test, uint64_t a, uint64_t b) const {
    if (test == Test::kEqual) return a == b;
    return test == Test::kLess ? less(a, b) : !less(b, a);
  }
  uint64_t half() const { return uint64_t{1} << (width - 1); }
  uint64_t window(uint64_t lane) const {
    return width == 64 ? (lane & fma::kKeepF64) | fma::kSetF64 : (lane & fma::kKeepF32) | fma::kSetF32;
  }
  // What a lane holds: the number that is compared.
  uint64_t number(uint64_t lane) const { return kind == Kind::kFloat ? window(lane) : lane; }

  template <typename Value>
  uint64_t each(uint64_t a, uint64_t b, const Value& value) const {
    uint64_t word = 0;
    for (unsigned shift = 0; shift < 64; shift += width) word |= value(lane(a, shift), lane(b, shift), shift) << shift;
    return word;
  }
  uint64_t min(uint64_t a, uint64_t b) const {
    return each(a, b, [&](uint64_t x, uint64_t y, unsigned) { return number(less(x, y) ? x : y); });
  }
  uint64_t max(uint64_t a, uint64_t b) const {
    return each(a, b, [&](uint64_t x, uint64_t y, unsigned) { return number(less(x, y) ? y : x); });
  }
  uint64_t compare(Test test, uint64_t a, uint64_t b) const {
    return each(a, b, [&](uint64_t x, uint64_t y, unsigned) { return holds(test, x, y) ? mask() : 0; });
  }
  // Of the lanes of yes and no by the test of a and b.
  uint64_t select(Test test, uint64_t a, uint64_t b, uint64_t yes, uint64_t no) const {
    return each(a, b, [&](uint64_t x, uint64_t y, unsigned shift) { return lane(holds(test, x, y) ? yes : no, shift); });
  }
  uint64_t with_sign_of(uint64_t magnitude, uint64_t sign) const {
    return each(magnitude, sign, [&](uint64_t x, uint64_t y, unsigned) { return x % half() + (y >= half() ? half() : 0); });
  }
  uint64_t negative(uint64_t a) const {
    return each(a, a, [&](uint64_t x, uint64_t, unsigned) { return window(x) % half() + half(); });
  }
};

constexpr unsigned kWidths[] = {8, 16, 32, 64};
constexpr Lanes kDoubles{64, Kind::kFloat};
constexpr Lanes kFloats{32, Kind::kFloat};

class Folder {
 public:
  explicit Folder(uint64_t& to) : to_(to) {}
  void operator()(uint64_t result) const {
    to_ += result;
    to_ = to_ << 24 | to_ >> 40;
  }

 private:
  uint64_t& to_;
};

void fold_less_and_signs(const Folder& fold, const Lanes& lanes, uint64_t w, uint64_t o, uint64_t b) {
  fold(lanes.compare(Test::kLess, w, o));
  fold(lanes.select(Test::kLess, w, o, w, b));
  fold(lanes.with_sign_of(b, w));
}
void fold_less_or_equal_and_negative(const Folder& fold, const Lanes& lanes, uint64_t w, uint64_t o, uint64_t b) {
  fold(lanes.compare(Test::kLessOrEqual, w, o));
  fold(lanes.select(Test::kLessOrEqual, w, o, b, w));
  fold(lanes.negative(w));
}

void first_half(const Folder& fold, uint64_t w, uint64_t o, uint64_t b) {
  for (const unsigned width : kWidths) {
    fold(Lanes{width, Kind::kSigned}.min(w, o));
    fold(Lanes{width, Kind::kUnsigned}.max(w, o));
  }
  fold(Lanes{8, Kind::kSigned}.compare(Test::kLess, o, w));
  fold(Lanes{16, Kind::kSigned}.compare(Test::kEqual, w, o));
  fold(Lanes{32, Kind::kSigned}.compare(Test::kLess, o, w));
  fold(Lanes{64, Kind::kSigned}.compare(Test::kEqual, w, o));
  fold(kDoubles.min(w, o));
  fold_less_and_signs(fold, kDoubles, w, o, b);
  fold(kFloats.max(w, o));
  fold_less_or_equal_and_negative(fold, kFloats, w, o, b);
}

void second_half(const Folder& fold, uint64_t w, uint64_t o, uint64_t b) {
  for (const unsigned width : kWidths) {
    fold(Lanes{width, Kind::kSigned}.max(w, o));
    fold(Lanes{width, Kind::kUnsigned}.min(w, o));
  }
  fold(Lanes{8, Kind::kSigned}.compare(Test::kEqual, w, o));
  fold(Lanes{16, Kind::kSigned}.compare(Test::kLess, o, w));
  fold(Lanes{32, Kind::kSigned}.compare(Test::kEqual, w, o));
  fold(Lanes{64, Kind::kSigned}.compare(Test::kLess, o, w));
  fold(kDoubles.max(w, o));
  fold_less_or_equal_and_negative(fold, kDoubles, w, o, b);
  fold(kFloats.min(w, o));
  fold_less_and_signs(fold, kFloats, w, o, b);
}

}  // namespace

Status minmax_chain(uint32_t operand_set, const StepSink& sink) {
  using namespace minmax;
  std::vector<uint64_t> state(kStateWords);
  std::vector<uint64_t> params(kParamWords);
  operands(operand_set, state, params);
  for (uint32_t step = 0; step < kSteps; ++step) {
    for (uint32_t lane = 0; lane < kLanes; ++lane) {
      uint64_t& u = state[lane];
      uint64_t& v = state[kLanes + lane];
      const auto d = [&](uint32_t round) { return params[round * kLanes + lane]; };
      const auto a = [&](uint32_t round) { return params[(kRounds + round) * kLanes + lane]; };
      for (uint32_t i = 0; i < kIterations; ++i) {
        const uint32_t round = 2 * i % kRounds;
        first_half(Folder(v), u, u ^ d(round), a(round));
        second_half(Folder(u), v, v ^ d(round + 1), a(round + 1));
      }
    }
    sink(step, state);
  }
  return {};
}

}  // namespace assay::probes::reference
