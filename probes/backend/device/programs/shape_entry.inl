// SPDX-License-Identifier: Apache-2.0
// The shape of one program, for program_shapes.h.
inline constexpr ProgramShape ASSAY_NAME(shape){ASSAY_PROGRAM_TEXT, ASSAY_TEAM, ASSAY_STATE_WORDS, ASSAY_SHARE_WORDS, ASSAY_PARAM_WORDS, ASSAY_ARENA_WORDS,
                                               ASSAY_OUT_WORDS, ASSAY_STEPS, ASSAY_MEMORY_WORDS, ASSAY_SCRATCH_WORDS, ASSAY_TILES};
