// SPDX-License-Identifier: Apache-2.0
#include "agent/telemetry/nvml/session.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include <fmt/format.h>

#include "agent/telemetry/nvml/gpu_reader.h"
#include "common/model/limits.h"

namespace assay::agent::nvml {

Session::~Session() {
  if (event_set_ != nullptr) calls_->call("nvmlEventSetFree", event_set_);
  if (initialised_) calls_->call("nvmlShutdown");
}

int Session::run() {
  std::array<char, 64> buffer{};
  for (;;) {
    const ssize_t got = ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return 0;
    const auto request = decode_request({buffer.data(), static_cast<size_t>(got)});
    if (!request.ok()) return 1;
    request_ = request->id;
    if (!initialised_) {
      const Status opened = open();
      if (!opened.ok()) return send({request_, SampleFailed{opened.error().message}}) ? 0 : 1;
    }
    if (!sample()) return 1;
  }
}

bool Session::send(const Answer& answer) {
  const std::string frame = encode(answer);
  ssize_t put = -1;
  do {
    put = ::send(socket_, frame.data(), frame.size(), MSG_NOSIGNAL);
  } while (put < 0 && errno == EINTR);
  return put == static_cast<ssize_t>(frame.size());
}

Status Session::open() {
  calls_.emplace(TRY(Calls::load(library_, [this](const char* call, std::optional<uint32_t> gpu) { send({request_, CallMade{call, gpu}}); })));
  const int code = calls_->call("nvmlInit_v2");
  if (code != kSuccess) return make_error(ErrorCode::kUnavailable, fmt::format("{}: nvmlInit_v2: {}", library_, error_name(code)));
  initialised_ = true;
  std::array<char, kTextBytes> version{};
  if (calls_->call("nvmlSystemGetDriverVersion", version.data(), kTextBytes) == kSuccess) driver_version_ = version.data();
  if (calls_->call("nvmlEventSetCreate", &event_set_) != kSuccess) event_set_ = nullptr;
  return {};
}

// Of a GPU that is known once, nothing is asked again: identity does not change while the driver is loaded.
void Session::know(uint32_t index) {
  Gpu& gpu = gpus_[index];
  calls_->about(index);
  gpu.identity.index = index;
  gpu.code = calls_->call("nvmlDeviceGetHandleByIndex_v2", index, &gpu.handle);
  if (gpu.code == kSuccess) gpu.code = read_identity(*calls_, gpu.handle, gpu.identity);
  if (gpu.code == kSuccess) listen(gpu);
}

void Session::listen(const Gpu& gpu) {
  if (event_set_ == nullptr) return;
  uint64_t offered = 0;
  if (calls_->call("nvmlDeviceGetSupportedEventTypes", gpu.handle, &offered) != kSuccess || (offered & kEventXid) == 0) return;
  calls_->call("nvmlDeviceRegisterEvents", gpu.handle, kEventXid, event_set_);
}

void Session::read(Gpu& gpu, GpuReading& into) {
  calls_->about(gpu.identity.index);
  if (gpu.code != kSuccess) know(gpu.identity.index);
  into.identity = gpu.identity;
  const int code = gpu.code == kSuccess ? read_values(*calls_, gpu.handle, into.facts) : gpu.code;
  into.trouble = trouble_of(code);
  if (code != kSuccess) into.facts.clear();
}

std::vector<NvmlXid> Session::events() {
  std::vector<NvmlXid> xids;
  if (event_set_ == nullptr) return xids;
  for (uint32_t i = 0; i < kXidsPerSample; ++i) {
    EventData event{};
    constexpr uint32_t kAtOnceMs = 0;
    int code = calls_->call("nvmlEventSetWait_v2", event_set_, &event, kAtOnceMs);
    if (code == kFunctionNotFound) code = calls_->call("nvmlEventSetWait", event_set_, &event, kAtOnceMs);
    if (code != kSuccess) break;
    const auto gpu = std::ranges::find(gpus_, event.device, &Gpu::handle);
    if (event.type == kEventXid && gpu != gpus_.end()) xids.push_back({gpu->identity.index, static_cast<uint32_t>(event.data)});
  }
  return xids;
}

bool Session::sample() {
  calls_->about(std::nullopt);
  uint32_t count = 0;
  const int code = calls_->call("nvmlDeviceGetCount_v2", &count);
  if (code != kSuccess) return send({request_, SampleFailed{fmt::format("nvmlDeviceGetCount_v2: {}", error_name(code))}});
  count = std::min(count, limits::kDevicesPerNode);
  if (gpus_.size() != count) {
    gpus_.assign(count, {});
    for (uint32_t i = 0; i < count; ++i) gpus_[i].identity.index = i;
  }
  for (Gpu& gpu : gpus_) {
    GpuReading reading;
    read(gpu, reading);
    if (!send({request_, std::move(reading)})) return false;
  }
  calls_->about(std::nullopt);
  SampleDone done{driver_version_, count, events(), {}};
  done.failed_calls = calls_->take_failures();
  return send({request_, std::move(done)});
}

}  // namespace assay::agent::nvml
