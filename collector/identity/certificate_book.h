// SPDX-License-Identifier: Apache-2.0
// The client certificates in memory: which serials are revoked, and which nodes hold a certificate that is still good. The
// store is the truth; this is loaded from it at the start and kept in step by the writer.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "collector/store/rows.h"
#include "common/base/clock.h"

namespace assay::collector {

// Thread-safe.
class CertificateBook {
 public:
  void add(const CertificateRow& row);
  // Takes back one that was not committed.
  void forget(const std::string& serial);
  void revoke(const std::string& serial);

  // A serial that is not known is not revoked: the CA's signature was checked by whoever asks.
  bool is_revoked(const std::string& serial) const;
  // Whether some agent certificate of that name is neither revoked nor expired.
  bool has_live_agent(const std::string& name, WallTime now) const;
  std::optional<CertificateRow> find(const std::string& serial) const;
  // Drops what has expired.
  void prune(WallTime now);

 private:
  mutable std::mutex mutex_;
  std::map<std::string, CertificateRow> rows_;                  // by serial
  std::map<std::string, std::set<std::string>> agent_serials_;  // by name
};

}  // namespace assay::collector
