// SPDX-License-Identifier: Apache-2.0
#include "agent/outbox.h"

#include <algorithm>
#include <bit>

#include "common/base/log.h"
#include "common/crypto/secret.h"

namespace assay::agent {

Outbox::Outbox(Spool spool) : spool_(std::move(spool)), memory_stream_(crypto::random_hex(16)) {}

void Outbox::disk_answered(const Status& status) {
  if (status.ok()) {
    if (facts_.disk_failing) log::notice("spool: the disk takes reports again");
    facts_.disk_failing = false;
    return;
  }
  ++facts_.write_failures;
  if (!facts_.disk_failing) {
    log::error("{}; evidence waits in memory (at most {} MiB) until the disk takes it: free space, or move the state directory",
               status.error().message, kMemoryBytes >> 20);
  }
  facts_.disk_failing = true;
}

void Outbox::store(ReportClass report_class, const Encode& encode, const SpoolState& state) {
  const Status stored = spool_.append(report_class, encode(spool_.stream(), spool_.next_sequence()), state);
  disk_answered(stored);
  if (!stored.ok()) keep_in_memory(report_class, encode);
}

void Outbox::keep_in_memory(ReportClass report_class, const Encode& encode) {
  SpooledReport report{0, memory_stream_, memory_sequence_, report_class, encode(memory_stream_, memory_sequence_)};
  const bool evidence = report_class == ReportClass::kEvidence;
  // The front may be in flight; a rollup behind it goes first.
  while (memory_bytes_ + report.bytes.size() > kMemoryBytes) {
    const auto begin = memory_.empty() ? memory_.begin() : memory_.begin() + 1;
    const auto victim = std::find_if(begin, memory_.end(), [](const SpooledReport& r) { return r.report_class == ReportClass::kRollup; });
    if (victim == memory_.end()) break;
    ++facts_.lost_rollups;
    memory_bytes_ -= victim->bytes.size();
    memory_.erase(victim);
  }
  if (memory_bytes_ + report.bytes.size() > (evidence ? kMemoryBytes : kMemoryBytes - kEvidenceShare)) {
    ++(evidence ? facts_.lost_evidence : facts_.lost_rollups);
    if (evidence && std::has_single_bit(facts_.lost_evidence)) {  // the first, the second, the fourth: a full disk must not fill the log
      log::error("spool: no room for evidence on disk or in memory; reports lost so far: {}", facts_.lost_evidence);
    }
    return;
  }
  ++memory_sequence_;
  memory_bytes_ += report.bytes.size();
  memory_.push_back(std::move(report));
}

bool Outbox::put(const SpoolState& state) {
  const Status stored = spool_.put(state);
  disk_answered(stored);
  return stored.ok();
}

void Outbox::retry() {
  while (!memory_.empty()) {
    const Status stored = spool_.append_foreign(memory_.front());
    disk_answered(stored);
    if (!stored.ok()) return;
    memory_bytes_ -= memory_.front().bytes.size();
    memory_.pop_front();
  }
}

std::optional<SpooledReport> Outbox::oldest() {
  if (spool_.facts().reports > 0) {
    auto report = spool_.oldest();
    disk_answered(report.ok() ? Status() : Status(report.error()));
    if (report.ok() && report->has_value()) return *std::move(report);
  }
  if (memory_.empty()) return std::nullopt;
  return memory_.front();
}

void Outbox::forget(const SpooledReport& report) {
  const auto kept = std::find_if(memory_.begin(), memory_.end(), [&](const SpooledReport& r) { return r.sequence == report.sequence; });
  if (kept == memory_.end()) return;
  memory_bytes_ -= kept->bytes.size();
  memory_.erase(kept);
}

void Outbox::acknowledged(const SpooledReport& report) {
  if (report.id != 0) {
    spool_.remove(report);
  } else {
    forget(report);
  }
}

void Outbox::rejected(const SpooledReport& report) {
  if (report.id != 0) {
    spool_.set_aside(report);
  } else {
    forget(report);
  }
}

void Outbox::flush() {
  retry();
  disk_answered(spool_.flush());
}

OutboxFacts Outbox::facts() const {
  OutboxFacts facts = facts_;
  facts.spool = spool_.facts();
  facts.memory_reports = memory_.size();
  return facts;
}

}  // namespace assay::agent
