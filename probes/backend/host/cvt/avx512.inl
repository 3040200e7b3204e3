// SPDX-License-Identifier: Apache-2.0
// The 512-bit conversions that all CPUs with AVX-512 F, BW, DQ and VL have: all but BF16. Included, inside an anonymous
// namespace, by the files of the variants.
struct Conversions {
  using Register = __m512i;
  static constexpr uint32_t kWords = 8;
  static Register load(const uint64_t* from) { return _mm512_load_si512(from); }
  static void store(uint64_t* to, Register value) { _mm512_store_si512(to, value); }
  static Register all32(uint32_t value) { return _mm512_set1_epi32(static_cast<int32_t>(value)); }
  static Register all64(uint64_t value) { return _mm512_set1_epi64(static_cast<int64_t>(value)); }
  static Register keep32(Register w, uint32_t mask, uint32_t set) {
    return _mm512_or_si512(_mm512_and_si512(w, all32(mask)), all32(set));
  }
  static Register shift32(Register w, uint32_t mask, uint32_t more) {
    return _mm512_add_epi32(_mm512_and_si512(w, all32(mask)), all32(more));
  }
  static Register keep64(Register w, uint64_t mask, uint64_t set) {
    return _mm512_or_si512(_mm512_and_si512(w, all64(mask)), all64(set));
  }
  static Register shift64(Register w, uint64_t mask, uint64_t more) {
    return _mm512_add_epi64(_mm512_and_si512(w, all64(mask)), all64(more));
  }
  static Register fold32(Register to, Register y) { return _mm512_rol_epi32(_mm512_add_epi32(to, y), 8); }
  static Register fold64(Register to, Register y) { return _mm512_rol_epi64(_mm512_add_epi64(to, y), 24); }
  static Register table(uint32_t first, uint32_t odd, uint32_t any) {
    const Register n = _mm512_add_epi32(all32(first), _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
    const Register h = _mm512_and_si512(_mm512_add_epi32(_mm512_mullo_epi32(n, all32(odd)), all32(any)), all32(0xFFFF));
    const __mmask16 special = _mm512_cmpeq_epi32_mask(_mm512_and_si512(h, all32(0x7C00)), all32(0x7C00));
    return _mm512_mask_and_epi32(h, special, h, all32(0xFC00));
  }
  static Register blur(Register f, Register w) {
    const __mmask16 finite = _mm512_cmpneq_epi32_mask(_mm512_and_si512(f, all32(0x7FFFFFFF)), all32(0x7F800000));
    return _mm512_mask_or_epi32(f, finite, f, _mm512_and_si512(w, all32(0x1FFF)));
  }
  static Register integer_to_single(Register w) { return _mm512_castps_si512(_mm512_cvtepi32_ps(w)); }
  static Register truncate(Register y) { return _mm512_cvttps_epi32(_mm512_castsi512_ps(y)); }
  static Register nearest(Register y) { return _mm512_cvtps_epi32(_mm512_castsi512_ps(y)); }
  static Register half_to_single(Register h) {
    return _mm512_castps_si512(_mm512_cvtph_ps(_mm512_cvtepi32_epi16(h)));
  }
  static Register single_to_half(Register f) {
    return _mm512_cvtepu16_epi32(_mm512_cvtps_ph(_mm512_castsi512_ps(f), _MM_FROUND_TO_NEAREST_INT));
  }
  static Register saturate16(Register w) { return _mm512_cvtepi16_epi32(_mm512_cvtsepi32_epi16(_mm512_srai_epi32(w, 15))); }
  static Register saturate8(Register w) { return _mm512_cvtepi8_epi32(_mm512_cvtsepi32_epi8(_mm512_srai_epi32(w, 23))); }

  static __m512d real(Register w) { return _mm512_castsi512_pd(w); }
  static Register to_single(Register x) { return _mm512_cvtepu32_epi64(_mm256_castps_si256(_mm512_cvtpd_ps(real(x)))); }
  static Register low_to_double(Register w) {
    return _mm512_castpd_si512(_mm512_cvtps_pd(_mm256_castsi256_ps(_mm512_cvtepi64_epi32(w))));
  }
  static Register low_integer_to_double(Register w) {
    return _mm512_castpd_si512(_mm512_cvtepi32_pd(_mm512_cvtepi64_epi32(w)));
  }
  static Register integer_to_double(Register w) { return _mm512_castpd_si512(_mm512_cvtepi64_pd(w)); }
  static Register truncate64(Register y) { return _mm512_cvttpd_epi64(real(y)); }
  static Register nearest64(Register y) { return _mm512_cvtpd_epi64(real(y)); }
  static Register truncate32(Register z) { return _mm512_cvtepu32_epi64(_mm512_cvttpd_epi32(real(z))); }
  static Register nearest32(Register z) { return _mm512_cvtepu32_epi64(_mm512_cvtpd_epi32(real(z))); }
};
