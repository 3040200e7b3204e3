// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/hashmap/variants.h"

namespace assay::probes::host {
namespace {

constexpr uint32_t kMask = kHashMapSlots - 1;
constexpr uint32_t kNowhere = ~0U;

struct Slot {
  uint64_t key;
  uint64_t value;
};

inline uint64_t rotate_left(uint64_t word, int by) {
  return word << by | word >> (64 - by);
}

// Knuth's multiplicative hashing, by 2^64 over the golden ratio (The Art of Computer Programming, vol. 3, 6.4).
inline uint32_t home_of(uint64_t key) {
  constexpr int kIndexBits = 12;
  static_assert(kHashMapSlots == 1U << kIndexBits);
  return static_cast<uint32_t>(key * 0x9E3779B97F4A7C15 >> (64 - kIndexBits));
}

// The slot of the key or, if it is absent, the empty one where it would go; kNowhere when there is neither.
inline uint32_t place_of(const Slot* slots, uint64_t key) {
  uint32_t at = home_of(key);
  for (uint32_t walked = 0; walked < kHashMapSlots; ++walked) {
    if (slots[at].key == key || slots[at].key == 0) return at;
    at = (at + 1) & kMask;
  }
  return kNowhere;
}

inline uint64_t found_at(const Slot* slots, uint32_t at, uint64_t key) {
  return at != kNowhere && slots[at].key == key ? slots[at].value : ~key;
}

// Closes the gap with later ones of the run that may move there (Knuth, vol. 3, 6.4, algorithm R).
void erase(Slot* slots, uint32_t gap) {
  uint32_t at = gap;
  for (uint32_t walked = 1; walked < kHashMapSlots; ++walked) {
    at = (at + 1) & kMask;
    if (slots[at].key == 0) break;
    const uint32_t from_home = (at - home_of(slots[at].key)) & kMask;
    const uint32_t from_gap = (at - gap) & kMask;
    if (from_home < from_gap) continue;
    slots[gap] = slots[at];
    gap = at;
  }
  slots[gap] = {0, 0};
}

}  // namespace

void hashmap_fill_scalar(uint64_t* state, const uint64_t* params) {
  auto* slots = reinterpret_cast<Slot*>(state);
  for (uint32_t i = 0; i < hashmap::kPresentAtFirst; ++i) {
    const uint32_t at = place_of(slots, params[i]);
    if (at != kNowhere) slots[at] = {params[i], rotate_left(params[i], 17)};
  }
}

void hashmap_step_scalar(uint64_t* state, const uint64_t* params, uint64_t* output) {
  using namespace hashmap;
  auto* slots = reinterpret_cast<Slot*>(state);
  uint64_t cursor = state[2 * kHashMapSlots];
  uint64_t digest = state[2 * kHashMapSlots + 1];
  for (uint32_t i = 0; i < kOperations; ++i) {
    const uint64_t w = params[kKeys + i % kOps] + cursor;
    const uint64_t key = params[(w >> 32) % kKeys];
    const uint32_t at = place_of(slots, key);
    const uint64_t found = found_at(slots, at, key);
    if (w % 8 < 3) {
      if (at != kNowhere) slots[at] = {key, rotate_left(w, 23) ^ found};
    } else if (w % 8 == 7) {
      if (at != kNowhere && slots[at].key == key) erase(slots, at);
    }
    cursor = rotate_left(cursor + found, 24);
    digest = rotate_left(digest + rotate_left(found, 32), 40);
  }
  for (uint32_t i = 0; i < kKeys; ++i) output[i] = found_at(slots, place_of(slots, params[i]), params[i]);
  output[kKeys] = state[2 * kHashMapSlots] = cursor;
  output[kKeys + 1] = state[2 * kHashMapSlots + 1] = digest;
}

}  // namespace assay::probes::host
