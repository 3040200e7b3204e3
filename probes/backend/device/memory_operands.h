// SPDX-License-Identifier: Apache-2.0
// Parameters of the programs that march over device memory (programs/march_words.inl).
//
// For each background three words: the kind of its pattern (0 fold, 1 address, 2 rotate, 3 random), seed, stride. Then one word for each pass: bits 0-1 the
// order (0 up, 1 down, 2 strided), 2 whether it reads, 3 whether it writes, 4 and 5 whether what it reads and writes is the complement, 8-15 the turn,
// 16-23 the background that it reads, 24-31 the one that it writes.
#pragma once

#include <cstdint>
#include <span>

#include "probes/catalogue/memory_programs.h"

namespace assay::probes::device {

// `params` has 3 words a background and one a pass.
void memory_operands(const memory::Program& program, uint32_t operand_set, std::span<uint64_t> params);

}  // namespace assay::probes::device
