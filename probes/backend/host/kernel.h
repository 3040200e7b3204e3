// SPDX-License-Identifier: Apache-2.0
// The seam between the arithmetic of a host probe and the frame around it. A kernel computes; the frame pins, poisons,
// injects, digests, compares, counts and keeps time, alike for every probe.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/model/probe_spec.h"
#include "probes/backend/host/cpu_features.h"

namespace assay::probes::host {

// Instruction-set variants, weakest first. All variants of a probe give the same bits. The later ones name an extension that does
// the very operation of the probe; kBmi2 is the scalar unit with the instructions of BMI1, BMI2, LZCNT and POPCNT; kX87 and kSse are the 80-bit and the 128-bit units of x86.
enum class Variant : uint8_t { kScalar, kBmi2, kX87, kNeon, kSse, kAvx2, kAvx512, kAvx512Vnni, kAvx512Fp16, kAvx512Bf16, kAmx };
inline constexpr Variant kLastVariant = Variant::kAmx;
std::string_view to_string(Variant variant);  // "avx512_vnni"

class MemoryArena;

// Where a kernel will run. Most do not care; those that work between cores do.
struct KernelSite {
  uint32_t cpu = 0;                    // the logical CPU that its thread is pinned to
  std::span<const uint32_t> cpus{};    // all of the device, by unit; outlives the kernel. Empty: any that this process may use
  bool idle_priority = false;          // of any thread that the kernel starts beside the one it runs on
  MemoryArena* arena = nullptr;        // where large memory is borrowed; outlives the kernel
  const std::atomic<bool>* stop = nullptr;  // ends every wait for another thread, as the deadline does; outlives the kernel
  MonoTime deadline = MonoTime::max();
};

// How a step ended. Only kernels that work with other CPUs can fail to do one; what they wrote then means nothing.
enum class StepEnd : uint8_t {
  kDone,
  kStopped,   // stop or deadline came while it waited for a partner
  kMigrated,  // a partner was not on its CPU, or could not be put there
};

// One probe on one operand set at a time, on one thread.
//
// A run is prepare(set), then step(0) .. step(steps()-1), in order. Each step writes the whole of output() anew (the
// frame has poisoned it) and must depend on the state left by the step before where the probe is a chain, so that a
// wrong intermediate stays wrong. The digest of a run is Digest128 over the outputs of all steps, in order. A step
// takes at most about 2 ms on a slow core: between steps the frame may stop, and injects.
class Kernel {
 public:
  virtual ~Kernel() = default;
  // Derives the operands of the set (from seed_from(probe id, version << 32 | set)) and resets the state.
  virtual void prepare(uint32_t operand_set) = 0;
  virtual uint32_t steps() const = 0;
  virtual void step(uint32_t index) = 0;
  // How long nothing at all must happen before that step. The frame rests for it without spending CPU and ends the rest when it has
  // to stop; a run whose rests do not fit what is left of the slice is not begun.
  virtual Duration rest_before(uint32_t) const { return Duration::zero(); }
  // What step() writes; the same span between prepare() and the next prepare().
  virtual std::span<uint64_t> output() = 0;
  // What the next step depends on, for injection into the chain; empty where steps are independent.
  virtual std::span<uint64_t> state() { return {}; }
  // How the latest step() ended.
  virtual StepEnd last_step() const { return StepEnd::kDone; }
  // The logical CPUs that the operand set of the latest prepare() is worked on with, beside that of its own thread.
  virtual std::span<const uint32_t> partners() const { return {}; }
  // CPU time so far of the threads that the kernel started.
  virtual Duration partners_time() const { return {}; }
  // How many 64-bit words the widest vector of the variant holds (1, 2, 4, 8): gives the lane of a word.
  virtual uint32_t words_per_vector() const = 0;
  // Operations of one run for benchmarks: floating-point operations, or bytes for memory and hash probes.
  virtual double work_per_run() const = 0;
  // What an operator may want to know of how it ran ("64 of 64 MiB in huge pages"); empty when there is nothing to say.
  virtual std::string remark() const { return {}; }
};

// One line of the backend's table: which variants of a probe exist and how to make one.
struct KernelEntry {
  std::string_view probe_id;
  Variant variant;
  bool CpuFeatures::*needs;     // of the CPU; nullptr: nothing
  // The part of the silicon that this variant really works on. An emulation says so, and claims no unit that it does not touch.
  std::string_view silicon;
  // nullptr when the memory of the probe cannot be had (then: inconclusive, no_memory).
  std::unique_ptr<Kernel> (*make)(const KernelSite& site);
  uint32_t cpus_needed = 1;     // of the device; where there are fewer: inconclusive, unsupported
};
// All probes and variants this build has, family by family (families.h).
std::span<const KernelEntry> kernels();
// Whether this CPU can run a variant of a probe (some probes need more than the vector set: aes.chain on kAvx2 needs
// AES-NI). The scalar variant always can, except where the catalogue says that a probe needs a unit of silicon that is
// not there.
bool is_supported(const KernelEntry& entry);
bool is_supported(std::string_view probe_id, Variant variant);
// The strongest supported variant; nullptr when the CPU can run none (then: inconclusive, unsupported).
const KernelEntry* best_kernel(std::string_view probe_id);

}  // namespace assay::probes::host
