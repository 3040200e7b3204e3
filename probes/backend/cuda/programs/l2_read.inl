// SPDX-License-Identifier: Apache-2.0
// l2.read (probes/catalogue/paths.h).
#define ASSAY_PROGRAM l2_read
#define ASSAY_TEAM 32
#define ASSAY_STATE_WORDS 64
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 65536
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 64
#define ASSAY_STEPS 16

// Past the first-level cache.
#define PATH_LOAD(p) ASSAY_LOAD_SHARED_CACHE(p)
#include "probes/backend/device/programs/path_step.inl"
