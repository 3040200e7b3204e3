// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/sort/methods.h"
#include "probes/backend/host/sort/variants.h"
#include "probes/catalogue/sort.h"

namespace assay::probes::host {
namespace {

constexpr uint32_t kCount = sort::kElements;

inline bool less(const SortElement& a, const SortElement& b) {
  return a.key < b.key || (a.key == b.key && a.payload < b.payload);
}
inline void swap(SortElement& a, SortElement& b) noexcept {
  const SortElement kept = a;
  a = b;
  b = kept;
}
inline uint64_t rotate_left(uint64_t word, int by) {
  return word << by | word >> (64 - by);
}

void insertion(SortElement* elements, uint32_t first, uint32_t end) {
  for (uint32_t i = first + 1; i < end; ++i) {
    const SortElement element = elements[i];
    uint32_t place = i;
    for (; place > first && less(element, elements[place - 1]); --place) elements[place] = elements[place - 1];
    elements[place] = element;
  }
}

// The middle one of the first, the middle and the last element.
SortElement pivot_of(const SortElement* elements, uint32_t first, uint32_t end) {
  const SortElement& a = elements[first];
  const SortElement& b = elements[first + (end - first) / 2];
  const SortElement& c = elements[end - 1];
  if (less(a, b)) return less(b, c) ? b : (less(a, c) ? c : a);
  return less(a, c) ? a : (less(b, c) ? c : b);
}

// Hoare's partition: everything before the place returned is not greater than anything from there on, and neither part
// is empty.
uint32_t partition(SortElement* elements, uint32_t first, uint32_t end) {
  const SortElement pivot = pivot_of(elements, first, end);
  uint32_t low = first;
  uint32_t high = end - 1;
  for (;;) {
    while (low < end - 1 && less(elements[low], pivot)) ++low;
    while (high > first && less(pivot, elements[high])) --high;
    if (low >= high) break;
    swap(elements[low], elements[high]);
    ++low;
    --high;
  }
  return low == first ? first + 1 : low;
}

void sift_down(SortElement* elements, uint32_t root, uint32_t end) {
  const SortElement element = elements[root];
  for (uint32_t child = 2 * root + 1; child < end; child = 2 * root + 1) {
    if (child + 1 < end && less(elements[child], elements[child + 1])) ++child;
    if (!less(element, elements[child])) break;
    elements[root] = elements[child];
    root = child;
  }
  elements[root] = element;
}

// One pass of the radix sort: by the byte of the word (0: key, 1: payload) at the shift, keeping the order of equals.
void radix_pass(const SortElement* from, SortElement* to, bool by_key, int shift) {
  uint32_t places[256] = {};
  const auto digit = [&](const SortElement& element) { return (by_key ? element.key : element.payload) >> shift & 0xFF; };
  for (uint32_t i = 0; i < kCount; ++i) ++places[digit(from[i])];
  uint32_t begin = 0;
  for (uint32_t& place : places) {
    const uint32_t count = place;
    place = begin;
    begin += count;
  }
  for (uint32_t i = 0; i < kCount; ++i) to[places[digit(from[i])]++] = from[i];
}

}  // namespace

void sort_quick(SortElement* elements) {
  constexpr uint32_t kShort = 16;
  struct Part {
    uint32_t first;
    uint32_t end;
  };
  Part waiting[32];  // the longer part waits, so the one in work halves each time
  uint32_t count = 0;
  waiting[count++] = {0, kCount};
  while (count > 0) {
    Part part = waiting[--count];
    while (part.end - part.first > kShort) {
      const uint32_t middle = partition(elements, part.first, part.end);
      const bool left_is_longer = middle - part.first > part.end - middle;
      waiting[count++] = left_is_longer ? Part{part.first, middle} : Part{middle, part.end};
      part = left_is_longer ? Part{middle, part.end} : Part{part.first, middle};
    }
    insertion(elements, part.first, part.end);
  }
}

void sort_merging(SortElement* elements) {
  SortElement other[kCount];
  SortElement* from = elements;
  SortElement* to = other;
  for (uint32_t run = 1; run < kCount; run *= 2) {
    for (uint32_t first = 0; first < kCount; first += 2 * run) {
      uint32_t left = first;
      uint32_t right = first + run;
      for (uint32_t out = first; out < first + 2 * run; ++out) {
        const bool take_left = right == first + 2 * run || (left < first + run && !less(from[right], from[left]));
        to[out] = take_left ? from[left++] : from[right++];
      }
    }
    SortElement* kept = from;
    from = to;
    to = kept;
  }
  static_assert(kCount == 1024, "an even number of merges ends where it began");
}

void sort_radix(SortElement* elements) {
  SortElement other[kCount];
  for (int word = 0; word < 2; ++word) {
    for (int shift = 0; shift < 64; shift += 16) {
      radix_pass(elements, other, word == 1, shift);
      radix_pass(other, elements, word == 1, shift + 8);
    }
  }
}

void sort_heap(SortElement* elements) {
  for (uint32_t root = kCount / 2; root-- > 0;) sift_down(elements, root, kCount);
  for (uint32_t end = kCount - 1; end > 0; --end) {
    swap(elements[0], elements[end]);
    sift_down(elements, 0, end);
  }
}

// Batcher's bitonic sorter ("Sorting networks and their applications", AFIPS 1968): the comparisons do not depend on data.
void sort_network(SortElement* elements) {
  for (uint32_t run = 2; run <= kCount; run *= 2) {
    for (uint32_t distance = run / 2; distance > 0; distance /= 2) {
      for (uint32_t i = 0; i < kCount; ++i) {
        if ((i & distance) != 0) continue;
        const bool ascending = (i & run) == 0;
        SortElement& a = elements[i];
        SortElement& b = elements[i + distance];
        if (less(b, a) == ascending) swap(a, b);
      }
    }
  }
}

void sort_spread(SortElement* elements, const uint64_t* round) {
  SortElement sorted[kCount];
  for (uint32_t i = 0; i < kCount; ++i) sorted[i] = elements[i];
  for (uint32_t i = 0; i < kCount; ++i) {
    const SortElement& from = sorted[(i * round[2] + round[3]) % kCount];
    elements[i] = {rotate_left(from.key, 17) * round[0], rotate_left(from.payload + from.key, 29) + round[1]};
  }
}

void sort_scalar(uint64_t* state, const uint64_t* params, uint32_t step) {
  using Method = void (*)(SortElement*);
  constexpr Method kInTurn[sort::kMethods] = {sort_quick, sort_merging, sort_radix, sort_heap, sort_network};
  auto* elements = reinterpret_cast<SortElement*>(state);
  kInTurn[step % sort::kMethods](elements);
  sort_spread(elements, params + step % sort::kRounds * sort::kRoundWords);
}

}  // namespace assay::probes::host
