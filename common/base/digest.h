// SPDX-License-Identifier: Apache-2.0
// Position-mixed running digests of probe results. Each step is bijective in the state and injective in the word, so
// one changed word always changes the final digest, and equal error masks in different places never cancel (which XOR
// and additive digests let happen; measured in docs/decisions/0002-digest.md). Not cryptographic: the enemy is a
// broken unit of silicon, not a person. The bits are part of every golden: never change them.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace assay {

// 64-bit running digest: state = rotl((state ^ word) * kMultiplier + kStep, 29). kMultiplier is odd, so for a fixed word
// the map of states is a bijection and for a fixed state the map of words is injective; the rotation carries high bits low.
class Digest64 {
 public:
  static constexpr uint64_t kMultiplier = 0x9E3779B97F4A7C15ULL;  // 2^64 / golden ratio, odd
  static constexpr uint64_t kStep = 0xD1B54A32D192ED03ULL;        // any odd constant: moves the all-zero fixed point away

  explicit constexpr Digest64(uint64_t seed = 0) : state_(seed ^ kStep) {}
  constexpr void add(uint64_t word) { state_ = std::rotl((state_ ^ word) * kMultiplier + kStep, 29); }
  void add(std::span<const uint64_t> words) {
    for (const uint64_t word : words) add(word);
  }
  // Finalised (MurmurHash3 fmix64, a bijection) so that low and high bits are equally mixed.
  constexpr uint64_t value() const {
    uint64_t z = state_;
    z = (z ^ (z >> 33)) * 0xFF51AFD7ED558CCDULL;
    z = (z ^ (z >> 33)) * 0xC4CEB9FE1A85EC53ULL;
    return z ^ (z >> 33);
  }

 private:
  uint64_t state_;
};

// Two 64-bit halves; a value type with a total order and a 32-digit hexadecimal form, high half first.
struct Digest {
  uint64_t high = 0;
  uint64_t low = 0;
  friend auto operator<=>(const Digest&, const Digest&) = default;
};

std::string to_hex(const Digest& digest);
// Exactly 32 lower-case hexadecimal digits; kInvalid otherwise.
Result<Digest> parse_digest(std::string_view hex);

// 128-bit digest for arrays, fast: words are dealt round-robin to eight Digest64 lanes (so the multiplies overlap), then
// the lanes and the word count are folded into two differently seeded Digest64. One word touches one lane bijectively,
// and the folds are injective in each lane. add() may be called any number of times; the result depends only on the
// concatenated words. Not thread-safe.
class Digest128 {
 public:
  static constexpr size_t kLanes = 8;
  explicit Digest128(uint64_t seed = 0);
  void add(uint64_t word);
  void add(std::span<const uint64_t> words) {
    add_each(words, [](const uint64_t*, size_t) {});
  }
  // The same, with each(at, count) right after those words were taken in. The multiplies set the pace here, so a few loads and stores of
  // `each` cost next to nothing. It is inlined for whole rounds of the lanes, where `count` is a constant.
  template <class Word, class Each>
  void add_each(std::span<Word> words, Each each);
  Digest value() const;
  uint64_t count() const { return count_; }

 private:
  // The eight lanes by name: arrays stay in memory at -O2, and then a word costs twice as much.
  class InRegisters {
   public:
    explicit InRegisters(const Digest64 (&from)[kLanes])
        : a_(from[0]), b_(from[1]), c_(from[2]), d_(from[3]), e_(from[4]), f_(from[5]), g_(from[6]), h_(from[7]) {}
    void add(const uint64_t* words) {
      a_.add(words[0]);
      b_.add(words[1]);
      c_.add(words[2]);
      d_.add(words[3]);
      e_.add(words[4]);
      f_.add(words[5]);
      g_.add(words[6]);
      h_.add(words[7]);
    }
    void store(Digest64 (&to)[kLanes]) const {
      const Digest64 all[kLanes] = {a_, b_, c_, d_, e_, f_, g_, h_};
      for (size_t i = 0; i < kLanes; ++i) to[i] = all[i];
    }

   private:
    Digest64 a_, b_, c_, d_, e_, f_, g_, h_;
  };

  Digest64 lanes_[kLanes];
  uint64_t seed_;
  uint64_t count_ = 0;
};

template <class Word, class Each>
void Digest128::add_each(std::span<Word> words, Each each) {
  const auto one_by_one = [&](size_t from, size_t to) {
    for (size_t i = from; i < to; ++i) {
      add(words[i]);
      each(words.data() + i, size_t{1});
    }
  };
  size_t head = (kLanes - count_ % kLanes) % kLanes;
  if (head > words.size()) head = words.size();
  one_by_one(0, head);
  const size_t bulk = head + (words.size() - head) / kLanes * kLanes;
  InRegisters lanes(lanes_);
  for (size_t i = head; i < bulk; i += kLanes) {
    lanes.add(words.data() + i);
    each(words.data() + i, kLanes);
  }
  lanes.store(lanes_);
  count_ += bulk - head;
  one_by_one(bulk, words.size());
}

// Digest128 of bytes, padded with zeros to whole little-endian words, length included. For checking a file or a
// golden table against memory corruption.
Digest digest_bytes(std::string_view bytes);

}  // namespace assay
