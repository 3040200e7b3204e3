// SPDX-License-Identifier: Apache-2.0
#include "collector/identity/certificate_book.h"

#include <algorithm>

namespace assay::collector {

void CertificateBook::add(const CertificateRow& row) {
  const std::lock_guard lock(mutex_);
  if (row.role == "agent") agent_serials_[row.name].insert(row.serial);
  rows_.insert_or_assign(row.serial, row);
}

void CertificateBook::forget(const std::string& serial) {
  const std::lock_guard lock(mutex_);
  const auto found = rows_.find(serial);
  if (found == rows_.end()) return;
  if (const auto node = agent_serials_.find(found->second.name); node != agent_serials_.end()) {
    node->second.erase(serial);
    if (node->second.empty()) agent_serials_.erase(node);
  }
  rows_.erase(found);
}

void CertificateBook::revoke(const std::string& serial) {
  const std::lock_guard lock(mutex_);
  if (const auto found = rows_.find(serial); found != rows_.end()) found->second.revoked = true;
}

bool CertificateBook::is_revoked(const std::string& serial) const {
  const std::lock_guard lock(mutex_);
  const auto found = rows_.find(serial);
  return found != rows_.end() && found->second.revoked;
}

bool CertificateBook::has_live_agent(const std::string& name, WallTime now) const {
  const std::lock_guard lock(mutex_);
  const auto node = agent_serials_.find(name);
  return node != agent_serials_.end() && std::any_of(node->second.begin(), node->second.end(), [&](const std::string& serial) {
           const CertificateRow& row = rows_.at(serial);
           return !row.revoked && row.not_after > now;
         });
}

std::optional<CertificateRow> CertificateBook::find(const std::string& serial) const {
  const std::lock_guard lock(mutex_);
  const auto found = rows_.find(serial);
  if (found == rows_.end()) return std::nullopt;
  return found->second;
}

void CertificateBook::prune(WallTime now) {
  std::vector<std::string> expired;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [serial, row] : rows_) {
      if (row.not_after < now) expired.push_back(serial);
    }
  }
  for (const std::string& serial : expired) forget(serial);
}

}  // namespace assay::collector
