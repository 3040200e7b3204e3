// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/cuda/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "probes/backend/cuda/error_class.h"
#include "probes/backend/cuda/images.h"

namespace assay::probes::cuda {
namespace {

constexpr DriverResult kNoBinaryForGpu = 209;

const Image* find_image(std::string_view name) {
  const auto all = images();
  const auto found = std::ranges::find(all, name, &Image::name);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

std::string_view name_of(const DriverApi& api, DriverResult result) {
  const char* name = nullptr;
  return api.error_name(result, &name) == kSuccess && name != nullptr ? std::string_view(name) : std::string_view();
}

Result<Session> Session::open(const DriverApi& api, DriverDevice device, bool use_ptx) {
  Session session(api, device, use_ptx);
  TRY(session.begin());
  return session;
}

Session::Session(Session&& other) noexcept
    : api_(other.api_), device_(other.device_), use_ptx_(other.use_ptx_), lost_(other.lost_), retained_(std::exchange(other.retained_, false)),
      context_(other.context_), stream_(std::exchange(other.stream_, nullptr)), memory_(std::exchange(other.memory_, 0)),
      memory_bytes_(std::exchange(other.memory_bytes_, 0)), pinned_(std::exchange(other.pinned_, nullptr)), pinned_bytes_(std::exchange(other.pinned_bytes_, 0)),
      modules_(std::move(other.modules_)), kernels_(std::move(other.kernels_)) {
  other.modules_.clear();
}

Session::~Session() {
  if (!retained_) return;
  if (!lost_) {
    // Errors are of no use here: the context goes in any case.
    static_cast<void>(api_->set_current(context_));
    if (pinned_ != nullptr) static_cast<void>(api_->host_memory_free(pinned_));
    if (memory_ != 0) static_cast<void>(api_->memory_free(memory_));
    if (stream_ != nullptr) static_cast<void>(api_->stream_destroy(stream_));
    for (const auto& [name, module] : modules_) static_cast<void>(api_->module_unload(module));
    static_cast<void>(api_->set_current(nullptr));
  }
  static_cast<void>(api_->primary_context_release(device_));
}

Status Session::check(DriverResult result, std::string_view doing) {
  if (result == kSuccess) return {};
  lost_ = lost_ || is_sticky(result);
  return driver_error(result, doing, name_of(*api_, result));
}

Status Session::begin() {
  TRY(check(api_->primary_context_flags(device_, kScheduleBlockingSync), "setting the context's flags"));
  TRY(check(api_->primary_context_retain(&context_, device_), "making a context"));
  retained_ = true;
  TRY(enter());
  int least = 0;
  int greatest = 0;
  TRY(check(api_->stream_priorities(&least, &greatest), "asking for priorities"));
  return check(api_->stream_create(&stream_, kStreamNonBlocking, least), "making a stream");
}

Status Session::enter() { return check(api_->set_current(context_), "entering the context"); }

Result<DriverHandle> Session::load(std::string_view name) {
  if (const auto found = modules_.find(name); found != modules_.end()) return found->second;
  DriverHandle module = nullptr;
  DriverResult result = kNoBinaryForGpu;
  if (const Image* image = find_image(name); image != nullptr) result = api_->module_load(&module, image->begin);
  if (result == kNoBinaryForGpu && use_ptx_) {
    if (const Image* ptx = find_image(std::string(name) + ".ptx"); ptx != nullptr) result = api_->module_load(&module, ptx->begin);
  }
  TRY(check(result, fmt::format("loading image {}", name)));
  modules_.emplace(name, module);
  return module;
}

Result<LoadedKernel> Session::kernel(std::string_view image, std::string_view name) {
  if (const auto found = kernels_.find(name); found != kernels_.end()) return found->second;
  const DriverHandle module = TRY(load(image));
  const std::string text(name);
  LoadedKernel kernel;
  TRY(check(api_->module_function(&kernel.function, module, text.c_str()), fmt::format("looking for {}", name)));
  int bytes = 0;
  TRY(check(api_->function_attribute(&bytes, kFunctionStaticSharedBytes, kernel.function), fmt::format("asking about {}", name)));
  kernel.static_shared_bytes = static_cast<uint32_t>(bytes);
  int lanes = 0;
  TRY(check(api_->function_attribute(&lanes, kFunctionMostLanes, kernel.function), fmt::format("asking about {}", name)));
  kernel.most_lanes = static_cast<uint32_t>(lanes);
  kernels_.emplace(text, kernel);
  return kernel;
}

Result<uint64_t> Session::free_bytes() const {
  size_t free = 0;
  size_t total = 0;
  const DriverResult result = api_->memory_info(&free, &total);
  if (result != kSuccess) return driver_error(result, "asking for free memory", name_of(*api_, result));
  return uint64_t{free};
}

Result<DriverAddress> Session::memory(uint64_t bytes) {
  if (bytes <= memory_bytes_) return memory_;
  if (memory_ != 0) {
    memory_bytes_ = 0;
    TRY(check(api_->memory_free(std::exchange(memory_, 0)), "giving memory back"));
  }
  TRY(check(api_->memory_take(&memory_, bytes), fmt::format("taking {} bytes of device memory", bytes)));
  memory_bytes_ = bytes;
  return memory_;
}

Result<uint64_t*> Session::pinned(uint64_t bytes) {
  if (bytes > pinned_bytes_) {
    pinned_bytes_ = 0;
    if (pinned_ != nullptr) TRY(check(api_->host_memory_free(std::exchange(pinned_, nullptr)), "giving memory of the host back"));
    TRY(check(api_->host_memory_take(&pinned_, bytes, 0), fmt::format("taking {} bytes of the host's memory for the device", bytes)));
    pinned_bytes_ = bytes;
  }
  return static_cast<uint64_t*>(pinned_);
}

Status Session::reach(const Session& peer) {
  const DriverResult result = api_->peer_enable(peer.context_, 0);
  return result == kPeerAccessAlreadyEnabled ? Status() : check(result, "reaching the memory of another device");
}

Status Session::send(DriverAddress to, const Session& peer, DriverAddress from, size_t bytes) {
  return check(api_->copy_to_peer(to, peer.context_, from, context_, bytes, stream_), "copying to another device");
}

Status Session::upload(DriverAddress to, const void* from, size_t bytes) {
  return bytes == 0 ? Status() : check(api_->copy_to_device(to, from, bytes, stream_), "copying to the device");
}

Status Session::download(void* to, DriverAddress from, size_t bytes) {
  return bytes == 0 ? Status() : check(api_->copy_to_host(to, from, bytes, stream_), "copying from the device");
}

Status Session::clear(DriverAddress at, size_t bytes) {
  return bytes == 0 ? Status() : check(api_->clear(at, 0, bytes, stream_), "clearing device memory");
}

Status Session::launch(const LoadedKernel& kernel, uint32_t blocks, uint32_t lanes, uint32_t dynamic_shared_bytes, bool cooperative, void* arguments) {
  TRY(check(api_->function_set_attribute(kernel.function, kFunctionMaxDynamicSharedBytes, static_cast<int>(dynamic_shared_bytes)), "reserving shared memory"));
  void* pointers[] = {arguments};
  const DriverResult result = cooperative
      ? api_->launch_cooperative(kernel.function, blocks, 1, 1, lanes, 1, 1, dynamic_shared_bytes, stream_, pointers)
      : api_->launch(kernel.function, blocks, 1, 1, lanes, 1, 1, dynamic_shared_bytes, stream_, pointers, nullptr);
  return check(result, "launching");
}

Status Session::wait(std::string_view doing) { return check(api_->stream_wait(stream_), doing); }

}  // namespace assay::probes::cuda
