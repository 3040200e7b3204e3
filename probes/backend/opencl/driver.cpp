// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/opencl/driver.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace assay::probes::opencl {
namespace {

Status checked(ApiResult error, std::string_view what) {
  if (error != kSuccess) return api_error(error, what);
  return {};
}

bool has_hints(const Api& api, const DeviceFacts& facts) {
  return api.clCreateCommandQueueWithProperties != nullptr &&
         (facts.has_extension("cl_khr_priority_hints") || facts.has_extension("cl_khr_throttle_hints"));
}

std::vector<ApiBits> queue_properties(const DeviceFacts& facts) {
  std::vector<ApiBits> properties = {kQueueProperties, kQueueProfiling};
  if (facts.has_extension("cl_khr_priority_hints")) properties.insert(properties.end(), {kQueuePriority, kQueuePriorityLow});
  if (facts.has_extension("cl_khr_throttle_hints")) properties.insert(properties.end(), {kQueueThrottle, kQueueThrottleLow});
  properties.push_back(0);
  return properties;
}

std::string build_log(const Api& api, const ProgramObject& program, ApiHandle device) {
  size_t size = 0;
  if (api.clGetProgramBuildInfo(program.get(), device, kProgramBuildLog, 0, nullptr, &size) != kSuccess || size == 0) return "";
  std::string log(size, '\0');
  if (api.clGetProgramBuildInfo(program.get(), device, kProgramBuildLog, size, log.data(), nullptr) != kSuccess) return "";
  return log;
}

}  // namespace

std::string telling_line(std::string_view log) {
  constexpr size_t kMost = 200;
  std::string first;
  while (!log.empty()) {
    const size_t end = log.find('\n');
    std::string line;
    for (const char c : log.substr(0, end)) {
      if (c >= ' ' && c <= '~' && line.size() < kMost) line += c;
    }
    if (line.find("error") != std::string::npos) return line;
    if (first.empty()) first = line;
    log.remove_prefix(end == std::string_view::npos ? log.size() : end + 1);
  }
  return first.empty() ? "the driver gives no reason" : first;
}

Result<std::vector<SubDevice>> partition(const Api& api, const DriverDevice& device) {
  const std::array<ApiProperty, 3> one_unit_each = {kPartitionEqually, 1, 0};
  std::vector<ApiHandle> raw(device.facts.compute_units);
  uint32_t count = 0;
  const ApiResult error = api.clCreateSubDevices(device.handle, one_unit_each.data(), device.facts.compute_units, raw.data(), &count);
  if (error != kSuccess) return api_error(error, fmt::format("{} cannot be divided into its compute units", device.facts.name));
  std::vector<SubDevice> parts;
  for (uint32_t i = 0; i < std::min(count, device.facts.compute_units); ++i) parts.emplace_back(api, raw[i]);
  return parts;
}

Result<Context> create_context(const Api& api, std::span<const ApiHandle> devices) {
  ApiResult error = kSuccess;
  Context context(api, api.clCreateContext(nullptr, static_cast<uint32_t>(devices.size()), devices.data(), nullptr, nullptr, &error));
  if (error != kSuccess) return api_error(error, "the device cannot be opened");
  return context;
}

Result<Queue> create_queue(const Api& api, const Context& context, ApiHandle device, const DeviceFacts& facts) {
  ApiResult error = kSuccess;
  const std::vector<ApiBits> properties = queue_properties(facts);
  Queue queue(api, has_hints(api, facts) ? api.clCreateCommandQueueWithProperties(context.get(), device, properties.data(), &error)
                                         : api.clCreateCommandQueue(context.get(), device, kQueueProfiling, &error));
  if (error != kSuccess) return api_error(error, "the device gives no command queue");
  return queue;
}

Result<BuiltProgram> build(const Api& api, const Context& context, std::span<const ApiHandle> devices, const std::string& text, const std::string& options,
                           std::string_view kernel_name) {
  ApiResult error = kSuccess;
  const char* raw = text.c_str();
  const size_t length = text.size();
  BuiltProgram built;
  built.program = ProgramObject(api, api.clCreateProgramWithSource(context.get(), 1, &raw, &length, &error));
  if (error != kSuccess) return api_error(error, "the driver takes no program");
  error = api.clBuildProgram(built.program.get(), static_cast<uint32_t>(devices.size()), devices.data(), options.c_str(), nullptr, nullptr);
  if (error != kSuccess) return api_error(error, telling_line(build_log(api, built.program, devices.front())));
  built.kernel = Kernel(api, api.clCreateKernel(built.program.get(), std::string(kernel_name).c_str(), &error));
  if (error != kSuccess) return api_error(error, kernel_name);
  return built;
}

Result<Memory> create_buffer(const Api& api, const Context& context, size_t bytes, ApiBits flags) {
  ApiResult error = kSuccess;
  Memory memory(api, api.clCreateBuffer(context.get(), flags, bytes, nullptr, &error));
  if (error != kSuccess) return api_error(error, fmt::format("a buffer of {} KiB", bytes / 1024 + 1));
  return memory;
}

Status write(const Api& api, const Queue& queue, const Memory& memory, std::span<const std::byte> from) {
  return checked(api.clEnqueueWriteBuffer(queue.get(), memory.get(), 1, 0, from.size(), from.data(), 0, nullptr, nullptr), "writing to the device");
}

Status read(const Api& api, const Queue& queue, const Memory& memory, std::span<std::byte> to) {
  return checked(api.clEnqueueReadBuffer(queue.get(), memory.get(), 1, 0, to.size(), to.data(), 0, nullptr, nullptr), "reading from the device");
}

Status fill_zero(const Api& api, const Queue& queue, const Memory& memory, size_t bytes) {
  const uint32_t zero = 0;
  return checked(api.clEnqueueFillBuffer(queue.get(), memory.get(), &zero, sizeof(zero), 0, bytes, 0, nullptr, nullptr), "clearing memory of the device");
}

Status set_arguments(const Api& api, const Kernel& kernel, std::span<const ApiHandle> buffers, uint32_t number) {
  uint32_t index = 0;
  for (const ApiHandle& buffer : buffers) {
    TRY(checked(api.clSetKernelArg(kernel.get(), index, sizeof(buffer), static_cast<const void*>(&buffer)), fmt::format("argument {} of the kernel", index)));
    ++index;
  }
  return checked(api.clSetKernelArg(kernel.get(), index, sizeof(number), &number), fmt::format("argument {} of the kernel", index));
}

Result<Event> launch(const Api& api, const Queue& queue, const Kernel& kernel, size_t teams, size_t lanes) {
  ApiHandle event = nullptr;
  const size_t global = teams * lanes;
  TRY(checked(api.clEnqueueNDRangeKernel(queue.get(), kernel.get(), 1, nullptr, &global, &lanes, 0, nullptr, &event), "the launch"));
  TRY(checked(api.clFlush(queue.get()), "the launch"));
  return Event(api, event);
}

Status finish(const Api& api, const Queue& queue) {
  const ApiResult error = api.clFinish(queue.get());
  if (error == kSuccess) return {};
  return make_error(ErrorCode::kUnavailable, "the launch did not end well: " + error_words(error));
}

Duration time_of(const Api& api, const Event& event) {
  uint64_t begun = 0;
  uint64_t ended = 0;
  if (api.clGetEventProfilingInfo(event.get(), kProfilingStart, sizeof(begun), &begun, nullptr) != kSuccess ||
      api.clGetEventProfilingInfo(event.get(), kProfilingEnd, sizeof(ended), &ended, nullptr) != kSuccess || ended < begun) {
    return Duration::zero();
  }
  return std::chrono::nanoseconds(static_cast<int64_t>(ended - begun));
}

}  // namespace assay::probes::opencl
