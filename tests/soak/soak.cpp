// SPDX-License-Identifier: Apache-2.0
#include "tests/soak/soak.h"

#include <algorithm>
#include <atomic>
#include <cfenv>
#include <clocale>
#include <locale>
#include <thread>

#include <fmt/format.h>

#include "common/base/random.h"
#include "probes/backend/host/frame.h"
#include "probes/backend/host/kernel.h"
#include "probes/backend/host/pinning.h"
#include "probes/catalogue/catalogue.h"
#include "probes/goldens/golden_set.h"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace assay::soak {
namespace {

constexpr uint32_t kBatch = 50;
constexpr uint32_t kSetsOfABatch = 5;
constexpr uint64_t kHopEvery = 4;         // batches
constexpr int kTurns = 5;
constexpr std::chrono::seconds kBudget{60};

// Something on every core beside the probes: arithmetic and memory.
class Load {
 public:
  Load() {
    for (const uint32_t cpu : probes::host::allowed_cpus()) {
      threads_.emplace_back([this, cpu] {
        [[maybe_unused]] const Status pinned = probes::host::pin_to_cpu(cpu);
        std::vector<double> values(1 << 16, 1.5);
        while (!stop_.load(std::memory_order_relaxed)) {
          for (double& value : values) value = value * 0.999 + 0.5;
        }
      });
    }
  }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;
  ~Load() {
    stop_ = true;
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  std::atomic<bool> stop_{false};
  std::vector<std::thread> threads_;
};

// Numbers with a comma, as far as this machine has such a locale: that of C++ always, that of C where one is installed.
class CommaLocale {
 public:
  CommaLocale() : before_(std::locale::global(std::locale(std::locale(), new Comma))) {
    for (const char* name : {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8"}) {
      if (std::setlocale(LC_ALL, name) != nullptr) break;
    }
  }
  CommaLocale(const CommaLocale&) = delete;
  CommaLocale& operator=(const CommaLocale&) = delete;
  ~CommaLocale() {
    std::locale::global(before_);
    std::setlocale(LC_ALL, "C");
  }

 private:
  struct Comma : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
  };
  std::locale before_;
};

// The floating-point modes of this thread, which the threads of the frame inherit; put back at the end.
class OddModes {
 public:
  explicit OddModes(uint64_t number) {
    std::fegetenv(&before_);
    constexpr int kRoundings[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    std::fesetround(kRoundings[number % 4]);
#if defined(__x86_64__)
    if (number / 4 % 2 == 1) _mm_setcsr(_mm_getcsr() | 0x8040);   // flush to zero, subnormals are zero
    constexpr uint16_t kPrecisions[] = {0x037F, 0x027F, 0x007F};  // 64, 53, 24 bits
    const uint16_t control = static_cast<uint16_t>(kPrecisions[number % 3] | (number % 4) << 10);
    __asm__ volatile("fldcw %0" : : "m"(control));
#endif
  }
  OddModes(const OddModes&) = delete;
  OddModes& operator=(const OddModes&) = delete;
  ~OddModes() { std::fesetenv(&before_); }

 private:
  std::fenv_t before_{};
};

class Soak {
 public:
  Soak(const SoakOptions& options, const ProbeSpec& spec, const probes::host::KernelEntry& entry, const probes::GoldenTable& goldens)
      : options_(options), spec_(spec), entry_(entry), goldens_(goldens), random_(seed_from(spec.ref.id + std::string(to_string(entry.variant)), options.seed)) {
    line_.name = fmt::format("{} {}", spec.ref.id, to_string(entry.variant));
  }

  SoakLine run() {
    const MonoTime start = BootClock::now();
    for (uint64_t batch = 0; line_.runs < options_.runs && line_.unmeasured < kTurns * (batch + 1); ++batch) {
      in_the_frame(batch, static_cast<uint32_t>(std::min<uint64_t>(kBatch, options_.runs - line_.runs)));
      if (batch % kHopEvery == 0) across_cores();
    }
    line_.took = BootClock::now() - start;
    return line_;
  }

 private:
  void problem(std::string words) {
    ++line_.wrong;
    if (line_.first_problem.empty()) line_.first_problem = std::move(words);
  }

  void in_the_frame(uint64_t batch, uint32_t runs) {
    const auto cpus = probes::host::allowed_cpus();
    probes::RunRequest request;
    request.id = batch + 1;
    request.probe = spec_.ref;
    request.variant = to_string(entry_.variant);
    request.cpus = cpus;
    request.work = {{static_cast<uint32_t>(batch % cpus.size()), static_cast<uint32_t>(random_.below(spec_.operand_sets))}};
    request.set_count = kSetsOfABatch;
    request.max_runs = runs;
    request.budget = kBudget;
    request.goldens = goldens_.digests;
    request.golden_hash = goldens_.hash;
    if (options_.plant) {
      request.synthetic = Synthetic::kDrill;
      request.injection.shape = FaultShape::kBitFlip;
      request.injection.unit = request.work[0].unit;
      request.injection.seed = batch * 2;
    }
    const std::atomic<bool> never{false};
    const probes::host::Frame frame(probes::host::built_in_kernels(), {options_.plant, false, FsRoot(), std::chrono::seconds{5}});
    const OddModes modes(batch);
    const probes::RunResult result = frame.run(request, never);
    const UnitResult& unit = result.units.at(0).result;
    line_.runs += unit.runs;
    if (unit.outcome == Outcome::kMismatch) problem(fmt::format("batch {}: {} of {} runs wrong", batch, unit.mismatches, unit.runs));
    if (unit.outcome == Outcome::kInconclusive) {
      ++line_.unmeasured;
      if (line_.first_problem.empty()) line_.first_problem = fmt::format("batch {}: {} {}", batch, to_string(unit.reason), result.detail);
    }
  }

  // A run that is moved to the next core before each step.
  void across_cores() {
    const auto cpus = probes::host::allowed_cpus();
    std::thread([&] {
      const auto kernel = entry_.make({cpus.front(), cpus, false});
      if (!kernel) return;
      const auto set = static_cast<uint32_t>(random_.below(spec_.operand_sets));
      Digest128 digest;
      kernel->prepare(set);
      for (uint32_t step = 0; step < kernel->steps(); ++step) {
        if (!probes::host::pin_to_cpu(cpus[step % cpus.size()])) return;
        kernel->step(step);
        digest.add(kernel->output());
      }
      ++line_.hops;
      if (digest.value() != goldens_.digests[set]) problem(fmt::format("set {}: wrong after it was moved between cores", set));
    }).join();
  }

  const SoakOptions& options_;
  const ProbeSpec& spec_;
  const probes::host::KernelEntry& entry_;
  const probes::GoldenTable& goldens_;
  Random random_;
  SoakLine line_;
};

}  // namespace

Result<std::vector<SoakLine>> soak(const SoakOptions& options) {
  const auto goldens = TRY(probes::GoldenSet::load(options.goldens));
  std::vector<SoakLine> lines;
  const Load load;
  const CommaLocale comma;
  for (const ProbeSpec& spec : probes::catalogue()) {
    const probes::GoldenTable* table = goldens.find(spec.ref);
    if (table == nullptr || (!options.probe.empty() && spec.ref.id != options.probe)) continue;
    for (const auto& entry : probes::host::kernels()) {
      if (entry.probe_id != spec.ref.id || !probes::host::is_supported(entry)) continue;
      if (!options.variant.empty() && to_string(entry.variant) != options.variant) continue;
      lines.push_back(Soak(options, spec, entry, *table).run());
    }
  }
  if (lines.empty()) return make_error(ErrorCode::kNotFound, fmt::format("no probe '{}' in variant '{}' with a golden", options.probe, options.variant));
  return lines;
}

std::string soak_text(const std::vector<SoakLine>& lines) {
  std::string text = fmt::format("{:<36} {:>8} {:>6} {:>6} {:>10} {:>10}\n", "PROBE", "RUNS", "HOPS", "WRONG", "UNMEASURED", "TOOK");
  for (const SoakLine& line : lines) {
    text += fmt::format("{:<36} {:>8} {:>6} {:>6} {:>10} {:>10} {}\n", line.name, line.runs, line.hops, line.wrong, line.unmeasured, format_span(line.took),
                        line.first_problem);
  }
  return text;
}

std::string soak_markdown(const std::vector<SoakLine>& lines) {
  std::string text = "| probe | variant | runs | runs moved before each step | wrong |\n|---|---|---|---|---|\n";
  for (const SoakLine& line : lines) {
    const size_t blank = line.name.find(' ');
    text += fmt::format("| `{}` | {} | {} | {} | {} |\n", line.name.substr(0, blank), line.name.substr(blank + 1), line.runs, line.hops, line.wrong);
  }
  return text;
}

}  // namespace assay::soak
