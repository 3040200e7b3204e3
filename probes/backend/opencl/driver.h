// SPDX-License-Identifier: Apache-2.0
// The OpenCL API with ownership and Result: handles that release themselves, and the few operations that the launcher is made of. Every other file
// stays free of the API's conventions. One thread a context.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "probes/backend/opencl/api.h"
#include "probes/backend/opencl/device_facts.h"

namespace assay::probes::opencl {

// Owns one object of the API; kRelease is the function of Api that lets go of it. The Api outlives it.
template <ApiResult (*Api::*kRelease)(ApiHandle)>
class Handle {
 public:
  Handle() = default;
  Handle(const Api& api, ApiHandle raw) : api_(&api), raw_(raw) {}
  Handle(Handle&& other) noexcept : api_(other.api_), raw_(std::exchange(other.raw_, nullptr)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(api_, other.api_);
    std::swap(raw_, other.raw_);
    return *this;
  }
  ~Handle() {
    if (raw_ != nullptr) (api_->*kRelease)(raw_);
  }
  ApiHandle get() const { return raw_; }
  explicit operator bool() const { return raw_ != nullptr; }

 private:
  const Api* api_ = nullptr;
  ApiHandle raw_ = nullptr;
};
using SubDevice = Handle<&Api::clReleaseDevice>;
using Context = Handle<&Api::clReleaseContext>;
using Queue = Handle<&Api::clReleaseCommandQueue>;
using Memory = Handle<&Api::clReleaseMemObject>;
using ProgramObject = Handle<&Api::clReleaseProgram>;
using Kernel = Handle<&Api::clReleaseKernel>;
using Event = Handle<&Api::clReleaseEvent>;

// One sub-device for each compute unit.
Result<std::vector<SubDevice>> partition(const Api& api, const DriverDevice& device);
Result<Context> create_context(const Api& api, std::span<const ApiHandle> devices);
// In order, with profiling; of low priority and throttled where the device has those hints.
Result<Queue> create_queue(const Api& api, const Context& context, ApiHandle device, const DeviceFacts& facts);

struct BuiltProgram {
  ProgramObject program;
  Kernel kernel;
};
// For all devices of a context. kUnsupported with the first line of the driver's log that tells something.
Result<BuiltProgram> build(const Api& api, const Context& context, std::span<const ApiHandle> devices, const std::string& text, const std::string& options,
                           std::string_view kernel_name);
// The first line of a log with "error" in it, else the first that is not empty; without control characters, at most 200 of them.
std::string telling_line(std::string_view log);

// Buffers; bytes above zero.
Result<Memory> create_buffer(const Api& api, const Context& context, size_t bytes, ApiBits flags);
// write() is over when it returns; fill() and launch() may go on, in the queue's order; read() and finish() wait for all before them.
Status write(const Api& api, const Queue& queue, const Memory& memory, std::span<const std::byte> from);
Status read(const Api& api, const Queue& queue, const Memory& memory, std::span<std::byte> to);
Status fill_zero(const Api& api, const Queue& queue, const Memory& memory, size_t bytes);

// Arguments in order: buffers, then one number.
Status set_arguments(const Api& api, const Kernel& kernel, std::span<const ApiHandle> buffers, uint32_t number);
Result<Event> launch(const Api& api, const Queue& queue, const Kernel& kernel, size_t teams, size_t lanes);
// A failure means that the launch did not end as it should: kUnavailable.
Status finish(const Api& api, const Queue& queue);
// The device's own time for a launch that has ended; zero where it does not say.
Duration time_of(const Api& api, const Event& event);

}  // namespace assay::probes::opencl
