// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/gemm_grid.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "common/base/check.h"
#include "probes/catalogue/operand_seed.h"

namespace assay::probes::gemm_grid {
namespace {

constexpr uint32_t kPerGroup = kDepth / kGroups;  // elements of one class in a line
constexpr uint32_t kEvenTurns = 4;                // turns of a step that even classes are for

// How the integers of one class are drawn: the leading one at bit bits - 1, random below, times 2^e, e = raise .. raise + shift.
struct Class {
  uint32_t bits = 1;              // 0: any code of the format, zeros among them
  uint32_t nonzeros = kPerGroup;  // one at random in each of so many equal parts of the kPerGroup elements
  uint32_t shift = 0;             // a power of two less one
  bool positive = false;          // no signs
  uint32_t raise = 0;
  bool even = false;              // nonzeros placed for turns, see gemm_grid.h; the place of the first at random for a line
};
using Classes = std::array<Class, kGroups>;
// One element of kEvenTurns is not zero.
constexpr Class even(Class form) {
  form.nonzeros = kPerGroup / kEvenTurns;
  form.even = true;
  return form;
}

struct Recipe {
  Classes a;
  Classes b;
  uint32_t field_bits;  // of the random field behind one dense element: 8, or 12 of every 16
  int line_centre;      // line exponents are line_centre +- line_spread
  int line_spread;
  int group_spread;     // of group or block exponents, around zero
};

// Largest integer of any code, in units of the least subnormal; every code of e2m1, e2m3 and e3m2 is finite.
constexpr uint64_t largest_code(const NarrowFloat& f) {
  return uint64_t{(2U << f.mantissa_bits) - 1} << ((1 << f.exponent_bits) - 2);
}
constexpr uint64_t largest(const Class& c, const NarrowFloat& f) {
  return c.bits == 0 ? largest_code(f) : uint64_t{(1U << c.bits) - 1} << (c.shift + c.raise);
}
// Pairs of nonzeros that meet in one step of so many turns, at most: each element meets as many others as there are turns, of which one alone is not zero
// where those are even.
constexpr uint64_t meeting(const Class& a, const Class& b, uint32_t turns) {
  if (b.even && turns == kEvenTurns) return a.nonzeros;
  if (a.even && turns == kEvenTurns) return b.nonzeros;
  return uint64_t{turns} * std::min(a.nonzeros, b.nonzeros);
}
// The most that the magnitudes of the products of one output can add up to, whatever the data and the step.
constexpr uint64_t worst_sum(const Recipe& recipe, const NarrowFloat& a, const NarrowFloat& b, uint32_t turns = 1) {
  uint64_t sum = 0;
  for (uint32_t c = 0; c < kGroups; ++c) {
    sum += meeting(recipe.a[c], recipe.b[c], turns) * largest(recipe.a[c], a) * largest(recipe.b[c], b);
  }
  return sum;
}

constexpr uint32_t kAll = kPerGroup;
// One product of each output is as large as the bound allows: it alone aligns the others far down, where their low bits are cut off in the end.
constexpr Class one_at(uint32_t raise) { return {1, 1, 0, false, raise}; }
constexpr Class all_at(uint32_t raise) { return {1, kAll, 0, false, raise}; }
constexpr Classes kA11 = {{{11}, even({4}), {11, 1}, {6}, {1, kAll, 7}, one_at(11), {5, kAll, 0, true}, {8, 1}}};
constexpr Classes kB11 = {{even({4}), {11}, even({11}), {6}, even({1, kAll, 7}), even(all_at(11)), {5, kAll, 0, true}, even({11})}};
constexpr Recipe kOfFp16{kA11, kB11, 12, -7, 3, 4};
constexpr Recipe kOfTf32{kA11, kB11, 12, 0, 30, 10};
constexpr Recipe kOfBf16{{{{8}, even({4}), {8}, {5}, {1, kAll, 7}, even({8, kAll, 3}), {5, kAll, 0, true}, one_at(12)}},
                         {{even({4}), {8}, even({8}), {5}, even({1, kAll, 7}), {8, 1, 1}, {5, kAll, 0, true}, even(all_at(11))}},
                         8, 0, 30, 10};
constexpr Recipe kOfE4m3{{{{4}, even({1}), {4, 8}, {2}, {1, kAll, 1}, one_at(6), {2, kAll, 0, true}, {3, 4, 1}}},
                         {{even({1}), {4}, even({4}), even({2}), even({1, kAll, 1}), even(all_at(5)), even({2, kAll, 0, true}), even({3})}},
                         8, -2, 1, 2};
constexpr Recipe kOfE5m2{{{{3}, even({1}), {3, 16}, {2}, {1, kAll, 1}, one_at(6), {2, kAll, 0, true}, {3, 8}}},
                         {{even({1}), {3}, even({3}), even({2}), even({1, kAll, 1}), even(all_at(6)), even({2, kAll, 0, true}), even({2})}},
                         8, -3, 6, 5};
constexpr Classes kCodesA = {{{0}, {0}, {0}, {0, 8}, {0}, {0}, {0, kAll, 0, true}, {0, 1}}};
constexpr Classes kCodesB = {{{0}, {0}, {0}, {0}, {0, 8}, {0}, {0, kAll, 0, true}, {0}}};
constexpr Recipe kOfMx{kCodesA, kCodesB, 8, 0, 30, 10};
constexpr Recipe kOfNv{kCodesA, kCodesB, 8, -2, 3, 3};
// The scales of nvfp4 are 8..15 times a power of two: their integers multiply too.
constexpr uint64_t kLargestScaleProduct = 15 * 15;

static_assert(worst_sum(kOfTf32, kTf32, kTf32, 4) < 1U << 24);
static_assert(worst_sum(kOfFp16, kFp16, kFp16, 4) < 1U << 24);
static_assert(worst_sum(kOfBf16, kBf16, kBf16, 4) < 1U << 24);
static_assert(std::ranges::all_of(kKinds, [](const Kind& kind) {
  const bool even_fits = kind.turns == kEvenTurns && kDepth % (kind.turns * kind.shift) == 0;  // what meeting() says of turns
  return kind.steps * kind.turns * kind.shift <= kDepth && (kind.turns == 1 || kind.bound == 0 || even_fits);
}));
static_assert(worst_sum(kOfE4m3, kE4m3, kE4m3, 4) < 1U << 13);
static_assert(worst_sum(kOfE5m2, kE5m2, kE5m2, 4) < 1U << 13);
static_assert(worst_sum(kOfMx, kE2m3, kE3m2) < 1U << 24);
static_assert(worst_sum(kOfMx, kE2m1, kE2m1) < 1U << 24);
static_assert(worst_sum(kOfNv, kE2m1, kE2m1) * kLargestScaleProduct < 1U << 24);

const Recipe& recipe_of(const Kind& kind) {
  if (kind.scale == BlockScale::kE8m0) return kOfMx;
  if (kind.scale == BlockScale::kE4m3) return kOfNv;
  if (kind.a == kTf32) return kOfTf32;
  if (kind.a == kFp16) return kOfFp16;
  if (kind.a == kBf16) return kOfBf16;
  return kind.a == kE4m3 ? kOfE4m3 : kOfE5m2;
}

// The code of a class out of random bits: the sign lowest, then the shift, then the mantissa.
uint32_t draw_code(const Class& form, const NarrowFloat& format, uint64_t field) {
  if (form.bits == 0) {
    const auto code = static_cast<uint32_t>(field) & ((1U << format.bits()) - 1);
    return form.positive ? code & ~format.sign_bit() : code;
  }
  const uint32_t shift = form.raise + (static_cast<uint32_t>(field >> 1) & form.shift);
  const auto rest = static_cast<uint32_t>(field >> (1 + std::popcount(form.shift)));
  const uint32_t one = 1U << (form.bits - 1);
  return format.encode(!form.positive && (field & 1) != 0, (one | (rest & (one - 1))) << shift, 0);
}

// Codes of the dense elements by class and random field; zero for sparse classes. At the high end for tf32.
class CodeTable {
 public:
  CodeTable(const Classes& classes, const NarrowFloat& format, uint32_t field_bits, uint32_t up)
      : field_bits_(field_bits), codes_(size_t{kGroups} << field_bits) {
    for (uint32_t c = 0; c < kGroups; ++c) {
      if (classes[c].nonzeros != kPerGroup) continue;
      for (uint32_t field = 0; field < 1U << field_bits; ++field) {
        codes_[size_t{c} << field_bits | field] = draw_code(classes[c], format, field) << up;
      }
    }
  }
  const uint32_t* of(uint32_t c) const { return codes_.data() + (size_t{c} << field_bits_); }

 private:
  uint32_t field_bits_;
  std::vector<uint32_t> codes_;
};

uint32_t shift_up(const Kind& kind) { return kind.code_bytes == 4 ? 13 : 0; }

// Of A and B of every float kind; made once.
const CodeTable& table_of(const Kind& kind, bool is_a) {
  static const std::vector<CodeTable> kTables = [] {
    std::vector<CodeTable> tables;
    for (const Kind& each : kKinds) {
      if (each.element != Element::kFloat) continue;
      const Recipe& recipe = recipe_of(each);
      tables.emplace_back(recipe.a, each.a, recipe.field_bits, shift_up(each));
      tables.emplace_back(recipe.b, each.b, recipe.field_bits, shift_up(each));
    }
    return tables;
  }();
  size_t at = 0;
  for (const Kind& each : kKinds) {
    if (each.id == kind.id) break;
    if (each.element == Element::kFloat) at += 2;
  }
  return kTables[at + (is_a ? 0 : 1)];
}

// What the codes of one line are made of, apart from the random bits.
struct Line {
  std::array<uint32_t, kGroups> offset{};  // exponent, in place, added to nonzero codes
  uint32_t keep = ~0U;                     // mask for nonzero codes: clears the sign of all-positive lines
  uint32_t set = 0;                        // bits of nonzero codes: the sign of all-negative lines

  uint32_t finish(uint32_t code, uint32_t c) const { return code == 0 ? 0 : ((code + offset[c]) & keep) | set; }
};

// One side of the product.
struct Side {
  const Kind& kind;
  const NarrowFloat& format;
  const Classes& classes;
  const CodeTable& table;
  uint32_t field_bits;
  size_t run_stride;  // codes from one run along k to the next
  uint32_t turn;      // of the classes, by operand set

  uint32_t class_of(uint32_t c) const { return (c + turn) % kGroups; }
};

template <typename T, uint32_t kRun>
void fill_line(Random& random, const Side& side, const Line& line, T* out) {
  const bool wide = side.field_bits > 8;
  const uint32_t mask = (1U << side.field_bits) - 1;
  for (uint32_t t = 0; t < kDepth; t += kGroups) {
    const uint64_t low = random.next();
    const uint64_t high = wide ? random.next() : low >> 32;
    T codes[kGroups];
    for (uint32_t c = 0; c < kGroups; ++c) {
      const uint64_t half = c < 4 ? low : high;
      const auto field = static_cast<uint32_t>(half >> ((c % 4) * (wide ? 16 : 8))) & mask;
      codes[c] = static_cast<T>(line.finish(side.table.of(side.class_of(c))[field], c));
    }
    for (uint32_t u = 0; u < kGroups; u += kRun) {
      std::memcpy(out + (t + u) / kRun * side.run_stride, codes + u, kRun * sizeof(T));
    }
  }
  for (uint32_t c = 0; c < kGroups; ++c) {
    const Class& form = side.classes[side.class_of(c)];
    if (form.nonzeros == kPerGroup) continue;
    const auto put = [&](uint32_t g, uint64_t field) {
      const uint32_t t = g * kGroups + c;
      const uint32_t code = draw_code(form, side.format, field) << shift_up(side.kind);
      out[t / kRun * side.run_stride + t % kRun] = static_cast<T>(line.finish(code, c));
    };
    if (form.even) {
      const uint32_t run = side.kind.shift / kGroups;
      const auto first = static_cast<uint32_t>(random.next() >> 58);
      uint64_t word = 0;
      for (uint32_t i = 0; i < form.nonzeros; ++i) {  // four of 16 random bits a word
        word = i % 4 == 0 ? random.next() : word >> 16;
        put((i / run * kEvenTurns * run + i % run + first) % kPerGroup, word);
      }
      continue;
    }
    const uint32_t part = kPerGroup / form.nonzeros;  // a power of two up to 64
    for (uint32_t g = 0; g < kPerGroup; g += part) {
      const uint64_t word = random.next();
      put(g + (static_cast<uint32_t>(word >> 58) & (part - 1)), word);
    }
  }
}

// Integers: see the header. Elements 6 and 7 of a word are bytes 6 and 7.
template <uint32_t kRun>
void fill_integers(Random& random, Element element, size_t run_stride, uint8_t* out) {
  const uint64_t keep = element == Element::kInt8 ? ~uint64_t{0} : 0x0F0F0F0F0F0F0F0FU;
  const uint64_t lowest = element == Element::kInt8 ? 0x80 : 0x08;
  for (uint32_t t = 0; t < kDepth; t += kGroups) {
    const uint64_t word = random.next();
    const uint64_t extreme = ((word >> 48) & 1) != 0 ? lowest : lowest - 1;
    const uint64_t last = (word & 0x70) == 0 ? word >> 56 << 56 : 0;
    const uint64_t codes = ((word & 0x0000FFFFFFFFFFFFU) | extreme << 48 | last) & keep;
    for (uint32_t u = 0; u < kGroups; u += kRun) {
      const uint64_t run = codes >> (8 * u);
      std::memcpy(out + (t + u) / kRun * run_stride, &run, kRun);
    }
  }
}

template <typename T>
void fill_line(Random& random, const Side& side, const Line& line, uint32_t run, T* out) {
  if (run == 1) return fill_line<T, 1>(random, side, line, out);
  if (run == 2) return fill_line<T, 2>(random, side, line, out);
  fill_line<T, 4>(random, side, line, out);
}

// Lines of one matrix and how they stand in memory.
struct Arrangement {
  uint32_t lines;
  uint32_t panel;
  uint32_t run;

  size_t start(uint32_t line) const { return size_t{line / panel} * kDepth * panel + size_t{line % panel} * run; }
};

template <typename T>
void fill_floats(Random& random, const Side& side, const Arrangement& where, const int* line_exponents,
                 const std::array<int, kGroups>& groups, T* out) {
  const auto up = static_cast<uint32_t>(side.format.mantissa_bits) + shift_up(side.kind);
  const uint32_t sign = side.format.sign_bit() << shift_up(side.kind);
  for (uint32_t i = 0; i < where.lines; ++i) {
    Line line;
    for (uint32_t c = 0; c < kGroups; ++c) {
      line.offset[c] = side.kind.scale == BlockScale::kNone ? static_cast<uint32_t>(line_exponents[i] + groups[c]) << up : 0;
    }
    if (i % 8 <= 1) line.keep = ~sign;
    if (i % 8 == 1) line.set = sign;
    fill_line(random, side, line, where.run, out + where.start(i));
  }
}

void fill_integer_matrix(Random& random, Element element, const Arrangement& where, uint8_t* out) {
  const size_t stride = size_t{where.panel} * where.run;
  const auto fill = where.run == 1 ? fill_integers<1> : where.run == 2 ? fill_integers<2> : fill_integers<4>;
  for (uint32_t i = 0; i < where.lines; ++i) fill(random, element, stride, out + where.start(i));
}

int draw_exponent(Random& random, int spread) {
  const int range = 2 * spread + 1;
  return static_cast<int>(random.below(static_cast<uint64_t>(range))) - spread;
}

Exponents draw_exponents(Random& random, const Kind& kind, const Recipe& recipe) {
  Exponents exponents;
  for (int& row : exponents.row) row = recipe.line_centre + draw_exponent(random, recipe.line_spread);
  for (int& column : exponents.column) column = recipe.line_centre + draw_exponent(random, recipe.line_spread);
  if (kind.scale == BlockScale::kNone) {
    for (int& group : exponents.group) group = draw_exponent(random, recipe.group_spread);
  } else {
    const uint32_t period = kBlockPeriod / kind.block;
    for (uint32_t x = 0; x < kDepth / kind.block; ++x) {
      exponents.block[x] = x < period ? draw_exponent(random, recipe.group_spread) : exponents.block[x - period];
    }
  }
  return exponents;
}

// The scales of one matrix: powers of two, or 8..15 times one.
void draw_scales(Random& random, const Kind& kind, std::span<const int> lines, const Exponents& exponents, int sign,
                 uint8_t* out) {
  for (size_t i = 0; i < lines.size(); ++i) {
    for (uint32_t x = 0; x < kDepth / kind.block; ++x) {
      const int exponent = lines[i] + sign * exponents.block[x];
      out[i * kMaxBlocks + x] =
          kind.scale == BlockScale::kE8m0
              ? static_cast<uint8_t>(exponent + kE8m0Bias)
              : static_cast<uint8_t>(kE4m3.encode(false, 8 + static_cast<uint32_t>(random.below(8)), exponent));
    }
  }
}

template <typename T>
void fill_both(Random& random, const Kind& kind, uint32_t operand_set, Layout layout, const Exponents& exponents, T* a, T* b) {
  const Recipe& recipe = recipe_of(kind);
  std::array<int, kGroups> minus{};
  for (uint32_t c = 0; c < kGroups; ++c) minus[c] = -exponents.group[c];
  const Side side_a{kind, kind.a, recipe.a, table_of(kind, true), recipe.field_bits,
                    size_t{layout.lines_of_a} * layout.run, operand_set % kGroups};
  const Side side_b{kind, kind.b, recipe.b, table_of(kind, false), recipe.field_bits,
                    size_t{layout.lines_of_b} * layout.run, operand_set % kGroups};
  fill_floats(random, side_a, {kRows, layout.lines_of_a, layout.run}, exponents.row.data(), exponents.group, a);
  fill_floats(random, side_b, {kColumns, layout.lines_of_b, layout.run}, exponents.column.data(), minus, b);
}

}  // namespace

const Kind& kind_of(std::string_view id) {
  const auto found = std::ranges::find(kKinds, id, &Kind::id);
  ASSAY_CHECK(found != kKinds.end());
  return *found;
}

Exponents operands(const Kind& kind, uint32_t operand_set, Layout layout, void* a, void* b, Scales& scales) {
  ASSAY_CHECK(layout.lines_of_a != 0 && kRows % layout.lines_of_a == 0);
  ASSAY_CHECK(layout.lines_of_b != 0 && kColumns % layout.lines_of_b == 0);
  ASSAY_CHECK(layout.run == 1 || layout.run == 2 || layout.run == 4);
  Random random = operand_random(kind.id, kind.version, operand_set);
  if (kind.element != Element::kFloat) {
    fill_integer_matrix(random, kind.element, {kRows, layout.lines_of_a, layout.run}, static_cast<uint8_t*>(a));
    fill_integer_matrix(random, kind.element, {kColumns, layout.lines_of_b, layout.run}, static_cast<uint8_t*>(b));
    return {};
  }
  const Recipe& recipe = recipe_of(kind);
  const Exponents exponents = draw_exponents(random, kind, recipe);
  if (kind.scale != BlockScale::kNone) {
    draw_scales(random, kind, exponents.row, exponents, 1, scales.a.data());
    draw_scales(random, kind, exponents.column, exponents, -1, scales.b.data());
  }
  if (kind.scale == BlockScale::kE4m3) {
    scales.tensor_a = std::ldexp(1.0F, draw_exponent(random, 20));
    scales.tensor_b = std::ldexp(1.0F, draw_exponent(random, 20));
  }
  if (kind.code_bytes == 1) {
    fill_both(random, kind, operand_set, layout, exponents, static_cast<uint8_t*>(a), static_cast<uint8_t*>(b));
  } else if (kind.code_bytes == 2) {
    fill_both(random, kind, operand_set, layout, exponents, static_cast<uint16_t*>(a), static_cast<uint16_t*>(b));
  } else {
    fill_both(random, kind, operand_set, layout, exponents, static_cast<uint32_t*>(a), static_cast<uint32_t*>(b));
  }
  return exponents;
}

}  // namespace assay::probes::gemm_grid
