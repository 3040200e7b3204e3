// SPDX-License-Identifier: Apache-2.0
// mem.*: memory behind one core, from the first-level cache to DRAM: every word is written, read back and compared.
//
// Memory is w[words], in lines of 8 words, cut into blocks (one group of outputs each) and chunks (what one step goes
// over). A probe is a list of passes (memory_programs.h). A pass visits every line once, in its order:
//   up       lines 0, 1, 2, ...
//   down     the same from the last to the first
//   strided  with m = log2(lines): visit n goes to line rotl(n, turn) within m bits, so that neighbours in time are
//            2^turn lines apart and each address line in turn is the one that changes most
// At a line it reads its 8 words, expecting one content, or writes another, or both, reading first. A content is the pattern
// of a background, or its complement. The pattern p(i) of word i, in line l = i div 8 at place j = i mod 8:
//   fold     v xor (v >> 32) with v = seed + i * stride mod 2^64: with an odd stride every word tells its own address, with
//            stride 0 all are alike
//   address  seed + i * stride with seed = a + ((2^32 - 1 - a) << 32), stride = 1 - 2^32: the low half is the address a + i, the
//            high half its complement (a + words stays below 2^32)
//   rotate   rotl(seed, l + 8 j mod 64): a single one in the seed walks over all data lines, at another place in each word
//            of a line
//   random   (v mod 2^32) * (v div 2^32) xor v with v = seed + i * stride, stride odd
// Output of a step: 16 words a block: d[8], then o[8]. Both start at 0 in every step; for every line visited and j =
// 0..7, with the word r read (in a pass that only writes: the word written) and the word e expected there: d[j] =
// rotl(d[j] + r, 24), o[j] = o[j] | (r xor e). So o is 0 in every golden, any wrong word makes it differ and nothing
// cancels, and d shows that the memory was really read. Blocks are by address; of a strided pass, by the visit's number.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace assay::probes::memory {

inline constexpr uint32_t kLineWords = 8;
inline constexpr uint32_t kOutputWordsPerBlock = 2 * kLineWords;
inline constexpr uint64_t kAddressStride = (uint64_t{0xFFFFFFFF} << 32) + 1;  // 1 - 2^32

enum class PatternKind : uint8_t { kFold, kAddress, kRotate, kRandom };
struct Pattern {
  PatternKind kind = PatternKind::kFold;
  uint64_t seed = 0;
  uint64_t stride = 0;  // not of rotate
};

// What memory holds: the pattern of a background (its number), or the complement.
struct Content {
  uint32_t background = 0;
  bool inverse = false;
  friend bool operator==(const Content&, const Content&) = default;
};

enum class Order : uint8_t { kUp, kDown, kStrided };
struct Pass {
  Order order = Order::kUp;
  uint32_t turn = 0;  // of a strided pass
  std::optional<Content> reads{};
  std::optional<Content> writes{};
  bool rests = false;  // before it begins, for as long as the program says
};

}  // namespace assay::probes::memory
