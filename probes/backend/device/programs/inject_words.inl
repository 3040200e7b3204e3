// SPDX-License-Identifier: Apache-2.0
// The fault shapes that are alike for state and outputs (probes/backend/host/injector.cpp, spoil()). Included by inject.inl once for each kind of
// memory, because OpenCL C 1.2 has no pointer to either: ASSAY_WORDS is the kind, ASSAY_INJECT(name) pastes it into names.

ASSAY_FN void ASSAY_INJECT(zero_one)(ASSAY_WORDS assay_u64* words, assay_u32 count, assay_u32 first, assay_u64 mask) {
  for (assay_u32 i = 0; i < count; ++i) {
    const assay_u32 at = (first + i) % count;
    if (words[at] != 0) {
      words[at] = 0;
      return;
    }
  }
  words[first] ^= mask;  // all zero already: zeroing would change nothing
}

// A quiet NaN or an infinity of one of the formats, into one field of a word. Which one follows from the place.
ASSAY_FN void ASSAY_INJECT(no_number)(ASSAY_WORDS assay_u64* words, assay_u32 at, assay_u64 place, assay_u64 mask) {
  const assay_u32 kind = (assay_u32)(place >> 40) & 7u;
  const assay_u32 bits = kind < 3 ? 64u : kind < 5 ? 32u : 16u;
  const assay_u64 value = assay_inject_not_a_number(kind);
  const assay_u32 shift = (assay_u32)((place >> 48) % (64 / bits)) * bits;
  const assay_u64 field = (bits == 64 ? ~(assay_u64)0 : ((assay_u64)1 << (bits % 64)) - 1) << shift;
  const assay_u64 before = words[at];
  words[at] = (before & ~field) | (value << shift);
  if (words[at] == before) {
    words[at] ^= mask;  // it was that very NaN already
  }
}

ASSAY_FN void ASSAY_INJECT(spoil)(ASSAY_GLOBAL const AssayInjection* fault, ASSAY_WORDS assay_u64* words, assay_u32 count) {
  if (count == 0) {
    return;
  }
  const assay_u64 place = fault->place;
  const assay_u64 mask = fault->mask;
  const assay_u32 at = (assay_u32)(place % count);
  switch (fault->shape) {
    case ASSAY_SHAPE_BIT_FLIP:
    case ASSAY_SHAPE_MULTI_BIT:
    case ASSAY_SHAPE_BLIND_COMPARATOR:
      words[at] ^= mask;
      break;
    case ASSAY_SHAPE_ZERO:
      ASSAY_INJECT(zero_one)(words, count, at, mask);
      break;
    case ASSAY_SHAPE_NAN_INF:
      ASSAY_INJECT(no_number)(words, at, place, mask);
      break;
    case ASSAY_SHAPE_LANE_PERIODIC:
      for (assay_u32 i = at % (count < 8 ? count : 8); i < count; i += 8) {
        words[i] ^= mask;
      }
      break;
    case ASSAY_SHAPE_SAME_MASK_PAIR:
      words[at] ^= mask;
      if (count > 1) {
        words[(at + 1 + (assay_u32)((place >> 32) % (count - 1))) % count] ^= mask;
      }
      break;
    default:
      break;
  }
}
