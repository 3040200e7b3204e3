// SPDX-License-Identifier: Apache-2.0
// NVML as a loaded library: functions by name, each call announced before it is made, so that one that never returns has a name. Lives in the
// reader process alone: the agent never loads a driver's library.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "agent/telemetry/nvml/abi.h"
#include "common/base/result.h"

namespace assay::agent::nvml {

// Not thread-safe.
class Calls {
 public:
  // The call that is about to be made; absent device: about none.
  using Announce = std::function<void(const char* call, std::optional<uint32_t> device)>;

  // `library` is a path, or a name that the dynamic loader finds. kNotFound when there is none, kUnsupported when it is not NVML.
  static Result<Calls> load(const std::string& library, Announce announce);

  // Calls `name` of the library with exactly the C types of `arguments`; kFunctionNotFound when this library does not have it. NVML passes all
  // its enumerations as 32-bit integers.
  template <typename... Arguments>
  int call(const char* name, Arguments... arguments) {
    void* const address = symbol(name);
    if (address == nullptr) return kFunctionNotFound;
    announce_(name, device_);
    const int code = reinterpret_cast<int (*)(Arguments...)>(address)(arguments...);
    count(code);
    return code;
  }

  // Which device the following calls are about.
  void about(std::optional<uint32_t> device) { device_ = device; }
  // Failures since the last call of this, by name of the error; absence is none.
  std::map<std::string, uint64_t> take_failures() { return std::exchange(failures_, {}); }

 private:
  struct Unload {
    void operator()(void* library) const;
  };
  Calls(std::unique_ptr<void, Unload> library, Announce announce) : library_(std::move(library)), announce_(std::move(announce)) {}
  void* symbol(const char* name);
  void count(int code);

  std::unique_ptr<void, Unload> library_;
  Announce announce_;
  std::optional<uint32_t> device_;
  std::map<std::string, void*, std::less<>> symbols_;
  std::map<std::string, uint64_t> failures_;
};

}  // namespace assay::agent::nvml
