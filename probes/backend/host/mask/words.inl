// SPDX-License-Identifier: Apache-2.0
// The arithmetic of masks on general registers, and the moves of dwords by scalar stores, where there are no mask registers. Included,
// inside an anonymous namespace, by scalar.cpp and avx2.cpp.

struct MaskWords {
  static uint64_t add(uint64_t a, uint64_t b) { return a + b; }
  static uint64_t both(uint64_t a, uint64_t b) { return a & b; }
  static uint64_t either(uint64_t a, uint64_t b) { return a | b; }
  static uint64_t exclusive(uint64_t a, uint64_t b) { return a ^ b; }
  static uint64_t same(uint64_t a, uint64_t b) { return ~(a ^ b); }
  static uint64_t not_and(uint64_t a, uint64_t b) { return ~a & b; }
  template <int kBy>
  static uint64_t up(uint64_t a) { return a << kBy; }
  template <int kBy>
  static uint64_t down(uint64_t a) { return a >> kBy; }
  static uint64_t fold(uint64_t a, uint64_t with) {
    const uint64_t sum = a + with;
    return sum << 24 | sum >> 40;
  }
  static uint64_t flags(uint64_t k, uint64_t m) {
    const uint64_t none_common = (k & m & 255) == 0 ? 1 : 0;
    const uint64_t none_left = (~k & m & 255) == 0 ? 2 : 0;
    const uint64_t none = ((k | m) & 255) == 0 ? 4 : 0;
    const uint64_t all = ((k | m) & 255) == 255 ? 8 : 0;
    return none_common | none_left | none | all;
  }
  // Two places move on through the dwords, one for ones of the mask and one for zeros.
  static void part_dwords(uint32_t* to, const uint32_t* from, uint64_t mask) {
    uint32_t place[2] = {static_cast<uint32_t>(__builtin_popcountll(mask)), 0};
    for (uint32_t i = 0; i < 16; ++i) to[place[mask >> i & 1]++] = from[i];
  }
  static void join_dwords(uint32_t* to, const uint32_t* from, uint64_t mask) {
    uint32_t place[2] = {static_cast<uint32_t>(__builtin_popcountll(mask)), 0};
    for (uint32_t i = 0; i < 16; ++i) to[i] = from[place[mask >> i & 1]++];
  }
};
