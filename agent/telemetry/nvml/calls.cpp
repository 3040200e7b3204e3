// SPDX-License-Identifier: Apache-2.0
#include "agent/telemetry/nvml/calls.h"

#include <dlfcn.h>

#include <array>
#include <string_view>

#include <fmt/format.h>

#include "agent/telemetry/nvml/decode.h"

namespace assay::agent::nvml {

void Calls::Unload::operator()(void* library) const { ::dlclose(library); }

Result<Calls> Calls::load(const std::string& library, Announce announce) {
  std::unique_ptr<void, Unload> loaded(::dlopen(library.c_str(), RTLD_LAZY | RTLD_LOCAL));
  if (!loaded) {
    const char* why = ::dlerror();  // NOLINT(concurrency-mt-unsafe): glibc's is per thread
    return make_error(ErrorCode::kNotFound, why != nullptr ? why : fmt::format("{} cannot be loaded", library));
  }
  // All the rest is optional, for drivers differ by years.
  constexpr std::array kNeeded = {"nvmlInit_v2", "nvmlShutdown", "nvmlDeviceGetCount_v2", "nvmlDeviceGetHandleByIndex_v2", "nvmlDeviceGetUUID"};
  Calls calls(std::move(loaded), std::move(announce));
  for (const char* name : kNeeded) {
    if (calls.symbol(name) == nullptr) return make_error(ErrorCode::kUnsupported, fmt::format("{} has no {}: it is no NVML", library, name));
  }
  return calls;
}

void* Calls::symbol(const char* name) {
  const auto known = symbols_.find(std::string_view(name));
  if (known != symbols_.end()) return known->second;
  return symbols_[name] = ::dlsym(library_.get(), name);
}

void Calls::count(int code) {
  // Asking for a size, and waiting for an event that does not come, are no failures either.
  if (code == kSuccess || code == kInsufficientSize || code == kTimeout || is_absent(code)) return;
  ++failures_[error_name(code)];
}

}  // namespace assay::agent::nvml
