// SPDX-License-Identifier: Apache-2.0
#include "common/base/subprocess.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

namespace assay {
namespace {

// Everything the child needs, laid out before fork: between fork and exec only async-signal-safe calls are allowed.
struct ChildPlan {
  std::vector<char*> argv;
  std::vector<char*> envp;
  std::vector<int> descriptors;
  const char* program = nullptr;
  pid_t parent = 0;
  bool die_with_parent = true;
  int error_fd = -1;
};

[[noreturn]] void child_fail(int error_fd) {
  const int problem = errno;
  [[maybe_unused]] const ssize_t written = ::write(error_fd, &problem, sizeof problem);
  ::_exit(127);
}

// Moves every wanted descriptor out of the way first, then into place, so that overlapping numbers cannot clobber.
void place_descriptors(ChildPlan& plan) {
  const int count = static_cast<int>(plan.descriptors.size());
  plan.error_fd = ::fcntl(plan.error_fd, F_DUPFD_CLOEXEC, count + 64);
  if (plan.error_fd < 0) ::_exit(127);
  for (int& fd : plan.descriptors) {
    const int source = fd >= 0 ? fd : ::open("/dev/null", O_RDWR | O_CLOEXEC);
    fd = ::fcntl(source, F_DUPFD_CLOEXEC, count + 65);
    if (fd < 0) child_fail(plan.error_fd);
  }
  for (int i = 0; i < count; ++i) {
    if (::dup2(plan.descriptors[static_cast<size_t>(i)], i) < 0) child_fail(plan.error_fd);
  }
  // Whatever else is open here, or was when this process began, is not the child's: closed at exec (Linux 5.11; elsewhere our own
  // descriptors are close-on-exec anyway).
  constexpr unsigned kCloseOnExec = 1U << 2;  // CLOSE_RANGE_CLOEXEC
  ::syscall(SYS_close_range, static_cast<unsigned>(count), ~0U, kCloseOnExec);
}

[[noreturn]] void run_child(ChildPlan& plan) {
  ::setpgid(0, 0);
  place_descriptors(plan);
  if (plan.die_with_parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != plan.parent) ::_exit(127);
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGHUP}) ::signal(signal, SIG_DFL);
  ::execve(plan.program, plan.argv.data(), plan.envp.data());
  child_fail(plan.error_fd);
}

ExitStatus decode(int status) {
  if (WIFSIGNALED(status)) return {std::nullopt, WTERMSIG(status)};
  return {WEXITSTATUS(status), std::nullopt};
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (const std::string& text : texts) out.push_back(const_cast<char*>(text.c_str()));  // NOLINT: execve's signature
  out.push_back(nullptr);
  return out;
}

}  // namespace

std::string to_string(const ExitStatus& status) {
  if (status.signal) return fmt::format("signal {} ({})", *status.signal, ::strsignal(*status.signal));
  return fmt::format("exit code {}", status.code.value_or(-1));
}

Child::Child(pid_t pid, UniqueFd pidfd) : pid_(pid), pidfd_(std::move(pidfd)) {}
Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), pidfd_(std::move(other.pidfd_)), status_(std::exchange(other.status_, {})) {}
Child& Child::operator=(Child&& other) noexcept {
  if (this != &other) {
    kill_and_reap(std::chrono::seconds{1});
    pid_ = std::exchange(other.pid_, -1);
    pidfd_ = std::move(other.pidfd_);
    status_ = std::exchange(other.status_, {});
  }
  return *this;
}
Child::~Child() { kill_and_reap(std::chrono::seconds{1}); }

Result<Child> Child::spawn(const SpawnOptions& options) {
  std::array<int, 2> report{};
  if (::pipe2(report.data(), O_CLOEXEC) != 0) return errno_error(errno, "pipe");
  const UniqueFd report_read(report[0]);
  UniqueFd report_write(report[1]);

  std::vector<std::string> arguments{options.program.string()};
  arguments.insert(arguments.end(), options.arguments.begin(), options.arguments.end());
  ChildPlan plan{pointers(arguments), pointers(options.environment), options.descriptors, options.program.c_str(),
                 ::getpid(),          options.die_with_parent,       report_write.get()};
  const pid_t pid = ::fork();
  if (pid < 0) return errno_error(errno, "fork");
  if (pid == 0) run_child(plan);

  ::setpgid(pid, pid);  // in both processes, so that neither can be first and find it undone
  report_write.reset();
  Child child(pid, UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))));
  int problem = 0;
  ssize_t got = 0;
  do {
    got = ::read(report_read.get(), &problem, sizeof problem);
  } while (got < 0 && errno == EINTR);
  if (got == static_cast<ssize_t>(sizeof problem)) return errno_error(problem, options.program.string());
  return child;
}

std::optional<ExitStatus> Child::poll() {
  if (status_ || pid_ < 0) return status_;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) == pid_) {
    status_ = decode(status);
    ::kill(-pid_, SIGKILL);  // grandchildren that were left behind
    pidfd_.reset();
  }
  return status_;
}

void Child::kill_group(int signal) {
  if (pid_ > 0 && !status_) ::kill(-pid_, signal);
}

bool Child::kill_and_reap(Duration patience) {
  if (pid_ < 0 || poll()) return true;
  kill_group(SIGKILL);
  pollfd waiting{pidfd_.get(), POLLIN, 0};
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(patience).count();
  [[maybe_unused]] const int ready = ::poll(&waiting, 1, static_cast<int>(std::min<int64_t>(ms, 60'000)));
  return poll().has_value();
}

namespace {

struct Pipe {
  UniqueFd read;
  UniqueFd write;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return errno_error(errno, "pipe");
  return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

// Appends what is there, up to the limit; false at end of file.
bool drain(UniqueFd& fd, std::string& into, size_t limit) {
  std::array<char, 4096> chunk{};
  const ssize_t got = ::read(fd.get(), chunk.data(), chunk.size());
  if (got < 0) return errno == EINTR || errno == EAGAIN;
  if (got == 0) return false;
  into.append(chunk.data(), std::min(static_cast<size_t>(got), limit - std::min(limit, into.size())));
  return true;
}

// Feeds stdin and collects stdout and stderr until both are closed, or the deadline.
class Pump {
 public:
  Pump(const RunOptions& options, UniqueFd in, UniqueFd out, UniqueFd err, RunOutcome& outcome)
      : options_(options), rest_(options.input), in_(std::move(in)), out_(std::move(out)), err_(std::move(err)), outcome_(outcome) {
    ::fcntl(in_.get(), F_SETFL, O_NONBLOCK);
    if (rest_.empty()) in_.reset();
  }

  // True when all pipes were closed before the deadline and before anybody cancelled.
  bool run(MonoTime deadline) {
    while (out_.valid() || err_.valid()) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - BootClock::now()).count();
      if (left <= 0) return false;
      std::array<pollfd, 4> fds{pollfd{in_.get(), POLLOUT, 0}, pollfd{out_.get(), POLLIN, 0}, pollfd{err_.get(), POLLIN, 0},
                                pollfd{options_.cancel_fd, POLLIN, 0}};
      if (::poll(fds.data(), fds.size(), static_cast<int>(std::min<int64_t>(left, 60'000))) < 0 && errno != EINTR) return false;
      if (fds[3].revents != 0) {
        outcome_.cancelled = true;
        return false;
      }
      if (fds[0].revents != 0) feed();
      if (fds[1].revents != 0 && !drain(out_, outcome_.standard_output, options_.max_output_bytes)) out_.reset();
      if (fds[2].revents != 0 && !drain(err_, outcome_.standard_error, options_.max_output_bytes)) err_.reset();
    }
    return true;
  }

 private:
  void feed() {
    const ssize_t put = ::write(in_.get(), rest_.data(), rest_.size());
    if (put > 0) rest_.remove_prefix(static_cast<size_t>(put));
    if (rest_.empty() || (put < 0 && errno != EAGAIN && errno != EINTR)) in_.reset();
  }

  const RunOptions& options_;
  std::string_view rest_;
  UniqueFd in_, out_, err_;
  RunOutcome& outcome_;
};

}  // namespace

Result<RunOutcome> run_process(const RunOptions& options) {
  Pipe in = TRY(make_pipe());
  Pipe out = TRY(make_pipe());
  Pipe err = TRY(make_pipe());
  SpawnOptions spawn = options.spawn;
  spawn.descriptors = {in.read.get(), out.write.get(), err.write.get()};
  const MonoTime start = BootClock::now();
  Child child = TRY(Child::spawn(spawn));
  in.read.reset();
  out.write.reset();
  err.write.reset();

  RunOutcome outcome;
  Pump pump(options, std::move(in.write), std::move(out.read), std::move(err.read), outcome);
  bool in_time = pump.run(start + options.deadline);
  if (in_time) {
    std::array<pollfd, 2> waiting{pollfd{child.pidfd(), POLLIN, 0}, pollfd{options.cancel_fd, POLLIN, 0}};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(start + options.deadline - BootClock::now()).count();
    in_time = child.poll().has_value() ||
              ::poll(waiting.data(), waiting.size(), static_cast<int>(std::clamp<int64_t>(left, 0, 600'000))) > 0;
    outcome.cancelled = in_time && waiting[0].revents == 0 && waiting[1].revents != 0;
    in_time = in_time && !outcome.cancelled;
  }
  outcome.timed_out = !in_time && !outcome.cancelled;
  if (!in_time && !child.kill_and_reap(std::chrono::seconds{2})) {
    return make_error(ErrorCode::kTimeout, fmt::format("{}: could not be killed at its deadline", options.spawn.program.string()));
  }
  outcome.status = child.poll().value_or(ExitStatus{std::nullopt, SIGKILL});
  outcome.took = BootClock::now() - start;
  return outcome;
}

}  // namespace assay
