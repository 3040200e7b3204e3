// SPDX-License-Identifier: Apache-2.0
#include "ctl/runner_session.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include <fmt/format.h>

#include "common/base/subprocess.h"
#include "common/crypto/signed_manifest.h"
#include "common/model/limits.h"

namespace assay::ctl {
namespace {

constexpr std::chrono::seconds kDiscoverTime{20};
constexpr std::chrono::seconds kReapTime{2};

bool is_there(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

// The runner needs nothing of the user's environment.
std::vector<std::string> runner_environment() { return {"PATH=/usr/bin:/bin", "LC_ALL=C"}; }

// This machine's name, as an agent would use it by default; "local" when it cannot be one.
std::string node_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || !is_valid_name(name.data())) return "local";
  return name.data();
}

// A runner and our end of its socket.
class Connection {
 public:
  Connection(Child child, UniqueFd socket) : child_(std::move(child)), socket_(std::move(socket)) {}
  int socket() const { return socket_.get(); }

  // One frame; absent when the runner died, hung or spoke nonsense: then how_it_ended() and reason() tell.
  std::optional<std::string> receive(MonoTime deadline) {
    pollfd waiting{socket_.get(), POLLIN, 0};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - BootClock::now()).count();
    if (::poll(&waiting, 1, static_cast<int>(std::clamp<int64_t>(left, 1, 600'000))) <= 0) {
      ended("it did not answer in time and was killed", Inconclusive::kHang);
      return std::nullopt;
    }
    auto frame = probes::read_frame(socket_.get());
    if (frame.ok() && frame->has_value()) return *std::move(frame);
    pollfd ending{child_.pidfd(), POLLIN, 0};
    if (::poll(&ending, 1, kEndingMs) <= 0) {
      ended("it closed its connection and did not end", Inconclusive::kHang);
    } else if (const auto status = child_.poll()) {
      ended("it ended by " + to_string(*status), status->signal ? Inconclusive::kCrash : Inconclusive::kRunnerError);
    }
    return std::nullopt;
  }
  const std::string& how_it_ended() const { return how_it_ended_; }
  Inconclusive reason() const { return reason_; }

 private:
  static constexpr int kEndingMs = 2000;
  void ended(std::string how, Inconclusive reason) {
    how_it_ended_ = std::move(how);
    reason_ = reason;
    child_.kill_and_reap(kReapTime);
  }
  Child child_;
  UniqueFd socket_;
  std::string how_it_ended_ = "it could not be asked";
  Inconclusive reason_ = Inconclusive::kRunnerError;
};

Result<Connection> start_runner(const std::filesystem::path& runner, std::vector<std::string> arguments, int standard_error) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return errno_error(errno, "socketpair");
  UniqueFd ours(ends[0]);
  const UniqueFd theirs(ends[1]);
  // Once an answer has begun to arrive it is whole within moments: a runner that stalls in the middle must not hold us.
  const timeval stall{5, 0};
  ::setsockopt(ours.get(), SOL_SOCKET, SO_RCVTIMEO, &stall, sizeof stall);
  SpawnOptions spawn;
  spawn.program = runner;
  spawn.arguments = std::move(arguments);
  spawn.environment = runner_environment();
  spawn.descriptors = {-1, -1, standard_error, theirs.get()};
  return Connection(TRY(Child::spawn(spawn)), std::move(ours));
}

}  // namespace

Result<std::filesystem::path> find_runner(const Settings& settings, const std::filesystem::path& program) {
  const std::filesystem::path runner =
      settings.runner.empty() ? program.parent_path() / "assay-probe-runner" : std::filesystem::absolute(settings.runner);
  if (!is_there(runner)) {
    return make_error(ErrorCode::kUnavailable, fmt::format("{} is not there: install it, or name it with --runner", runner.string()));
  }
  return runner;
}

Result<std::filesystem::path> find_goldens(const Settings& settings, const std::filesystem::path& program) {
  if (!settings.goldens.empty()) return settings.goldens;
  const auto installed = program.parent_path().parent_path() / "share/assay/goldens";
  if (is_there(installed / "MANIFEST")) return installed;
  // build/release/bin/assayctl and the like: a few levels up is the source tree.
  std::filesystem::path folder = program.parent_path();
  constexpr int kLevels = 4;
  for (int level = 0; level < kLevels; ++level, folder = folder.parent_path()) {
    if (is_there(folder / "probes/goldens/MANIFEST")) return folder / "probes/goldens";
  }
  return make_error(ErrorCode::kNotFound, "no golden set found beside assayctl: name its folder with --goldens");
}

Result<probes::GoldenSet> load_goldens(const std::filesystem::path& folder, std::string_view key_hex) {
  auto set = TRY(probes::GoldenSet::load(folder));
  const Status trusted = crypto::verify_manifest(set.manifest(), set.signature(), key_hex, set.files());
  if (!trusted.ok()) return trusted.error().in(folder.string());
  return set;
}

Result<RunnerInventory> RunnerSession::inventory() const {
  Connection connection = TRY(start_runner(runner_, {"--discover", "--node", node_name()}, -1));
  const MonoTime deadline = BootClock::now() + kDiscoverTime;
  const std::optional<std::string> listed = connection.receive(deadline);
  if (!listed) {
    return make_error(ErrorCode::kUnavailable, fmt::format("{} --discover gave no device list: {}", runner_.string(), connection.how_it_ended()));
  }
  RunnerInventory inventory;
  inventory.devices = TRY(probes::decode_devices(*listed));
  if (const auto offered = connection.receive(deadline)) inventory.variants = TRY(probes::decode_variants(*offered));
  return inventory;
}

Result<std::vector<Device>> RunnerSession::discover() const { return TRY(inventory()).devices; }

Result<RunnerAnswer> RunnerSession::run(const probes::RunRequest& request, Duration patience) const {
  std::vector<std::string> arguments = {"--priority", "normal"};   // a person is waiting
  if (request.injection.shape != FaultShape::kNone) arguments.emplace_back("--allow-injection");
  const MonoTime deadline = BootClock::now() + request.budget + patience;
  Connection connection = TRY(start_runner(runner_, std::move(arguments), STDERR_FILENO));
  const std::string bytes = probes::encode(request);
  if (bytes.size() > limits::kRunnerFrameBytes) return make_error(ErrorCode::kLimit, "the request is larger than the runner takes");
  std::optional<std::string> frame;
  if (probes::write_frame(connection.socket(), bytes).ok()) frame = connection.receive(deadline);
  RunnerAnswer answer;
  if (!frame) {
    answer.detail = connection.how_it_ended();
    answer.reason = connection.reason();
    return answer;
  }
  auto result = probes::decode_result(*frame);
  if (result) {
    answer.result = std::move(result).value();
  } else {
    answer.reason = Inconclusive::kRunnerError;
    answer.detail = result.error().message;
  }
  return answer;
}

Result<Device> choose_device(const std::vector<Device>& devices, std::string_view id, uint32_t socket) {
  for (const Device& device : devices) {
    if (!id.empty() && device.id == id) return device;
  }
  for (const Device& device : devices) {
    if (device.kind == DeviceKind::kCpuSocket && device.socket == socket) return device;
  }
  return make_error(ErrorCode::kNotFound, fmt::format("this machine has no CPU socket {}", socket));
}

}  // namespace assay::ctl
