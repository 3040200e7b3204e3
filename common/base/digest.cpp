// SPDX-License-Identifier: Apache-2.0
#include "common/base/digest.h"

#include <cstring>

#include <fmt/format.h>

namespace assay {
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
