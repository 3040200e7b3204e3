// SPDX-License-Identifier: Apache-2.0
// Suspicion of GPUs that does not come from probes: Xids of the kernel log and of NVML, errors that grow, calls that hang. Reads the log, feeds the
// cores, keeps the cursor.
#pragma once

#include <poll.h>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/core/gpu_readings.h"
#include "agent/core/gpu_watch.h"
#include "agent/core/xid_watch.h"
#include "agent/telemetry/kernel_log.h"
#include "agent/telemetry/telemetry.h"

namespace assay::agent {

struct GpuIntakeOptions {
  std::filesystem::path kernel_log;      // as resolved; "": none
  std::filesystem::path xid_table;       // of agent/telemetry/xid.tsv
  std::vector<XidOverride> rules;
  std::string boot_id;
};

// What metrics tell of it.
struct GpuIntakeFacts {
  struct Xid {
    XidKey key;
    std::string xid_class;
    GpuIdentity gpu;                     // only pci_bus_id is known of a switch, and of a GPU that NVML never showed
    bool gpu_known = false;
    uint64_t seen = 0;
  };
  struct Finding {
    XidKind kind = XidKind::kXid;
    XidAction action = XidAction::kNone;
    GpuIdentity gpu;
    bool gpu_known = false;
    uint64_t count = 0;
  };
  std::vector<Xid> xids;
  std::vector<Finding> findings;
  std::map<std::pair<std::string, GpuErrorKind>, double> increases;   // by UUID
  std::map<std::string, GpuIdentity> gpus;                            // by UUID
  std::optional<bool> log_readable;      // absent when none is configured
  uint64_t log_lost = 0;
};

// The main loop's.
class GpuIntake {
 public:
  // Errors (a table that is none) are kInvalid. A table that is not there, and a log that cannot be read, are told by the first news.
  static Result<std::unique_ptr<GpuIntake>> open(GpuIntakeOptions options, const std::optional<std::string>& memory);

  // Appends what to poll.
  void descriptors(std::vector<pollfd>& into) const;
  // Reads what is there. `sample`: the latest one, or none.
  News advance(const std::shared_ptr<const TelemetrySample>& sample, Instant now);
  // What must survive a restart, for open().
  std::string memory() const;
  GpuIntakeFacts facts() const;
  // The latest Xids of the GPU with that UUID.
  std::vector<XidCount> xids_of(std::string_view uuid, Instant now) const;

 private:
  GpuIntake(GpuIntakeOptions options, XidTable table) : options_(std::move(options)), watch_(std::move(table)) {}
  void restore(std::string_view memory);
  void open_log(std::optional<KernelCursor> cursor);
  void read_log(Instant now, News& news);
  void take_sample(const TelemetrySample& sample, News& news);
  // False when no GPU is known there.
  bool describe(const std::string& pci_bus_id, GpuIdentity& into) const;
  std::string name_of(const std::string& pci_bus_id) const;

  GpuIntakeOptions options_;
  XidWatch watch_;
  GpuWatch gpu_watch_;
  XidParser parser_;
  std::optional<KernelLog> log_;
  std::shared_ptr<const TelemetrySample> seen_;
  std::map<std::string, GpuIdentity> at_bus_;      // by PCI address
};

}  // namespace assay::agent
