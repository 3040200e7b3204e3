// SPDX-License-Identifier: Apache-2.0
// Asks the runner which devices this machine has and which variants of the probes run here: the agent itself looks at no hardware.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/result.h"
#include "common/base/subprocess.h"
#include "common/model/device.h"
#include "probes/runner/protocol.h"

namespace assay::agent {

struct DiscoveryOptions {
  std::filesystem::path runner;
  std::string node;
  bool synthetic_identity = false;
  Duration deadline{std::chrono::seconds{20}};
  std::string backend{"host"};                  // whose devices: a driver that hangs hides no other's
};

struct Discovered {
  std::vector<Device> devices;
  std::vector<probes::ProbeVariant> variants;   // empty when the runner does not tell
};

// One backend being asked, by a runner of its own that is killed at the deadline. Not thread-safe; never blocks, but for at most 100 ms to reap what it
// killed: poll descriptor() for reading and call advance() when it is ready or wake_at() has come.
class Discovery {
 public:
  // kUnavailable when the runner cannot be started.
  static Result<Discovery> start(DiscoveryOptions options, MonoTime now);

  int descriptor() const { return socket_.get(); }             // -1 once it is over
  MonoTime wake_at() const { return socket_.valid() ? deadline_ : MonoTime::max(); }
  // The answer, once: kTimeout when there was none in time, kUnavailable when the runner or its backend failed, or there are no cores; another backend
  // may well find nothing. At most limits::kDevicesPerNode devices, each with units.
  std::optional<Result<Discovered>> advance(MonoTime now);
  // Whether its process has ended. One that was killed may be held by the kernel within its driver.
  bool gone() { return child_.poll().has_value(); }

 private:
  Discovery(DiscoveryOptions options, Child child, UniqueFd socket, MonoTime deadline)
      : options_(std::move(options)), child_(std::move(child)), socket_(std::move(socket)), deadline_(deadline) {}
  Result<Discovered> end(Result<Discovered> answer);

  DiscoveryOptions options_;
  Child child_;
  UniqueFd socket_;
  MonoTime deadline_;
  std::string bytes_;
};

// The same at once, blocking; errors of both.
Result<Discovered> discover_devices(const DiscoveryOptions& options);
// Blocks until each has answered or its deadline has come; the answers in the same order. None was asked for its answer before.
std::vector<Result<Discovered>> wait_for_answers(std::span<Discovery* const> asked);

}  // namespace assay::agent
