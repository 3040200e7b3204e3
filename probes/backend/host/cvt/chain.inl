// SPDX-License-Identifier: Apache-2.0
// The chains of cvt.h for any vector type. Included, inside an anonymous namespace, by the file of each instruction set.
// V gives Register, kWords, load(), store() and, on lanes of 32 bits: table(first, odd, any) (the FP16 numbers h of the
// lanes from `first` on, NaNs already replaced), keep32(w, mask, set), shift32(w, mask, more), blur(f, w) (what result 2
// converts), half_to_single, single_to_half, single_to_bfloat, integer_to_single, truncate, nearest, saturate16,
// saturate8 and fold32; on words: keep64, shift64, to_single, low_to_double (FP32 in the low half), low_integer_to_double,
// integer_to_double, truncate64, nearest64, truncate32, nearest32 and fold64.

template <typename V, typename Register = typename V::Register>
inline Register narrow(Register to, Register w, Register h) {
  const Register f = V::half_to_single(h);
  to = V::fold32(to, f);
  to = V::fold32(to, V::single_to_half(V::blur(f, w)));
  to = V::fold32(to, V::single_to_half(V::keep32(w, 0x8FFFFFFF, 0x30000000)));
  to = V::fold32(to, V::single_to_bfloat(V::keep32(w, fma::kKeepF32, fma::kSetF32)));
  to = V::fold32(to, V::integer_to_single(w));
  const Register y = V::shift32(w, 0x87FFFFFF, 0x3E000000);
  to = V::fold32(to, V::truncate(y));
  to = V::fold32(to, V::nearest(V::keep32(y, 0xFFFFF000, 0)));
  to = V::fold32(to, V::integer_to_single(V::saturate16(w)));
  return V::fold32(to, V::integer_to_single(V::saturate8(w)));
}

template <typename V, typename Register = typename V::Register>
inline Register wide(Register to, Register w) {
  const Register x = V::keep64(w, fma::kKeepF64, fma::kSetF64);
  to = V::fold64(to, V::to_single(x));
  to = V::fold64(to, V::to_single(V::keep64(x, ~uint64_t{0} << 28, 0)));
  to = V::fold64(to, V::to_single(V::keep64(w, 0x81FFFFFFFFFFFFFF, 0x3600000000000000)));
  to = V::fold64(to, V::low_to_double(V::keep32(w, fma::kKeepF32, fma::kSetF32)));
  to = V::fold64(to, V::low_to_double(V::keep32(w, 0x807FFFFF, 0)));
  to = V::fold64(to, V::low_integer_to_double(w));
  to = V::fold64(to, V::integer_to_double(w));
  const Register y = V::shift64(w, 0x83FFFFFFFFFFFFFF, 0x3FC0000000000000);
  to = V::fold64(to, V::truncate64(y));
  to = V::fold64(to, V::nearest64(V::keep64(y, ~uint64_t{0} << 32, 0)));
  const Register z = V::shift64(w, 0x80FFFFFFFFFFFFFF, 0x3FC0000000000000);
  to = V::fold64(to, V::truncate32(z));
  return V::fold64(to, V::nearest32(V::keep64(z, ~uint64_t{0} << 40, 0)));
}

template <typename V>
void cvt_chain(uint64_t* state, const uint64_t* params, uint32_t step) {
  const auto odd = static_cast<uint32_t>(params[0]);
  const auto any = static_cast<uint32_t>(params[1]);
  for (uint32_t i = 0; i < cvt::kIterations; ++i) {
    const uint32_t first = cvt::kLanes * (step * cvt::kIterations + i);
    for (uint32_t word = 0; word < cvt::kHalfWords; word += V::kWords) {
      uint64_t* u_at = state + word;
      uint64_t* v_at = state + cvt::kHalfWords + word;
      const typename V::Register u = V::load(u_at);
      const typename V::Register v = narrow<V>(V::load(v_at), u, V::table(first + 2 * word, odd, any));
      V::store(v_at, v);
      V::store(u_at, wide<V>(u, v));
    }
  }
}
