// SPDX-License-Identifier: Apache-2.0
#include "ctl/runner_session.h"

#include <unistd.h>

#include <array>

#include <fmt/format.h>

#include "common/base/subprocess.h"
#include "common/crypto/signed_manifest.h"

namespace assay::ctl {
namespace {

constexpr std::chrono::seconds kDiscoverTime{20};
constexpr std::string_view kHost = "host";
constexpr std::array<const char*, 3> kAccelerators = {"cuda", "opencl", "simulated"};

bool is_there(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

// This machine's name, as an agent would use it by default; "local" when it cannot be one.
std::string node_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || !is_valid_name(name.data())) return "local";
  return name.data();
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

Status RunnerSession::add(const std::string& backend, RunnerInventory& inventory) const {
  RunnerConnection connection = TRY(RunnerConnection::start(runner_, {"--discover", "--backend", backend, "--node", node_name()}, -1));
  const MonoTime deadline = BootClock::now() + kDiscoverTime;
  const std::optional<std::string> listed = connection.receive(deadline);
  if (!listed) {
    return make_error(ErrorCode::kUnavailable, fmt::format("{} --discover --backend {} gave no device list: {}", runner_.string(), backend, connection.how_it_ended()));
  }
  const std::vector<Device> devices = TRY(probes::decode_devices(*listed));
  if (const auto offered = connection.receive(deadline)) {
    const auto variants = TRY(probes::decode_variants(*offered));
    inventory.variants.insert(inventory.variants.end(), variants.begin(), variants.end());
  }
  for (const Device& device : devices) {
    inventory.backends[device.id] = backend;
    inventory.devices.push_back(device);
  }
  return {};
}

Result<RunnerInventory> RunnerSession::inventory(Backends backends) const {
  RunnerInventory inventory;
  TRY(add(std::string(kHost), inventory));
  if (backends == Backends::kHost) return inventory;
  for (const char* backend : kAccelerators) {
    if (const Status added = add(backend, inventory); !added) inventory.remarks.push_back(added.error().message);
  }
  return inventory;
}

Result<RunnerAnswer> RunnerSession::run(const probes::RunRequest& request, Duration patience, const RunnerPlace& place) const {
  std::vector<std::string> arguments = {"--priority", "normal"};   // a person is waiting
  if (request.injection.shape != FaultShape::kNone) arguments.emplace_back("--allow-injection");
  if (!place.device.empty()) arguments.insert(arguments.end(), {"--backend", place.backend, "--device", place.device});
  const MonoTime deadline = BootClock::now() + request.budget + patience;
  RunnerConnection connection = TRY(RunnerConnection::start(runner_, std::move(arguments), STDERR_FILENO));
  return connection.ask(request, deadline);
}

RunnerPlace place_of(const RunnerInventory& inventory, const Device& device) {
  const auto found = inventory.backends.find(device.id);
  if (found == inventory.backends.end() || found->second == kHost) return {};
  return {found->second, device.id};
}

Result<Device> named_device(const std::vector<Device>& devices, std::string_view id, uint32_t socket) {
  if (id.empty()) return choose_device(devices, id, socket);
  std::string known;
  for (const Device& device : devices) {
    if (device.id == id) return device;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", device.id);
  }
  return make_error(ErrorCode::kNotFound, fmt::format("this machine has no device '{}'; it has {}", id, known.empty() ? "none" : known));
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
