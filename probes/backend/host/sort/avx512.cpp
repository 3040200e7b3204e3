// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "probes/backend/host/sort/methods.h"
#include "probes/backend/host/sort/variants.h"
#include "probes/catalogue/sort.h"

namespace assay::probes::host {
namespace {

constexpr uint32_t kLanes = 8;

// Eight elements, keys and payloads apart.
struct Eight {
  __m512i keys;
  __m512i payloads;
};

struct Columns {
  alignas(64) uint64_t keys[sort::kElements];
  alignas(64) uint64_t payloads[sort::kElements];

  Eight load(uint32_t at) const { return {_mm512_load_si512(keys + at), _mm512_load_si512(payloads + at)}; }
  void store(uint32_t at, const Eight& eight) {
    _mm512_store_si512(keys + at, eight.keys);
    _mm512_store_si512(payloads + at, eight.payloads);
  }
};

// Lanes in which a comes before b.
inline __mmask8 less(const Eight& a, const Eight& b) {
  const __mmask8 equal = _mm512_cmpeq_epu64_mask(a.keys, b.keys);
  return static_cast<__mmask8>(_mm512_cmplt_epu64_mask(a.keys, b.keys) |
                               _mm512_mask_cmplt_epu64_mask(equal, a.payloads, b.payloads));
}

inline Eight choose(__mmask8 second, const Eight& a, const Eight& b) {
  return {_mm512_mask_blend_epi64(second, a.keys, b.keys), _mm512_mask_blend_epi64(second, a.payloads, b.payloads)};
}

// Comparisons between registers: eight pairs at this distance.
inline void exchange(Columns& columns, uint32_t at, uint32_t distance, bool ascending) {
  const Eight a = columns.load(at);
  const Eight b = columns.load(at + distance);
  const __mmask8 swapped = ascending ? less(b, a) : less(a, b);
  columns.store(at, choose(swapped, a, b));
  columns.store(at + distance, choose(swapped, b, a));
}

// Comparisons within a register: lanes at this distance, 1, 2 or 4. ascending: the lanes whose pair is in rising order.
inline Eight exchange_within(const Eight& eight, uint32_t distance, __mmask8 ascending) {
  const __m512i lanes = _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7);
  const __m512i partner = _mm512_xor_si512(lanes, _mm512_set1_epi64(static_cast<int64_t>(distance)));
  const Eight other = {_mm512_permutexvar_epi64(partner, eight.keys), _mm512_permutexvar_epi64(partner, eight.payloads)};
  const __mmask8 upper = _mm512_test_epi64_mask(lanes, _mm512_set1_epi64(static_cast<int64_t>(distance)));
  const auto wants_less = static_cast<__mmask8>(upper ^ ascending);  // the lower lane of a rising pair, the upper of a falling one
  const auto taken =
      static_cast<__mmask8>((less(other, eight) & wants_less) | (less(eight, other) & static_cast<__mmask8>(~wants_less)));
  return choose(taken, eight, other);
}

// Which lanes of the register at `at` lie in a rising run of this length.
inline __mmask8 rising(uint32_t at, uint32_t run) {
  if (run == 2) return 0x33;
  if (run == 4) return 0x0F;
  return (at & run) == 0 ? 0xFF : 0x00;
}

// The network of sort_network(), eight comparisons at once.
void network(Columns& columns) {
  for (uint32_t run = 2; run <= sort::kElements; run *= 2) {
    uint32_t distance = run / 2;
    for (; distance >= kLanes; distance /= 2) {
      for (uint32_t at = 0; at < sort::kElements; at += kLanes) {
        if ((at & distance) == 0) exchange(columns, at, distance, (at & run) == 0);
      }
    }
    for (uint32_t at = 0; at < sort::kElements; at += kLanes) {
      Eight eight = columns.load(at);
      for (uint32_t within = distance; within > 0; within /= 2) eight = exchange_within(eight, within, rising(at, run));
      columns.store(at, eight);
    }
  }
}

void network_on(SortElement* elements) {
  const __m512i even = _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14);
  const __m512i odd = _mm512_setr_epi64(1, 3, 5, 7, 9, 11, 13, 15);
  const __m512i low = _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11);
  const __m512i high = _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15);
  Columns columns;
  for (uint32_t at = 0; at < sort::kElements; at += kLanes) {
    const __m512i first = _mm512_load_si512(elements + at);
    const __m512i second = _mm512_load_si512(elements + at + kLanes / 2);
    columns.store(at, {_mm512_permutex2var_epi64(first, even, second), _mm512_permutex2var_epi64(first, odd, second)});
  }
  network(columns);
  for (uint32_t at = 0; at < sort::kElements; at += kLanes) {
    const Eight eight = columns.load(at);
    _mm512_store_si512(elements + at, _mm512_permutex2var_epi64(eight.keys, low, eight.payloads));
    _mm512_store_si512(elements + at + kLanes / 2, _mm512_permutex2var_epi64(eight.keys, high, eight.payloads));
  }
}

}  // namespace

void sort_avx512(uint64_t* state, const uint64_t* params, uint32_t step) {
  if (step % sort::kMethods != sort::kMethods - 1) return sort_scalar(state, params, step);
  auto* elements = reinterpret_cast<SortElement*>(state);
  network_on(elements);
  sort_spread(elements, params + step % sort::kRounds * sort::kRoundWords);
}

}  // namespace assay::probes::host
