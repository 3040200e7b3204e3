// SPDX-License-Identifier: Apache-2.0
// Plants a fault in the run of one team, with the same result as the host's injector (probes/backend/host/injector.cpp) on the same words: place, mask,
// step and hits were drawn on the host. One lane does all of it; only hit runs pay. What each shape changes: docs/reference/fault-shapes.md.
#ifndef ASSAY_INJECT_INL
#define ASSAY_INJECT_INL

#define ASSAY_STALE_TILE_WORDS 64

// Quiet NaNs and infinities of FP64, FP32, FP16 and BF16, as the host's table has them.
ASSAY_FN assay_u64 assay_inject_not_a_number(assay_u32 kind) {
  switch (kind) {
    case 0:
      return 0x7FF8000000000000ul;
    case 1:
      return 0x7FF0000000000000ul;
    case 2:
      return 0xFFF0000000000000ul;
    case 3:
      return 0x7FC00000ul;
    case 4:
      return 0x7F800000ul;
    case 5:
      return 0x7E00ul;
    case 6:
      return 0x7C00ul;
    default:
      return 0x7F80ul;
  }
}

#define ASSAY_WORDS ASSAY_LOCAL
#define ASSAY_INJECT(name) assay_inject_state_##name
#include "probes/backend/device/programs/inject_words.inl"
#undef ASSAY_WORDS
#undef ASSAY_INJECT
#define ASSAY_WORDS ASSAY_GLOBAL
#define ASSAY_INJECT(name) assay_inject_out_##name
#include "probes/backend/device/programs/inject_words.inl"
#undef ASSAY_WORDS
#undef ASSAY_INJECT

// The tile of the step before shows again; the first one, from the place on, that differs.
ASSAY_FN void assay_inject_repeat_stale(ASSAY_GLOBAL const AssayInjection* fault, ASSAY_GLOBAL assay_u64* out, ASSAY_GLOBAL const assay_u64* stale,
                                        assay_u32 count) {
  const assay_u32 tile = count < ASSAY_STALE_TILE_WORDS ? count : ASSAY_STALE_TILE_WORDS;
  const assay_u32 at = (assay_u32)(fault->place % count);
  const assay_u32 first = at / tile * tile;
  for (assay_u32 offset = 0; offset < count; offset += tile) {
    const assay_u32 begin = (first + offset) % count / tile * tile;
    const assay_u32 end = begin + tile < count ? begin + tile : count;
    assay_u32 changed = 0;
    for (assay_u32 word = begin; word < end; ++word) {
      changed |= out[word] != stale[word] ? 1u : 0u;
      out[word] = stale[word];
    }
    if (changed != 0) {
      return;
    }
  }
  out[at] ^= fault->mask;  // the step before gave the same outputs: repeating them would change nothing
}

// Forces bits of every word, in every step. Until that has shown in this run, the bits move to where it does.
ASSAY_FN void assay_inject_stick(ASSAY_GLOBAL assay_u64* out, assay_u32 count, ASSAY_LOCAL assay_u64* stuck, ASSAY_LOCAL assay_u32* shown) {
  assay_u64 mask = *stuck;
  for (assay_u32 turn = 0; turn < 64 && *shown == 0; ++turn) {
    for (assay_u32 word = 0; word < count && *shown == 0; ++word) {
      *shown = (out[word] & mask) != mask ? 1u : 0u;
    }
    if (*shown == 0) {
      mask = (mask << 1) | (mask >> 63);
    }
  }
  for (assay_u32 word = 0; word < count; ++word) {
    out[word] |= mask;
  }
  *stuck = mask;
}

// Before the outputs of a step are poisoned: hangs, traps, or spoils the state.
ASSAY_FN void assay_inject_before(ASSAY_GLOBAL const AssayInjection* fault, assay_u32 step, ASSAY_LOCAL assay_u64* state, assay_u32 count) {
  if (step != fault->step) {
    return;
  }
  if (fault->shape == ASSAY_SHAPE_HANG) {
    ASSAY_HANG();
  }
  if (fault->shape == ASSAY_SHAPE_CRASH) {
    ASSAY_TRAP();
  }
  if (fault->hits_state != 0) {
    assay_inject_state_spoil(fault, state, count);
  }
}

// After they were written: spoils them. `stale` are the outputs of the step before; *stuck is the fault's mask when a run begins, *shown 0. Every shape
// that spoils outputs changes at least one word.
ASSAY_FN void assay_inject_after(ASSAY_GLOBAL const AssayInjection* fault, assay_u32 step, ASSAY_GLOBAL assay_u64* out,
                                 ASSAY_GLOBAL const assay_u64* stale, assay_u32 count, assay_u64 poison, ASSAY_LOCAL assay_u64* stuck,
                                 ASSAY_LOCAL assay_u32* shown) {
  if (fault->shape == ASSAY_SHAPE_STUCK_AT) {
    assay_inject_stick(out, count, stuck, shown);
    return;
  }
  if (step != fault->step || fault->hits_state != 0) {
    return;
  }
  if (fault->shape == ASSAY_SHAPE_DROPPED_WRITE) {
    out[fault->place % count] = poison;
  } else if (fault->shape == ASSAY_SHAPE_STALE_TILE) {
    assay_inject_repeat_stale(fault, out, stale, count);
  } else {
    assay_inject_out_spoil(fault, out, count);
  }
}

#endif
