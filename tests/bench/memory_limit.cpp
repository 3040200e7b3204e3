// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/memory_limit.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "probes/backend/host/cpu_features.h"

namespace assay::bench {
namespace {

constexpr uint64_t kLineWords = 8;

uint64_t line_of(uint64_t visit, uint64_t lines, const Sweep& how) {
  if (how.line_bits > 0) return (visit << how.turn | visit >> (how.line_bits - how.turn)) & (lines - 1);
  return how.down ? lines - 1 - visit : visit;
}

uint64_t plain(std::span<uint64_t> memory, const Sweep& how) {
  const uint64_t lines = memory.size() / kLineWords;
  uint64_t wrong = 0;
  for (uint64_t visit = 0; visit < lines; ++visit) {
    volatile uint64_t* line = memory.data() + line_of(visit, lines, how) * kLineWords;
    for (uint64_t i = 0; i < kLineWords; ++i) {
      if (how.reads) wrong |= line[i] ^ how.expected;
      if (how.writes) line[i] = how.word;
    }
  }
  return wrong;
}

#if defined(__x86_64__)

template <bool kReads, bool kWrites, bool kStreamed>
__attribute__((target("avx512f"))) uint64_t wide(std::span<uint64_t> memory, const Sweep& how) {
  const uint64_t lines = memory.size() / kLineWords;
  const __m512i expected = _mm512_set1_epi64(static_cast<int64_t>(how.expected));
  const __m512i word = _mm512_set1_epi64(static_cast<int64_t>(how.word));
  __m512i wrong = _mm512_setzero_si512();
#pragma GCC unroll 2
  for (uint64_t visit = 0; visit < lines; ++visit) {
    auto* line = reinterpret_cast<__m512i*>(memory.data() + line_of(visit, lines, how) * kLineWords);
    if constexpr (kReads) {
      wrong = _mm512_or_si512(wrong, _mm512_xor_si512(_mm512_load_si512(line), expected));
    }
    if constexpr (kWrites && kStreamed) {
      _mm512_stream_si512(line, word);
    } else if constexpr (kWrites) {
      _mm512_store_si512(line, word);
    }
  }
  _mm_sfence();
  alignas(64) uint64_t seen[kLineWords];
  _mm512_store_si512(seen, wrong);
  uint64_t any = 0;
  for (const uint64_t part : seen) any |= part;
  return any;
}

template <bool kReads, bool kWrites, bool kStreamed>
__attribute__((target("avx2"))) uint64_t narrow(std::span<uint64_t> memory, const Sweep& how) {
  const uint64_t lines = memory.size() / kLineWords;
  const __m256i expected = _mm256_set1_epi64x(static_cast<int64_t>(how.expected));
  const __m256i word = _mm256_set1_epi64x(static_cast<int64_t>(how.word));
  __m256i wrong = _mm256_setzero_si256();
#pragma GCC unroll 2
  for (uint64_t visit = 0; visit < lines; ++visit) {
    auto* line = reinterpret_cast<__m256i*>(memory.data() + line_of(visit, lines, how) * kLineWords);
    if constexpr (kReads) {
      wrong = _mm256_or_si256(wrong, _mm256_xor_si256(_mm256_load_si256(line), expected));
      wrong = _mm256_or_si256(wrong, _mm256_xor_si256(_mm256_load_si256(line + 1), expected));
    }
    if constexpr (kWrites && kStreamed) {
      _mm256_stream_si256(line, word);
      _mm256_stream_si256(line + 1, word);
    } else if constexpr (kWrites) {
      _mm256_store_si256(line, word);
      _mm256_store_si256(line + 1, word);
    }
  }
  _mm_sfence();
  alignas(32) uint64_t seen[4];
  _mm256_store_si256(reinterpret_cast<__m256i*>(seen), wrong);
  return seen[0] | seen[1] | seen[2] | seen[3];
}

#define ASSAY_CHOOSE(width)                                                                                           \
  uint64_t choose_##width(std::span<uint64_t> memory, const Sweep& how) {                                             \
    if (!how.writes) return width<true, false, false>(memory, how);                                                   \
    if (!how.reads) return how.streamed ? width<false, true, true>(memory, how) : width<false, true, false>(memory, how); \
    return how.streamed ? width<true, true, true>(memory, how) : width<true, true, false>(memory, how);               \
  }
ASSAY_CHOOSE(wide)
ASSAY_CHOOSE(narrow)
#undef ASSAY_CHOOSE

#endif

}  // namespace

uint64_t sweep(std::span<uint64_t> memory, const Sweep& how) {
#if defined(__x86_64__)
  if (probes::host::cpu_features().avx512) return choose_wide(memory, how);
  if (probes::host::cpu_features().avx2) return choose_narrow(memory, how);
#endif
  return plain(memory, how);
}

}  // namespace assay::bench
