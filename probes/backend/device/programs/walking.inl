// SPDX-License-Identifier: Apache-2.0
// mem.walking (probes/catalogue/memory_programs.h).
#define ASSAY_PROGRAM walking
#define ASSAY_TEAM 128
#define ASSAY_STATE_WORDS 0
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 65
#define ASSAY_ARENA_WORDS 262144
#define ASSAY_OUT_WORDS 512
#define ASSAY_STEPS 17

#define MARCH_WORDS 262144
#define MARCH_BLOCK_WORDS 8192
#define MARCH_CHUNK_WORDS 262144
#define MARCH_PASSES 1
#define MARCH_BACKGROUNDS 16
#include "probes/backend/device/programs/march_words.inl"
