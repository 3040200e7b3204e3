// SPDX-License-Identifier: Apache-2.0
#include "probes/runner/inventory.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "common/base/log.h"
#include "probes/backend/host/discovery.h"
#include "probes/backend/host/kernel.h"
#include "probes/catalogue/catalogue.h"
#include "probes/runner/exit_codes.h"
#include "probes/runner/protocol.h"

namespace assay::probes {
namespace {

bool can_take_bytes(int fd) {
  struct stat facts{};
  return ::fstat(fd, &facts) == 0 && (S_ISSOCK(facts.st_mode) || S_ISFIFO(facts.st_mode) || S_ISREG(facts.st_mode));
}

std::string variants_of(std::string_view probe_id) {
  const host::KernelEntry* best = host::best_kernel(probe_id);
  std::string line;
  for (const host::KernelEntry& entry : host::kernels()) {
    if (entry.probe_id != probe_id) continue;
    const bool usable = host::is_supported(entry);
    line += fmt::format(" {}{}", host::to_string(entry.variant), &entry == best ? "*" : usable ? "" : " (not on this cpu)");
  }
  return line.empty() ? " none" : line;
}

std::string table_of(const std::vector<Device>& devices) {
  std::string table = fmt::format("{:<40} {:>6} {:>5} {:<32} {:<12} {}\n", "DEVICE", "SOCKET", "UNITS", "ARCHITECTURE", "FIRMWARE", "MODEL");
  for (const Device& device : devices) {
    table += fmt::format("{:<40} {:>6} {:>5} {:<32} {:<12} {}\n", device.id, device.socket, device.units.size(), device.architecture,
                         device.firmware.empty() ? "-" : device.firmware, device.model);
  }
  return table;
}

// Both frames; a reader that knows only devices stops after the first.
Status send_inventory(int fd, const std::vector<Device>& devices) {
  TRY(write_frame(fd, encode(devices)));
  return write_frame(fd, encode(host_variants()));
}

}  // namespace

std::vector<ProbeVariant> host_variants() {
  std::vector<ProbeVariant> all;
  for (const ProbeSpec& spec : catalogue()) {
    std::vector<const host::KernelEntry*> usable;
    for (const host::KernelEntry& entry : host::kernels()) {
      if (entry.probe_id == spec.ref.id && host::is_supported(entry)) usable.push_back(&entry);
    }
    std::stable_sort(usable.begin(), usable.end(), [](const auto* a, const auto* b) { return a->variant > b->variant; });
    for (const host::KernelEntry* entry : usable) {
      all.push_back({DeviceKind::kCpuSocket, spec.ref.id, std::string(host::to_string(entry->variant)), std::string(entry->silicon)});
    }
  }
  return all;
}

int print_devices(const RunnerOptions& options) {
  const auto devices = host::discover_host(FsRoot(options.fs_root), {options.node, options.synthetic_identity});
  if (!options.encoded) std::fputs(table_of(devices).c_str(), stdout);
  std::fflush(stdout);
  if (options.encoded || can_take_bytes(kRunnerDescriptor)) {
    if (const Status sent = send_inventory(options.encoded ? STDOUT_FILENO : kRunnerDescriptor, devices); !sent) {
      log::error("discover: {}", sent.error().message);
      return kExitUnavailable;
    }
  }
  if (devices.empty()) {
    log::error("discover: neither /sys nor /proc tells of a usable cpu below {}", options.fs_root.string());
    return kExitUnsure;
  }
  return kExitFine;
}

int print_probes() {
  std::string table;
  for (const ProbeSpec& spec : catalogue()) {
    table += fmt::format("{:<24} {} {:<6} {:>4} sets  {:<28} {}\n", to_string(spec.ref), to_string(spec.tier), spec.precision,
                         spec.operand_sets, variants_of(spec.ref.id), spec.exercises);
  }
  std::fputs(table.c_str(), stdout);
  return kExitFine;
}

}  // namespace assay::probes
