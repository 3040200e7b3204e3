// SPDX-License-Identifier: Apache-2.0
// The seam between the runner and a backend library that computes on accelerators (CUDA, OpenCL, a simulated device). The library
// computes and digests; the frame in the runner (device_frame.h) deals the work, plants faults, compares once more and says what it was.
// Runner and libraries are built and installed together: kBackendAbi must be equal, nothing else is negotiated.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/base/digest.h"
#include "common/base/result.h"
#include "common/model/device.h"
#include "probes/backend/device/programs/launch.inl"

namespace assay::probes::device {

inline constexpr uint32_t kBackendAbi = 2;

// One way in which a device can run a probe, or why it cannot.
struct Offer {
  std::string probe;        // id of the catalogue
  std::string variant;      // "simt", "mma", "wgmma", "tcgen05": what RunRequest::variant asks for; the strongest of a probe first
  std::string silicon;      // the part of the chip that it really works on, in words; an emulation says so
  std::string missing;      // why this device cannot run the probe, in words; then variant is "". "" when it can
  bool ran_on_silicon = false;  // whether docs/measured has a run of it on this architecture
};

// One operand set as the device takes it. Spans outlive the job; words are little-endian.
struct JobSet {
  uint32_t number = 0;                     // of the operand set
  std::span<const uint64_t> operands;      // state words, then parameter words of the program and variant
  std::span<const uint64_t> expected;      // output words of all steps, in order; empty: compare digests only
  Digest golden;                           // all zero: none
};

// What one unit is to do: run i computes sets[slots[i mod slots.size()]].
struct JobUnit {
  uint32_t unit = 0;                       // index into Device::units
  std::vector<uint32_t> slots;             // indices into Job::sets, set_count of them
};

// One or more launches of one program on some units of one device.
struct Job {
  std::string_view probe;
  std::string_view variant;
  std::span<const JobSet> sets;
  std::span<const JobUnit> units;
  uint32_t runs_per_unit = 1;              // at most kRunsPerJobUnit
  uint64_t poison_seed = 0;                // of this job; no output word may be left equal to its poison
  Duration deadline{};                     // after which the device gives up by itself, from the start of the launch
  // shape 0: none. As drawn for any program: the library takes `step` modulo the steps of its program, and hits outputs where that has no state.
  AssayInjection injection{};
  std::vector<uint32_t> hits;              // bit i of word i / 32: run i of injection.unit is hit
};
inline constexpr uint32_t kRunsPerJobUnit = 4096;

// What one unit gave.
struct JobUnitResult {
  uint32_t unit = 0;
  bool reached = false;                    // the unit took its work; false: something else held it
  bool out_of_reach = false;               // nor ever will: this process is confined to other units, JobResult::confined_by says why
  bool moved = false;                      // it was another unit at the end than at the start: attribution is void
  uint32_t not_executed = 0;               // runs with output words left poisoned
  uint32_t wrong = 0;                      // runs in which the device's own comparison with `expected` or `golden` failed
  std::vector<Digest> digests;             // of runs 0, 1, ... that are complete, without a gap
  Duration busy{};                         // the unit's time
};

struct JobResult {
  std::vector<JobUnitResult> units;        // in the order of Job::units
  // Wrong words as the device saw them, at most ASSAY_RECORDS; their units are translated to indices into Device::units (~0: none of those).
  std::vector<AssayRecord> records;
  uint64_t records_lost = 0;
  std::string confined_by;                 // what keeps units out of reach, in words; "" where none are
  Duration took{};                         // wall time of the launches
};

// An open device. One thread. A call may hang for ever or end the process: the runner is killed at its deadline, and that is the observation.
class Accelerator {
 public:
  virtual ~Accelerator() = default;
  virtual const Device& device() const = 0;
  virtual std::vector<Offer> offers() const = 0;
  // The words of one operand set, as Job wants them, for a probe and variant of offers(); kNotFound for others. Made on the host.
  virtual Result<std::vector<uint64_t>> operands(std::string_view probe, std::string_view variant, uint32_t operand_set) const = 0;
  // How many bytes of device memory a job with one operand set on one unit takes, and each further set.
  virtual uint64_t bytes_per_set(std::string_view probe, std::string_view variant) const = 0;
  // Runs a job; ends early, with what is complete, soon after `stop`. kUnavailable: the device is lost, or a sticky error says that this
  // process can use it no more; kLimit: its memory is short; kConflict: it is taken (exclusive mode, MPS) and was left alone.
  virtual Result<JobResult> run(const Job& job, const std::atomic<bool>& stop) = 0;
};

struct OpenOptions {
  uint64_t memory_bytes = 256ULL << 20;    // on the device, at most; and never more than 2 % of what is free
  bool allow_injection = false;
  bool allow_mps = false;                  // work as a client of an MPS server; a fault of the probe can then end the server's other clients
  bool new_architecture = false;           // let the driver translate PTX where no machine code fits the device
};

class Backend {
 public:
  virtual ~Backend() = default;
  virtual std::string_view name() const = 0;   // "cuda"
  // Devices of this machine; empty without a driver (detail says so in words). kUnavailable: there is a driver, and it fails.
  virtual Result<std::vector<Device>> devices(std::string& detail) const = 0;
  // kNotFound: no such device; the errors of Accelerator::run().
  virtual Result<std::unique_ptr<Accelerator>> open(std::string_view device_id, const OpenOptions& options) const = 0;
};

// What a backend library exports: `extern "C" const assay::probes::device::Backend* assay_backend(uint32_t abi)`; nullptr when abi is not its own.
// The object is static and outlives everything.
using BackendEntry = const Backend* (*)(uint32_t abi);
inline constexpr const char* kBackendSymbol = "assay_backend";

}  // namespace assay::probes::device
