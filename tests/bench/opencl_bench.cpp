// SPDX-License-Identifier: Apache-2.0
// bench_opencl: verified rates of probes on an OpenCL device, all its units at once, each beside what plain kernels reach on the same device in the same
// minutes. A verified run is all of it, as the runner has it done: operands to the device, poison, steps, digests, comparison with the goldens.
// JSON lines: name (probe/limit), value, unit, limit, ratio.
//
// usage: bench_opencl [SECONDS [DEVICE]]   (seconds for each line; the first device otherwise; goldens from ASSAY_SOURCE_DIR)
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/parse.h"
#include "probes/backend/device/portable.h"
#include "probes/backend/opencl/backend.h"
#include "probes/backend/opencl/identity.h"
#include "probes/goldens/golden_set.h"
#include "tests/bench/comparison.h"
#include "tests/bench/opencl_limits.h"

namespace assay::bench {
namespace {

using namespace probes;

// A probe whose work is arithmetic, and the operations that it is made of.
struct Row {
  std::string_view probe;
  std::string_view unit;
  std::string_view limit;
  Operation operation;
  double operations_per_work = 1;   // where the probe counts bytes
};

// Operations of C in a block of 64 bytes. SHA-256: 24 a round, 13 for each of 48 words of the schedule, 8 additions at the end. ChaCha20: 12 a quarter
// round, 80 of them, and 16 additions.
constexpr double kSha256PerByte = (64 * 24 + 48 * 13 + 8) / 64.0;
constexpr double kChacha20PerByte = (80 * 12 + 16) / 64.0;

constexpr Row kRows[] = {
    {"gemm.fp64.grid", "GFLOP/s", "fma", Operation::kFmaF64},
    {"gemm.fp32.grid", "GFLOP/s", "fma", Operation::kFmaF32},
    {"gemm.bf16.grid", "Gop/s", "fma", Operation::kFmaF32},
    {"gemm.int8.grid", "Gop/s", "mad", Operation::kMadU32},
    {"fma.fp64.chain", "GFLOP/s", "fma", Operation::kFmaF64},
    {"fma.fp32.chain", "GFLOP/s", "fma", Operation::kFmaF32},
    {"int.mul.chain", "Gop/s", "mul", Operation::kMulU64},
    {"hash.sha256.chain", "GB/s", "logic", Operation::kLogicU32, kSha256PerByte},
    {"chacha20.chain", "GB/s", "logic", Operation::kLogicU32, kChacha20PerByte},
};
constexpr std::string_view kMarches[] = {"mem.march.l1", "mem.march.l2", "mem.march.l3", "mem.march"};

// A job on every unit, again and again; each of its digests must be the golden.
class VerifiedJob {
 public:
  VerifiedJob(device::Accelerator& accelerator, const device::Program& program, const GoldenTable& goldens) : accelerator_(accelerator), program_(program) {
    for (uint32_t set = 0; set < kSets; ++set) operands_.push_back(device::operands_of(program, set));
    for (uint32_t set = 0; set < kSets; ++set) sets_.push_back({set, operands_[set], {}, goldens.digests.at(set)});
    for (const uint32_t unit : accelerator.device().units) {
      device::JobUnit& one = units_.emplace_back();
      one.unit = unit;
      for (uint32_t i = 0; i < kSets; ++i) one.slots.push_back((i + unit) % kSets);
    }
    job_.probe = program.probe_id;
    job_.variant = "simt";
    job_.sets = sets_;
    job_.units = units_;
    job_.poison_seed = 0x5EED;
    find_runs();
  }

  double operator()() {
    const auto result = accelerator_.run(job_, never_);
    if (!result.ok()) fail(result.error().message);
    for (const device::JobUnitResult& unit : result->units) check(unit);
    return static_cast<double>(result->units.size()) * job_.runs_per_unit * program_.work_per_run;
  }

 private:
  static constexpr uint32_t kSets = 4;
  // As long as a slice: what a job costs beside its runs is in the rate, as it is in the product.
  static constexpr std::chrono::milliseconds kSlice{50};

  void find_runs() {
    for (job_.runs_per_unit = 1;; job_.runs_per_unit = std::min(2 * job_.runs_per_unit, device::kRunsPerJobUnit)) {
      const auto begun = std::chrono::steady_clock::now();
      (*this)();
      if (job_.runs_per_unit == device::kRunsPerJobUnit || std::chrono::steady_clock::now() - begun >= kSlice) return;
    }
  }
  void check(const device::JobUnitResult& unit) const {
    bool right = unit.digests.size() == job_.runs_per_unit && unit.wrong == 0;
    for (uint32_t run = 0; right && run < job_.runs_per_unit; ++run) right = unit.digests[run] == sets_[(run + unit.unit) % kSets].golden;
    if (!right) fail(fmt::format("{} on unit {} differs from its goldens: the rate is worth nothing", program_.probe_id, unit.unit));
  }

  device::Accelerator& accelerator_;
  const device::Program& program_;
  std::vector<std::vector<uint64_t>> operands_;
  std::vector<device::JobSet> sets_;
  std::vector<device::JobUnit> units_;
  device::Job job_;
  const std::atomic<bool> never_{false};
};

// The device, opened by the backend, and the same one for the limits.
class Bench {
 public:
  Bench(std::unique_ptr<device::Accelerator> accelerator, const opencl::Api& api, opencl::DriverDevice device, GoldenSet goldens, double seconds)
      : accelerator_(std::move(accelerator)), limits_(api, std::move(device)), goldens_(std::move(goldens)), seconds_(seconds) {}

  void compare_arithmetic(const Row& row) {
    const auto probe = verified(row.probe);
    if (!probe) return;
    if (!known_.contains(row.operation)) known_.emplace(row.operation, limits_.operations(row.operation));
    const Work& limit = known_.at(row.operation);
    compare(fmt::format("{}/{}", row.probe, row.limit), row.unit, *probe, [&] { return limit() / row.operations_per_work; }, seconds_);
  }

  // The memory that all units have together, as much as the probe has with one team on each.
  void compare_march(std::string_view id) {
    const auto probe = verified(id);
    if (!probe) return;
    const uint64_t bytes = uint64_t{device::find_program(id)->shape.arena_words} * sizeof(uint64_t) * accelerator_->device().units.size();
    for (const auto& [name, traffic] : {std::pair("copy", Traffic::kCopy), std::pair("triad", Traffic::kTriad)}) {
      compare(fmt::format("{}/{}", id, name), "GB/s", *probe, limits_.traffic(traffic, bytes), seconds_);
    }
  }

 private:
  // nullopt, and a line, where the device cannot run it.
  std::optional<Work> verified(std::string_view id) {
    const std::vector<device::Offer> offers = accelerator_->offers();
    const auto offer = std::ranges::find(offers, id, &device::Offer::probe);
    const device::Program* program = device::find_program(id);
    const GoldenTable* table = program == nullptr ? nullptr : goldens_.find({std::string(id), program->version});
    if (table == nullptr || offer == offers.end()) fail(fmt::format("{}: no program or no golden", id));
    if (!offer->missing.empty()) {
      fmt::print(stderr, "bench_opencl: {}: {}\n", id, offer->missing);
      return std::nullopt;
    }
    const auto job = std::make_shared<VerifiedJob>(*accelerator_, *program, *table);
    return [job] { return (*job)(); };
  }

  std::unique_ptr<device::Accelerator> accelerator_;
  OpenclLimits limits_;
  std::map<Operation, Work> known_;
  GoldenSet goldens_;
  double seconds_;
};

// The driver's handle of the device that the backend lists so.
opencl::DriverDevice driver_device(const opencl::Api& api, const Device& wanted) {
  std::string detail;
  auto found = opencl::find_devices(api, detail);
  if (!found.ok()) fail(found.error().message);
  for (opencl::DriverDevice& one : *found) {
    const Device device = opencl::device_of(one.facts, "");   // the id alone hangs on the node's name
    if (device.architecture == wanted.architecture && device.location == wanted.location && device.socket == wanted.socket) return std::move(one);
  }
  fail(fmt::format("the drivers have no device {} any more", wanted.id));
}

int run(double seconds, std::string_view wanted) {
  const opencl::OpenclBackend backend;
  std::string detail;
  auto devices = backend.devices(detail);
  if (!devices.ok()) fail(devices.error().message);
  if (!wanted.empty()) std::erase_if(*devices, [&](const Device& device) { return device.id != wanted; });
  if (devices->empty()) {
    fmt::print(stderr, "bench_opencl: no such OpenCL device here ({}): nothing is measured\n", detail);
    return 0;
  }
  const Device& device = devices->front();
  auto accelerator = backend.open(device.id, {});
  if (!accelerator.ok()) fail(accelerator.error().message);
  const char* source = std::getenv("ASSAY_SOURCE_DIR");
  auto goldens = GoldenSet::load(std::filesystem::path(source == nullptr ? "." : source) / "probes" / "goldens");
  if (!goldens.ok()) fail(goldens.error().message);
  const auto api = opencl::load_api();
  if (!api.ok()) fail(api.error().message);
  fmt::print(stderr, "bench_opencl: {} ({}), {} units\n", device.id, device.model, device.units.size());
  Bench bench(std::move(*accelerator), *api, driver_device(*api, device), std::move(*goldens), seconds);
  for (const Row& row : kRows) bench.compare_arithmetic(row);
  for (const std::string_view march : kMarches) bench.compare_march(march);
  return 0;
}

}  // namespace
}  // namespace assay::bench

int main(int argc, char** argv) {
  double seconds = 2;
  if (argc > 1) {
    const auto given = assay::parse_f64(argv[1]);
    if (!given.ok() || !(*given > 0) || argc > 3) {
      fmt::print(stderr, "usage: bench_opencl [SECONDS [DEVICE]]\n");
      return 64;
    }
    seconds = *given;
  }
  return assay::bench::run(seconds, argc > 2 ? argv[2] : "");
}
