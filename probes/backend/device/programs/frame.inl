// SPDX-License-Identifier: Apache-2.0
// What the frame around every program knows and does alike (README.md): included once, after a dialect, before the first program.
#ifndef ASSAY_FRAME_INL
#define ASSAY_FRAME_INL

#include "probes/backend/device/programs/words.inl"

#define ASSAY_PASTE_WORDS(program, suffix) program##_##suffix
#define ASSAY_PASTE(program, suffix) ASSAY_PASTE_WORDS(program, suffix)
#define ASSAY_NAME(suffix) ASSAY_PASTE(ASSAY_PROGRAM, suffix)
#define ASSAY_TEXT_OF(program) #program
#define ASSAY_TEXT(program) ASSAY_TEXT_OF(program)
#define ASSAY_PROGRAM_TEXT ASSAY_TEXT(ASSAY_PROGRAM)

// Words of u32 in team memory that the frame keeps for itself: wrong words and words left poisoned of this run, whether the deadline came, whether a
// stuck bit has shown. And words of u64 behind the program's: the eight lanes of the digest, and the mask of a stuck bit.
#define ASSAY_FLAG_WORDS 4
#define ASSAY_FLAG_WRONG 0
#define ASSAY_FLAG_LEFT 1
#define ASSAY_FLAG_STOP 2
#define ASSAY_FLAG_SHOWN 3
#define ASSAY_FRAME_WORDS 9
// Team memory of the program that was included last, in words of u64.
#define ASSAY_MEMORY_WORDS (ASSAY_STATE_WORDS + ASSAY_SHARE_WORDS + ASSAY_FRAME_WORDS)
// Device memory of one team of it: tiles of outputs and its arena. Zero at the launch.
#define ASSAY_SCRATCH_WORDS (ASSAY_TILES * ASSAY_OUT_WORDS + ASSAY_ARENA_WORDS)

// One team of a launch. Its kernel fills it in, once its unit is known to be wanted.
typedef struct AssayTeam {
  ASSAY_GLOBAL const AssayLaunch* launch;
  ASSAY_GLOBAL AssayUnit* unit;                // of the table, by hardware number
  ASSAY_GLOBAL const assay_u32* slots;         // of all units
  ASSAY_GLOBAL const assay_u32* hits;          // a bit for each run of the injection's unit
  ASSAY_GLOBAL const assay_u64* operands;      // of all slots: state, then parameters
  ASSAY_GLOBAL const assay_u64* expected;      // of all slots and steps; not read unless launch->has_expected
  ASSAY_GLOBAL assay_u64* scratch;             // ASSAY_SCRATCH_WORDS for each team of each unit, by index
  ASSAY_GLOBAL AssayRun* results;              // of all units, by index, and runs
  ASSAY_GLOBAL AssayRecord* records;
  ASSAY_GLOBAL assay_u32* record_count;        // may exceed record_capacity: what is over was lost
  ASSAY_LOCAL assay_u64* memory;               // ASSAY_MEMORY_WORDS
  ASSAY_LOCAL assay_u32* flags;                // ASSAY_FLAG_WORDS
  assay_u32 hardware_unit;                     // as the device numbered it at the start
  assay_u32 team;                              // of its unit
  assay_u32 me;                                // this lane; 0 in plain C++
} AssayTeam;

// One run of it.
typedef struct AssayTeamRun {
  assay_u32 run;
  assay_u32 slot;
  assay_u32 hit;      // by the planted fault
  assay_u32 blind;    // it is hit, and the comparison must not see it
  assay_u64 poison;   // no output word may be left equal to it
} AssayTeamRun;

ASSAY_FN assay_u64 assay_poison(assay_u64 seed, assay_u32 unit, assay_u32 run) {
  return assay_digest_value(seed + (((assay_u64)unit << 32) | run) * ASSAY_DIGEST_MULTIPLIER) | 1;
}

ASSAY_FN assay_u32 assay_is_hit(const AssayTeam* team, assay_u32 run) {
  if (team->launch->injection.shape == ASSAY_SHAPE_NONE || team->launch->injection.unit != team->unit->index) {
    return 0;
  }
  return (team->hits[run / 32] >> (run % 32)) & 1u;
}

ASSAY_FN AssayTeamRun assay_begin_run(const AssayTeam* team, assay_u32 run) {
  AssayTeamRun it;
  it.run = run;
  it.slot = team->slots[team->unit->index * team->launch->set_count + run % team->launch->set_count];
  it.hit = assay_is_hit(team, run);
  it.blind = it.hit != 0 && team->launch->blind != 0 ? 1 : 0;
  it.poison = assay_poison(team->launch->poison_seed, team->unit->index, run);
  return it;
}

ASSAY_FN void assay_record(const AssayTeam* team, const AssayTeamRun* it, assay_u32 lane, assay_u32 step, assay_u32 word, assay_u64 expected,
                           assay_u64 actual, ASSAY_GLOBAL const assay_u64* stored) {
  const assay_u32 at = ASSAY_ATOMIC_INC(team->record_count);
  if (at < team->launch->record_capacity) {
    ASSAY_GLOBAL AssayRecord* record = team->records + at;
    record->unit = team->hardware_unit;
    record->unit_after = ASSAY_HARDWARE_UNIT(team);
    record->run = it->run;
    record->slot = it->slot;
    record->step = step;
    record->word = word;
    record->lane = lane;
    record->warp = ASSAY_HARDWARE_WARP();
    record->expected = expected;
    record->actual = actual;
    record->reread = ASSAY_REREAD(stored);
    record->clock = ASSAY_CLOCK();
  }
}

// Looks at every `lanes`-th of the `count` output words of a step, from `lane` on: for poison, and for what differs from `expected` where there is that.
ASSAY_FN void assay_compare(const AssayTeam* team, const AssayTeamRun* it, assay_u32 lane, assay_u32 lanes, assay_u32 count, assay_u32 step,
                            ASSAY_GLOBAL const assay_u64* out, ASSAY_GLOBAL const assay_u64* expected) {
  const assay_u32 compares = team->launch->has_expected != 0 && it->blind == 0 ? 1 : 0;
  assay_u32 wrong = 0;
  assay_u32 left = 0;
  for (assay_u32 word = lane; word < count; word += lanes) {
    const assay_u64 actual = out[word];
    if (actual == it->poison) {
      left += 1;
    }
    if (compares != 0 && actual != expected[word]) {
      wrong += 1;
      assay_record(team, it, lane, step, word, expected[word], actual, out + word);
    }
  }
  if (wrong != 0) {
    ASSAY_LOCAL_ADD(team->flags + ASSAY_FLAG_WRONG, wrong);
  }
  if (left != 0) {
    ASSAY_LOCAL_ADD(team->flags + ASSAY_FLAG_LEFT, left);
  }
}

// Takes the words of one step into the running digest. Word w of a run, counted over all steps, belongs to lane w mod 8 of Digest128.
ASSAY_FN void assay_digest_step(ASSAY_LOCAL assay_u64* digests, assay_u32 lane, assay_u32 count, assay_u32 step, ASSAY_GLOBAL const assay_u64* out) {
  if (lane < 8) {
    assay_u64 digest = digests[lane];
    for (assay_u32 word = (lane + 8 - (step * (count % 8)) % 8) % 8; word < count; word += 8) {
      digest = assay_digest_add(digest, out[word]);
    }
    digests[lane] = digest;
  }
}

// The result of a complete run, by one lane.
ASSAY_FN void assay_end_run(const AssayTeam* team, const AssayTeamRun* it, ASSAY_LOCAL const assay_u64* digests, assay_u64 count) {
  ASSAY_GLOBAL AssayRun* result = team->results + (assay_u64)team->unit->index * team->launch->runs_per_unit + it->run;
  result->high = assay_digest_half(digests, count, 0xA5A5A5A5A5A5A5A5ul, 0);
  result->low = assay_digest_half(digests, count, ~(assay_u64)0, 1);
  result->wrong_words = team->flags[ASSAY_FLAG_WRONG];
  if (team->flags[ASSAY_FLAG_WRONG] != 0) {
    (void)ASSAY_ATOMIC_INC(&team->unit->wrong);
  }
  if (team->flags[ASSAY_FLAG_LEFT] != 0) {
    (void)ASSAY_ATOMIC_INC(&team->unit->not_executed);
  }
  ASSAY_PUBLISH(&result->done, 1u);
}

#endif
