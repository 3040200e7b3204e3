// SPDX-License-Identifier: Apache-2.0
#include "common/base/digest.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

namespace assay {
namespace {

// The eight lanes by name: arrays stay in memory at -O2, and then a word costs twice as much. The multiplies are independent of each other.
class LanesInRegisters {
 public:
  explicit LanesInRegisters(const Digest64 (&from)[8])
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
  void store(Digest64 (&to)[8]) const {
    const Digest64 all[8] = {a_, b_, c_, d_, e_, f_, g_, h_};
    std::copy(all, all + 8, to);
  }

 private:
  Digest64 a_, b_, c_, d_, e_, f_, g_, h_;
};
static_assert(Digest128::kLanes == 8);

}  // namespace

std::string to_hex(const Digest& digest) { return fmt::format("{:016x}{:016x}", digest.high, digest.low); }

Result<Digest> parse_digest(std::string_view hex) {
  if (hex.size() != 32) return make_error(ErrorCode::kInvalid, "a digest has 32 hexadecimal digits");
  uint64_t halves[2] = {0, 0};
  for (size_t i = 0; i < 32; ++i) {
    const char c = hex[i];
    uint64_t nibble = 0;
    if (c >= '0' && c <= '9') {
      nibble = static_cast<uint64_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      nibble = static_cast<uint64_t>(c - 'a') + 10;
    } else {
      return make_error(ErrorCode::kInvalid, "a digest has lower-case hexadecimal digits only");
    }
    halves[i / 16] = halves[i / 16] << 4 | nibble;
  }
  return Digest{halves[0], halves[1]};
}

Digest128::Digest128(uint64_t seed) : seed_(seed) {
  for (size_t i = 0; i < kLanes; ++i) lanes_[i] = Digest64(seed + (i + 1) * Digest64::kMultiplier);
}

void Digest128::add(uint64_t word) { lanes_[count_++ % kLanes].add(word); }

void Digest128::add(std::span<const uint64_t> words) {
  size_t i = 0;
  while (i < words.size() && count_ % kLanes != 0) add(words[i++]);
  const size_t bulk = (words.size() - i) / kLanes * kLanes;
  LanesInRegisters lanes(lanes_);
  for (const uint64_t* at = words.data() + i; at != words.data() + i + bulk; at += kLanes) lanes.add(at);
  lanes.store(lanes_);
  count_ += bulk;
  i += bulk;
  while (i < words.size()) add(words[i++]);
}

Digest Digest128::value() const {
  Digest64 high(seed_ ^ 0xA5A5A5A5A5A5A5A5ULL);
  Digest64 low(~seed_);
  for (size_t k = 0; k < kLanes; ++k) {
    high.add(lanes_[k].value());
    low.add(lanes_[kLanes - 1 - k].value());
  }
  high.add(count_);
  low.add(count_);
  return {high.value(), low.value()};
}

Digest digest_bytes(std::string_view bytes) {
  Digest128 digest(bytes.size());
  for (size_t i = 0; i < bytes.size(); i += 8) {
    uint64_t word = 0;
    std::memcpy(&word, bytes.data() + i, bytes.size() - i < 8 ? bytes.size() - i : 8);
    digest.add(word);
  }
  return digest.value();
}

}  // namespace assay
