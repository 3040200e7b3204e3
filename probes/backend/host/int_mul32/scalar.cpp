// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/int_mul32/variants.h"
#include "probes/catalogue/int_mul32.h"

namespace assay::probes::host {
namespace {

struct Group {
  uint64_t word[2];
};

// The elements of a group in an array; lowest byte first.
template <typename Element>
struct Elements {
  Element at[16 / sizeof(Element)];

  Elements() = default;
  explicit Elements(const Group& group) { __builtin_memcpy(at, group.word, sizeof at); }
  Group group() const {
    Group out;
    __builtin_memcpy(out.word, at, sizeof at);
    return out;
  }
};

inline int clamp(int value, int low, int high) {
  const int upper = value > high ? high : value;
  return upper < low ? low : upper;
}

// Element i of the result is f(element i of a, element i of b), modulo its size.
template <typename Element, typename F>
inline Group each(const Group& a, const Group& b, F f) {
  const Elements<Element> from_a(a);
  const Elements<Element> from_b(b);
  Elements<Element> out;
  for (uint32_t i = 0; i < 16 / sizeof(Element); ++i) out.at[i] = static_cast<Element>(f(from_a.at[i], from_b.at[i]));
  return out.group();
}

struct Plain {
  using Register = Group;
  static constexpr uint32_t kWords = 2;
  static constexpr uint32_t kTogether = 1;

  static Group load(const uint64_t* from) { return {{from[0], from[1]}}; }
  static void store(uint64_t* to, const Group& v) {
    to[0] = v.word[0];
    to[1] = v.word[1];
  }
  static uint64_t rotate(uint64_t word) { return word << 24 | word >> 40; }
  static Group fold(const Group& a, const Group& with) {
    return {{rotate(a.word[0] + with.word[0]), rotate(a.word[1] + with.word[1])}};
  }
  static Group exclusive(const Group& a, const Group& b) { return {{a.word[0] ^ b.word[0], a.word[1] ^ b.word[1]}}; }
  static Group high_dwords(const Group& a) { return {{a.word[0] >> 32, a.word[1] >> 32}}; }
  template <int kBy>
  static Group psrad(const Group& a) {
    return each<int32_t>(a, a, [](int32_t v, int32_t) { return v >> kBy; });
  }
  template <int kBy>
  static Group psraw(const Group& a) {
    return each<int16_t>(a, a, [](int v, int) { return v >> kBy; });
  }

  static Group pmulld(const Group& a, const Group& b) {
    return each<uint32_t>(a, b, [](uint32_t v, uint32_t w) { return v * w; });
  }
  static Group pmuludq(const Group& a, const Group& b) {
    return each<uint64_t>(a, b, [](uint64_t v, uint64_t w) { return (v & 0xFFFFFFFF) * (w & 0xFFFFFFFF); });
  }
  static Group pmuldq(const Group& a, const Group& b) {
    return each<int64_t>(a, b, [](int64_t v, int64_t w) {
      return int64_t{static_cast<int32_t>(v)} * static_cast<int32_t>(w);
    });
  }
  static Group pmaddwd(const Group& a, const Group& b) {
    const Elements<int16_t> from_a(a);
    const Elements<int16_t> from_b(b);
    Elements<uint32_t> out;
    for (int i = 0; i < 4; ++i) {
      const int first = from_a.at[2 * i] * from_b.at[2 * i];
      const int second = from_a.at[2 * i + 1] * from_b.at[2 * i + 1];
      out.at[i] = static_cast<uint32_t>(first) + static_cast<uint32_t>(second);
    }
    return out.group();
  }
  static Group pmulhw(const Group& a, const Group& b) {
    return each<int16_t>(a, b, [](int v, int w) { return (v * w) >> 16; });
  }
  static Group pmulhuw(const Group& a, const Group& b) {
    return each<uint16_t>(a, b, [](uint32_t v, uint32_t w) { return (v * w) >> 16; });
  }
  static Group pmullw(const Group& a, const Group& b) {
    return each<int16_t>(a, b, [](int v, int w) { return v * w; });
  }
  static Group pmulhrsw(const Group& a, const Group& b) {
    return each<int16_t>(a, b, [](int v, int w) { return (v * w + 0x4000) >> 15; });
  }
  static Group pmaddubsw(const Group& a, const Group& b) {
    const Elements<uint8_t> from_a(a);
    const Elements<int8_t> from_b(b);
    Elements<int16_t> out;
    for (int i = 0; i < 8; ++i) {
      const int sum = from_a.at[2 * i] * from_b.at[2 * i] + from_a.at[2 * i + 1] * from_b.at[2 * i + 1];
      out.at[i] = static_cast<int16_t>(clamp(sum, -32768, 32767));
    }
    return out.group();
  }
  static Group paddsw(const Group& a, const Group& b) {
    return each<int16_t>(a, b, [](int v, int w) { return clamp(v + w, -32768, 32767); });
  }
  static Group psubusb(const Group& a, const Group& b) {
    return each<uint8_t>(a, b, [](int v, int w) { return clamp(v - w, 0, 255); });
  }
  static Group paddusw(const Group& a, const Group& b) {
    return each<uint16_t>(a, b, [](int v, int w) { return clamp(v + w, 0, 65535); });
  }

  // The elements of a, then those of b, each in half its size.
  template <typename From, typename To>
  static Group pack(const Group& a, const Group& b, int low, int high) {
    const Elements<From> from_a(a);
    const Elements<From> from_b(b);
    constexpr uint32_t kCount = 16 / sizeof(From);
    Elements<To> out;
    for (uint32_t i = 0; i < kCount; ++i) {
      out.at[i] = static_cast<To>(clamp(from_a.at[i], low, high));
      out.at[kCount + i] = static_cast<To>(clamp(from_b.at[i], low, high));
    }
    return out.group();
  }
  static Group packssdw(const Group& a, const Group& b) { return pack<int32_t, int16_t>(a, b, -32768, 32767); }
  static Group packuswb(const Group& a, const Group& b) { return pack<int16_t, uint8_t>(a, b, 0, 255); }
  static Group psadbw(const Group& a, const Group& b) {
    const Elements<uint8_t> from_a(a);
    const Elements<uint8_t> from_b(b);
    Group out{{0, 0}};
    for (uint32_t i = 0; i < 16; ++i) {
      const int difference = from_a.at[i] - from_b.at[i];
      out.word[i / 8] += static_cast<uint64_t>(difference < 0 ? -difference : difference);
    }
    return out;
  }
};

#include "probes/backend/host/int_mul32/chain.inl"

}  // namespace

void int_mul32_scalar(uint64_t* state, const uint64_t* params, uint32_t) { int_mul32_chain<Plain>(state, params); }

}  // namespace assay::probes::host
