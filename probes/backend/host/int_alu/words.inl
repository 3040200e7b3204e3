// SPDX-License-Identifier: Apache-2.0
// The operations of chain.inl on general registers, but for the counts, which differ with the instruction set. Included, inside an
// anonymous namespace, by scalar.cpp and bmi2.cpp.

__extension__ using Wide = unsigned __int128;

struct WordOperations {
  using Register = uint64_t;
  static constexpr uint32_t kWords = 1;
  static constexpr uint32_t kTogether = 4;

  static uint64_t load(const uint64_t* from) { return *from; }
  static void store(uint64_t* to, uint64_t word) { *to = word; }

  static uint64_t add(uint64_t a, uint64_t b) { return a + b; }
  static uint64_t minus(uint64_t a) { return 0 - a; }
  // ADD, ADC and SUB, SBB.
  static void add_wide(uint64_t& high, uint64_t& low, uint64_t with_high, uint64_t with_low) {
    const Wide sum = (static_cast<Wide>(high) << 64 | low) + (static_cast<Wide>(with_high) << 64 | with_low);
    high = static_cast<uint64_t>(sum >> 64);
    low = static_cast<uint64_t>(sum);
  }
  static void subtract_wide(uint64_t& high, uint64_t& low, uint64_t with_high, uint64_t with_low) {
    const Wide rest = (static_cast<Wide>(high) << 64 | low) - (static_cast<Wide>(with_high) << 64 | with_low);
    high = static_cast<uint64_t>(rest >> 64);
    low = static_cast<uint64_t>(rest);
  }

  template <int kFirst>
  static uint64_t low6(uint64_t word) { return word >> kFirst & 63; }
  template <int kBy>
  static uint64_t rotate(uint64_t word) { return word << kBy | word >> (64 - kBy); }
  static uint64_t rotate_by(uint64_t word, uint64_t by) { return word << by | word >> (-by & 63); }
  static uint64_t shift_left(uint64_t word, uint64_t by) { return word << by; }
  static uint64_t shift_right(uint64_t word, uint64_t by) { return word >> by; }
  static uint64_t shift_signed(uint64_t word, uint64_t by) {
    return static_cast<uint64_t>(static_cast<int64_t>(word) >> by);
  }
  static uint64_t funnel(uint64_t high, uint64_t low, uint64_t by) { return high << by | low >> 1 >> (63 - by); }

  static uint64_t exclusive(uint64_t a, uint64_t b) { return a ^ b; }
  static uint64_t both(uint64_t a, uint64_t b) { return a & b; }
  static uint64_t either(uint64_t a, uint64_t b) { return a | b; }
  static uint64_t not_and(uint64_t a, uint64_t b) { return ~a & b; }
  static uint64_t majority(uint64_t a, uint64_t b, uint64_t c) { return (a & b) | (a & c) | (b & c); }
  static uint64_t choose(uint64_t by, uint64_t one, uint64_t zero) { return (by & one) | (~by & zero); }

  static uint64_t swap_bytes(uint64_t word) { return __builtin_bswap64(word); }
  static uint64_t if_below(uint64_t a, uint64_t b, uint64_t yes, uint64_t no) { return a < b ? yes : no; }
  static uint64_t if_below_signed(uint64_t a, uint64_t b, uint64_t yes, uint64_t no) {
    return static_cast<int64_t>(a) < static_cast<int64_t>(b) ? yes : no;
  }
};
