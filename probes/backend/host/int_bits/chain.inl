// SPDX-License-Identifier: Apache-2.0
// The chains of int_bits.h on general registers. Included, inside an anonymous namespace, by the file of each instruction set. Bits
// gives gather(w, m) and scatter(w, m), pext and pdep there, ones(m), and the cuts of lines 5 to 8 under the names of BMI.

inline uint64_t rotate_left(uint64_t word, uint64_t by) { return word << by | word >> (-by & 63); }
inline uint64_t fold(uint64_t word, uint64_t with) { return rotate_left(word + with, 24); }

template <typename Bits>
inline void iterate(uint64_t& x, uint64_t& y, uint64_t& h, uint64_t c) {
  x = Bits::gather(x, y) + rotate_left(Bits::gather(x, ~y), Bits::ones(y) & 63);
  y = Bits::scatter(y, h) + Bits::scatter(rotate_left(y, -Bits::ones(h) & 63), ~h);
  h = fold(h, Bits::gather(x + c, y & rotate_left(x, 13)));
  x = fold(x, Bits::scatter(y, h | c));
  h = fold(h, Bits::bzhi(x, y & 63));
  y = fold(y, Bits::bextr(h, x & 63, x >> 8 & 63));
  x = fold(x, Bits::blsi(y << (h & 63)) ^ Bits::blsr(h));
  y = fold(y, Bits::blsmsk(x << (h >> 6 & 63)));
}

template <typename Bits>
inline void int_bits_chain(uint64_t* state, const uint64_t* params) {
  using namespace int_bits;
  for (uint32_t i = 0; i < kIterations; ++i) {
    const uint64_t* c = params + (i % kRounds) * kLanes;
    for (uint32_t lane = 0; lane < kLanes; ++lane) iterate<Bits>(state[lane], state[kLanes + lane], state[2 * kLanes + lane], c[lane]);
  }
}
