// SPDX-License-Identifier: Apache-2.0
// assay-probe-runner on this machine: where it is, which devices it sees, and one bounded run of it. The tool never computes a probe
// in its own process, for a broken unit could break the tool.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/model/device.h"
#include "ctl/command.h"
#include "ctl/runner_connection.h"
#include "probes/goldens/golden_set.h"
#include "probes/runner/protocol.h"

namespace assay::ctl {

// --runner, else the program beside assayctl; kUnavailable when there is none.
Result<std::filesystem::path> find_runner(const Settings& settings, const std::filesystem::path& program);
// --goldens, else share/assay/goldens of the installation assayctl belongs to, else probes/goldens of the source tree it was built in.
// kNotFound when there is none.
Result<std::filesystem::path> find_goldens(const Settings& settings, const std::filesystem::path& program);
// The goldens, only when their signature is good: by the key this build trusts, or `key_hex`. kPermission or kCorrupt otherwise.
Result<probes::GoldenSet> load_goldens(const std::filesystem::path& folder, std::string_view key_hex);

// What a runner tells of this machine.
struct RunnerInventory {
  std::vector<Device> devices;
  std::vector<probes::ProbeVariant> variants;   // of each probe the strongest first; empty when the runner does not tell
};

// Starts one runner a call. Not thread-safe.
class RunnerSession {
 public:
  explicit RunnerSession(std::filesystem::path runner) : runner_(std::move(runner)) {}
  // The devices of this machine, as the agent would see them.
  Result<std::vector<Device>> discover() const;
  // The same, and what they can run.
  Result<RunnerInventory> inventory() const;
  // Blocks until the runner answered, died, or was killed `patience` after the request's budget was spent.
  Result<RunnerAnswer> run(const probes::RunRequest& request, Duration patience) const;

 private:
  std::filesystem::path runner_;
};

// The device to run on: the one with that id when it is here, else the CPU socket of that number. kNotFound naming what there is.
Result<Device> choose_device(const std::vector<Device>& devices, std::string_view id, uint32_t socket);

}  // namespace assay::ctl
