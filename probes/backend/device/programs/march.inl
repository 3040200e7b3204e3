// SPDX-License-Identifier: Apache-2.0
// mem.march (probes/catalogue/memory_programs.h).
#define ASSAY_PROGRAM march
#define ASSAY_TEAM 128
#define ASSAY_STATE_WORDS 0
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 18
#define ASSAY_ARENA_WORDS 524288
#define ASSAY_OUT_WORDS 1024
#define ASSAY_STEPS 12

#define MARCH_WORDS 524288
#define MARCH_BLOCK_WORDS 8192
#define MARCH_CHUNK_WORDS 524288
#define MARCH_PASSES 1
#define MARCH_BACKGROUNDS 2
#include "probes/backend/device/programs/march_words.inl"
