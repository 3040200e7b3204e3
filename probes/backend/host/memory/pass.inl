// SPDX-License-Identifier: Apache-2.0
// The loops of memory.h for any vector type. Included, inside an anonymous namespace, by the file of each instruction
// set. V gives Register, kWords, all(word), load(), store(), stream() (past the caches where there is such a store), add(),
// fold(v, f) (v xor (v >> 32) xor f), flip(a, b) (a xor b), rotate(v, n) (left, by the same n in every word),
// scramble(v) (the product of its halves, xor v), collect(o, a, b) (o | (a xor b)) and mix(d, r) (rotl(d + r, 24)).

constexpr uint32_t kWordsPerLine = 8;

// One line: kRegisters registers side by side.
template <typename V>
struct MemoryLine {
  static constexpr uint32_t kRegisters = kWordsPerLine / V::kWords;
  typename V::Register part[kRegisters];
  void load(const uint64_t* from) {
#pragma GCC unroll 8
    for (uint32_t i = 0; i < kRegisters; ++i) part[i] = V::load(from + i * V::kWords);
  }
  void store(uint64_t* to) const {
#pragma GCC unroll 8
    for (uint32_t i = 0; i < kRegisters; ++i) V::store(to + i * V::kWords, part[i]);
  }
};

// A content, line by line.
template <typename V, MemoryKind kKind>
struct MemoryContent {
  MemoryLine<V> state;
  typename V::Register advance;
  typename V::Register flip;

  explicit MemoryContent(const MemoryPattern& pattern) : advance(V::all(pattern.advance)), flip(V::all(pattern.flip)) {
    state.load(pattern.words);
  }
  typename V::Register here(uint32_t i) const {
    if constexpr (kKind == MemoryKind::kFold) {
      return V::fold(state.part[i], flip);
    } else if constexpr (kKind == MemoryKind::kRotate) {
      return state.part[i];
    } else if constexpr (kKind == MemoryKind::kRandom) {
      return V::flip(V::scramble(state.part[i]), flip);
    } else {
      return V::flip(state.part[i], flip);
    }
  }
  void next(uint32_t i) {
    if constexpr (kKind == MemoryKind::kRotate) {
      state.part[i] = V::rotate(state.part[i], advance);
    } else {
      state.part[i] = V::add(state.part[i], advance);
    }
  }
};

template <typename V, MemoryKind kKind, MemoryAccess kAccess, bool kStreamed>
void memory_run(uint64_t* first_line, uint64_t* output, const MemoryRun& run) {
  using Line = MemoryLine<V>;
  MemoryContent<V, kKind> read(kAccess == MemoryAccess::kWrite ? run.write : run.read);
  MemoryContent<V, kKind> write(run.write);
  const typename V::Register complement = V::all(~uint64_t{0});
  Line mixed;
  Line wrong;
  mixed.load(output);
  wrong.load(output + kWordsPerLine);
  const int64_t direction = run.down ? -static_cast<int64_t>(kWordsPerLine) : static_cast<int64_t>(kWordsPerLine);
  uint64_t* at = first_line;
  const uint32_t lines = run.lines;
#pragma GCC unroll 2
  for (uint32_t line = 0; line < lines; ++line) {
    [[maybe_unused]] Line to_stream;  // whole lines at once: anything between two parts of a line costs the write-combining buffer
#pragma GCC unroll 8
    for (uint32_t i = 0; i < Line::kRegisters; ++i) {
      const typename V::Register expected = read.here(i);
      typename V::Register to_write = expected;
      if constexpr (kAccess == MemoryAccess::kPaired) to_write = V::flip(expected, complement);
      if constexpr (kAccess == MemoryAccess::kChange) to_write = write.here(i);
      if constexpr (kAccess == MemoryAccess::kWrite) {
        mixed.part[i] = V::mix(mixed.part[i], expected);
      } else {
        const typename V::Register seen = V::load(at + i * V::kWords);
        mixed.part[i] = V::mix(mixed.part[i], seen);
        wrong.part[i] = V::collect(wrong.part[i], seen, expected);
      }
      if constexpr (kAccess != MemoryAccess::kRead && kStreamed) {
        to_stream.part[i] = to_write;
      } else if constexpr (kAccess != MemoryAccess::kRead) {
        V::store(at + i * V::kWords, to_write);
      }
      read.next(i);
      if constexpr (kAccess == MemoryAccess::kChange) write.next(i);
    }
    if constexpr (kAccess != MemoryAccess::kRead && kStreamed) {
#pragma GCC unroll 8
      for (uint32_t i = 0; i < Line::kRegisters; ++i) V::stream(at + i * V::kWords, to_stream.part[i]);
    }
    at += direction;
  }
  mixed.store(output);
  wrong.store(output + kWordsPerLine);
}

template <typename V, MemoryKind kKind, MemoryAccess kAccess>
MemoryFunction memory_stores(bool streamed) {
  return streamed ? memory_run<V, kKind, kAccess, true> : memory_run<V, kKind, kAccess, false>;
}

template <typename V, MemoryKind kKind>
MemoryFunction memory_accesses(MemoryAccess access, bool streamed) {
  switch (access) {
    case MemoryAccess::kWrite: return memory_stores<V, kKind, MemoryAccess::kWrite>(streamed);
    case MemoryAccess::kRead: return memory_stores<V, kKind, MemoryAccess::kRead>(streamed);
    case MemoryAccess::kPaired: return memory_stores<V, kKind, MemoryAccess::kPaired>(streamed);
    case MemoryAccess::kChange: break;
  }
  return memory_stores<V, kKind, MemoryAccess::kChange>(streamed);
}

template <typename V>
MemoryFunction memory_loop(MemoryLoop loop) {
  switch (loop.kind) {
    case MemoryKind::kFold: return memory_accesses<V, MemoryKind::kFold>(loop.access, loop.streamed);
    case MemoryKind::kAddress: return memory_accesses<V, MemoryKind::kAddress>(loop.access, loop.streamed);
    case MemoryKind::kRotate: return memory_accesses<V, MemoryKind::kRotate>(loop.access, loop.streamed);
    case MemoryKind::kRandom: break;
  }
  return memory_accesses<V, MemoryKind::kRandom>(loop.access, loop.streamed);
}

template <typename V>
void memory_strides(uint64_t* memory, uint64_t* output, const MemoryStrides& strides) {
  using Line = MemoryLine<V>;
  Line read;
  Line write;
  Line mixed;
  Line wrong;
  read.load(strides.reads ? strides.read.words : strides.write.words);
  write.load(strides.write.words);
  mixed.load(output);
  wrong.load(output + kWordsPerLine);
  const uint32_t mask = (uint32_t{1} << strides.line_bits) - 1;
  for (uint32_t visit = strides.first_visit; visit < strides.first_visit + strides.visits; ++visit) {
    // Rotated within line_bits bits; a shift by all of them gives 0.
    const uint32_t line = (visit << strides.turn | visit >> (strides.line_bits - strides.turn)) & mask;
    uint64_t* at = memory + uint64_t{line} * kWordsPerLine;
    const typename V::Register turn = V::all(line % 64);
#pragma GCC unroll 8
    for (uint32_t i = 0; i < Line::kRegisters; ++i) {
      const typename V::Register expected = V::rotate(read.part[i], turn);
      const typename V::Register seen = strides.reads ? V::load(at + i * V::kWords) : expected;
      mixed.part[i] = V::mix(mixed.part[i], seen);
      wrong.part[i] = V::collect(wrong.part[i], seen, expected);
      if (strides.writes) V::store(at + i * V::kWords, V::rotate(write.part[i], turn));
    }
  }
  mixed.store(output);
  wrong.store(output + kWordsPerLine);
}
