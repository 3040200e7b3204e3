// SPDX-License-Identifier: Apache-2.0
// smem.march (probes/catalogue/memory_programs.h) over 32 KiB of the team's memory.
#define ASSAY_PROGRAM march_team
#define ASSAY_TEAM 128
#define ASSAY_STATE_WORDS 0
#define ASSAY_SHARE_WORDS 4096
#define ASSAY_PARAM_WORDS 104
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 256
#define ASSAY_STEPS 8

#define MARCH_TEAM_MEMORY
#define MARCH_WORDS 4096
#define MARCH_BLOCK_WORDS 256
#define MARCH_CHUNK_WORDS 4096
#define MARCH_PASSES 10
#define MARCH_BACKGROUNDS 8
#include "probes/backend/device/programs/march_words.inl"
