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

Error failed(const DiscoveryOptions& options, std::string_view why) {
  const std::string of = options.backend == kHostBackend ? "" : " --backend " + options.backend;
  return make_error(ErrorCode::kUnavailable, fmt::format("{} --discover{}: {}", options.runner.string(), of, why));
}

// Everything the child writes until it closes its end or the deadline passes.
Result<std::string> read_until_end(int fd, const DiscoveryOptions& options) {
  const MonoTime deadline = BootClock::now() + options.deadline;
  std::string bytes;
  std::array<char, 16 * 1024> chunk{};
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - BootClock::now()).count();
    if (left <= 0) return failed(options, "no answer in time");
    pollfd item{fd, POLLIN, 0};
    if (::poll(&item, 1, static_cast<int>(std::min<int64_t>(left, 60'000))) <= 0) continue;
    const ssize_t got = ::read(fd, chunk.data(), chunk.size());
    if (got == 0) return bytes;
    if (got > 0) bytes.append(chunk.data(), static_cast<size_t>(got));
    if (got < 0 && errno != EINTR) return errno_error(errno, "discovery");
    if (bytes.size() > 2 * (limits::kRunnerFrameBytes + 4)) return failed(options, "the answer is too long");
  }
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

}  // namespace

Result<Discovered> discover_devices(const DiscoveryOptions& options) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return errno_error(errno, "socketpair");
  const UniqueFd ours(ends[0]);
  UniqueFd theirs(ends[1]);
  SpawnOptions spawn;
  spawn.program = options.runner;
  spawn.arguments = {"--discover", "--node", options.node};
  if (options.backend != kHostBackend) spawn.arguments.insert(spawn.arguments.end(), {"--backend", options.backend});
  if (options.synthetic_identity) spawn.arguments.emplace_back("--synthetic-identity");
  spawn.environment = probes::runner_environment();
  spawn.descriptors = {-1, -1, STDERR_FILENO, theirs.get()};
  auto child = Child::spawn(spawn);
  if (!child.ok()) return failed(options, child.error().message);
  theirs.reset();
  const std::string bytes = TRY(read_until_end(ours.get(), options));
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

}  // namespace assay::agent
