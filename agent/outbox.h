// SPDX-License-Identifier: Apache-2.0
// Where reports wait to be sent: in the spool, or, while its disk takes nothing, in a little memory under a stream of its own.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "agent/spool.h"

namespace assay::agent {

struct OutboxFacts {
  SpoolFacts spool;
  uint64_t memory_reports = 0;
  uint64_t write_failures = 0;     // attempts to store that failed since the start
  uint64_t lost_rollups = 0;       // neither disk nor memory had room
  uint64_t lost_evidence = 0;
  bool disk_failing = false;
};

// The memory stream has a random id that dies with the process, so its numbers can never meet numbers of a later life that the collector
// already knows. One owner, one thread. Logs when the disk begins and ceases to fail.
class Outbox {
 public:
  static constexpr uint64_t kMemoryBytes = 4ULL << 20;
  static constexpr uint64_t kEvidenceShare = 3ULL << 20;   // of it may be evidence; one more is refused and counted

  explicit Outbox(Spool spool);

  // Makes the bytes of a report for a stream and sequence.
  using Encode = std::function<std::string(const std::string& stream, uint64_t sequence)>;
  void store(ReportClass report_class, const Encode& encode, const SpoolState& state);
  // State alone; false when the disk did not take it.
  bool put(const SpoolState& state);
  // Moves what waits in memory to the disk, if it takes it again.
  void retry();

  bool empty() const { return spool_.facts().reports == 0 && memory_.empty(); }
  std::optional<SpooledReport> oldest();
  void acknowledged(const SpooledReport& report);
  void rejected(const SpooledReport& report);
  void flush();

  OutboxFacts facts() const;
  Spool& spool() { return spool_; }

 private:
  void disk_answered(const Status& status);
  void keep_in_memory(ReportClass report_class, const Encode& encode);
  void forget(const SpooledReport& report);

  Spool spool_;
  std::string memory_stream_;
  uint64_t memory_sequence_ = 1;
  uint64_t memory_bytes_ = 0;
  std::deque<SpooledReport> memory_;
  OutboxFacts facts_;
};

}  // namespace assay::agent
