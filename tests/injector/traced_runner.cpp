// SPDX-License-Identifier: Apache-2.0
#include "tests/injector/traced_runner.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include <fmt/format.h>

namespace assay::injector {
namespace {

constexpr std::chrono::seconds kStartTime{20};
constexpr std::chrono::seconds kStopTime{2};
constexpr std::chrono::milliseconds kLook{1};
constexpr long kFollow = PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;

// In the child, up to the exec: waits until it is traced, then becomes the runner with the socket as descriptor 3. Only async-signal-safe calls.
[[noreturn]] void become(const char* program, int socket, int gate, const sigset_t& mask) {
  char byte = 0;
  if (::read(gate, &byte, 1) != 1) ::_exit(127);
  ::sigprocmask(SIG_SETMASK, &mask, nullptr);
  const int nowhere = ::open("/dev/null", O_RDWR);
  if (nowhere < 0) ::_exit(127);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(nowhere, fd);
  if (socket == probes::kRunnerDescriptor) {
    ::fcntl(socket, F_SETFD, 0);
  } else {
    ::dup2(socket, probes::kRunnerDescriptor);
  }
  const char* const arguments[] = {program, "--priority=normal", nullptr};
  const char* const environment[] = {"LC_ALL=C", nullptr};
  ::execve(program, const_cast<char* const*>(arguments), const_cast<char* const*>(environment));
  ::_exit(127);
}

UniqueFd open_proc(pid_t pid, const char* name, int flags) { return UniqueFd(::open(fmt::format("/proc/{}/{}", pid, name).c_str(), flags | O_CLOEXEC)); }

}  // namespace

Result<std::unique_ptr<TracedRunner>> TracedRunner::start(const std::filesystem::path& runner) {
  std::array<int, 2> ends{};
  std::array<int, 2> gate{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0 || ::pipe2(gate.data(), O_CLOEXEC) != 0) return errno_error(errno, "socketpair");
  UniqueFd ours(ends[0]);
  const UniqueFd theirs(ends[1]);
  const UniqueFd gate_read(gate[0]);
  const UniqueFd gate_write(gate[1]);
  sigset_t chld;
  sigset_t before;
  ::sigemptyset(&chld);
  ::sigaddset(&chld, SIGCHLD);
  ::pthread_sigmask(SIG_BLOCK, &chld, &before);
  ::sigdelset(&before, SIGCHLD);
  UniqueFd signals(::signalfd(-1, &chld, SFD_CLOEXEC | SFD_NONBLOCK));
  const pid_t pid = ::fork();
  if (pid < 0) return errno_error(errno, "fork");
  if (pid == 0) become(runner.c_str(), theirs.get(), gate_read.get(), before);
  std::unique_ptr<TracedRunner> traced(new TracedRunner(pid, std::move(ours), std::move(signals)));
  if (::ptrace(PTRACE_SEIZE, pid, nullptr, kFollow) != 0) {
    return make_error(ErrorCode::kPermission, fmt::format("ptrace is not allowed here: {}", errno_error(errno, "PTRACE_SEIZE").message));
  }
  TRY(write_all(gate_write.get(), "x"));
  TRY(traced->follow_exec());
  return traced;
}

TracedRunner::TracedRunner(pid_t pid, UniqueFd socket, UniqueFd signals)
    : pid_(pid), socket_(std::move(socket)), signals_(std::move(signals)), threads_{pid} {}

TracedRunner::~TracedRunner() {
  ::kill(pid_, SIGKILL);
  while (!gone_) {
    int status = 0;
    const pid_t thread = ::waitpid(-1, &status, __WALL);
    if (thread < 0) return;
    if (thread == pid_ && (WIFEXITED(status) || WIFSIGNALED(status))) gone_ = true;
  }
}

Status TracedRunner::follow_exec() {
  const MonoTime deadline = BootClock::now() + kStartTime;
  while (!executed_ && !gone_ && BootClock::now() < deadline) {
    wait_for_something(deadline);
    take_events();
  }
  if (!executed_) return make_error(ErrorCode::kUnavailable, "the runner could not be started");
  return {};
}

Status TracedRunner::send(const probes::RunRequest& request) { return probes::write_frame(socket_.get(), encode(request)); }

void TracedRunner::wait_for_something(MonoTime until) {
  const auto left = std::max<Duration>(until - BootClock::now(), Duration::zero());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
  const timespec timeout{seconds.count(), static_cast<long>(std::chrono::nanoseconds(left - seconds).count())};
  std::array<pollfd, 2> waiting{pollfd{socket_.get(), POLLIN, 0}, pollfd{signals_.get(), POLLIN, 0}};
  const nfds_t count = waiting.size();
  [[maybe_unused]] const int ready = ::ppoll(waiting.data(), count, &timeout, nullptr);
  signalfd_siginfo ignored{};
  while (::read(signals_.get(), &ignored, sizeof ignored) > 0) {
  }
  if ((waiting[0].revents & POLLIN) == 0 || !executed_ || ending_.frame) return;
  auto frame = probes::read_frame(socket_.get());
  if (frame.ok() && frame->has_value()) ending_.frame = std::move(**frame);
}

bool TracedRunner::run_until(MonoTime time) {
  take_events();
  while (!ending_.frame && !ending_.ended) {
    if (BootClock::now() >= time) return false;
    wait_for_something(time);
    take_events();
  }
  return true;
}

void TracedRunner::take_events() {
  for (;;) {
    int status = 0;
    const pid_t thread = ::waitpid(-1, &status, __WALL | WNOHANG);
    if (thread <= 0) return;
    take_event(thread, status);
  }
}

void TracedRunner::take_event(pid_t thread, int status) {
  if (WIFEXITED(status) || WIFSIGNALED(status)) {
    threads_.erase(thread);
    if (thread == pid_) gone_ = ending_.ended = true;
    return;
  }
  threads_.insert(thread);
  const int event = status >> 16;
  int deliver = 0;
  if (event == PTRACE_EVENT_EXEC) {
    memory_ = open_proc(pid_, "mem", O_RDWR);
    maps_ = open_proc(pid_, "maps", O_RDONLY);
    pagemap_ = open_proc(pid_, "pagemap", O_RDONLY);
    executed_ = true;
  } else if (event == 0) {
    deliver = WSTOPSIG(status);
  }
  // Any trap clears an interrupt that is pending (ptrace_stop() of the kernel), so any but that of a signal is as good as the one asked for.
  if (thread == wanted_ && event != 0) {
    stopped_ = true;
    return;
  }
  ::ptrace(PTRACE_CONT, thread, nullptr, static_cast<long>(deliver));
  if (thread == wanted_) ::ptrace(PTRACE_INTERRUPT, thread, nullptr, nullptr);
}

pid_t TracedRunner::thread_to_stop() const {
  for (const pid_t thread : threads_) {
    const auto name = read_file(fmt::format("/proc/{}/task/{}/comm", pid_, thread), 64);
    if (name && name->starts_with("probe-")) return thread;
  }
  return pid_;
}

bool TracedRunner::stop(pid_t thread) {
  wanted_ = thread;
  stopped_ = false;
  if (::ptrace(PTRACE_INTERRUPT, thread, nullptr, nullptr) != 0) return false;
  // Every thread is looked after meanwhile: this one may wait for another that has come to a stop of its own.
  const MonoTime deadline = BootClock::now() + kStopTime;
  take_events();
  while (!stopped_ && threads_.contains(thread) && BootClock::now() < deadline) {
    wait_for_something(std::min(deadline, BootClock::now() + kLook));
    take_events();
  }
  if (!stopped_) wanted_ = 0;
  return stopped_;
}

void TracedRunner::resume(pid_t thread) {
  wanted_ = 0;
  stopped_ = false;
  ::ptrace(PTRACE_CONT, thread, nullptr, nullptr);
}

}  // namespace assay::injector
