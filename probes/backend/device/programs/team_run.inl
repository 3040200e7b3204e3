// SPDX-License-Identifier: Apache-2.0
// What happens around a program on one team (README.md): included once a program, after its file, with ASSAY_NAME(suffix) defined to paste the
// program's name. Defines <program>_run, which does every run of one team of one unit.

// The poison of a run: no output word may be left equal to it.
ASSAY_FN assay_u64 ASSAY_NAME(poison)(assay_u64 seed, assay_u32 unit, assay_u32 run) {
  return assay_digest_value(seed + (((assay_u64)unit << 32) | run) * ASSAY_DIGEST_MULTIPLIER) | 1;
}

// Whether this run is hit by the planted fault.
ASSAY_FN assay_u32 ASSAY_NAME(is_hit)(ASSAY_GLOBAL const AssayLaunch* launch, ASSAY_GLOBAL const assay_u32* hits, assay_u32 unit, assay_u32 run) {
  if (launch->injection.shape == ASSAY_SHAPE_NONE || launch->injection.unit != unit) {
    return 0;
  }
  return (hits[run / 32] >> (run % 32)) & 1u;
}

// Everything a team needs of a launch, gathered so that functions stay short.
typedef struct ASSAY_NAME(Team) {
  ASSAY_GLOBAL const AssayLaunch* launch;
  ASSAY_GLOBAL AssayRecord* records;
  ASSAY_GLOBAL assay_u32* record_count;
  assay_u32 unit;           // index
  assay_u32 hardware_unit;  // as the device numbers it
  assay_u32 lane;
  assay_u32 run;
  assay_u32 slot;
  assay_u64 poison;
} ASSAY_NAME(Team);

// Compares the words of one step that belong to this lane; returns how many were wrong, and counts poison in *left.
ASSAY_FN assay_u32 ASSAY_NAME(compare)(const ASSAY_NAME(Team) * team, ASSAY_GLOBAL const assay_u64* out, ASSAY_GLOBAL const assay_u64* expected,
                                       assay_u32 step, assay_u32* left) {
  assay_u32 wrong = 0;
  for (assay_u32 word = team->lane; word < ASSAY_OUT_WORDS; word += ASSAY_TEAM) {
    const assay_u64 actual = out[word];
    if (actual == team->poison) {
      *left += 1;
    }
    if (team->launch->has_expected != 0) {
      const assay_u64 right = expected[word];
      if (actual != right) {
        wrong += 1;
        const assay_u32 at = ASSAY_ATOMIC_INC(team->record_count);
        if (at < team->launch->record_capacity) {
          ASSAY_GLOBAL AssayRecord* record = team->records + at;
          record->unit = team->hardware_unit;
          record->unit_after = ASSAY_HARDWARE_UNIT();
          record->run = team->run;
          record->slot = team->slot;
          record->step = step;
          record->word = word;
          record->lane = team->lane;
          record->warp = ASSAY_HARDWARE_WARP();
          record->expected = right;
          record->actual = actual;
          record->reread = ASSAY_REREAD(out + word);
          record->clock = ASSAY_CLOCK();
        }
      }
    }
  }
  return wrong;
}

// One run from its operands to its digest; 0 when the deadline came first. `memory` is ASSAY_STATE_WORDS of state, 8 of digest and 2 of flags.
ASSAY_FN assay_u32 ASSAY_NAME(one)(ASSAY_NAME(Team) * team, ASSAY_LOCAL assay_u64* memory, ASSAY_GLOBAL const assay_u64* operands,
                                   ASSAY_GLOBAL const assay_u64* expected, ASSAY_GLOBAL assay_u64* tiles, assay_u32 hit, ASSAY_GLOBAL AssayRun* result,
                                   ASSAY_LOCAL assay_u32* flags, assay_u64 until) {
  const assay_u32 lane = team->lane;
  ASSAY_LOCAL assay_u64* state = memory;
  ASSAY_LOCAL assay_u64* digests = memory + ASSAY_STATE_WORDS;
  for (assay_u32 word = lane; word < ASSAY_STATE_WORDS; word += ASSAY_TEAM) {
    state[word] = operands[word];
  }
  if (lane == 0) {
    flags[0] = 0;  // wrong words
    flags[1] = 0;  // words left poisoned
  }
  assay_u64 digest = assay_digest_start((assay_u64)(lane + 1) * ASSAY_DIGEST_MULTIPLIER);
  assay_u32 wrong = 0;
  assay_u32 left = 0;
  assay_u32 stopped = 0;
  ASSAY_BARRIER();
  for (assay_u32 step = 0; step < ASSAY_STEPS && stopped == 0; ++step) {
    ASSAY_GLOBAL assay_u64* out = tiles + (step % 2) * ASSAY_OUT_WORDS;
    if (hit != 0 && lane == 0) {
      assay_inject_before(&team->launch->injection, step, state, ASSAY_STATE_WORDS);
    }
    for (assay_u32 word = lane; word < ASSAY_OUT_WORDS; word += ASSAY_TEAM) {
      out[word] = team->poison;
    }
    ASSAY_BARRIER();
    ASSAY_NAME(step)(state, operands + ASSAY_STATE_WORDS, out, lane, step);
    ASSAY_BARRIER();
    if (hit != 0 && lane == 0) {
      assay_inject_after(&team->launch->injection, step, out, tiles + ((step + 1) % 2) * ASSAY_OUT_WORDS, ASSAY_OUT_WORDS, team->poison);
    }
    ASSAY_BARRIER();
    wrong += ASSAY_NAME(compare)(team, out, expected + (assay_u64)step * ASSAY_OUT_WORDS, step, &left);
    if (lane < 8) {
      // Word w of the run, counted over all steps, belongs to lane w mod 8.
      for (assay_u32 word = (lane + 8 - (step * (ASSAY_OUT_WORDS % 8)) % 8) % 8; word < ASSAY_OUT_WORDS; word += 8) {
        digest = assay_digest_add(digest, out[word]);
      }
    }
    stopped = ASSAY_TEAM_ANY(until != 0 && ASSAY_CLOCK_NS() >= until);
  }
  if (lane < 8) {
    digests[lane] = digest;
  }
  if (wrong != 0) {
    ASSAY_LOCAL_ADD(&flags[0], wrong);
  }
  if (left != 0) {
    ASSAY_LOCAL_ADD(&flags[1], left);
  }
  ASSAY_BARRIER();
  if (lane == 0 && stopped == 0) {
    const assay_u64 count = (assay_u64)ASSAY_STEPS * ASSAY_OUT_WORDS;
    result->high = assay_digest_half(digests, count, 0xA5A5A5A5A5A5A5A5ul, 0);
    result->low = assay_digest_half(digests, count, ~(assay_u64)0, 1);
    result->wrong_words = flags[0];
    ASSAY_PUBLISH(&result->done, 1u);
  }
  ASSAY_BARRIER();
  return stopped == 0 ? 1u : 0u;
}
