// SPDX-License-Identifier: Apache-2.0
// A context on one device, with a low-priority stream, the images loaded into it and one allocation for launches. All of it is given back at the end:
// a context holds hundreds of megabytes of device memory that a job may be waiting for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "probes/backend/cuda/driver_api.h"

namespace assay::probes::cuda {

// A kernel that can be launched.
struct LoadedKernel {
  DriverHandle function = nullptr;
  uint32_t static_shared_bytes = 0;
  uint32_t most_lanes = 0;         // of a block: its launch bound
};

// Movable, not copyable. One thread: the context is current on the one that opened it. Errors name the driver's call and its error; after a sticky one
// (error_class.h) nothing is given back by calls that cannot work any more.
class Session {
 public:
  // `api` outlives the session. `use_ptx`: where there is no machine code for the device, let the driver translate PTX.
  static Result<Session> open(const DriverApi& api, DriverDevice device, bool use_ptx);
  Session(Session&& other) noexcept;
  Session& operator=(Session&&) = delete;
  ~Session();

  // Loads the image at its first use.
  Result<LoadedKernel> kernel(std::string_view image, std::string_view name);
  // Free bytes of the device, those of memory() not counted.
  Result<uint64_t> free_bytes() const;
  // An allocation of at least `bytes`, the one before it given back where it was smaller. Its address changes only then.
  Result<DriverAddress> memory(uint64_t bytes);
  uint64_t memory_bytes() const { return memory_bytes_; }

  // Makes this session's context the thread's: for a thread with several sessions.
  Status enter();
  // Memory of the host that copy engines reach by themselves, at least `bytes`; that of the call before is given back where it was smaller.
  Result<uint64_t*> pinned(uint64_t bytes);
  // Lets this session's device reach the memory of the peer's.
  Status reach(const Session& peer);
  // From this device to the peer's, in the order of this stream.
  Status send(DriverAddress to, const Session& peer, DriverAddress from, size_t bytes);

  // In the order of the stream; the host's memory must live until wait().
  Status upload(DriverAddress to, const void* from, size_t bytes);
  Status download(void* to, DriverAddress from, size_t bytes);
  Status clear(DriverAddress at, size_t bytes);
  // kUnsupported with `cooperative`: not all blocks fit at once.
  Status launch(const LoadedKernel& kernel, uint32_t blocks, uint32_t lanes, uint32_t dynamic_shared_bytes, bool cooperative, void* arguments);
  // Until all of the stream is done, without spinning.
  Status wait(std::string_view doing);
  DriverHandle context() const { return context_; }
  // Whether an error has made this context useless.
  bool is_lost() const { return lost_; }

 private:
  Session(const DriverApi& api, DriverDevice device, bool use_ptx) : api_(&api), device_(device), use_ptx_(use_ptx) {}
  Status begin();
  Status check(DriverResult result, std::string_view doing);
  Result<DriverHandle> load(std::string_view image);

  const DriverApi* api_;
  DriverDevice device_;
  bool use_ptx_;
  bool lost_ = false;
  bool retained_ = false;
  DriverHandle context_ = nullptr;
  DriverHandle stream_ = nullptr;
  DriverAddress memory_ = 0;
  uint64_t memory_bytes_ = 0;
  void* pinned_ = nullptr;
  uint64_t pinned_bytes_ = 0;
  std::map<std::string, DriverHandle, std::less<>> modules_;
  std::map<std::string, LoadedKernel, std::less<>> kernels_;
};

// The driver's name of an error ("CUDA_ERROR_ILLEGAL_ADDRESS"), or "".
std::string_view name_of(const DriverApi& api, DriverResult result);

}  // namespace assay::probes::cuda
