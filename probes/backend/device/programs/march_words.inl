// SPDX-License-Identifier: Apache-2.0
// The probes of mem.* (probes/catalogue/memory.h) over memory of the device, for any program of passes: included by the programs, which define
// MARCH_WORDS (of memory), MARCH_BLOCK_WORDS, MARCH_CHUNK_WORDS, MARCH_PASSES (of a step) and MARCH_BACKGROUNDS. Memory is the team's arena, or, where
// MARCH_TEAM_MEMORY is defined, its own memory behind the state.
//
// Parameters: for each background kind, seed and stride of its pattern; then one word a pass (../memory_operands.h).
// A lane has word j of every line of some blocks, so that nothing is shared within a pass; a strided pass shares its lines anew, and is a step of its own.
//
// Where MARCH_PLACED is defined, patterns in which every word tells its own place are mixed with where the memory lies, so that no two teams have the
// same word at one place of theirs: if two addresses lead to one cell, somebody reads another's word. Sums are of the patterns alone, and so alike wherever
// it lies. MARCH_AHEAD, where defined, is how many lines are on their way at once.
#define MARCH_LINES (MARCH_WORDS / 8)
#define MARCH_BLOCK_LINES (MARCH_BLOCK_WORDS / 8)
#define MARCH_CHUNKS (MARCH_WORDS / MARCH_CHUNK_WORDS)
#define MARCH_BLOCKS (MARCH_CHUNK_WORDS / MARCH_BLOCK_WORDS)

#ifdef MARCH_TEAM_MEMORY
#define MARCH_SPACE ASSAY_LOCAL
#define MARCH_LOAD(p) (*(p))
#define MARCH_STORE(p, word) (*(p) = (word))
#else
#define MARCH_SPACE ASSAY_GLOBAL
#define MARCH_LOAD(p) ASSAY_LOAD_MEMORY(p)
#define MARCH_STORE(p, word) ASSAY_STORE_MEMORY(p, word)
#endif

#ifdef MARCH_PLACED
// Of memory that begins here, for a pattern of that stride: patterns that are alike at every place stay what they are.
#define MARCH_PLACE(memory, stride) ((stride) == 0 ? (assay_u64)0 : assay_digest_value((assay_u64)(memory)))
#else
#define MARCH_PLACE(memory, stride) ((assay_u64)0)
#endif

// What word j of line l has as background b.
ASSAY_FN assay_u64 ASSAY_NAME(pattern)(assay_u64 kind, assay_u64 seed, assay_u64 stride, assay_u32 line, assay_u32 j) {
  if (kind == 2) {
    const assay_u32 places = (line + 8 * j) % 64;
    return (seed << places) | (seed >> ((64 - places) % 64));
  }
  const assay_u64 v = seed + (8 * (assay_u64)line + j) * stride;
  if (kind == 1) {
    return v;
  }
  return kind == 0 ? v ^ (v >> 32) : ((v & 0xFFFFFFFFu) * (v >> 32)) ^ v;
}

// The two contents of a pass, and whether it reads and writes.
typedef struct ASSAY_NAME(Pass) {
  assay_u32 order;      // 0 up, 1 down, 2 strided
  assay_u32 turn;
  assay_u32 reads;
  assay_u32 writes;
  assay_u64 read_kind;
  assay_u64 read_seed;
  assay_u64 read_stride;
  assay_u64 read_flip;  // all ones for the complement
  assay_u64 write_kind;
  assay_u64 write_seed;
  assay_u64 write_stride;
  assay_u64 write_flip;
} ASSAY_NAME(Pass);

ASSAY_FN ASSAY_NAME(Pass) ASSAY_NAME(pass)(ASSAY_GLOBAL const assay_u64* params, assay_u32 number) {
  const assay_u64 word = params[3 * MARCH_BACKGROUNDS + number];
  ASSAY_GLOBAL const assay_u64* read = params + 3 * ((word >> 16) & 0xFFu);
  ASSAY_GLOBAL const assay_u64* write = params + 3 * ((word >> 24) & 0xFFu);
  ASSAY_NAME(Pass) pass;
  pass.order = (assay_u32)word & 3u;
  pass.turn = (assay_u32)(word >> 8) & 0xFFu;
  pass.reads = (assay_u32)(word >> 2) & 1u;
  pass.writes = (assay_u32)(word >> 3) & 1u;
  pass.read_kind = read[0];
  pass.read_seed = read[1];
  pass.read_stride = read[2];
  pass.read_flip = 0 - ((word >> 4) & 1u);
  pass.write_kind = write[0];
  pass.write_seed = write[1];
  pass.write_stride = write[2];
  pass.write_flip = 0 - ((word >> 5) & 1u);
  return pass;
}

// Visit n of a pass: the line, within m bits.
ASSAY_FN assay_u32 ASSAY_NAME(strided)(assay_u32 visit, assay_u32 turn) {
  assay_u32 bits = 0;
  while ((1u << bits) < MARCH_LINES) {
    bits += 1;
  }
  return ((visit << turn) | (visit >> (bits - turn))) & (MARCH_LINES - 1);
}

// One pass over the lines of a block, from visit `first` on, by the lane of word j; *sum and *wrong are d and o of the definition.
#ifdef MARCH_AHEAD
ASSAY_FN void ASSAY_NAME(visit)(const ASSAY_NAME(Pass) * pass, MARCH_SPACE assay_u64* memory, assay_u32 first, assay_u32 j, assay_u64* sum, assay_u64* wrong) {
  const assay_u64 read_place = MARCH_PLACE(memory, pass->read_stride);
  const assay_u64 write_place = MARCH_PLACE(memory, pass->write_stride);
  for (assay_u32 n = 0; n < MARCH_BLOCK_LINES; n += MARCH_AHEAD) {
    assay_u64 seen[MARCH_AHEAD];
    ASSAY_UNROLL
    for (assay_u32 k = 0; k < MARCH_AHEAD; ++k) {
      const assay_u32 line = first + (pass->order == 1 ? MARCH_BLOCK_LINES - 1 - n - k : n + k);
      seen[k] = 0;
      if (pass->reads != 0) {
        seen[k] = MARCH_LOAD(memory + 8 * (assay_u64)line + j) ^ read_place;
      }
    }
    ASSAY_UNROLL
    for (assay_u32 k = 0; k < MARCH_AHEAD; ++k) {
      const assay_u32 line = first + (pass->order == 1 ? MARCH_BLOCK_LINES - 1 - n - k : n + k);
      if (pass->reads != 0) {
        *wrong |= seen[k] ^ ASSAY_NAME(pattern)(pass->read_kind, pass->read_seed, pass->read_stride, line, j) ^ pass->read_flip;
      }
      if (pass->writes != 0) {
        const assay_u64 now = ASSAY_NAME(pattern)(pass->write_kind, pass->write_seed, pass->write_stride, line, j) ^ pass->write_flip;
        MARCH_STORE(memory + 8 * (assay_u64)line + j, now ^ write_place);
        seen[k] = pass->reads != 0 ? seen[k] : now;
      }
      *sum = assay_rotl_u64(*sum + seen[k], 24);
    }
  }
}
#else
ASSAY_FN void ASSAY_NAME(visit)(const ASSAY_NAME(Pass) * pass, MARCH_SPACE assay_u64* memory, assay_u32 first, assay_u32 j, assay_u64* sum, assay_u64* wrong) {
  for (assay_u32 n = 0; n < MARCH_BLOCK_LINES; ++n) {
    const assay_u32 visit = first + (pass->order == 1 ? MARCH_BLOCK_LINES - 1 - n : n);
    const assay_u32 line = pass->order == 2 ? ASSAY_NAME(strided)(visit, pass->turn) : visit;
    MARCH_SPACE assay_u64* at = memory + 8 * (assay_u64)line + j;
    assay_u64 seen = 0;
    if (pass->reads != 0) {
      seen = MARCH_LOAD(at);
      *wrong |= seen ^ ASSAY_NAME(pattern)(pass->read_kind, pass->read_seed, pass->read_stride, line, j) ^ pass->read_flip;
    }
    if (pass->writes != 0) {
      const assay_u64 now = ASSAY_NAME(pattern)(pass->write_kind, pass->write_seed, pass->write_stride, line, j) ^ pass->write_flip;
      MARCH_STORE(at, now);
      seen = pass->reads != 0 ? seen : now;
    }
    *sum = assay_rotl_u64(*sum + seen, 24);
  }
}
#endif

#ifdef MARCH_TEAM_MEMORY
ASSAY_FN void ASSAY_NAME(step)(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* out, assay_u32 me, assay_u32 step) {
  ASSAY_LOCAL assay_u64* memory = state + ASSAY_STATE_WORDS;
#else
ASSAY_FN void ASSAY_NAME(step)(ASSAY_LOCAL assay_u64* state, ASSAY_GLOBAL const assay_u64* params, ASSAY_GLOBAL assay_u64* memory, ASSAY_GLOBAL assay_u64* out,
                               assay_u32 me, assay_u32 step) {
  (void)state;
#endif
  ASSAY_EACH_LANE(lane, me) {
    // The lanes of few blocks change with the step, so that each has its turn.
    for (assay_u32 task = (lane + 8 * MARCH_BLOCKS * step) % ASSAY_TEAM; task < 8 * MARCH_BLOCKS; task += ASSAY_TEAM) {
      const assay_u32 block = task / 8;
      const assay_u32 j = task % 8;
      assay_u64 sum = 0;
      assay_u64 wrong = 0;
      for (assay_u32 k = 0; k < MARCH_PASSES; ++k) {
        const ASSAY_NAME(Pass) pass = ASSAY_NAME(pass)(params, step / MARCH_CHUNKS * MARCH_PASSES + k);
        const assay_u32 chunk = pass.order == 1 ? MARCH_CHUNKS - 1 - step % MARCH_CHUNKS : step % MARCH_CHUNKS;
        ASSAY_NAME(visit)(&pass, memory, (chunk * MARCH_BLOCKS + block) * MARCH_BLOCK_LINES, j, &sum, &wrong);
      }
      out[16 * block + j] = sum;
      out[16 * block + 8 + j] = wrong;
    }
  }
}

#undef MARCH_WORDS
#undef MARCH_BLOCK_WORDS
#undef MARCH_CHUNK_WORDS
#undef MARCH_PASSES
#undef MARCH_BACKGROUNDS
#undef MARCH_LINES
#undef MARCH_BLOCK_LINES
#undef MARCH_CHUNKS
#undef MARCH_BLOCKS
#undef MARCH_SPACE
#undef MARCH_LOAD
#undef MARCH_STORE
#undef MARCH_PLACE
#ifdef MARCH_TEAM_MEMORY
#undef MARCH_TEAM_MEMORY
#endif
#ifdef MARCH_PLACED
#undef MARCH_PLACED
#endif
#ifdef MARCH_AHEAD
#undef MARCH_AHEAD
#endif
