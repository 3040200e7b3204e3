// SPDX-License-Identifier: Apache-2.0
#include "common/base/bytes.h"

#include <bit>

namespace assay {

void ByteWriter::raw(uint64_t value, int size) {
  for (int i = 0; i < size; ++i) out_.push_back(static_cast<char>(value >> (8 * i) & 0xFF));
}

void ByteWriter::f64(double value) { u64(std::bit_cast<uint64_t>(value)); }

void ByteWriter::text(std::string_view value) {
  u32(static_cast<uint32_t>(value.size()));
  out_.append(value);
}

uint64_t ByteReader::raw(size_t size) {
  if (bad_ || rest_.size() < size) {
    bad_ = true;
    return 0;
  }
  uint64_t value = 0;
  for (size_t i = 0; i < size; ++i) value |= static_cast<uint64_t>(static_cast<unsigned char>(rest_[i])) << (8 * i);
  rest_.remove_prefix(size);
  return value;
}

double ByteReader::f64() { return std::bit_cast<double>(u64()); }

std::string ByteReader::text(size_t limit) {
  const uint32_t size = u32();
  if (bad_ || size > limit || size > rest_.size()) {
    bad_ = true;
    return {};
  }
  std::string value(rest_.substr(0, size));
  rest_.remove_prefix(size);
  return value;
}

uint32_t ByteReader::count(uint32_t limit) {
  const uint32_t value = u32();
  if (value > limit) {
    bad_ = true;
    return 0;
  }
  return value;
}

}  // namespace assay
