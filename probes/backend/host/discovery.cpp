// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/discovery.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "common/base/parse.h"
#include "common/base/random.h"
#include "common/model/limits.h"
#include "probes/backend/host/cpu_info.h"

namespace assay::probes::host {
namespace {

constexpr size_t kCpusMax = 65536;

std::string cpu_path(uint32_t cpu, std::string_view file) { return fmt::format("/sys/devices/system/cpu/cpu{}/{}", cpu, file); }

// The CPU list after "Cpus_allowed_list:" of this process; absent when the kernel does not tell.
std::optional<std::set<uint32_t>> allowed_by_cpuset(const FsRoot& root) {
  constexpr std::string_view kKey = "Cpus_allowed_list:";
  const auto status = root.text("/proc/self/status");
  if (!status) return std::nullopt;
  for (const std::string_view line : split(*status, '\n')) {
    if (!line.starts_with(kKey)) continue;
    const auto list = parse_cpu_list(trim(line.substr(kKey.size())), kCpusMax);
    if (list) return std::set<uint32_t>(list->begin(), list->end());
  }
  return std::nullopt;
}

// Online and allowed, ascending.
std::vector<uint32_t> usable_cpus(const FsRoot& root, const std::map<uint32_t, CpuInfo>& infos) {
  std::vector<uint32_t> cpus;
  const auto online = root.text("/sys/devices/system/cpu/online");
  const auto listed = parse_cpu_list(online.value_or(""), kCpusMax);
  if (online && listed) {
    cpus = *listed;
  } else {
    for (const auto& [cpu, ignored] : infos) cpus.push_back(cpu);
  }
  if (const auto allowed = allowed_by_cpuset(root)) {
    std::erase_if(cpus, [&](uint32_t cpu) { return !allowed->contains(cpu); });
  }
  return cpus;
}

uint32_t socket_of(const FsRoot& root, uint32_t cpu, const CpuInfo& info) {
  const auto package = root.integer(cpu_path(cpu, "topology/physical_package_id"));
  if (package && *package >= 0 && *package < int64_t{kCpusMax}) return static_cast<uint32_t>(*package);
  return info.package.value_or(0);  // -1 on machines whose firmware does not say: one socket
}

// A text that is equal for the hyper-threads of one core of a socket.
std::string core_of(const FsRoot& root, uint32_t cpu, const CpuInfo& info) {
  for (const std::string_view file : {"topology/core_cpus_list", "topology/thread_siblings_list"}) {
    if (auto siblings = root.text(cpu_path(cpu, file)); siblings && !siblings->empty()) return std::move(*siblings);
  }
  if (info.core) return fmt::format("core {}", *info.core);
  return fmt::format("cpu {}", cpu);
}

// "0x2b3c..." -> 16 hexadecimal digits; absent when there is none, or the kernel gives zero because it may not read it.
std::optional<std::string> processor_serial(const FsRoot& root, uint32_t cpu) {
  const auto text = root.text(cpu_path(cpu, "topology/ppin"));
  if (!text) return std::nullopt;
  std::string_view digits = *text;
  if (digits.starts_with("0x")) digits.remove_prefix(2);
  uint64_t number = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
  if (problem != std::errc{} || end != digits.data() + digits.size() || number == 0) return std::nullopt;
  return fmt::format("{:016x}", number);
}

// A node name that leaves no room for the rest of the id is cut, and told apart by a hash.
std::string id_from_node(std::string_view node_name, uint32_t socket) {
  constexpr size_t kNameChars = 96;
  std::string name(node_name.substr(0, kNameChars));
  if (node_name.size() > kNameChars) name += fmt::format("-{:016x}", seed_from(node_name, 0));
  return fmt::format("cpu-{}-s{}", name, socket);
}

std::string firmware_of(const FsRoot& root, uint32_t cpu, const CpuInfo& info) {
  return root.text(cpu_path(cpu, "microcode/version")).value_or(info.microcode).substr(0, limits::kTextChars);
}

Device make_device(const FsRoot& root, const IdentityOptions& options, uint32_t socket, uint32_t first_cpu, const CpuInfo& info) {
  Device device;
  device.kind = DeviceKind::kCpuSocket;
  device.socket = socket;
  device.model = model_of(info);
  device.architecture = architecture_of(info);
  device.firmware = firmware_of(root, first_cpu, info);
  const auto serial = options.synthetic_identity ? std::nullopt : processor_serial(root, first_cpu);
  device.identity_is_hardware = serial.has_value();
  device.id = serial ? "cpu-ppin-" + *serial : id_from_node(options.node_name, socket);
  return device;
}

}  // namespace

std::vector<Device> discover_host(const FsRoot& root, const IdentityOptions& options) {
  std::map<uint32_t, CpuInfo> infos = read_cpu_info(root);
  std::map<uint32_t, Device> by_socket;
  std::map<uint32_t, std::set<std::string>> cores;
  for (const uint32_t cpu : usable_cpus(root, infos)) {
    const CpuInfo& info = infos[cpu];
    const uint32_t socket = socket_of(root, cpu, info);
    if (!by_socket.contains(socket)) {
      if (by_socket.size() == limits::kDevicesPerNode) continue;
      by_socket.emplace(socket, make_device(root, options, socket, cpu, info));
    }
    Device& device = by_socket.at(socket);
    const bool first_thread = cores[socket].insert(core_of(root, cpu, info)).second;
    if (first_thread && device.units.size() < limits::kUnitsPerDevice) device.units.push_back(cpu);
  }
  std::vector<Device> devices;
  for (auto& [socket, device] : by_socket) devices.push_back(std::move(device));
  return devices;
}

}  // namespace assay::probes::host
