// SPDX-License-Identifier: Apache-2.0
// Little-endian encoding of small records for the runner protocol. A reader never throws and never reads past the end:
// it turns bad, and the caller checks ok() once after the last field.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assay {

class ByteWriter {
 public:
  void u8(uint8_t value) { out_.push_back(static_cast<char>(value)); }
  void u32(uint32_t value) { raw(value, 4); }
  void u64(uint64_t value) { raw(value, 8); }
  void f64(double value);
  // Length (u32), then the bytes.
  void text(std::string_view value);
  const std::string& bytes() const { return out_; }
  std::string take() { return std::move(out_); }

 private:
  void raw(uint64_t value, int size);
  std::string out_;
};

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}
  uint8_t u8() { return static_cast<uint8_t>(raw(1)); }
  uint32_t u32() { return static_cast<uint32_t>(raw(4)); }
  uint64_t u64() { return raw(8); }
  double f64();
  // Empty, and the reader turns bad, when the length is over `limit` bytes or over what is left.
  std::string text(size_t limit);
  // A count of following elements; turns bad and gives 0 when over `limit`.
  uint32_t count(uint32_t limit);
  // An enumerator stored as u8; turns bad and gives the first one when over `last`.
  template <typename E>
  E enumerator(E last) {
    const uint8_t raw_value = u8();
    if (raw_value > static_cast<uint8_t>(last)) {
      bad_ = true;
      return E{};
    }
    return static_cast<E>(raw_value);
  }
  // True when nothing was out of range and every byte was used.
  bool complete() const { return !bad_ && rest_.empty(); }
  bool ok() const { return !bad_; }

 private:
  uint64_t raw(size_t size);
  std::string_view rest_;
  bool bad_ = false;
};

}  // namespace assay
