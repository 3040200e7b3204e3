// SPDX-License-Identifier: Apache-2.0
// What happens around a program on one team (README.md): included once a program, right after its file. Defines <program>_run, which does every run of
// one team of one unit: runs team, team + teams, ...

#ifndef ASSAY_TILES
#define ASSAY_TILES 2
#endif

// What a step of the program is called with.
#if ASSAY_ARENA_WORDS
#define ASSAY_CALL_STEP(state, params, tiles, out, me, step) ASSAY_NAME(step)(state, params, (tiles) + ASSAY_TILES * ASSAY_OUT_WORDS, out, me, step)
#else
#define ASSAY_CALL_STEP(state, params, tiles, out, me, step) ASSAY_NAME(step)(state, params, out, me, step)
#endif

// Brings the operands of a run into team memory.
ASSAY_FN void ASSAY_NAME(take_operands)(const AssayTeam* team, ASSAY_GLOBAL const assay_u64* operands) {
  ASSAY_EACH_LANE(lane, team->me) {
#if ASSAY_STATE_WORDS
    for (assay_u32 word = lane; word < ASSAY_STATE_WORDS; word += ASSAY_TEAM) {
      team->memory[word] = operands[word];
    }
#else
    (void)operands;
#endif
    ASSAY_LOCAL assay_u64* frame = team->memory + ASSAY_STATE_WORDS + ASSAY_SHARE_WORDS;
    if (lane < 8) {
      frame[lane] = assay_digest_start((assay_u64)(lane + 1) * ASSAY_DIGEST_MULTIPLIER);
    }
    if (lane == 8) {
      frame[8] = team->launch->injection.mask;
    }
    if (lane >= 8 && lane - 8 < ASSAY_FLAG_WORDS) {
      team->flags[lane - 8] = 0;
    }
  }
  ASSAY_BARRIER();
}

// One run from its operands to its digest; 0 when the deadline came first. `tile` is the one that its first step writes.
ASSAY_FN assay_u32 ASSAY_NAME(one)(const AssayTeam* team, const AssayTeamRun* it, ASSAY_GLOBAL assay_u64* tiles, assay_u32 tile, assay_u64 until) {
  ASSAY_GLOBAL const assay_u64* operands = team->operands + (assay_u64)it->slot * (ASSAY_STATE_WORDS + ASSAY_PARAM_WORDS);
  ASSAY_LOCAL assay_u64* frame = team->memory + ASSAY_STATE_WORDS + ASSAY_SHARE_WORDS;
  ASSAY_NAME(take_operands)(team, operands);
  for (assay_u32 step = 0; step < ASSAY_STEPS; ++step) {
    ASSAY_GLOBAL assay_u64* out = tiles + (tile + step) % ASSAY_TILES * ASSAY_OUT_WORDS;
    ASSAY_GLOBAL const assay_u64* expected = team->expected;
    if (team->launch->has_expected != 0) {
      expected += ((assay_u64)it->slot * ASSAY_STEPS + step) * ASSAY_OUT_WORDS;
    }
    ASSAY_EACH_LANE(lane, team->me) {
      if (it->hit != 0 && lane == 0) {
        assay_inject_before(&team->launch->injection, step, team->memory, ASSAY_STATE_WORDS);
      }
      for (assay_u32 word = lane; word < ASSAY_OUT_WORDS; word += ASSAY_TEAM) {
        out[word] = it->poison;
      }
    }
    ASSAY_BARRIER();
    ASSAY_CALL_STEP(team->memory, operands + ASSAY_STATE_WORDS, tiles, out, team->me, step);
    ASSAY_BARRIER();
    if (it->hit != 0) {
      ASSAY_EACH_LANE(lane, team->me) {
        if (lane == 0) {
          assay_inject_after(&team->launch->injection, step, out, tiles + (tile + step + ASSAY_TILES - 1) % ASSAY_TILES * ASSAY_OUT_WORDS, ASSAY_OUT_WORDS,
                             it->poison, frame + 8, team->flags + ASSAY_FLAG_SHOWN);
        }
      }
      ASSAY_BARRIER();
    }
    ASSAY_EACH_LANE(lane, team->me) {
      assay_compare(team, it, lane, ASSAY_TEAM, ASSAY_OUT_WORDS, step, out, expected);
      assay_digest_step(frame, lane, ASSAY_OUT_WORDS, step, out);
      if (lane == 0 && until != 0 && step + 1 < ASSAY_STEPS) {
        team->flags[ASSAY_FLAG_STOP] = ASSAY_CLOCK_NS() >= until ? 1u : 0u;
      }
    }
    ASSAY_BARRIER();
    if (team->flags[ASSAY_FLAG_STOP] != 0) {
      return 0;
    }
  }
  ASSAY_EACH_LANE(lane, team->me) {
    if (lane == 0) {
      assay_end_run(team, it, frame, (assay_u64)ASSAY_STEPS * ASSAY_OUT_WORDS);
    }
  }
  ASSAY_BARRIER();
  return 1;
}

ASSAY_FN void ASSAY_NAME(run)(const AssayTeam* team) {
  ASSAY_GLOBAL const AssayLaunch* launch = team->launch;
  ASSAY_GLOBAL assay_u64* tiles = team->scratch + ((assay_u64)team->unit->index * launch->teams + team->team) * ASSAY_SCRATCH_WORDS;
  const assay_u64 begun = ASSAY_CLOCK_NS();
  const assay_u64 until = launch->deadline_ns == 0 ? 0 : begun + launch->deadline_ns;
  assay_u32 tile = 0;
  assay_u32 goes_on = 1;
  for (assay_u32 run = team->team; run < launch->runs_per_unit && goes_on != 0; run += launch->teams) {
    const AssayTeamRun it = assay_begin_run(team, run);
    goes_on = ASSAY_NAME(one)(team, &it, tiles, tile, until);
    tile = (tile + ASSAY_STEPS) % ASSAY_TILES;
  }
  ASSAY_EACH_LANE(lane, team->me) {
    if (lane == 0) {
      ASSAY_RAISE(&team->unit->busy_ns, ASSAY_CLOCK_NS() - begun);
      // NOLINTNEXTLINE(misc-redundant-expression): in plain C++ a team stays where it is
      if (ASSAY_HARDWARE_UNIT(team) != team->hardware_unit) {
        (void)ASSAY_ATOMIC_INC(&team->unit->moved);
      }
    }
  }
}

#undef ASSAY_CALL_STEP
