// SPDX-License-Identifier: Apache-2.0
// copy.h2d (probes/catalogue/paths.h).
#define ASSAY_PROGRAM copy_h2d
#define ASSAY_TEAM 32
#define ASSAY_STATE_WORDS 64
#define ASSAY_SHARE_WORDS 0
#define ASSAY_PARAM_WORDS 65536
#define ASSAY_ARENA_WORDS 0
#define ASSAY_OUT_WORDS 64
#define ASSAY_STEPS 16

// Past the caches, which could hold an older copy.
#define PATH_LOAD(p) ASSAY_REREAD(p)
#include "probes/backend/device/programs/path_step.inl"
