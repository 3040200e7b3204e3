// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/peak_loops.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "probes/backend/host/cpu_features.h"

namespace assay::bench {
namespace {

#if defined(__x86_64__)

// A register of one precision and width: the loops below are written once. always_inline into functions with the target
// attribute.
#define ASSAY_PEAK(name, target_name, type, set, fma, add_up)                            \
  __attribute__((target(target_name))) double name(uint32_t iterations) {                \
    constexpr int kChains = 12; /* latency 4 or 5 times two a cycle, with room */        \
    type x[kChains];                                                                     \
    for (int i = 0; i < kChains; ++i) x[i] = set(1.0F + static_cast<float>(i));          \
    const type a = set(0.999F);                                                          \
    const type b = set(0.001F);                                                          \
    for (uint32_t n = 0; n < iterations; ++n) {                                          \
      _Pragma("GCC unroll 12") for (int i = 0; i < kChains; ++i) x[i] = fma(x[i], a, b); \
    }                                                                                    \
    for (int i = 1; i < kChains; ++i) x[0] = add_up(x[0], x[i]);                         \
    volatile type kept = x[0];                                                           \
    static_cast<void>(kept);                                                             \
    return 2.0 * kChains * iterations * (sizeof(type) / kElementBytes);                  \
  }

namespace f64 {
constexpr double kElementBytes = 8;
ASSAY_PEAK(avx2, "avx2,fma", __m256d, _mm256_set1_pd, _mm256_fmadd_pd, _mm256_add_pd)
ASSAY_PEAK(avx512, "avx512f", __m512d, _mm512_set1_pd, _mm512_fmadd_pd, _mm512_add_pd)
}  // namespace f64
namespace f32 {
constexpr double kElementBytes = 4;
ASSAY_PEAK(avx2, "avx2,fma", __m256, _mm256_set1_ps, _mm256_fmadd_ps, _mm256_add_ps)
ASSAY_PEAK(avx512, "avx512f", __m512, _mm512_set1_ps, _mm512_fmadd_ps, _mm512_add_ps)
}  // namespace f32
#undef ASSAY_PEAK

// Twelve chains of a dot-product instruction on registers.
#define ASSAY_DOT_PEAK(name, target_name, type, zero, add_dot, operations)                            \
  __attribute__((target(target_name))) double name(uint32_t iterations) {                             \
    constexpr int kChains = 12;                                                                       \
    type x[kChains];                                                                                  \
    for (type& chain : x) chain = zero;                                                               \
    __m512i a = _mm512_set1_epi8(1);                                                                  \
    for (uint32_t n = 0; n < iterations; ++n) {                                                       \
      __asm__ volatile("" : "+v"(a)); /* not a constant: the products stay in the loop */             \
      _Pragma("GCC unroll 12") for (int i = 0; i < kChains; ++i) x[i] = add_dot(x[i], a);             \
    }                                                                                                 \
    for (type& chain : x) __asm__ volatile("" : "+v"(chain));                                         \
    return (operations) * kChains * static_cast<double>(iterations);                                  \
  }
#define ASSAY_DPBF16(c, a) _mm512_dpbf16_ps(c, reinterpret_cast<__m512bh>(a), reinterpret_cast<__m512bh>(a))
#define ASSAY_DPBUSD(c, a) _mm512_dpbusd_epi32(c, a, a)
#define ASSAY_MADD(c, a) _mm512_add_epi32(c, _mm512_madd_epi16(a, a))
ASSAY_DOT_PEAK(bf16_pairs, "avx512f,avx512bf16", __m512, _mm512_setzero_ps(), ASSAY_DPBF16, 64.0)
ASSAY_DOT_PEAK(int8_quads, "avx512f,avx512bw,avx512vnni", __m512i, _mm512_setzero_si512(), ASSAY_DPBUSD, 128.0)
ASSAY_DOT_PEAK(int16_pairs, "avx512f,avx512bw", __m512i, _mm512_setzero_si512(), ASSAY_MADD, 64.0)
#undef ASSAY_MADD
#undef ASSAY_DPBUSD
#undef ASSAY_DPBF16
#undef ASSAY_DOT_PEAK

// Palette 1, every register 16 rows of 64 bytes (Intel SDM, LDTILECFG).
struct alignas(64) TileConfig {
  uint8_t bytes[64] = {1};
  TileConfig() {
    for (int tile = 0; tile < 8; ++tile) {
      bytes[16 + 2 * tile] = 64;
      bytes[48 + tile] = 16;
    }
  }
};

// Zeros: the time of a product does not hang on its numbers. 16 x 16 outputs of `depth` products each an instruction.
#define ASSAY_TILE_PEAK(name, target_name, dot, depth)                     \
  __attribute__((target(target_name))) double name(uint32_t iterations) { \
    const TileConfig config;                                               \
    __asm__ volatile("" : : "r"(&config) : "memory");                      \
    _tile_loadconfig(&config);                                             \
    _tile_zero(0);                                                         \
    _tile_zero(1);                                                         \
    _tile_zero(2);                                                         \
    _tile_zero(3);                                                         \
    _tile_zero(4);                                                         \
    _tile_zero(5);                                                         \
    for (uint32_t n = 0; n < iterations; ++n) {                            \
      dot(0, 4, 5);                                                        \
      dot(1, 4, 5);                                                        \
      dot(2, 4, 5);                                                        \
      dot(3, 4, 5);                                                        \
    }                                                                      \
    _tile_release();                                                       \
    return 4.0 * 2 * 16 * 16 * (depth) * static_cast<double>(iterations);  \
  }
ASSAY_TILE_PEAK(tile_bf16, "amx-tile,amx-bf16", _tile_dpbf16ps, 32)
ASSAY_TILE_PEAK(tile_int8, "amx-tile,amx-int8", _tile_dpbssd, 64)
#undef ASSAY_TILE_PEAK

// One pass of verify_and_store() with one width and one kind of store, two registers at a time.
#define ASSAY_SWEEP(name, target_name, type, set, load, put, either, differ)                                       \
  __attribute__((target(target_name))) uint64_t name(std::span<uint64_t> memory, uint64_t word) {                  \
    auto* at = reinterpret_cast<type*>(memory.data());                                                             \
    const size_t count = memory.size_bytes() / sizeof(type);                                                       \
    const type pattern = set(static_cast<int64_t>(word));                                                          \
    const type before = set(static_cast<int64_t>(~word));                                                          \
    type wrong[2] = {set(0), set(0)};                                                                              \
    for (size_t i = 0; i + 1 < count; i += 2) {                                                                    \
      wrong[0] = either(wrong[0], differ(load(at + i), before));                                                   \
      wrong[1] = either(wrong[1], differ(load(at + i + 1), before));                                               \
      put(at + i, pattern);                                                                                        \
      put(at + i + 1, pattern);                                                                                    \
    }                                                                                                              \
    _mm_sfence();                                                                                                  \
    alignas(64) uint64_t seen[sizeof(type) / sizeof(uint64_t)];                                                    \
    *reinterpret_cast<type*>(seen) = either(wrong[0], wrong[1]);                                                   \
    uint64_t any = 0;                                                                                              \
    for (const uint64_t part : seen) any |= part;                                                                  \
    return any;                                                                                                    \
  }
ASSAY_SWEEP(stream_avx2, "avx2", __m256i, _mm256_set1_epi64x, _mm256_load_si256, _mm256_stream_si256, _mm256_or_si256, _mm256_xor_si256)
ASSAY_SWEEP(store_avx2, "avx2", __m256i, _mm256_set1_epi64x, _mm256_load_si256, _mm256_store_si256, _mm256_or_si256, _mm256_xor_si256)
ASSAY_SWEEP(stream_avx512, "avx512f", __m512i, _mm512_set1_epi64, _mm512_load_si512, _mm512_stream_si512, _mm512_or_si512, _mm512_xor_si512)
ASSAY_SWEEP(store_avx512, "avx512f", __m512i, _mm512_set1_epi64, _mm512_load_si512, _mm512_store_si512, _mm512_or_si512, _mm512_xor_si512)
#undef ASSAY_SWEEP

#endif

// Without vectors: better than no limit.
double fma_plain(uint32_t iterations) {
  double x[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  for (uint32_t n = 0; n < iterations; ++n) {
    for (double& chain : x) chain = chain * 0.999 + 0.001;
  }
  volatile double kept = x[0] + x[1] + x[2] + x[3] + x[4] + x[5] + x[6] + x[7];
  static_cast<void>(kept);
  return 2.0 * 8 * iterations;
}

uint64_t verify_and_store_plain(std::span<uint64_t> memory, uint64_t word) {
  uint64_t wrong = 0;
  for (uint64_t& cell : memory) {
    wrong |= *static_cast<volatile uint64_t*>(&cell) ^ ~word;
    *static_cast<volatile uint64_t*>(&cell) = word;
  }
  return wrong == 0 ? 0 : 1;
}

}  // namespace

double fma_peak_f64(uint32_t iterations) {
#if defined(__x86_64__)
  if (probes::host::cpu_features().avx512) return f64::avx512(iterations);
  if (probes::host::cpu_features().avx2) return f64::avx2(iterations);
#endif
  return fma_plain(iterations);
}

double fma_peak_f32(uint32_t iterations) {
#if defined(__x86_64__)
  if (probes::host::cpu_features().avx512) return f32::avx512(iterations);
  if (probes::host::cpu_features().avx2) return f32::avx2(iterations);
#endif
  return fma_plain(iterations);
}

double dot_peak_bf16(uint32_t iterations) {
#if defined(__x86_64__)
  if (probes::host::cpu_features().avx512_bf16) return bf16_pairs(iterations);
#endif
  return fma_peak_f32(iterations);
}

double dot_peak_int8(uint32_t iterations) {
#if defined(__x86_64__)
  if (probes::host::cpu_features().avx512_vnni) return int8_quads(iterations);
  if (probes::host::cpu_features().avx512) return int16_pairs(iterations);
#endif
  return fma_peak_f32(iterations);
}

#if defined(__x86_64__)
double tile_peak_bf16(uint32_t iterations) { return tile_bf16(iterations); }
double tile_peak_int8(uint32_t iterations) { return tile_int8(iterations); }
#else
double tile_peak_bf16(uint32_t) { return 0; }
double tile_peak_int8(uint32_t) { return 0; }
#endif

uint64_t verify_and_store(std::span<uint64_t> memory, uint64_t word, Stores stores) {
#if defined(__x86_64__)
  const bool streamed = stores == Stores::kStreamed;
  if (probes::host::cpu_features().avx512) return streamed ? stream_avx512(memory, word) : store_avx512(memory, word);
  if (probes::host::cpu_features().avx2) return streamed ? stream_avx2(memory, word) : store_avx2(memory, word);
#else
  static_cast<void>(stores);
#endif
  return verify_and_store_plain(memory, word);
}

}  // namespace assay::bench
