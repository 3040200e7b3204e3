// SPDX-License-Identifier: Apache-2.0
#include "agent/telemetry/nvml/nvml_reader.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

#include <fmt/format.h>

#include "agent/telemetry/telemetry.h"
#include "common/model/limits.h"

namespace assay::agent {
namespace {

constexpr std::chrono::milliseconds kReapPatience{200};
constexpr std::chrono::seconds kFirstPause{10};
constexpr std::chrono::minutes kLongestPause{10};
constexpr int kWholeSampleDeadlines = 4;
// A GPU in trouble is looked at anew, with a fresh NVML, for handles do not outlive a reset.
constexpr std::chrono::minutes kTroubledProcessLife{1};
constexpr char kDriverLoaded[] = "/proc/driver/nvidia/version";
constexpr char kUsualLibrary[] = "libnvidia-ml.so.1";

std::vector<std::string> environment_of(const NvmlOptions& options) {
  std::vector<std::string> environment{"PATH=/usr/bin:/bin", "LC_ALL=C"};
  // A library that the operator named may be the fake one of the demo, which is driven by a script.
  const char* script = options.library.empty() ? nullptr : std::getenv("ASSAY_FAKE_NVML_SCRIPT");  // NOLINT(concurrency-mt-unsafe)
  if (script != nullptr) environment.push_back(fmt::format("ASSAY_FAKE_NVML_SCRIPT={}", script));
  return environment;
}

}  // namespace

NvmlReader::NvmlReader(NvmlOptions options) : options_(std::move(options)), cancelled_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
NvmlReader::~NvmlReader() = default;

void NvmlReader::cancel() {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t put = ::write(cancelled_.get(), &one, sizeof one);
}

void NvmlReader::add_to(TelemetrySample& sample) const {
  sample.gpus = sample_;
  sample.nvml = facts_;
}

Result<std::vector<Reading>> NvmlReader::read(const FsRoot& root, MonoTime now) {
  sample_.reset();
  if (facts_.stuck) {
    facts_.stuck = child_ && !child_->poll();
    if (facts_.stuck) return *last_error_;
    child_.reset();
  }
  if (!child_) {
    if (options_.library.empty() && !root.exists(kDriverLoaded)) return no_source();
    if (last_error_ && now < pause_until_) return *last_error_;
    const Status started = start();
    if (!started.ok()) {
      ++facts_.errors;
      return fail(started.error().in(options_.program.string()), now);
    }
  }
  auto taken = take_sample();
  if (!taken.ok()) return fail(taken.error(), BootClock::now());
  failures_in_a_row_ = 0;
  last_error_.reset();
  remember(*taken);
  for (const auto& [error, count] : taken->failed_calls) facts_.failed_calls[error] += count;
  const bool troubled = std::ranges::any_of(taken->gpus, [](const GpuReading& gpu) { return gpu.trouble != GpuTrouble::kNone; });
  if (troubled && now - child_started_ >= kTroubledProcessLife) end_process();
  sample_ = std::make_shared<const GpuSample>(std::move(*taken));
  return std::vector<Reading>{};
}

Status NvmlReader::start() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) return errno_error(errno, "socketpair");
  UniqueFd ours(ends[0]);
  const UniqueFd theirs(ends[1]);
  SpawnOptions spawn;
  spawn.program = options_.program;
  spawn.arguments = {"--library", options_.library.empty() ? kUsualLibrary : options_.library};
  spawn.environment = environment_of(options_);
  spawn.descriptors = {-1, -1, STDERR_FILENO, theirs.get()};
  child_ = TRY(Child::spawn(spawn));
  socket_ = std::move(ours);
  child_started_ = BootClock::now();
  ++facts_.starts;
  return {};
}

// One frame; kTimeout at `until`, kConflict when cancelled, kUnavailable when the process is gone, kInvalid when it speaks nonsense.
Result<nvml::Answer> NvmlReader::receive(MonoTime until) {
  buffer_.resize(nvml::kFrameBytes + 1);
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - BootClock::now()).count();
    if (left <= 0) return make_error(ErrorCode::kTimeout, "no frame in time");
    std::array<pollfd, 2> fds{pollfd{socket_.get(), POLLIN, 0}, pollfd{cancelled_.get(), POLLIN, 0}};
    const int ready = ::poll(fds.data(), fds.size(), static_cast<int>(std::min<int64_t>(left, 60'000)));
    if (ready <= 0) continue;
    if (fds[1].revents != 0) return make_error(ErrorCode::kConflict, "the agent is stopping");
    const ssize_t got = ::recv(socket_.get(), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got <= 0) return make_error(ErrorCode::kUnavailable, "the process is gone");
    return nvml::decode_answer({buffer_.data(), static_cast<size_t>(got)});
  }
}

Result<GpuSample> NvmlReader::take_sample() {
  const std::string frame = nvml::encode(nvml::SampleRequest{++request_});
  if (::send(socket_.get(), frame.data(), frame.size(), MSG_NOSIGNAL | MSG_DONTWAIT) != static_cast<ssize_t>(frame.size())) return crashed();
  const MonoTime begun = BootClock::now();
  const MonoTime end = begun + options_.deadline * kWholeSampleDeadlines;
  nvml::CallMade call{"dlopen", {}};
  MonoTime call_made = begun;
  GpuSample sample;
  for (;;) {
    auto answer = receive(std::min(call_made + options_.deadline, end));
    if (!answer.ok()) {
      if (answer.error().code == ErrorCode::kTimeout) return hung(call, BootClock::now() - call_made);
      if (answer.error().code == ErrorCode::kUnavailable) return crashed();
      if (answer.error().code == ErrorCode::kInvalid) ++facts_.errors;
      return answer.error();
    }
    if (answer->id != request_) continue;
    call_made = BootClock::now();
    if (auto* made = std::get_if<nvml::CallMade>(&answer->what)) {
      call = std::move(*made);
    } else if (auto* gpu = std::get_if<GpuReading>(&answer->what)) {
      if (sample.gpus.size() < limits::kDevicesPerNode) sample.gpus.push_back(std::move(*gpu));
    } else if (auto* failed = std::get_if<nvml::SampleFailed>(&answer->what)) {
      ++facts_.errors;
      return make_error(ErrorCode::kUnavailable, failed->why);
    } else {
      auto& done = std::get<nvml::SampleDone>(answer->what);
      if (done.gpus != sample.gpus.size()) return make_error(ErrorCode::kInvalid, "the reader lost a GPU on the way");
      sample.driver_version = std::move(done.driver_version);
      sample.xids = std::move(done.xids);
      sample.failed_calls = std::move(done.failed_calls);
      return sample;
    }
  }
}

Error NvmlReader::hung(const nvml::CallMade& call, Duration after) {
  ++facts_.hangs;
  HungCall finding{facts_.hangs, call.name, call.gpu, "", after};
  if (call.gpu && known_.contains(*call.gpu)) finding.uuid = known_[*call.gpu].uuid;
  if (facts_.hung.size() == kHungKept) facts_.hung.erase(facts_.hung.begin());
  facts_.hung.push_back(finding);
  return make_error(ErrorCode::kTimeout, fmt::format("the driver call {}{} did not return within {}", call.name,
                                                     call.gpu ? fmt::format(" of GPU {}", *call.gpu) : "", format_span(after)));
}

Error NvmlReader::crashed() {
  ++facts_.crashes;
  return make_error(ErrorCode::kUnavailable, "assay-nvml-reader died in a driver call");
}

Error NvmlReader::fail(Error error, MonoTime now) {
  end_process();
  const Duration pause = kFirstPause * (int64_t{1} << std::min(failures_in_a_row_, 6U));
  pause_until_ = now + std::min<Duration>(pause, kLongestPause);
  ++failures_in_a_row_;
  last_error_ = error;
  return error;
}

void NvmlReader::end_process() {
  socket_.reset();
  facts_.stuck = child_ && !child_->kill_and_reap(kReapPatience);
  if (!facts_.stuck) child_.reset();
}

void NvmlReader::remember(GpuSample& sample) {
  for (GpuReading& gpu : sample.gpus) {
    GpuIdentity& known = known_[gpu.identity.index];
    if (!gpu.identity.uuid.empty()) {
      known = gpu.identity;
    } else if (!known.uuid.empty()) {
      gpu.identity = known;
    }
  }
}

}  // namespace assay::agent
