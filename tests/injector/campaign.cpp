// SPDX-License-Identifier: Apache-2.0
#include "tests/injector/campaign.h"

#include <algorithm>

#include <fmt/format.h>

#include "probes/backend/host/kernel.h"
#include "probes/backend/host/pinning.h"
#include "probes/catalogue/catalogue.h"
#include "probes/goldens/golden_set.h"

namespace assay::injector {
namespace {

constexpr uint32_t kRuns = 3;
constexpr std::chrono::milliseconds kBudget{1500};
constexpr std::chrono::milliseconds kDeadline{3000};
constexpr int kCleanRuns = 3;
constexpr int kTurns = 20;   // of a trial whose runner was too fast

struct Subject {
  const ProbeSpec* spec = nullptr;
  std::string variant;
  const probes::GoldenTable* goldens = nullptr;
  Duration takes{};           // from the request to the answer, undisturbed; zero: not measured yet
};

std::vector<Subject> subjects_of(const CampaignOptions& options, const probes::GoldenSet& goldens) {
  std::vector<Subject> subjects;
  for (const ProbeSpec& spec : probes::catalogue()) {
    if (!options.probe.empty() && spec.ref.id != options.probe) continue;
    const probes::GoldenTable* table = goldens.find(spec.ref);
    for (const auto& entry : probes::host::kernels()) {
      if (table != nullptr && entry.probe_id == spec.ref.id && probes::host::is_supported(entry)) {
        subjects.push_back({&spec, std::string(to_string(entry.variant)), table, {}});
      }
    }
  }
  return subjects;
}

probes::RunRequest request_for(const Subject& subject, uint64_t id, uint32_t first_set) {
  probes::RunRequest request;
  request.id = id;
  request.probe = subject.spec->ref;
  request.variant = subject.variant;
  request.cpus = probes::host::allowed_cpus();
  request.work = {{static_cast<uint32_t>(id % request.cpus.size()), first_set}};
  request.set_count = kRuns;
  request.max_runs = kRuns;
  request.budget = kBudget;
  request.goldens = subject.goldens->digests;
  request.golden_hash = subject.goldens->hash;
  request.report_digests = true;
  return request;
}

class Campaign {
 public:
  Campaign(const CampaignOptions& options, std::vector<Subject> subjects) : options_(options), subjects_(std::move(subjects)) {}

  Result<CampaignReport> run() {
    for (uint64_t number = options_.first; number < options_.first + options_.trials; ++number) TRY(trial(number));
    return report_;
  }

 private:
  Status measure(Subject& subject) {
    if (subject.takes != Duration::zero()) return {};
    Duration shortest{std::chrono::hours{1}};
    for (int i = 0; i < kCleanRuns; ++i) {
      auto runner = TRY(TracedRunner::start(options_.runner));
      const auto request = request_for(subject, 1, 0);
      const MonoTime start = BootClock::now();
      TRY(runner->send(request));
      runner->run_until(start + kDeadline);
      const Judgement judgement = judge(request, subject.spec->operand_sets, runner->how());
      if (judgement.fate != Fate::kMasked) {
        return make_error(ErrorCode::kUnavailable, fmt::format("{} {}: a run without any fault is {}: {}", subject.spec->ref.id, subject.variant,
                                                               to_string(judgement.fate), judgement.detail));
      }
      shortest = std::min<Duration>(shortest, BootClock::now() - start);
    }
    subject.takes = shortest;
    return {};
  }

  Status trial(uint64_t number) {
    Random random(seed_from(fmt::format("outside injector {}", options_.seed), number));
    Subject& subject = subjects_[random.below(subjects_.size())];
    const auto target = static_cast<Target>(random.below(static_cast<uint64_t>(kLastTarget) + 1));
    TRY(measure(subject));
    const auto request = request_for(subject, number + 1, static_cast<uint32_t>(random.below(subject.spec->operand_sets)));
    for (int turn = 0; turn < kTurns; ++turn) {
      auto runner = TRY(TracedRunner::start(options_.runner));
      const MonoTime start = BootClock::now();
      TRY(runner->send(request));
      const auto delay = std::chrono::duration_cast<Duration>(subject.takes * random.unit());
      if (runner->run_until(start + delay)) {
        ++report_.late;
        continue;
      }
      const pid_t thread = runner->thread_to_stop();
      if (!runner->stop(thread) || runner->how().frame) {
        ++report_.late;
        continue;
      }
      const auto flipped = flip(*runner, thread, target, random);
      runner->resume(thread);
      if (!flipped) continue;
      runner->run_until(start + kDeadline);
      const bool computing = thread != runner->pid();
      record(number, subject, target, fmt::format("{} of the {} thread", *flipped, computing ? "computing" : "main"),
             judge(request, subject.spec->operand_sets, runner->how()));
      return {};
    }
    return {};
  }

  void record(uint64_t number, const Subject& subject, Target target, const std::string& flipped, const Judgement& judgement) {
    ++report_.counts[static_cast<size_t>(target)][static_cast<size_t>(judgement.fate)];
    const std::string words = fmt::format("{} {}: {}: {}: {}{}{}", subject.spec->ref.id, subject.variant, to_string(target), flipped, to_string(judgement.fate),
                                          judgement.detail.empty() ? "" : ": ", judgement.detail);
    if (judgement.fate == Fate::kUndetected) report_.undetected.push_back({number, words});
    if (options_.verbose) fmt::print(stderr, "{} {}\n", number, words);
  }

  const CampaignOptions& options_;
  std::vector<Subject> subjects_;
  CampaignReport report_;
};

constexpr std::array kTargets = {Target::kGeneral, Target::kVector, Target::kFpControl, Target::kStack, Target::kHeap, Target::kMemory};
constexpr std::array kFates = {Fate::kMismatch, Fate::kInconclusive, Fate::kNonsense, Fate::kCrashed, Fate::kHung, Fate::kMasked, Fate::kUndetected};

std::string share(uint64_t count, uint64_t of) {
  return of == 0 ? "-" : fmt::format("{} ({:.1f} %)", count, 100.0 * static_cast<double>(count) / static_cast<double>(of));
}

}  // namespace

uint64_t CampaignReport::trials() const {
  uint64_t sum = 0;
  for (const Fate fate : kFates) sum += with(fate);
  return sum;
}

uint64_t CampaignReport::with(Fate fate) const {
  uint64_t sum = 0;
  for (const Row& row : counts) sum += row[static_cast<size_t>(fate)];
  return sum;
}

Result<CampaignReport> run_campaign(const CampaignOptions& options) {
  const auto goldens = TRY(probes::GoldenSet::load(options.goldens));
  auto subjects = subjects_of(options, goldens);
  if (subjects.empty()) return make_error(ErrorCode::kNotFound, fmt::format("no probe '{}' with goldens", options.probe));
  return Campaign(options, std::move(subjects)).run();
}

std::string report_text(const CampaignReport& report) {
  std::string text = fmt::format("{:<18}", "TARGET");
  for (const Fate fate : kFates) text += fmt::format(" {:>14}", to_string(fate));
  text += "\n";
  for (const Target target : kTargets) {
    text += fmt::format("{:<18}", to_string(target));
    for (const uint64_t count : report.counts[static_cast<size_t>(target)]) text += fmt::format(" {:>14}", count);
    text += "\n";
  }
  for (const UndetectedTrial& one : report.undetected) text += fmt::format("UNDETECTED in trial {}: {}\n", one.number, one.words);
  return text + fmt::format("{} trials, {} undetected\n", report.trials(), report.with(Fate::kUndetected));
}

std::string report_markdown(const CampaignReport& report, const CampaignOptions& options) {
  std::string text = fmt::format(R"(# Outside injector

A test tool stops the probe runner at random instants with ptrace and flips one bit: in a register of the thread that computes (of the main thread before it starts and after it ended), or in writable
memory. It is no part of the probes and shares nothing with their injector. Made with

```
build/release/bin/assay-bit-flipper --trials {} --seed {} --markdown > docs/measured/outside-injector.md
```

Each trial starts a runner of its own, sends one request ({} runs of a probe and variant chosen by the seed), and waits for a random part of the time that the request takes undisturbed. The judge holds what the
runner reports against goldens of its own: **undetected** means that it said match although a reported digest, the fold, the number of runs behind it, the unit or the operand sets
are not those asked for. That count must be 0. **masked**: it said match, and all of that is right. **nonsense**: the reader of the protocol refused the answer.

| target |)", options.trials, options.seed, kRuns);
  for (const Fate fate : kFates) text += fmt::format(" {} |", fate == Fate::kUndetected ? "**undetected**" : to_string(fate));
  text += "\n|---|---|---|---|---|---|---|---|\n";
  const auto add_row = [&](std::string_view name, const CampaignReport::Row& row) {
    uint64_t sum = 0;
    for (const uint64_t count : row) sum += count;
    text += fmt::format("| {} |", name);
    for (const uint64_t count : row) text += fmt::format(" {} |", share(count, sum));
    text += "\n";
  };
  CampaignReport::Row all{};
  for (const Target target : kTargets) {
    const auto& row = report.counts[static_cast<size_t>(target)];
    add_row(to_string(target), row);
    std::transform(row.begin(), row.end(), all.begin(), all.begin(), std::plus<>());
  }
  add_row("all", all);
  const uint64_t trials = report.trials();
  text += fmt::format("\n{} trials, {} undetected", trials, report.with(Fate::kUndetected));
  // The rule of three: 95 % confidence for none in so many.
  if (report.with(Fate::kUndetected) == 0 && trials > 0) text += fmt::format(": with 95 % confidence less than {:.3f} % of such flips", 300.0 / static_cast<double>(trials));
  text += ".\n";
  for (const UndetectedTrial& one : report.undetected) text += fmt::format("\n- trial {}: {}\n", one.number, one.words);
  return text;
}

}  // namespace assay::injector
