// SPDX-License-Identifier: Apache-2.0
// device.march (probes/catalogue/memory_programs.h): 1.5 MiB for each team, so that the teams of all units together go over several times what the
// shared cache of a large accelerator holds.
#define ASSAY_PROGRAM march_device
#define ASSAY_TEAM 128
#define ASSAY_STATE_WORDS 0
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 17
#define ASSAY_ARENA_WORDS 196608
#define ASSAY_OUT_WORDS 256
#define ASSAY_STEPS 11

#define MARCH_PLACED
#define MARCH_AHEAD 8
#define MARCH_WORDS 196608
#define MARCH_BLOCK_WORDS 12288
#define MARCH_CHUNK_WORDS 196608
#define MARCH_PASSES 1
#define MARCH_BACKGROUNDS 2
#include "probes/backend/device/programs/march_words.inl"
