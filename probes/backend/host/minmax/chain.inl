// SPDX-License-Identifier: Apache-2.0
// The chains of minmax.h for any vector type. Included, inside an anonymous namespace, by the file of each instruction
// set. V gives Register, kWords, load(), store(), fold(to, y), bitwise_xor(x, y), the integer minima and maxima, greater_*
// and equal_* as masks of bits, and the types Doubles and Floats with window(w), min(x, y), max(x, y), less(x, y) and
// less_or_equal(x, y) (of a type Mask), bits(mask), blend(mask, yes, no), with_sign(b, w) and negative(x).

template <typename V, typename F, typename Register = typename V::Register>
inline Register fold_less_and_signs(Register to, Register w, Register x, Register y, Register b) {
  const typename F::Mask mask = F::less(x, y);
  to = V::fold(to, F::bits(mask));
  to = V::fold(to, F::blend(mask, w, b));
  return V::fold(to, F::with_sign(b, w));
}

template <typename V, typename F, typename Register = typename V::Register>
inline Register fold_less_or_equal_and_negative(Register to, Register w, Register x, Register y, Register b) {
  const typename F::Mask mask = F::less_or_equal(x, y);
  to = V::fold(to, F::bits(mask));
  to = V::fold(to, F::blend(mask, b, w));
  return V::fold(to, F::negative(x));
}

template <typename V, typename Register = typename V::Register>
inline Register first_half(Register to, Register w, Register d, Register b) {
  using Doubles = typename V::Doubles;
  using Floats = typename V::Floats;
  const Register o = V::bitwise_xor(w, d);
  to = V::fold(to, V::min_s8(w, o));
  to = V::fold(to, V::max_u8(w, o));
  to = V::fold(to, V::min_s16(w, o));
  to = V::fold(to, V::max_u16(w, o));
  to = V::fold(to, V::min_s32(w, o));
  to = V::fold(to, V::max_u32(w, o));
  to = V::fold(to, V::min_s64(w, o));
  to = V::fold(to, V::max_u64(w, o));
  to = V::fold(to, V::greater_s8(w, o));
  to = V::fold(to, V::equal_16(w, o));
  to = V::fold(to, V::greater_s32(w, o));
  to = V::fold(to, V::equal_64(w, o));
  const Register x = Doubles::window(w);
  const Register y = Doubles::window(o);
  to = V::fold(to, Doubles::min(x, y));
  to = fold_less_and_signs<V, Doubles>(to, w, x, y, b);
  const Register p = Floats::window(w);
  const Register q = Floats::window(o);
  to = V::fold(to, Floats::max(p, q));
  return fold_less_or_equal_and_negative<V, Floats>(to, w, p, q, b);
}

template <typename V, typename Register = typename V::Register>
inline Register second_half(Register to, Register w, Register d, Register b) {
  using Doubles = typename V::Doubles;
  using Floats = typename V::Floats;
  const Register o = V::bitwise_xor(w, d);
  to = V::fold(to, V::max_s8(w, o));
  to = V::fold(to, V::min_u8(w, o));
  to = V::fold(to, V::max_s16(w, o));
  to = V::fold(to, V::min_u16(w, o));
  to = V::fold(to, V::max_s32(w, o));
  to = V::fold(to, V::min_u32(w, o));
  to = V::fold(to, V::max_s64(w, o));
  to = V::fold(to, V::min_u64(w, o));
  to = V::fold(to, V::equal_8(w, o));
  to = V::fold(to, V::greater_s16(w, o));
  to = V::fold(to, V::equal_32(w, o));
  to = V::fold(to, V::greater_s64(w, o));
  const Register x = Doubles::window(w);
  const Register y = Doubles::window(o);
  to = V::fold(to, Doubles::max(x, y));
  to = fold_less_or_equal_and_negative<V, Doubles>(to, w, x, y, b);
  const Register p = Floats::window(w);
  const Register q = Floats::window(o);
  to = V::fold(to, Floats::min(p, q));
  return fold_less_and_signs<V, Floats>(to, w, p, q, b);
}

// Two registers of u and of v at a time: the folds of one are a chain of their own.
template <typename V>
void minmax_chain(uint64_t* state, const uint64_t* params) {
  constexpr uint32_t kTogether = 2;
  constexpr uint32_t kA = minmax::kRounds * minmax::kLanes;
  for (uint32_t word = 0; word < minmax::kLanes; word += kTogether * V::kWords) {
    typename V::Register u[kTogether];
    typename V::Register v[kTogether];
    for (uint32_t j = 0; j < kTogether; ++j) {
      u[j] = V::load(state + word + j * V::kWords);
      v[j] = V::load(state + minmax::kLanes + word + j * V::kWords);
    }
    for (uint32_t i = 0; i < minmax::kIterations; ++i) {
      const uint64_t* d = params + (2 * i % minmax::kRounds) * minmax::kLanes + word;
      for (uint32_t j = 0; j < kTogether; ++j) {
        const uint64_t* at = d + j * V::kWords;
        v[j] = first_half<V>(v[j], u[j], V::load(at), V::load(at + kA));
      }
      d += minmax::kLanes;
      for (uint32_t j = 0; j < kTogether; ++j) {
        const uint64_t* at = d + j * V::kWords;
        u[j] = second_half<V>(u[j], v[j], V::load(at), V::load(at + kA));
      }
    }
    for (uint32_t j = 0; j < kTogether; ++j) {
      V::store(state + word + j * V::kWords, u[j]);
      V::store(state + minmax::kLanes + word + j * V::kWords, v[j]);
    }
  }
}
