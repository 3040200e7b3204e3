// SPDX-License-Identifier: Apache-2.0
// mem.march.l1 (probes/catalogue/memory_programs.h).
#define ASSAY_PROGRAM march_l1
#define ASSAY_TEAM 32
#define ASSAY_STATE_WORDS 0
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 2368
#define ASSAY_ARENA_WORDS 2048
#define ASSAY_OUT_WORDS 16
#define ASSAY_STEPS 64

#define MARCH_WORDS 2048
#define MARCH_BLOCK_WORDS 2048
#define MARCH_CHUNK_WORDS 2048
#define MARCH_PASSES 34
#define MARCH_BACKGROUNDS 64
#include "probes/backend/device/programs/march_words.inl"
