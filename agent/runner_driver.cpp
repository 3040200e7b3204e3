// SPDX-License-Identifier: Apache-2.0
#include "agent/runner_driver.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

#include <fmt/format.h>

#include "common/base/bytes.h"
#include "common/base/check.h"
#include "common/base/log.h"
#include "common/base/parse.h"
#include "common/model/limits.h"

namespace assay::agent {
namespace {

constexpr std::chrono::milliseconds kReapPatience{100};
constexpr std::chrono::milliseconds kFirstPause{100};
constexpr std::chrono::seconds kLongestPause{30};
constexpr size_t kLengthBytes = 4;

std::vector<std::string> minimal_environment() {
  std::vector<std::string> environment = probes::runner_environment();
  // So that the runner's log lines carry their priority as ours do.
  if (const char* stream = std::getenv("JOURNAL_STREAM")) environment.push_back(fmt::format("JOURNAL_STREAM={}", stream));  // NOLINT(concurrency-mt-unsafe)
  return environment;
}

// Whether what has arrived begins with a length that no frame may have.
bool announces_too_much(std::string_view incoming) {
  if (incoming.size() < kLengthBytes) return false;
  return ByteReader(incoming.substr(0, kLengthBytes)).u32() > limits::kRunnerFrameBytes;
}

// Whether a unit's claim holds together.
bool is_consistent(const UnitResult& unit) {
  if (unit.mismatches > unit.runs || unit.set_count == 0) return false;
  switch (unit.outcome) {
    case Outcome::kMatch: return unit.runs > 0 && unit.mismatches == 0 && unit.reason == Inconclusive::kNone;
    case Outcome::kMismatch: return unit.mismatches > 0 && unit.reason == Inconclusive::kNone;
    case Outcome::kInconclusive: return unit.reason != Inconclusive::kNone;
  }
  return false;
}

// A probe between CPUs has threads on several, all charged to the unit that ran it. A runner at idle priority takes from others only the time it computes, not the time it waits for its core.
Duration occupied_by(const probes::RunResult& answer, Duration elapsed) {
  Duration busy{};
  for (const probes::UnitRun& run : answer.units) busy += std::clamp(run.result.busy, Duration::zero(), elapsed * limits::kCpusPerUnitRun);
  if (busy == Duration::zero() || answer.units.empty()) return std::clamp(answer.took, Duration::zero(), elapsed);
  return busy / static_cast<int64_t>(answer.units.size());
}

}  // namespace

SliceResult checked_result(const SliceOrder& order, const probes::RunResult& answer, bool had_goldens, WallTime started, Duration elapsed) {
  bool fits = answer.units.size() == order.work.size() && answer.id == order.id && answer.synthetic == order.synthetic &&
              (order.variant.empty() || answer.variant == order.variant);
  for (size_t i = 0; fits && i < answer.units.size(); ++i) {
    const UnitResult& unit = answer.units[i].result;
    fits = unit.unit == order.work[i].unit && unit.first_set == order.work[i].first_set && is_consistent(unit);
  }
  if (!fits) return failed_result(order, Inconclusive::kRunnerError, started, elapsed);

  SliceResult result;
  result.observation.probe = order.probe->ref;
  result.observation.variant = answer.variant;
  result.observation.synthetic = order.synthetic;
  result.observation.started = started;
  result.observation.took = std::clamp(answer.took, Duration::zero(), elapsed);
  result.occupied = occupied_by(answer, elapsed);
  result.golden_rehash_ok = answer.golden_rehash_ok;
  // A replay (it has a limit) is a program of the site: nothing in the runner compared what it says.
  const bool voted = !has_golden(order.probe->tier) && order.probe->run_limit == Duration::zero() && probes::could_vote(answer);
  for (const probes::UnitRun& run : answer.units) {
    UnitResult unit = run.result;
    if (!had_goldens && !voted && unit.outcome != Outcome::kInconclusive) {
      unit.outcome = Outcome::kInconclusive;
      unit.reason = Inconclusive::kNoGolden;
      unit.mismatches = 0;
    }
    result.observation.units.push_back(std::move(unit));
    result.digests.push_back(run.digests);
  }
  return result;
}

RunnerDriver::RunnerDriver(RunnerOptions options, FsRoot root) : options_(std::move(options)), root_(std::move(root)) {}

void RunnerDriver::reconfigure(RunnerOptions options) {
  const bool restart = options.program != options_.program || options.arguments != options_.arguments;
  options_ = std::move(options);
  if (restart) retire();
}

Status RunnerDriver::spawn() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return errno_error(errno, "socketpair");
  UniqueFd ours(ends[0]);
  const UniqueFd theirs(ends[1]);
  if (::fcntl(ours.get(), F_SETFL, O_NONBLOCK) != 0) return errno_error(errno, "socketpair");
  SpawnOptions spawn;
  spawn.program = options_.program;
  spawn.arguments = options_.arguments;
  spawn.environment = minimal_environment();
  spawn.descriptors = {-1, -1, STDERR_FILENO, theirs.get()};
  child_ = TRY(Child::spawn(spawn));
  socket_ = std::move(ours);
  incoming_.clear();
  outgoing_.clear();
  ++facts_.starts;
  return {};
}

void RunnerDriver::start(const SliceOrder& order, const probes::RunRequest& request, Instant now) {
  ASSAY_CHECK(!order_);
  order_ = order;
  had_goldens_ = !request.goldens.empty();
  started_ = now;
  // Two halves: at the first, note who waits for a core; at the second, judge.
  deadline_ = now.mono + request.budget + options_.margin / 2;
  times_before_.reset();
  broken_ = false;
  if (child_ && child_->poll()) end_process();  // died while idle
  host_before_ = child_ ? host_time() : Duration::zero();  // what it takes to start one belongs to the slice
  if (!child_) {
    const Status started = spawn();
    if (!started.ok()) {
      if (failures_in_a_row_ == 0) log::error("the runner cannot be started: {}; probing stands still until it can", started.error().message);
      broken_ = true;
      return;
    }
  }
  const std::string frame = encode(request);
  ByteWriter writer;
  writer.text(frame);  // a u32 length, then the bytes: what read_frame() expects
  outgoing_ = writer.take();
  broken_ = !flush();
}

bool RunnerDriver::flush() {
  while (!outgoing_.empty()) {
    const ssize_t put = ::send(socket_.get(), outgoing_.data(), outgoing_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (put > 0) {
      outgoing_.erase(0, static_cast<size_t>(put));
    } else if (errno == EAGAIN) {
      return true;
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

// False at the end of file or a broken socket.
bool RunnerDriver::read_some() {
  std::array<char, 16 * 1024> chunk{};
  for (;;) {
    const ssize_t got = ::recv(socket_.get(), chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (got > 0) {
      incoming_.append(chunk.data(), static_cast<size_t>(got));
      if (incoming_.size() > limits::kRunnerFrameBytes + kLengthBytes) return false;
    } else if (got == 0) {
      return false;
    } else if (errno == EAGAIN) {
      return true;
    } else if (errno != EINTR) {
      return false;
    }
  }
}

std::optional<std::string> RunnerDriver::take_frame() {
  if (incoming_.size() < kLengthBytes) return std::nullopt;
  const size_t size = ByteReader(std::string_view(incoming_).substr(0, kLengthBytes)).u32();
  if (announces_too_much(incoming_) || incoming_.size() < kLengthBytes + size) return std::nullopt;
  std::string frame = incoming_.substr(kLengthBytes, size);
  incoming_.erase(0, kLengthBytes + size);
  return frame;
}

void RunnerDriver::descriptors(std::vector<pollfd>& into) const {
  if (socket_.valid()) into.push_back({socket_.get(), static_cast<short>(outgoing_.empty() ? POLLIN : POLLIN | POLLOUT), 0});
  for (const Child& child : lingering_) into.push_back({child.pidfd(), POLLIN, 0});
}

MonoTime RunnerDriver::wake_at() const {
  if (broken_) return MonoTime::min();
  return order_ ? deadline_ : MonoTime::max();
}

std::optional<SliceResult> RunnerDriver::advance(Instant now) {
  std::erase_if(lingering_, [](Child& child) { return child.poll().has_value(); });
  if (!order_) {
    // Nothing is expected: an end of file is the end of the process.
    if (socket_.valid() && (!read_some() || !incoming_.empty())) end_process();
    return std::nullopt;
  }
  if (broken_) return fail(Inconclusive::kRunnerError, now);
  const bool alive = flush() && read_some();
  if (auto frame = take_frame()) return decode(*frame, now);
  if (announces_too_much(incoming_)) return fail(Inconclusive::kRunnerError, now);
  if (!alive || (child_ && child_->poll())) return fail(incoming_.empty() ? Inconclusive::kCrash : Inconclusive::kRunnerError, now);
  if (now.mono >= deadline_) return judge_deadline(now);
  return std::nullopt;
}

std::map<std::string, RunnerDriver::ThreadTimes> RunnerDriver::thread_times() const {
  std::map<std::string, ThreadTimes> by_thread;
  const std::string tasks = fmt::format("/proc/{}/task", child_->pid());
  for (const std::string& thread : root_.list(tasks)) {
    const auto times = root_.text(fmt::format("{}/{}/schedstat", tasks, thread));
    const auto stat = root_.text(fmt::format("{}/{}/stat", tasks, thread));
    if (!times) continue;
    const auto fields = split(*times, ' ');
    if (fields.size() < 2) continue;
    const auto ran = parse_u64(fields[0]);
    const auto waited = parse_u64(fields[1]);
    // "PID (NAME) STATE ...": the name may hold anything, so the state is what follows the last parenthesis.
    const size_t name_end = stat ? stat->rfind(')') : std::string::npos;
    const bool runnable = name_end != std::string::npos && name_end + 2 < stat->size() && (*stat)[name_end + 2] == 'R';
    if (ran.ok() && waited.ok()) by_thread[thread] = {*ran, *waited, runnable};
  }
  return by_thread;
}

Duration RunnerDriver::host_time() const {
  if (!options_.measures_host || !child_) return {};
  const auto times = root_.text(fmt::format("/proc/{}/schedstat", child_->pid()));  // of the main thread alone, as the kernel has it
  const auto ran = parse_u64(times ? split(*times, ' ')[0] : "");
  return ran.ok() ? Duration{static_cast<Duration::rep>(*ran)} : Duration::zero();
}

bool RunnerDriver::starved_for(Duration window) const {
  const auto half = static_cast<uint64_t>(window.count()) / 2;
  for (const auto& [thread, times] : thread_times()) {
    const auto before = times_before_->find(thread);
    const ThreadTimes since = before == times_before_->end() ? ThreadTimes{} : before->second;
    const uint64_t ran = times.ran_ns - std::min(times.ran_ns, since.ran_ns);
    const uint64_t waited = times.waited_ns - std::min(times.waited_ns, since.waited_ns);
    if (waited >= half || (times.runnable && ran < half)) return true;
  }
  return false;
}

std::optional<SliceResult> RunnerDriver::judge_deadline(Instant now) {
  const Duration window = options_.margin / 2;
  if (!times_before_) {
    times_before_ = thread_times();
    deadline_ = now.mono + window;
    return std::nullopt;
  }
  if (!starved_for(window)) return fail(Inconclusive::kHang, now);
  if (now.mono - started_.mono >= order_->budget + options_.longest) return fail(Inconclusive::kStopped, now);
  times_before_.reset();
  deadline_ = now.mono;  // at once: the next window begins
  return judge_deadline(now);
}

std::optional<SliceResult> RunnerDriver::decode(const std::string& frame, Instant now) {
  const auto answer = probes::decode_result(frame);
  if (!answer.ok()) {
    log::warning("runner: {}", answer.error().message);
    return fail(Inconclusive::kRunnerError, now);
  }
  if (!answer->detail.empty()) log::debug("runner: {}", answer->detail);
  SliceResult result = checked_result(*order_, *answer, had_goldens_, started_.wall, now.mono - started_.mono);
  const bool nonsense = std::any_of(result.observation.units.begin(), result.observation.units.end(), [](const UnitResult& unit) {
    return unit.reason == Inconclusive::kRunnerError;
  });
  if (nonsense) return fail(Inconclusive::kRunnerError, now);
  failures_in_a_row_ = 0;
  result.host = std::max(Duration::zero(), host_time() - host_before_);
  return finish(std::move(result));
}

std::optional<SliceResult> RunnerDriver::finish(SliceResult result) {
  order_.reset();
  times_before_.reset();
  if (retire_when_idle_) end_process();
  return result;
}

std::optional<SliceResult> RunnerDriver::fail(Inconclusive reason, Instant now) {
  if (reason == Inconclusive::kHang) ++facts_.hangs;
  if (reason == Inconclusive::kCrash) ++facts_.crashes;
  if (reason == Inconclusive::kRunnerError) ++facts_.errors;
  if (reason == Inconclusive::kCrash && child_) {
    if (const auto status = child_->poll()) log::warning("the runner ended by {} while it ran {}", to_string(*status), to_string(order_->probe->ref));
  }
  const Duration occupied = reason == Inconclusive::kStopped ? work_time(*order_) : now.mono - started_.mono;
  SliceResult result = failed_result(*order_, reason, started_.wall, occupied);
  result.host = std::max(Duration::zero(), host_time() - host_before_);
  end_process();
  const uint32_t doublings = std::min(failures_in_a_row_++, 20U);
  pause_until_ = now.mono + std::min<Duration>(kLongestPause, kFirstPause * (1LL << doublings));
  broken_ = false;
  return finish(std::move(result));
}

void RunnerDriver::end_process() {
  retire_when_idle_ = false;
  socket_.reset();
  incoming_.clear();
  outgoing_.clear();
  if (child_ && !child_->kill_and_reap(kReapPatience)) lingering_.push_back(std::move(*child_));
  child_.reset();
}

void RunnerDriver::retire() {
  if (order_) {
    retire_when_idle_ = true;
  } else {
    end_process();
  }
}

void RunnerDriver::stop() {
  order_.reset();
  end_process();
}

}  // namespace assay::agent
