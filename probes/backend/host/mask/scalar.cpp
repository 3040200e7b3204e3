// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/mask/variants.h"
#include "probes/catalogue/mask.h"

namespace assay::probes::host {
namespace {

#include "probes/backend/host/mask/words.inl"

struct Words {
  uint64_t word[8];
};

// The same bits in another form. Lowest byte first.
template <typename Element>
struct Elements {
  Element at[64 / sizeof(Element)];
};
template <typename Element>
inline Elements<Element> elements(const Words& words) {
  Elements<Element> out;
  __builtin_memcpy(out.at, words.word, sizeof out.at);
  return out;
}
template <typename Element>
inline Words words_of(const Elements<Element>& from) {
  Words out;
  __builtin_memcpy(out.word, from.at, sizeof out.word);
  return out;
}

// Bit i: whether element i of a is below that of b.
template <typename Element>
inline uint64_t below(const Words& a, const Words& b) {
  const Elements<Element> from_a = elements<Element>(a);
  const Elements<Element> from_b = elements<Element>(b);
  uint64_t mask = 0;
  for (uint32_t i = 0; i < 64 / sizeof(Element); ++i) mask |= static_cast<uint64_t>(from_a.at[i] < from_b.at[i]) << i;
  return mask;
}

struct Plain : MaskWords {
  using Vector = Words;

  static Words load(const uint64_t* from) {
    Words out;
    __builtin_memcpy(out.word, from, sizeof out.word);
    return out;
  }
  static void store(uint64_t* to, const Words& words) { __builtin_memcpy(to, words.word, sizeof words.word); }

  static uint64_t below_bytes(const Words& x, const Words& y) { return below<uint8_t>(x, y); }
  static uint64_t disjoint_bytes(const Words& x, const Words& y) {
    const Elements<uint8_t> a = elements<uint8_t>(x);
    const Elements<uint8_t> b = elements<uint8_t>(y);
    uint64_t mask = 0;
    for (uint32_t i = 0; i < 64; ++i) mask |= static_cast<uint64_t>((a.at[i] & b.at[i]) == 0) << i;
    return mask;
  }
  static uint64_t alike_bytes(const Words& x, const Words& y) {
    const Elements<uint8_t> a = elements<uint8_t>(x);
    const Elements<uint8_t> b = elements<uint8_t>(y);
    uint64_t mask = 0;
    for (uint32_t i = 0; i < 64; ++i) mask |= static_cast<uint64_t>(((a.at[i] ^ b.at[i]) & 3) == 0) << i;
    return mask;
  }
  static uint64_t below_wider(const Words& x, const Words& y) {
    return below<uint64_t>(x, y) << 56 | below<int64_t>(x, y) << 48 | below<int32_t>(x, y) << 32 | below<int16_t>(y, x);
  }

  static Words add_or_exclusive(uint64_t mask, const Words& x, const Words& y, const Words& otherwise) {
    Elements<uint8_t> out = elements<uint8_t>(x);
    const Elements<uint8_t> plus = elements<uint8_t>(y);
    const Elements<uint8_t> with = elements<uint8_t>(otherwise);
    for (uint32_t i = 0; i < 64; ++i) {
      const int sum = out.at[i] + plus.at[i];
      const int changed = out.at[i] ^ with.at[i];
      out.at[i] = static_cast<uint8_t>((mask >> i & 1) != 0 ? sum : changed);
    }
    return words_of(out);
  }
  static Words blend(uint64_t mask, const Words& ones, const Words& zeros) {
    Elements<uint8_t> out = elements<uint8_t>(zeros);
    const Elements<uint8_t> from = elements<uint8_t>(ones);
    for (uint32_t i = 0; i < 64; ++i) out.at[i] = (mask >> i & 1) != 0 ? from.at[i] : out.at[i];
    return words_of(out);
  }
  static Words fold_words(const Words& y, const Words& with) {
    Words out;
    for (int i = 0; i < 8; ++i) out.word[i] = fold(y.word[i], with.word[i]);
    return out;
  }
  static Words part(const Words& x, uint64_t mask) {
    Elements<uint32_t> out;
    part_dwords(out.at, elements<uint32_t>(x).at, mask);
    return words_of(out);
  }
  static Words join(const Words& y, uint64_t mask) {
    Elements<uint32_t> out;
    join_dwords(out.at, elements<uint32_t>(y).at, mask);
    return words_of(out);
  }
};

#include "probes/backend/host/mask/chain.inl"

}  // namespace

void mask_scalar(uint64_t* state, const uint64_t* params, uint32_t) { mask_chain<Plain>(state, params); }

}  // namespace assay::probes::host
