// SPDX-License-Identifier: Apache-2.0
// The row of one program in plain.cpp.
constexpr PlainProgram ASSAY_NAME(plain){ASSAY_PROGRAM_TEXT, ASSAY_MEMORY_WORDS, ASSAY_SCRATCH_WORDS, &ASSAY_NAME(run)};
