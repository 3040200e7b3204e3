// SPDX-License-Identifier: Apache-2.0
// The elements of march.h for any vector type. Included, inside an anonymous namespace, by the file of each instruction
// set. V gives Register, kWords, zero(), all(word), ramp(seed, stride), load(), store(), stream() (past the caches
// where there is such a store), add(), fold() (v xor (v >> 32)), flip(a, b), collect(o, a, b) (o | (a xor b)), mix(d,
// r) (rotl(d + r, 24)) and fence().

// One line: kRegisters registers side by side.
template <typename V>
struct MarchLine {
  static constexpr uint32_t kRegisters = march::kLineWords / V::kWords;
  typename V::Register part[kRegisters];
};

template <typename V, bool kReads, bool kWrites>
inline void march_block(uint64_t* memory, uint64_t* output, const MarchPass& pass, uint64_t first_word) {
  using Line = MarchLine<V>;
  constexpr uint32_t kLines = march::kBlockWords / march::kLineWords;
  const uint64_t start = pass.down ? first_word + march::kBlockWords - march::kLineWords : first_word;
  const int64_t direction =
      pass.down ? -static_cast<int64_t>(march::kLineWords) : static_cast<int64_t>(march::kLineWords);
  const typename V::Register advance = V::all(pass.stride * static_cast<uint64_t>(direction));
  const typename V::Register read_flip = V::all(pass.read_flip);
  const typename V::Register write_flip = V::all(pass.write_flip);
  Line v;
  Line mixed;
  Line wrong;
#pragma GCC unroll 8
  for (uint32_t i = 0; i < Line::kRegisters; ++i) {
    v.part[i] = V::ramp(pass.seed + pass.stride * (start + i * V::kWords), pass.stride);
    mixed.part[i] = V::zero();
    wrong.part[i] = V::zero();
  }
  uint64_t* at = memory + start;
  for (uint32_t line = 0; line < kLines; ++line) {
#pragma GCC unroll 8
    for (uint32_t i = 0; i < Line::kRegisters; ++i) {
      const typename V::Register pattern = V::fold(v.part[i]);
      const typename V::Register to_write = V::flip(pattern, write_flip);
      if constexpr (kReads) {
        const typename V::Register seen = V::load(at + i * V::kWords);
        mixed.part[i] = V::mix(mixed.part[i], seen);
        wrong.part[i] = V::collect(wrong.part[i], seen, V::flip(pattern, read_flip));
      } else {
        mixed.part[i] = V::mix(mixed.part[i], to_write);
      }
      if constexpr (kWrites) V::stream(at + i * V::kWords, to_write);
      v.part[i] = V::add(v.part[i], advance);
    }
    at += direction;
  }
#pragma GCC unroll 8
  for (uint32_t i = 0; i < Line::kRegisters; ++i) {
    V::store(output + i * V::kWords, mixed.part[i]);
    V::store(output + march::kLineWords + i * V::kWords, wrong.part[i]);
  }
}

template <typename V>
void march_pass(uint64_t* memory, uint64_t* output, const MarchPass& pass) {
  for (uint32_t i = 0; i < march::kBlocks; ++i) {
    const uint32_t block = pass.down ? march::kBlocks - 1 - i : i;
    uint64_t* out = output + block * march::kOutputWordsPerBlock;
    const uint64_t first_word = static_cast<uint64_t>(block) * march::kBlockWords;
    if (!pass.reads) {
      march_block<V, false, true>(memory, out, pass, first_word);
    } else if (pass.writes) {
      march_block<V, true, true>(memory, out, pass, first_word);
    } else {
      march_block<V, true, false>(memory, out, pass, first_word);
    }
  }
  V::fence();
}
