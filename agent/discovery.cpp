// SPDX-License-Identifier: Apache-2.0
#include "agent/discovery.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <set>

#include <fmt/format.h>

#include "agent/core/device_choice.h"
#include "common/base/bytes.h"
#include "common/base/subprocess.h"
#include "common/model/limits.h"
#include "probes/runner/protocol.h"

namespace assay::agent {
namespace {

constexpr std::chrono::milliseconds kReapPatience{100};

Error failed(const DiscoveryOptions& options, std::string_view why, ErrorCode code = ErrorCode::kUnavailable) {
  const std::string of = options.backend == kHostBackend ? "" : " --backend " + options.backend;
  return make_error(code, fmt::format("{} --discover{}: {}", options.runner.string(), of, why));
}

Status check(const std::vector<Device>& devices, const DiscoveryOptions& options) {
  if (devices.empty() && options.backend == kHostBackend) return failed(options, "no device was found on this machine");
  if (devices.size() > limits::kDevicesPerNode) return failed(options, fmt::format("more than {} devices", limits::kDevicesPerNode));
  std::set<std::string> ids;
  for (const Device& device : devices) {
    const bool fine = is_valid_name(device.id) && !device.units.empty() && device.units.size() <= limits::kUnitsPerDevice && ids.insert(device.id).second;
    if (!fine) return failed(options, fmt::format("device '{}' is listed twice, has no units or no valid id", device.id.substr(0, 80)));
  }
  return {};
}

Result<Discovered> decode(const std::string& bytes, const DiscoveryOptions& options) {
  ByteReader frames(bytes);
  const std::string listed = frames.text(limits::kRunnerFrameBytes);
  const bool tells_variants = frames.ok() && !frames.complete();
  const std::string offered = tells_variants ? frames.text(limits::kRunnerFrameBytes) : std::string();
  if (!frames.complete()) return failed(options, "the answer is cut short; see its messages above");
  auto devices = probes::decode_devices(listed);
  if (!devices.ok()) return failed(options, devices.error().message);
  TRY(check(*devices, options));
  Discovered found{std::move(*devices), {}};
  if (!tells_variants) return found;
  auto variants = probes::decode_variants(offered);
  if (!variants.ok()) return failed(options, variants.error().message);
  found.variants = std::move(*variants);
  return found;
}

}  // namespace

Result<Discovery> Discovery::start(DiscoveryOptions options, MonoTime now) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return errno_error(errno, "socketpair");
  UniqueFd ours(ends[0]);
  const UniqueFd theirs(ends[1]);
  SpawnOptions spawn;
  spawn.program = options.runner;
  spawn.arguments = {"--discover", "--node", options.node};
  if (options.backend != kHostBackend) spawn.arguments.insert(spawn.arguments.end(), {"--backend", options.backend});
  if (options.synthetic_identity) spawn.arguments.emplace_back("--synthetic-identity");
  spawn.environment = probes::runner_environment();
  spawn.descriptors = {-1, -1, STDERR_FILENO, theirs.get()};
  auto child = Child::spawn(spawn);
  if (!child.ok()) return failed(options, child.error().message);
  const MonoTime deadline = now + options.deadline;
  return Discovery(std::move(options), std::move(*child), std::move(ours), deadline);
}

// Everything the child writes until it closes its end or the deadline passes.
std::optional<Result<Discovered>> Discovery::advance(MonoTime now) {
  std::array<char, 16 * 1024> chunk{};
  while (socket_.valid()) {
    const ssize_t got = ::recv(socket_.get(), chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (got > 0) bytes_.append(chunk.data(), static_cast<size_t>(got));
    if (bytes_.size() > 2 * (limits::kRunnerFrameBytes + 4)) return end(failed(options_, "the answer is too long"));
    if (got == 0) return end(decode(bytes_, options_));
    if (got < 0 && errno == EAGAIN) break;
    if (got < 0 && errno != EINTR) return end(errno_error(errno, "discovery"));
  }
  if (!socket_.valid() || now < deadline_) return std::nullopt;
  return end(failed(options_, fmt::format("no answer within {}", format_span(options_.deadline)), ErrorCode::kTimeout));
}

Result<Discovered> Discovery::end(Result<Discovered> answer) {
  socket_.reset();
  bytes_.clear();
  child_.kill_and_reap(kReapPatience);
  return answer;
}

std::vector<Result<Discovered>> wait_for_answers(std::span<Discovery* const> asked) {
  std::vector<std::optional<Result<Discovered>>> answers(asked.size());
  for (;;) {
    std::vector<pollfd> open;
    MonoTime wake = MonoTime::max();
    for (size_t i = 0; i < asked.size(); ++i) {
      if (!answers[i]) answers[i] = asked[i]->advance(BootClock::now());
      if (answers[i]) continue;
      open.push_back({asked[i]->descriptor(), POLLIN, 0});
      wake = std::min(wake, asked[i]->wake_at());
    }
    if (open.empty()) break;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(wake - BootClock::now()).count();
    [[maybe_unused]] const int ready = ::poll(open.data(), open.size(), static_cast<int>(std::clamp<int64_t>(left, 0, 60'000)));
  }
  std::vector<Result<Discovered>> all;
  for (auto& answer : answers) all.push_back(*std::move(answer));
  return all;
}

Result<Discovered> discover_devices(const DiscoveryOptions& options) {
  Discovery discovery = TRY(Discovery::start(options, BootClock::now()));
  Discovery* const only = &discovery;
  return std::move(wait_for_answers({&only, 1}).front());
}

}  // namespace assay::agent
