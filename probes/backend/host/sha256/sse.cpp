// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/sha256/variants.h"
#include "probes/catalogue/sha256.h"

namespace assay::probes::host {
namespace {

#include "probes/backend/host/sha256/constants.inl"

constexpr uint32_t kTogether = 2;  // chains in flight: two rounds take four cycles and one could start every other

// One chain as the instructions want it (Intel, "Intel SHA Extensions", 2013): low lane first, abef = F E B A and
// cdgh = H G D C.
struct Chain {
  __m128i abef;
  __m128i cdgh;
  __m128i abef_before;
  __m128i cdgh_before;
  __m128i message[4];
};

inline void begin(Chain& chain, const uint64_t* state, const uint64_t* data) {
  const __m128i dcba = _mm_load_si128(reinterpret_cast<const __m128i*>(state));
  const __m128i hgfe = _mm_load_si128(reinterpret_cast<const __m128i*>(state) + 1);
  chain.message[0] = dcba;
  chain.message[1] = hgfe;
  chain.message[2] = _mm_load_si128(reinterpret_cast<const __m128i*>(data));
  chain.message[3] = _mm_load_si128(reinterpret_cast<const __m128i*>(data) + 1);
  const __m128i abcd = _mm_shuffle_epi32(dcba, 0x1B);  // low lane first: D C B A
  const __m128i efgh = _mm_shuffle_epi32(hgfe, 0x1B);  // H G F E
  chain.abef = _mm_unpackhi_epi64(efgh, abcd);         // F E B A
  chain.cdgh = _mm_unpacklo_epi64(efgh, abcd);         // H G D C
  chain.abef_before = chain.abef;
  chain.cdgh_before = chain.cdgh;
}

// Rounds 4 * kGroup to 4 * kGroup + 3, and the message words of the group four later in place of those used up.
template <int kGroup>
inline void four_rounds(Chain& chain) {
  __m128i& now = chain.message[kGroup % 4];
  const __m128i next = chain.message[(kGroup + 1) % 4];
  const __m128i last = chain.message[(kGroup + 3) % 4];
  const __m128i in =
      _mm_add_epi32(now, _mm_load_si128(reinterpret_cast<const __m128i*>(kRoundConstants + 4 * kGroup)));
  chain.cdgh = _mm_sha256rnds2_epu32(chain.cdgh, chain.abef, in);
  chain.abef = _mm_sha256rnds2_epu32(chain.abef, chain.cdgh, _mm_shuffle_epi32(in, 0x0E));
  if constexpr (kGroup < 12) {
    const __m128i nine_later = _mm_alignr_epi8(last, chain.message[(kGroup + 2) % 4], 4);
    now = _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(now, next), nine_later), last);
  }
}

template <int kGroup>
inline void all_rounds(Chain* chains) {
#pragma GCC unroll 2
  for (uint32_t c = 0; c < kTogether; ++c) four_rounds<kGroup>(chains[c]);
  if constexpr (kGroup < 15) {
    all_rounds<kGroup + 1>(chains);
  }
}

inline void end(const Chain& chain, uint64_t* state) {
  const __m128i feba = _mm_add_epi32(chain.abef, chain.abef_before);
  const __m128i hgdc = _mm_add_epi32(chain.cdgh, chain.cdgh_before);
  const __m128i abcd = _mm_unpackhi_epi64(hgdc, feba);  // D C B A
  const __m128i efgh = _mm_unpacklo_epi64(hgdc, feba);  // H G F E
  _mm_store_si128(reinterpret_cast<__m128i*>(state), _mm_shuffle_epi32(abcd, 0x1B));
  _mm_store_si128(reinterpret_cast<__m128i*>(state) + 1, _mm_shuffle_epi32(efgh, 0x1B));
}

}  // namespace

// The SHA extensions: two rounds an instruction, and the schedule in hardware.
void sha256_sse(uint64_t* state, const uint64_t* params, uint32_t) {
  using namespace sha256;
  for (uint32_t i = 0; i < kIterations; ++i) {
    for (uint32_t first = 0; first < kChains; first += kTogether) {
      Chain chains[kTogether];
#pragma GCC unroll 2
      for (uint32_t c = 0; c < kTogether; ++c)
        begin(chains[c], state + (first + c) * kChainWords, params + (i + first + c) % kMessages * kChainWords);
      all_rounds<0>(chains);
#pragma GCC unroll 2
      for (uint32_t c = 0; c < kTogether; ++c) end(chains[c], state + (first + c) * kChainWords);
    }
  }
}

}  // namespace assay::probes::host
