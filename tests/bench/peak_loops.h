// SPDX-License-Identifier: Apache-2.0
// What one core of this machine can do at most: loops that do nothing else. The limits beside which probes are
// measured.
#pragma once

#include <cstdint>
#include <span>

namespace assay::bench {

// The dot-product instructions: VDPBF16PS (operations on BF16 pairs) and VPDPBUSD (on INT8 quads) in independent chains.
// Without them what the probes use instead: FP32 FMA, and 16-bit multiply-add.
double dot_peak_bf16(uint32_t iterations);
double dot_peak_int8(uint32_t iterations);

// The tile instructions TDPBF16PS and TDPBSSD in four independent accumulators; only where cpu_features() has them.
double tile_peak_bf16(uint32_t iterations);
double tile_peak_int8(uint32_t iterations);

// Fused multiply-adds on registers only, the best vector width of this CPU; gives the floating-point operations done.
double fma_peak_f64(uint32_t iterations);
double fma_peak_f32(uint32_t iterations);
// One pass over memory that holds ~word everywhere: reads each line, compares, and writes `word` there, into the caches or
// past them where there is such a store. Gives 0 when all was right, so that nothing is optimised away. The memory is
// aligned to 64 bytes and a multiple of 128 bytes.
enum class Stores : uint8_t { kPlain, kStreamed };
uint64_t verify_and_store(std::span<uint64_t> memory, uint64_t word, Stores stores);

}  // namespace assay::bench
