// SPDX-License-Identifier: Apache-2.0
// The collector's memory on disk: one SQLite database (WAL, one writer, synchronous=FULL). What a commit acknowledged survives
// kill -9 and power loss. docs/reference/store.md has the tables.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/core/action.h"
#include "collector/core/fleet_state.h"
#include "collector/store/rows.h"
#include "common/base/clock.h"
#include "common/base/result.h"

namespace assay::collector {

// The schema this build writes; older ones are migrated on opening, a newer one is refused.
inline constexpr int kSchemaVersion = 2;

// Signs the hash of a decision (hexadecimal text) and gives the signature in hexadecimal.
using Signer = std::function<std::string(std::string_view message)>;

struct StoreOptions {
  std::filesystem::path path;            // "/var/lib/assay-collector/collector.db"
  Signer signer;                         // needed to record decisions
  std::optional<uint32_t> max_pages;     // of 4 KiB; tests fill a "disk" with it
};

class Connection;

// Errors of all calls below: kUnavailable (disk full, I/O error, locked by another program) and kCorrupt, both naming the file and
// the next step; kConflict when another collector holds the database. After an error of a transaction nothing of it is kept.
//
// Single-threaded: the writer thread owns it. Other threads read through a StoreReader.
class Store {
 public:
  // Opens or creates the file (mode 0600) and migrates it. kUnsupported for a newer schema, kConflict when it is open elsewhere.
  static Result<Store> open(const StoreOptions& options);
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  // All that the core needs. `now` bounds what is recent: see prune_incidents().
  Result<FleetState> load_fleet_state(WallTime now);

  // One at a time. The destructor rolls back what was not committed.
  class Transaction {
   public:
    Transaction(Transaction&&) noexcept;
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();

    // Performs what is for the store and ignores StartHook and SendCommand. RecordDecision must carry the next number of the chain
    // (kConflict otherwise: the core is out of step, load it again).
    Status apply(const Action& action);
    Status apply(const std::vector<Action>& actions);

    // Sequences of agents' reports: whatever is <= the last one was applied before. Absent: nothing from that stream yet.
    Result<std::optional<uint64_t>> last_sequence(std::string_view node, std::string_view stream);
    Status set_last_sequence(std::string_view node, std::string_view stream, uint64_t sequence, WallTime now);

    // Identities. kConflict when the id or serial exists; kNotFound when a row to change does not.
    Status add_token(const TokenRow& token);
    // Marks an enrolment token as used; kConflict when it was used before.
    Status use_token(std::string_view id, WallTime now);
    Status remove_token(std::string_view id);
    Status add_certificate(const CertificateRow& certificate);
    Status revoke_certificate(std::string_view serial, std::string_view reason, WallTime now);

    // Deletes at most `batch` rows of each class that are older: rollups, events, report streams of silent nodes, expired tokens and
    // certificates. Decisions, incidents and kept observations stay. Gives the number of rows deleted; call again next time.
    Result<uint64_t> prune(const Retention& retention, WallTime now, uint32_t batch = 1000);

    // Durable when it returns ok.
    Status commit();

   private:
    friend class Store;
    explicit Transaction(Connection& connection, const Signer& signer);
    Connection* connection_;
    const Signer* signer_;
    bool failed_ = false;   // an action was not applied: commit() will refuse
  };
  Result<Transaction> begin();

  // For another connection to the same file.
  const std::filesystem::path& path() const;
  // Bytes of the database and its log, for metrics.
  uint64_t size_bytes() const;

 private:
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace assay::collector
