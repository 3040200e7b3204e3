// SPDX-License-Identifier: Apache-2.0
// Reading the store beside its writer: a connection of its own that can only read and sees the last commit.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "collector/store/rows.h"
#include "common/base/result.h"

namespace assay::collector {

struct DeviceFilter {
  std::string state;                 // as shown; "" is any
  std::string node;
};
struct IncidentFilter {
  std::string device;
  std::string node;
  std::string verdict;
};

class Connection;

// Errors as of Store. Not thread-safe: one owner at a time; open as many as there are threads that answer requests.
class StoreReader {
 public:
  // The file must exist at this build's schema: open the Store first.
  static Result<StoreReader> open(const std::filesystem::path& path);
  StoreReader(StoreReader&&) noexcept;
  StoreReader& operator=(StoreReader&&) noexcept;
  ~StoreReader();

  // By id.
  Result<std::vector<DeviceRow>> devices(const DeviceFilter& filter, uint32_t limit);
  Result<std::optional<DeviceRow>> device(const std::string& id);
  // What the device can run, as told last; empty when it was not.
  Result<std::vector<ProbeOffer>> offers(const std::string& device);
  // Newest first.
  Result<std::vector<QuarantineRow>> quarantine(uint32_t limit);
  Result<std::vector<IncidentRow>> incidents(const IncidentFilter& filter, uint32_t limit);
  Result<std::optional<IncidentDetail>> incident(const std::string& id);
  Result<std::optional<IncidentView>> incident_view(const std::string& id);
  // Newest first; of one device, "" is any.
  Result<std::vector<ObservationRow>> observations(const std::string& device, uint32_t limit);
  Result<std::optional<Decision>> decision(uint64_t number);
  // Ascending; of decisions about a device the last `limit` ones.
  Result<std::vector<Decision>> decisions_about(const std::string& device, uint32_t limit);
  Result<std::vector<AuditEntry>> audit(uint64_t after, uint32_t limit);
  Result<std::vector<EventRow>> events(uint64_t after, uint32_t limit);
  Result<uint64_t> last_event();
  Result<std::vector<HookRecord>> hooks(uint32_t limit);           // newest first
  Result<std::optional<HookRecord>> hook(uint64_t decision);
  Result<std::vector<ProbeTotals>> probe_totals();
  Result<std::vector<Rollup>> rollups(const std::string& device, int64_t from_hour, uint32_t limit);
  Result<std::vector<NodeRecord>> nodes(uint32_t limit);
  Result<std::vector<TokenRow>> tokens(uint32_t limit);
  Result<std::optional<TokenRow>> token(const std::string& id);
  Result<std::vector<CertificateRow>> certificates(uint32_t limit);
  Result<bool> is_revoked(const std::string& serial);
  Result<std::vector<std::string>> revoked_serials();

 private:
  explicit StoreReader(std::unique_ptr<Connection> connection);
  std::unique_ptr<Connection> connection_;
};

}  // namespace assay::collector
