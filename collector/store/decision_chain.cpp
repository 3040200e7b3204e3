// SPDX-License-Identifier: Apache-2.0
#include "collector/store/decision_chain.h"

#include <fmt/format.h>

#include "common/crypto/hash.h"

namespace assay::collector {

std::string genesis_hash() { return std::string(64, '0'); }

std::string link_hash(std::string_view previous_hash, std::string_view canonical) {
  return crypto::sha256_hex(fmt::format("{}\n{}", previous_hash, canonical));
}

Status append_decision(Connection& connection, const Signer& signer, const Decision& decision) {
  if (!signer) return make_error(ErrorCode::kInternal, "no signing key: a decision cannot be recorded");
  uint64_t last = 0;
  std::string previous = genesis_hash();
  {
    Query query = TRY(connection.query("SELECT number, hash FROM decisions ORDER BY number DESC LIMIT 1"));
    if (TRY(query.next())) {
      last = query.count();
      previous = query.text();
    }
  }
  if (decision.number != last + 1) {
    return make_error(ErrorCode::kConflict, fmt::format("decision {} does not follow the last one, {}; load the state again", decision.number, last));
  }
  const std::string canonical = canonical_text(decision);
  const std::string hash = link_hash(previous, canonical);
  return connection.run(
      "INSERT INTO decisions(number, kind, at_ns, actor, node, device, incident, probe, reason, synthetic, state_after, canonical, "
      "previous_hash, hash, signature) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
      decision.number, to_string(decision.kind), decision.at, decision.actor, decision.node, decision.device_id, decision.incident_id,
      decision.probe, decision.reason, decision.synthetic, to_string(decision.state_after), canonical, previous, hash, signer(hash));
}

Status check_last_link(Connection& connection) {
  Query query = TRY(connection.query("SELECT number, canonical, previous_hash, hash FROM decisions ORDER BY number DESC LIMIT 1"));
  if (!TRY(query.next())) return {};
  const uint64_t number = query.count();
  const std::string canonical = query.text();
  const std::string previous = query.text();
  if (link_hash(previous, canonical) == query.text()) return {};
  return make_error(ErrorCode::kCorrupt, fmt::format("store {}: decision {} was changed after it was recorded; restore the file from a backup",
                                                     connection.path().string(), number));
}

}  // namespace assay::collector
