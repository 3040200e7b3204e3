// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/injector.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>

namespace assay::probes::host {
namespace {

constexpr size_t kLanePeriod = 8;    // 64-bit words of a 512-bit vector: the same lane of every vector
constexpr size_t kTileWords = 64;

// Quiet NaNs and infinities (IEEE 754-2019, 3.4; BF16 is the high half of FP32): the format's width and the bits.
struct NotANumber {
  unsigned bits;
  uint64_t value;
};
constexpr std::array<NotANumber, 8> kNotNumbers = {{{64, 0x7FF8'0000'0000'0000}, {64, 0x7FF0'0000'0000'0000}, {64, 0xFFF0'0000'0000'0000},
                                                    {32, 0x7FC0'0000}, {32, 0x7F80'0000}, {16, 0x7E00}, {16, 0x7C00}, {16, 0x7F80}}};

// A computation that never comes back, without spending the CPU the rest of the machine needs.
[[noreturn]] void hang() {
  for (;;) ::pause();
}

}  // namespace

Injector::Injector(const Injection& injection, Reach reach)
    : injection_(injection), reach_(reach), fault_(draw_fault(injection, reach)), mask_(fault_.mask) {}

void Injector::begin_run(uint32_t run, uint32_t steps, bool has_state, std::span<const uint64_t> output) {
  hit_ = is_hit(injection_, reach_, run);
  if (injection_.shape == FaultShape::kNone) return;
  steps_ = std::max(steps, 1U);
  hit_step_ = injection_.step % steps_;
  hits_state_ = fault_.wants_state && has_state;
  stuck_shows_ = false;
  if (injection_.shape == FaultShape::kStaleTile && stale_.empty()) keep_stale(output);
}

void Injector::before_step(uint32_t step, std::span<uint64_t> state) {
  if (!hit_ || step != hit_step_) return;
  if (injection_.shape == FaultShape::kHang) hang();
  if (injection_.shape == FaultShape::kCrash) std::abort();
  if (hits_state_) spoil(state);
}

void Injector::after_step(uint32_t step, std::span<uint64_t> output, uint64_t poison) {
  spoil_outputs(step, output, poison);
  if (injection_.shape == FaultShape::kStaleTile && (step + 1) % steps_ == hit_step_) keep_stale(output);
}

void Injector::spoil_outputs(uint32_t step, std::span<uint64_t> output, uint64_t poison) {
  if (!hit_ || output.empty()) return;
  if (injection_.shape == FaultShape::kStuckAt) return stick(output);
  if (step != hit_step_ || hits_state_) return;
  if (injection_.shape == FaultShape::kDroppedWrite) {
    output[place(output.size())] = poison;
  } else if (injection_.shape == FaultShape::kStaleTile) {
    repeat_stale(output);
  } else {
    spoil(output);
  }
}

// The shapes that are alike for outputs and state.
void Injector::spoil(std::span<uint64_t> words) {
  if (words.empty()) return;
  const size_t at = place(words.size());
  switch (injection_.shape) {
    case FaultShape::kBitFlip:
    case FaultShape::kMultiBit:
    case FaultShape::kBlindComparator:
      flip_one(words, mask_);
      break;
    case FaultShape::kZero:
      zero_one(words);
      break;
    case FaultShape::kNanInf:
      no_number(words);
      break;
    case FaultShape::kLanePeriodic:
      for (size_t i = at % std::min(kLanePeriod, words.size()); i < words.size(); i += kLanePeriod) words[i] ^= mask_;
      break;
    case FaultShape::kSameMaskPair:
      words[at] ^= mask_;
      if (words.size() > 1) words[(at + 1 + (fault_.place >> 32) % (words.size() - 1)) % words.size()] ^= mask_;
      break;
    default:
      break;
  }
}

void Injector::flip_one(std::span<uint64_t> words, uint64_t mask) { words[place(words.size())] ^= mask; }

void Injector::zero_one(std::span<uint64_t> words) {
  const size_t first = place(words.size());
  for (size_t i = 0; i < words.size(); ++i) {
    uint64_t& word = words[(first + i) % words.size()];
    if (word != 0) {
      word = 0;
      return;
    }
  }
  flip_one(words, mask_);  // all zero already: zeroing would change nothing
}

void Injector::no_number(std::span<uint64_t> words) {
  // Which number it is follows from the seed, as the place does: every format meets every probe.
  const NotANumber& pattern = kNotNumbers[fault_.place >> 40 & (kNotNumbers.size() - 1)];
  const auto shift = static_cast<unsigned>((fault_.place >> 48) % (64 / pattern.bits)) * pattern.bits;
  const uint64_t field = (pattern.bits == 64 ? ~uint64_t{0} : (uint64_t{1} << pattern.bits) - 1) << shift;
  uint64_t& word = words[place(words.size())];
  const uint64_t before = word;
  word = (word & ~field) | pattern.value << shift;
  if (word == before) word ^= mask_;  // it was that very NaN already
}

void Injector::repeat_stale(std::span<uint64_t> output) {
  const size_t tile = std::min(kTileWords, output.size());
  const size_t first = place(output.size()) / tile * tile;
  for (size_t offset = 0; offset < output.size(); offset += tile) {
    const size_t begin = (first + offset) % output.size() / tile * tile;
    const size_t end = std::min({begin + tile, output.size(), stale_.size()});
    if (begin >= end) continue;
    const auto from = stale_.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto to = output.subspan(begin, end - begin);
    if (std::equal(to.begin(), to.end(), from)) continue;
    std::copy_n(from, to.size(), to.begin());
    return;
  }
  flip_one(output, mask_);  // the step before gave the same outputs: repeating them would change nothing
}

void Injector::stick(std::span<uint64_t> output) {
  // Until the fault has shown in this run, the bits move to where it does: a bit that is set in every word is no fault.
  const auto shows = [&] { return std::any_of(output.begin(), output.end(), [&](uint64_t word) { return (word & mask_) != mask_; }); };
  for (int turn = 0; turn < 64 && !stuck_shows_; ++turn) {
    stuck_shows_ = shows();
    if (!stuck_shows_) mask_ = std::rotl(mask_, 1);
  }
  for (uint64_t& word : output) word |= mask_;
}

}  // namespace assay::probes::host
