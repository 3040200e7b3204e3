// SPDX-License-Identifier: Apache-2.0
#include "probes/runner/inventory.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/base/log.h"
#include "probes/backend/device/backend_library.h"
#include "probes/backend/host/discovery.h"
#include "probes/backend/host/kernel.h"
#include "probes/catalogue/catalogue.h"
#include "probes/runner/device_responder.h"
#include "probes/runner/exit_codes.h"

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
Status send_inventory(int fd, const Inventory& inventory) {
  TRY(write_frame(fd, encode(inventory.devices)));
  return write_frame(fd, encode(inventory.variants));
}

// What the CPU can run, in the order of the catalogue, of each probe the strongest variant first.
void add_host_variants(const Device& device, std::vector<ProbeVariant>& all) {
  for (const ProbeSpec& spec : catalogue()) {
    std::vector<const host::KernelEntry*> usable;
    for (const host::KernelEntry& entry : host::kernels()) {
      if (entry.probe_id == spec.ref.id && host::is_supported(entry)) usable.push_back(&entry);
    }
    std::stable_sort(usable.begin(), usable.end(), [](const auto* a, const auto* b) { return a->variant > b->variant; });
    for (const host::KernelEntry* entry : usable) {
      all.push_back({device.id, spec.ref.id, std::string(host::to_string(entry->variant)), std::string(entry->silicon), "", true});
    }
    if (usable.empty()) all.push_back({device.id, spec.ref.id, "", "", "this cpu or this build has no variant of it", false});
  }
}

Inventory host_inventory(const RunnerOptions& options) {
  Inventory inventory;
  inventory.devices = host::discover_host(FsRoot(options.fs_root), {options.node, options.synthetic_identity});
  for (const Device& device : inventory.devices) add_host_variants(device, inventory.variants);
  if (inventory.devices.empty()) inventory.remark = fmt::format("neither /sys nor /proc tells of a usable cpu below {}", options.fs_root.string());
  return inventory;
}

// Opening a device costs it memory for a moment: devices that are alike are asked once.
class OfferBook {
 public:
  OfferBook(const device::Backend& backend, const RunnerOptions& options) : backend_(backend), options_(options) {}

  const std::vector<device::Offer>& offers_of(const Device& device, std::string& remark) {
    const auto kind = std::pair(device.architecture, device.model);
    if (const auto known = by_kind_.find(kind); known != by_kind_.end()) return known->second;
    const auto opened = backend_.open(device.id, open_options(options_));
    if (!opened) {
      remark = opened.error().in(device.id).message;
      return none_;
    }
    return by_kind_[kind] = (*opened)->offers();
  }

 private:
  const device::Backend& backend_;
  const RunnerOptions& options_;
  std::map<std::pair<std::string, std::string>, std::vector<device::Offer>> by_kind_;
  const std::vector<device::Offer> none_;
};

Result<Inventory> device_inventory(const RunnerOptions& options) {
  Inventory inventory;
  const auto loaded = device::load_backend(options.backend, device::backend_folders(options.backend_dir));
  if (!loaded && loaded.error().code == ErrorCode::kNotFound) {
    inventory.remark = loaded.error().message;
    return inventory;
  }
  if (!loaded) return loaded.error();
  inventory.devices = TRY((*loaded)->devices(inventory.remark));
  if (!options.device.empty()) {
    std::erase_if(inventory.devices, [&](const Device& device) { return device.id != options.device; });
    if (inventory.devices.empty()) inventory.remark = fmt::format("there is no device {}: see --discover --backend {}", options.device, options.backend);
  }
  OfferBook book(**loaded, options);
  for (const Device& device : inventory.devices) {
    for (const device::Offer& offer : book.offers_of(device, inventory.remark)) {
      inventory.variants.push_back({device.id, offer.probe, offer.variant, offer.silicon, offer.missing, offer.ran_on_silicon});
    }
  }
  if (inventory.devices.empty() && inventory.remark.empty()) inventory.remark = "no device";
  return inventory;
}

int list_offers(const RunnerOptions& options) {
  const auto inventory = take_inventory(options);
  if (!inventory) {
    log::error("list: {}: {}", options.backend, inventory.error().message);
    return kExitUnavailable;
  }
  std::string table;
  for (const ProbeVariant& one : inventory->variants) {
    const ProbeSpec* spec = find_probe(one.probe);
    table += fmt::format("{:<40} {:<24} {:<3} {:<10} {}\n", one.device, one.probe, spec == nullptr ? "-" : to_string(spec->tier),
                         one.runs() ? one.variant : "none", one.runs() ? one.silicon : one.missing);
  }
  std::fputs(table.c_str(), stdout);
  if (!inventory->remark.empty()) log::info("list: {}: {}", options.backend, inventory->remark);
  return inventory->devices.empty() ? kExitUnsure : kExitFine;
}

}  // namespace

Result<Inventory> take_inventory(const RunnerOptions& options) {
  if (options.backend == device::kHostBackend) return host_inventory(options);
  return device_inventory(options);
}

int print_devices(const RunnerOptions& options) {
  const auto inventory = take_inventory(options);
  if (!inventory) {
    log::error("discover: {}: {}", options.backend, inventory.error().message);
    return kExitUnavailable;
  }
  if (!options.encoded) std::fputs(table_of(inventory->devices).c_str(), stdout);
  std::fflush(stdout);
  if (options.encoded || can_take_bytes(kRunnerDescriptor)) {
    if (const Status sent = send_inventory(options.encoded ? STDOUT_FILENO : kRunnerDescriptor, *inventory); !sent) {
      log::error("discover: {}", sent.error().message);
      return kExitUnavailable;
    }
  }
  const bool on_host = options.backend == device::kHostBackend;
  if (!inventory->remark.empty()) log::write(on_host ? log::Level::kError : log::Level::kInfo, fmt::format("discover: {}: {}", options.backend, inventory->remark));
  return inventory->devices.empty() ? kExitUnsure : kExitFine;
}

int print_probes(const RunnerOptions& options) {
  if (options.backend != device::kHostBackend) return list_offers(options);
  std::string table;
  for (const ProbeSpec& spec : catalogue()) {
    table += fmt::format("{:<24} {} {:<6} {:>4} sets  {:<28} {}\n", to_string(spec.ref), to_string(spec.tier), spec.precision,
                         spec.operand_sets, variants_of(spec.ref.id), spec.exercises);
  }
  std::fputs(table.c_str(), stdout);
  return kExitFine;
}

}  // namespace assay::probes
