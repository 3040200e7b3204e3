// SPDX-License-Identifier: Apache-2.0
// What the store gives back and takes beside the records of the core: plain rows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/core/action.h"
#include "collector/core/fleet_state.h"
#include "common/base/clock.h"

namespace assay::collector {

struct TokenRow {
  std::string id;
  std::string kind;                  // "enrol", "viewer", "operator", "admin"
  std::string name;                  // of the person or tool
  std::string node;                  // an enrolment token may be bound to one; "" when not
  std::string secret_hash;           // SHA-256, hexadecimal
  WallTime created;
  WallTime expires;
  bool used = false;
};

struct CertificateRow {
  std::string serial;                // lower-case hexadecimal
  std::string name;
  std::string role;
  WallTime issued;
  WallTime not_after;
  bool revoked = false;
  std::string revoke_reason;
};

// A decision and its link of the chain: hash = SHA-256(previous_hash + "\n" + canonical), all in hexadecimal; the first
// previous_hash is 64 zeros; the signature is over the text of `hash`.
struct AuditEntry {
  Decision decision;
  std::string canonical;
  std::string previous_hash;
  std::string hash;
  std::string signature;
};

struct EventRow {
  uint64_t number = 0;
  WallTime at;
  Notice notice;
};

// An incident in a list, and whole.
struct IncidentRow {
  IncidentView view;
  std::string variant;
};
struct IncidentDetail {
  IncidentView view;
  Incident incident;
  std::vector<Decision> decisions;   // ascending
  std::vector<HookRecord> hooks;     // ascending
};

struct ObservationRow {
  uint64_t number = 0;
  std::string node;
  WallTime received;
  std::string finding;
  Observation observation;
};

// A device with what its node adds.
struct DeviceRow {
  DeviceRecord record;
  DeviceCounts counts;
  bool silent = false;               // of its node
  Duration clock_skew{};             // of its node
};

struct QuarantineRow {
  DeviceRecord record;
  bool synthetic = false;            // which of the two standings is the quarantine
  std::optional<IncidentView> incident;
  std::optional<Decision> decision;
  std::optional<HookRecord> hook;    // of that decision
};

// Sums over the fleet for one probe version.
struct ProbeTotals {
  ProbeRef probe;
  uint64_t match = 0;
  uint64_t mismatch = 0;
  uint64_t inconclusive = 0;
};

// How long each class is kept.
struct Retention {
  Duration rollups{std::chrono::hours{400 * 24}};
  Duration events{std::chrono::hours{400 * 24}};
  Duration streams{std::chrono::hours{90 * 24}};       // after the stream's last report
  Duration identities{std::chrono::hours{30 * 24}};    // after they expired
};

}  // namespace assay::collector
