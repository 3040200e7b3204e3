// SPDX-License-Identifier: Apache-2.0
// Numbers of the 80-bit unit and their bits. Included, inside an anonymous namespace, by the files of the family.

// As in memory: x87.h.
struct Bits {
  uint64_t mantissa;
  uint16_t sign_exponent;
};
constexpr uint32_t kBytes = 10;

inline long double number(uint64_t mantissa, uint64_t sign_exponent) {
  const Bits bits{mantissa, static_cast<uint16_t>(sign_exponent)};
  long double value = 0;
  __builtin_memcpy(&value, &bits, kBytes);
  return value;
}

inline Bits bits_of(long double value) {
  Bits bits{};
  __builtin_memcpy(&bits, &value, kBytes);
  return bits;
}

inline uint64_t turn(uint64_t word) { return word << 24 | word >> 40; }

// The control word of the chains: extended precision, round to nearest even, all exceptions masked (Intel SDM vol. 1,
// 8.1.5); what was there comes back at the end. The arithmetic between must be in a function that is not inlined, or
// the compiler may move it past this.
class ControlWord {
 public:
  ControlWord() {
    constexpr uint16_t kExtendedNearest = 0x037F;
    __asm__ volatile("fnstcw %0" : "=m"(before_));
    __asm__ volatile("fldcw %0" : : "m"(kExtendedNearest));
  }
  ~ControlWord() { __asm__ volatile("fldcw %0" : : "m"(before_)); }
  ControlWord(const ControlWord&) = delete;
  ControlWord& operator=(const ControlWord&) = delete;

 private:
  uint16_t before_ = 0;
};
