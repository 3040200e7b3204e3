// SPDX-License-Identifier: Apache-2.0
// The questions of the API: each takes what the reading thread has at hand and gives the body of the answer.
#pragma once

#include <cstdint>
#include <string>

#include "collector/store/reader.h"
#include "collector/writer/fleet_snapshot.h"
#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/net/http.h"

namespace assay::collector {

// What a question may look at: the last commit through a connection of its own, and the last published numbers.
struct ReadContext {
  StoreReader& store;
  const FleetSnapshot& fleet;
  std::string public_key_hex;       // of the decisions' signatures
  WallTime started;                 // of this process
  WallTime now;
};

inline constexpr uint32_t kListLimit = 1000;
inline constexpr uint32_t kListLimitMax = 10'000;

// The `limit` of a query; kInvalid when it is no whole number of 1..kListLimitMax.
Result<uint32_t> list_limit(const net::Request& request);
// A query value, "" when absent.
std::string query_text(const net::Request& request, const std::string& name);
// A whole number of the query, 0 when absent; kInvalid otherwise.
Result<uint64_t> query_number(const net::Request& request, const std::string& name);

// `parameter` is the part of the path that '*' stood for. Errors: kInvalid for a bad query, kNotFound naming what is missing, and
// those of the store.
using Read = Result<std::string> (*)(ReadContext& context, const net::Request& request, const std::string& parameter);

Result<std::string> read_status(ReadContext& context, const net::Request& request, const std::string& parameter);
Result<std::string> read_devices(ReadContext& context, const net::Request& request, const std::string& parameter);
Result<std::string> read_device(ReadContext& context, const net::Request& request, const std::string& parameter);
Result<std::string> read_quarantine(ReadContext& context, const net::Request& request, const std::string& parameter);
Result<std::string> read_incidents(ReadContext& context, const net::Request& request, const std::string& parameter);
Result<std::string> read_incident(ReadContext& context, const net::Request& request, const std::string& parameter);
Result<std::string> read_probes(ReadContext& context, const net::Request& request, const std::string& parameter);
Result<std::string> read_tokens(ReadContext& context, const net::Request& request, const std::string& parameter);
Result<std::string> read_certificates(ReadContext& context, const net::Request& request, const std::string& parameter);
Result<std::string> read_audit(ReadContext& context, const net::Request& request, const std::string& parameter);
Result<std::string> read_events(ReadContext& context, const net::Request& request, const std::string& parameter);

}  // namespace assay::collector
