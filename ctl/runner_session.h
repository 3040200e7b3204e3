// SPDX-License-Identifier: Apache-2.0
// assay-probe-runner on this machine: where it is, which devices it sees, and one bounded run of it. The tool never computes a probe
// in its own process, for a broken unit could break the tool.
#pragma once

#include <filesystem>
#include <map>
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
  std::vector<probes::ProbeVariant> variants;   // by device, of each probe the strongest first; empty when the runner does not tell
  std::map<std::string, std::string> backends{};  // by device id: "host", "cuda"
  std::vector<std::string> remarks{};             // of backends that failed, in words
};

// Whose devices: the cores alone, or those of every backend that is installed.
enum class Backends { kHost, kAll };

// Where a request runs.
struct RunnerPlace {
  std::string backend = "host";
  std::string device;                             // id; "" on the host
};
RunnerPlace place_of(const RunnerInventory& inventory, const Device& device);

// Starts one runner a call. Not thread-safe.
class RunnerSession {
 public:
  explicit RunnerSession(std::filesystem::path runner) : runner_(std::move(runner)) {}
  // The devices of this machine and what they can run. A backend other than the host that fails or hangs is a remark. Blocks up to 20 s a backend.
  Result<RunnerInventory> inventory(Backends backends) const;
  // Blocks until the runner answered, died, or was killed `patience` after the request's budget was spent.
  Result<RunnerAnswer> run(const probes::RunRequest& request, Duration patience, const RunnerPlace& place = {}) const;

 private:
  Status add(const std::string& backend, RunnerInventory& inventory) const;

  std::filesystem::path runner_;
};

// The device to run on: the one with that id when it is here, else the CPU socket of that number. kNotFound naming what there is.
Result<Device> choose_device(const std::vector<Device>& devices, std::string_view id, uint32_t socket);
// The device with that id, or, for "", the CPU socket. kNotFound naming what there is.
Result<Device> named_device(const std::vector<Device>& devices, std::string_view id, uint32_t socket);

}  // namespace assay::ctl
