// SPDX-License-Identifier: Apache-2.0
// Takes back what a program's file defined, after the last use of it, so that the next one can be included.
#undef ASSAY_PROGRAM
#undef ASSAY_TEAM
#undef ASSAY_STATE_WORDS
#undef ASSAY_SHARE_WORDS
#undef ASSAY_PARAM_WORDS
#undef ASSAY_ARENA_WORDS
#undef ASSAY_OUT_WORDS
#undef ASSAY_STEPS
#undef ASSAY_TILES
#undef ASSAY_BLOCK_LANES_AT_MOST
