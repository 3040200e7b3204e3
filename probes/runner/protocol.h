// SPDX-License-Identifier: Apache-2.0
// What the agent (or assayctl) and assay-probe-runner say to each other over a socketpair on the runner's descriptor 3: a u32
// length, then that many bytes. One request gives one result, or the death of the runner. docs/reference/runner-protocol.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/base/digest.h"
#include "common/base/result.h"
#include "common/model/device.h"
#include "common/model/observation.h"

namespace assay::probes {

inline constexpr uint32_t kProtocolVersion = 4;
inline constexpr int kRunnerDescriptor = 3;

// A planted fault. Honoured only by a runner started with --allow-injection, except for controls, which need no switch because their
// result is always marked.
struct Injection {
  FaultShape shape = FaultShape::kNone;
  uint32_t unit = 0;              // index into Device::units
  uint32_t step = 0;              // step of the run it hits, modulo the number of steps
  uint64_t mask = 0;              // bits to flip; 0: one bit chosen from the seed
  double probability = 1.0;       // that a run on the unit is hit
  uint64_t seed = 0;
  friend bool operator==(const Injection&, const Injection&) = default;
};

struct UnitWork {
  uint32_t unit = 0;              // index into RunRequest::cpus
  uint32_t first_set = 0;
  friend bool operator==(const UnitWork&, const UnitWork&) = default;
};

// A cadence of power around the runs: `off` of idle, `on` of heavy vector work, over and over; each step of load is followed at once by a
// run. Both zero: runs follow each other.
struct PowerSteps {
  Duration on{};
  Duration off{};
  bool wanted() const { return on > Duration::zero(); }
  friend bool operator==(const PowerSteps&, const PowerSteps&) = default;
};

// A computation of the site's own: a program that answers digests (docs/probes/user-replays.md). Its id begins with kReplayPrefix.
inline constexpr std::string_view kReplayPrefix = "user.";
struct ReplayProgram {
  std::string program;                 // absolute path
  std::vector<std::string> arguments;
  Duration timeout{};                  // of one run
  uint32_t operand_sets = 1;
  friend bool operator==(const ReplayProgram&, const ReplayProgram&) = default;
};

struct RunRequest {
  uint64_t id = 0;
  ProbeRef probe;
  std::string variant;                 // "" for the best one
  std::vector<uint32_t> cpus;          // Device::units: the logical CPU of each unit
  std::vector<UnitWork> work;          // units to run, in parallel, one pinned thread each
  uint32_t set_count = 1;              // operand sets to go through before starting again at first_set
  uint32_t max_runs = 0;               // per unit; 0: until the budget is spent
  Duration budget{};                   // of wall time, from the start of the computation
  uint64_t memory_bytes = 0;           // per unit; 0: what the probe asks for
  std::vector<Digest> goldens;         // by operand set; empty: compute and report only
  Digest golden_hash;                  // hash_of(goldens)
  Synthetic synthetic = Synthetic::kNone;
  Injection injection;
  bool report_digests = false;         // fill UnitRun::digests (replay, tools): see digests_kept()
  PowerSteps power_steps;              // each of the two at most limits::kPowerStepMax
  std::optional<ReplayProgram> replay; // run this instead of a probe of the build
};

// How many runs of each unit keep their digest in a result with that many units: 4,096 at most, and 16,384 over all units, so
// that the largest result still fits a frame.
uint32_t digests_kept(size_t units);

struct UnitRun {
  UnitResult result;
  std::vector<Digest> digests;
  // seal_of() at the moment the unit was judged, before it travelled through the memory of the runner; absent: encode() makes it. A decoded
  // unit has none: it was checked.
  std::optional<Digest> seal{};
};

// A digest of all that a judgement says: request, unit, sets, runs, outcome, fold and digests; not records and time. A bit that changes between the
// judgement and the reader breaks it.
Digest seal_of(const UnitRun& unit, uint64_t request_id, Synthetic synthetic);

struct RunResult {
  uint64_t id = 0;
  std::string variant;
  bool golden_rehash_ok = true;        // after a mismatch the golden table still hashed to golden_hash
  std::vector<UnitRun> units;          // in the order of RunRequest::work
  Duration took{};
  std::string detail;                  // why nothing ran, in words; "" otherwise
  Synthetic synthetic = Synthetic::kNone;  // of the request, so that no injected result can pass for a real one
};

// Where a probe has no golden (tier T3), the units of an accelerator that ran the same operand set vote on what is right: so many at least.
inline constexpr uint32_t kMinVoters = 3;
// Whether so many units ran that a match or mismatch without goldens can be the outcome of their vote.
bool could_vote(const RunResult& result);

// Whether the text can stand for a variant: empty, or at most 16 of a-z, 0-9 and '_'.
bool is_valid_variant(std::string_view text);

// One way in which a device can run a probe, or why it cannot: an instruction set that a processor has and the build knows, a program of a backend.
struct ProbeVariant {
  std::string device;                  // id
  std::string probe;                   // id
  std::string variant;                 // "avx512", "wgmma": what RunRequest::variant asks for; "" when it is missing
  std::string silicon;                 // the part of the silicon that it really works on, in words
  std::string missing;                 // why the device cannot run the probe, in words; "" when it can
  bool ran_on_silicon = false;         // whether this variant has been measured on hardware of this architecture
  bool runs() const { return missing.empty(); }
  friend bool operator==(const ProbeVariant&, const ProbeVariant&) = default;
};

std::string encode(const RunRequest& request);
std::string encode(const RunResult& result);
// What `assay-probe-runner --discover` writes: the devices of this machine.
std::string encode(const std::vector<Device>& devices);
// What it writes after them: of each device and probe the variants, the strongest one first, or why there is none.
std::string encode(const std::vector<ProbeVariant>& variants);
// kInvalid when a field is out of range, a version is unknown, or bytes are missing or left over.
Result<RunRequest> decode_request(std::string_view bytes);
Result<RunResult> decode_result(std::string_view bytes);
Result<std::vector<Device>> decode_devices(std::string_view bytes);
Result<std::vector<ProbeVariant>> decode_variants(std::string_view bytes);

// What a runner gets of our environment, "NAME=value" each: a fixed PATH and locale, and the few variables that choose devices. Nothing else of whoever
// starts it reaches a process that computes.
std::vector<std::string> runner_environment();

// Frames on a socket, pipe or file. write_frame: kLimit over limits::kRunnerFrameBytes; no SIGPIPE on a socket. read_frame: absent
// at a clean end of file; kLimit over limits::kRunnerFrameBytes; kUnavailable when the end comes within a frame. Blocking.
Status write_frame(int fd, std::string_view bytes);
Result<std::optional<std::string>> read_frame(int fd);

}  // namespace assay::probes
