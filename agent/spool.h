// SPDX-License-Identifier: Apache-2.0
// The durable queue of reports and the small state that survives a restart: one SQLite file (docs/reference/agent-spool.md). What is
// appended survives kill -9 and power loss; what is acknowledged is removed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/core/report_batch.h"
#include "common/base/clock.h"
#include "common/base/result.h"

namespace assay::agent {

struct SpoolOptions {
  std::filesystem::path directory;      // spool.db and its -wal lie here
  uint64_t max_bytes = 64ULL << 20;     // of reports; rollups over it are dropped, oldest first
  uint32_t max_pages = 0;               // of 4 KiB in the file; 0: from max_bytes. Tests make a full disk of it
};

struct SpooledReport {
  uint64_t id = 0;                      // order within the spool; 0: not in it
  std::string stream;
  uint64_t sequence = 0;
  ReportClass report_class = ReportClass::kRollup;
  std::string bytes;
};

struct SpoolFacts {
  uint64_t reports = 0;                 // waiting
  uint64_t bytes = 0;
  uint64_t rejected = 0;                // refused by the collector for good, kept for people
  uint64_t dropped = 0;                 // rollups dropped for space since the spool was created
};

// Values by key that are stored with a report, or alone.
using SpoolState = std::map<std::string, std::string>;

// One owner, one thread. Every change is one transaction: after an error nothing of it is there, and the call may be repeated.
class Spool {
 public:
  // Opens or creates. A file that is damaged or no database is moved aside (never deleted), moved_aside() names it, and a new spool with a
  // new stream begins. kUnsupported when a later release wrote it; kUnavailable or kPermission when the disk does not let us.
  static Result<Spool> open(const SpoolOptions& options, WallTime now);
  Spool(Spool&&) noexcept;
  Spool& operator=(Spool&&) noexcept;
  ~Spool();

  // Random id of this spool; sequences count within it and are never used twice.
  const std::string& stream() const;
  uint64_t next_sequence() const;
  const std::optional<std::filesystem::path>& moved_aside() const;

  // Stores a report under next_sequence() and the state with it. Makes room by dropping the oldest rollups; a rollup that still does not
  // fit is itself dropped and counted, evidence is then kLimit. kUnavailable when the disk is full, kCorrupt when it lies.
  Status append(ReportClass report_class, const std::string& bytes, const SpoolState& state);
  // Stores a report that was numbered in another stream, for one that waited in memory while the disk was full.
  Status append_foreign(const SpooledReport& report);
  Status put(const SpoolState& state);
  Result<std::optional<std::string>> state(const std::string& key);

  // The oldest report that was neither removed nor set aside.
  Result<std::optional<SpooledReport>> oldest();
  // It was acknowledged. Never given out again by this object; gone from the file with the next transaction or flush().
  void remove(const SpooledReport& report);
  // The collector will never take it: kept in the file, not sent again.
  void set_aside(const SpooledReport& report);
  // Writes what remove() left to do.
  Status flush();

  SpoolFacts facts() const;
  void set_max_bytes(uint64_t max_bytes);

 private:
  class Impl;
  explicit Spool(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace assay::agent
