// SPDX-License-Identifier: Apache-2.0
// What agent and reader process say to each other over a SOCK_SEQPACKET pair: one message a frame, little-endian, with a version in the first byte.
// The agent asks for a sample; the reader answers with a frame before each driver call, one for each GPU, and one at the end.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "agent/core/gpu_facts.h"
#include "common/base/result.h"

namespace assay::agent::nvml {

inline constexpr uint8_t kFrameVersion = 1;
inline constexpr size_t kFrameBytes = 64 * 1024;
inline constexpr uint32_t kFactsPerGpu = 512;
inline constexpr uint32_t kXidsPerSample = 64;

struct SampleRequest {
  uint64_t id = 0;
};

// About to be made.
struct CallMade {
  std::string name;
  std::optional<uint32_t> gpu;
  friend bool operator==(const CallMade&, const CallMade&) = default;
};
struct SampleDone {
  std::string driver_version;
  uint32_t gpus = 0;          // how many frames of GPUs came before
  std::vector<NvmlXid> xids;
  std::map<std::string, uint64_t> failed_calls;
  friend bool operator==(const SampleDone&, const SampleDone&) = default;
};
// No sample is possible: no library, no driver. The reader ends.
struct SampleFailed {
  std::string why;
  friend bool operator==(const SampleFailed&, const SampleFailed&) = default;
};
struct Answer {
  uint64_t id = 0;            // of the request
  std::variant<CallMade, GpuReading, SampleDone, SampleFailed> what;
};

// Texts over their limits are cut, lists over theirs end early: a frame is never over kFrameBytes.
std::string encode(const SampleRequest& request);
std::string encode(const Answer& answer);
// kInvalid when the version is another, a field is out of range, or bytes are missing or left over.
Result<SampleRequest> decode_request(std::string_view bytes);
Result<Answer> decode_answer(std::string_view bytes);

}  // namespace assay::agent::nvml
