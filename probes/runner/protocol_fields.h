// SPDX-License-Identifier: Apache-2.0
// What the messages of the runner protocol share: the header of a message, and fields that occur in several.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/bytes.h"
#include "common/base/digest.h"
#include "common/base/result.h"
#include "common/model/device.h"
#include "common/model/limits.h"
#include "probes/runner/protocol.h"

namespace assay::probes {

// First byte of a message, before the version: nothing can be taken for something else.
enum class MessageKind : uint8_t { kRequest = 'Q', kResult = 'R', kDevices = 'D', kVariants = 'V' };

inline constexpr size_t kVariantChars = 16;
inline constexpr uint32_t kCpuNumberEnd = 65536;  // logical CPU numbers are below; Linux's largest NR_CPUS is 8,192

inline void put_header(ByteWriter& out, MessageKind kind) {
  out.u8(static_cast<uint8_t>(kind));
  out.u32(kProtocolVersion);
}

inline Status take_header(ByteReader& in, MessageKind kind) {
  if (in.u8() != static_cast<uint8_t>(kind)) return make_error(ErrorCode::kInvalid, "runner message: not of the kind expected here");
  if (in.u32() != kProtocolVersion) {
    return make_error(ErrorCode::kInvalid, "runner message: unknown protocol version: install agent and runner of one release");
  }
  return {};
}

inline void put_digest(ByteWriter& out, const Digest& digest) {
  out.u64(digest.high);
  out.u64(digest.low);
}
inline Digest take_digest(ByteReader& in) {
  const uint64_t high = in.u64();
  return {high, in.u64()};
}

inline void put_duration(ByteWriter& out, Duration duration) { out.u64(static_cast<uint64_t>(duration.count())); }
inline Duration take_duration(ByteReader& in) { return Duration{static_cast<int64_t>(in.u64())}; }

inline void put_digests(ByteWriter& out, const std::vector<Digest>& digests) {
  out.u32(static_cast<uint32_t>(digests.size()));
  for (const Digest& digest : digests) put_digest(out, digest);
}
inline std::vector<Digest> take_digests(ByteReader& in, uint32_t limit) {
  std::vector<Digest> digests;
  const uint32_t count = in.count(limit);
  for (uint32_t i = 0; i < count && in.ok(); ++i) digests.push_back(take_digest(in));
  return digests;
}

inline void put_numbers(ByteWriter& out, const std::vector<uint32_t>& numbers) {
  out.u32(static_cast<uint32_t>(numbers.size()));
  for (const uint32_t number : numbers) out.u32(number);
}
inline std::vector<uint32_t> take_numbers(ByteReader& in, uint32_t limit) {
  std::vector<uint32_t> numbers;
  const uint32_t count = in.count(limit);
  for (uint32_t i = 0; i < count && in.ok(); ++i) numbers.push_back(in.u32());
  return numbers;
}

enum class Flag : uint8_t { kOff, kOn };
inline void put_flag(ByteWriter& out, bool on) { out.u8(on ? 1 : 0); }
inline bool take_flag(ByteReader& in) { return in.enumerator(Flag::kOn) == Flag::kOn; }

}  // namespace assay::probes
