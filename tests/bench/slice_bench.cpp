// SPDX-License-Identifier: Apache-2.0
// bench_slices: how punctual slices are and what verification costs, for each probe of the catalogue beside its limit.
//   start    from the request to the first operand, warm             (2 ms)
//   end      what a slice of 100 ms takes over its budget            (10 ms)
//   stop     from the stop to the result                             (10 ms)
//   verify   share of the time that is not the kernel's own: poison, digest, copy, comparison, looks at the clock   (3 %)
//   run      one operand set
// Medians of several slices on one unit, and for start, end and stop the worst as well. JSON lines: name, value, unit, limit, ratio.
//
// usage: bench_slices [SLICES] [PROBE]   (goldens from ASSAY_SOURCE_DIR)
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "common/base/parse.h"
#include "probes/backend/host/frame.h"
#include "probes/backend/host/pinning.h"
#include "probes/catalogue/catalogue.h"
#include "probes/goldens/golden_set.h"

namespace assay::bench {
namespace {

using probes::host::Kernel;
using probes::host::KernelSite;
using std::chrono::milliseconds;

// What a kernel saw of a slice.
struct Times {
  MonoTime first{};        // when the first operand was asked for
  MonoTime last{};         // when the latest step ended
  Duration kernel{};       // within prepare() and step()
  uint64_t runs = 0;
  uint64_t looks = 0;      // at the clock, in pairs
};

// A kernel that looks at the clock.
class TimedKernel final : public Kernel {
 public:
  TimedKernel(std::unique_ptr<Kernel> kernel, Times& times) : kernel_(std::move(kernel)), times_(times) {}

  void prepare(uint32_t operand_set) override {
    const MonoTime start = BootClock::now();
    if (times_.first == MonoTime{}) times_.first = start;
    ++times_.runs;
    kernel_->prepare(operand_set);
    add(start);
  }
  void step(uint32_t index) override {
    const MonoTime start = BootClock::now();
    kernel_->step(index);
    add(start);
  }
  uint32_t steps() const override { return kernel_->steps(); }
  std::span<uint64_t> output() override { return kernel_->output(); }
  std::span<uint64_t> state() override { return kernel_->state(); }
  probes::host::StepEnd last_step() const override { return kernel_->last_step(); }
  std::span<const uint32_t> partners() const override { return kernel_->partners(); }
  Duration partners_time() const override { return kernel_->partners_time(); }
  uint32_t words_per_vector() const override { return kernel_->words_per_vector(); }
  double work_per_run() const override { return kernel_->work_per_run(); }

 private:
  void add(MonoTime start) {
    ++times_.looks;
    times_.last = BootClock::now();
    times_.kernel += times_.last - start;
  }

  std::unique_ptr<Kernel> kernel_;
  Times& times_;
};

// The kernels of this build, timed. One slice of one unit at a time.
class TimedKernels final : public probes::host::KernelSource {
 public:
  const ProbeSpec* spec(std::string_view probe_id) const override { return probes::host::built_in_kernels().spec(probe_id); }
  std::optional<Choice> choose(std::string_view probe_id, std::string_view variant) const override {
    auto choice = probes::host::built_in_kernels().choose(probe_id, variant);
    if (!choice) return std::nullopt;
    choice->make = [this, make = choice->make](const KernelSite& site) -> std::unique_ptr<Kernel> {
      auto kernel = make(site);
      if (!kernel) return nullptr;
      return std::make_unique<TimedKernel>(std::move(kernel), times_);
    };
    return choice;
  }
  Times& times() const { return times_; }

 private:
  mutable Times times_;
};

double ms(Duration duration) { return to_seconds(duration) * 1e3; }

void print(std::string_view probe, std::string_view what, double value, std::string_view unit, double limit) {
  fmt::print("{{\"name\":\"{}/{}\",\"value\":{:.3f},\"unit\":\"{}\",\"limit\":{},\"ratio\":{:.3f}}}\n", probe, what, value, unit, limit,
             value / limit);
  std::fflush(stdout);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double worst(const std::vector<double>& values) { return *std::max_element(values.begin(), values.end()); }

void print_both(std::string_view probe, std::string_view what, const std::vector<double>& values, double limit) {
  print(probe, what, median(values), "ms", limit);
  print(probe, fmt::format("{}_worst", what), worst(values), "ms", limit);
}

// All that is measured of one probe.
class ProbeTiming {
 public:
  ProbeTiming(const ProbeSpec& spec, const probes::GoldenSet& goldens) : spec_(spec), cpus_(probes::host::allowed_cpus()) {
    request_.id = 1;
    request_.probe = spec.ref;
    request_.cpus = cpus_;
    request_.work = {{0, 0}};
    request_.set_count = spec.operand_sets;
    if (const auto* table = goldens.find(spec.ref)) {
      request_.goldens = table->digests;
      request_.golden_hash = table->hash;
    }
  }

  void measure(uint32_t slices) {
    full_slice();  // warms up
    for (uint32_t i = 0; i < slices; ++i) {
      full_slice();
      stopped_slice();
    }
    if (run_ms_.empty()) {
      fmt::print(stderr, "bench_slices: {}: no run was complete\n", spec_.ref.id);
      return;
    }
    start_ms_.erase(start_ms_.begin());
    print_both(spec_.ref.id, "start", start_ms_, 2);
    print_both(spec_.ref.id, "end", over_ms_, 10);
    print_both(spec_.ref.id, "stop", stop_ms_, 10);
    print(spec_.ref.id, "verify", median(verify_percent_), "%", 3);
    print(spec_.ref.id, "run", median(run_ms_), "ms", 20);
  }

 private:
  static constexpr milliseconds kBudget{100};

  void full_slice() {
    request_.budget = kBudget;
    kernels_.times() = {};
    const std::atomic<bool> never{false};
    const MonoTime start = BootClock::now();
    const probes::RunResult result = frame_.run(request_, never);
    const Duration took = BootClock::now() - start;
    const Times& times = kernels_.times();
    const UnitResult& unit = result.units[0].result;
    if (unit.outcome == Outcome::kMismatch) fmt::print(stderr, "bench_slices: {}: mismatch: times mean nothing\n", spec_.ref.id);
    if (unit.runs == 0) return;
    start_ms_.push_back(ms(times.first - start));
    over_ms_.push_back(ms(took - kBudget));
    run_ms_.push_back(ms(times.last - times.first) / static_cast<double>(times.runs));
    // One of the two looks at the clock falls outside of the kernel's time, and is no part of verification.
    const double total = ms(times.last - times.first) - 2 * static_cast<double>(times.looks) * look_ms_;
    const double kernel = ms(times.kernel) - static_cast<double>(times.looks) * look_ms_;
    verify_percent_.push_back(100 * (1 - kernel / total));
  }

  // Stopped at a moment that wanders through the slice.
  void stopped_slice() {
    request_.budget = std::chrono::seconds{10};
    std::atomic<bool> stop{false};
    MonoTime stopped;
    const MonoTime at = BootClock::now() + milliseconds{20} + std::chrono::microseconds{777} * stop_ms_.size();
    std::thread stopper([&] {
      std::this_thread::sleep_for(at - BootClock::now());
      stopped = BootClock::now();
      stop = true;
    });
    static_cast<void>(frame_.run(request_, stop));
    const MonoTime end = BootClock::now();
    stopper.join();
    stop_ms_.push_back(ms(end - stopped));
  }

  static double time_of_a_look() {
    constexpr int kLooks = 100'000;
    const MonoTime start = BootClock::now();
    MonoTime end = start;
    for (int i = 0; i < kLooks; ++i) end = BootClock::now();
    return ms(end - start) / kLooks;
  }

  const ProbeSpec& spec_;
  const std::vector<uint32_t> cpus_;
  const double look_ms_ = time_of_a_look();
  probes::RunRequest request_;
  TimedKernels kernels_;
  const probes::host::Frame frame_{kernels_, {false, false, FsRoot(), std::chrono::seconds{1}}};
  std::vector<double> start_ms_, over_ms_, stop_ms_, run_ms_, verify_percent_;
};

int run(uint32_t slices, std::string_view only) {
  const char* source = std::getenv("ASSAY_SOURCE_DIR");
  const auto goldens = probes::GoldenSet::load(std::filesystem::path(source == nullptr ? "." : source) / "probes" / "goldens");
  if (!goldens.ok()) {
    fmt::print(stderr, "bench_slices: {}\n", goldens.error().message);
    return 2;
  }
  for (const ProbeSpec& spec : probes::catalogue()) {
    if (only.empty() || only == spec.ref.id) ProbeTiming(spec, *goldens).measure(slices);
  }
  return 0;
}

}  // namespace
}  // namespace assay::bench

int main(int argc, char** argv) {
  uint32_t slices = 7;
  if (argc > 1) {
    const auto given = assay::parse_u64(argv[1]);
    if (!given.ok() || *given == 0 || *given > 1000 || argc > 3) {
      fmt::print(stderr, "usage: bench_slices [SLICES] [PROBE]\n");
      return 64;
    }
    slices = static_cast<uint32_t>(*given);
  }
  return assay::bench::run(slices, argc > 2 ? argv[2] : "");
}
