// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/cuda_tensor/shared_model.h"

#include <cstring>

#include "common/base/check.h"

namespace assay::probes::tensor {

SharedModel::SharedModel(uint32_t base, uint32_t bytes) : base_(base), bytes_(bytes, 0x5A) { ASSAY_CHECK(base % 16 == 0); }

void SharedModel::put(uint32_t to, const std::vector<uint64_t>& params, uint32_t from) {
  ASSAY_CHECK(size_t{to} * 16 + 16 <= bytes_.size() && size_t{from} * 2 + 2 <= params.size());
  std::memcpy(&bytes_[size_t{to} * 16], &params[size_t{from} * 2], 16);
}

uint8_t SharedModel::byte_at(uint32_t address) const {
  ASSAY_CHECK(address >= base_ && address - base_ < bytes_.size());
  return bytes_[address - base_];
}

std::vector<double> SharedModel::read(Number number, Side side, uint64_t descriptor, uint32_t lines, uint64_t fixed) const {
  const auto field = [&](uint32_t bit) { return static_cast<uint32_t>(descriptor >> bit & 0x3FFF) * 16; };
  const uint32_t start = field(0);
  const uint32_t leading = field(16);
  const uint32_t stride = field(32);
  ASSAY_CHECK(descriptor >> 46 == fixed);
  const uint32_t k = depth_of(number);
  const uint32_t bits = number == Number::kMxfp6 ? 6 : bits_of(number);
  const uint32_t per_column = k / 2;
  std::vector<double> result;
  for (uint32_t line = 0; line < lines; ++line) {
    for (uint32_t t = 0; t < k; ++t) {
      const uint32_t at = start + line / 8 * stride + line % 8 * 16 + t / per_column * leading;
      uint64_t code = 0;
      for (uint32_t bit = 0; bit < bits; ++bit) {
        const uint32_t place = t % per_column * bits + bit;
        code |= static_cast<uint64_t>(byte_at(at + place / 8) >> (place % 8) & 1) << bit;
      }
      result.push_back(value_of(number, side, code));
    }
  }
  return result;
}

}  // namespace assay::probes::tensor
