// SPDX-License-Identifier: Apache-2.0
// mem.march.l2 (probes/catalogue/memory_programs.h).
#define ASSAY_PROGRAM march_l2
#define ASSAY_TEAM 32
#define ASSAY_STATE_WORDS 0
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 144
#define ASSAY_ARENA_WORDS 32768
#define ASSAY_OUT_WORDS 64
#define ASSAY_STEPS 16

#define MARCH_WORDS 32768
#define MARCH_BLOCK_WORDS 8192
#define MARCH_CHUNK_WORDS 32768
#define MARCH_PASSES 6
#define MARCH_BACKGROUNDS 16
#include "probes/backend/device/programs/march_words.inl"
