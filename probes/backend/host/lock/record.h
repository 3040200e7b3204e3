// SPDX-License-Identifier: Apache-2.0
// The records of cross.lock: words that belong together, so that a torn record is seen.
#pragma once

#include <array>
#include <cstdint>

#include "probes/catalogue/lock.h"

namespace assay::probes::host {

using LockRecord = std::array<uint64_t, lock::kRecordWords>;

// What p[i] - k[i] * p[0] is: the same in a whole record whatever was added to it.
inline LockRecord bonds_of(const LockRecord& record, const LockRecord& factors) {
  LockRecord bonds{};
  for (uint32_t i = 0; i < lock::kRecordWords; ++i) bonds[i] = record[i] - factors[i] * record[0];
  return bonds;
}

inline uint64_t torn_words(const LockRecord& record, const LockRecord& factors, const LockRecord& bonds) {
  const LockRecord now = bonds_of(record, factors);
  uint64_t torn = 0;
  for (uint32_t i = 0; i < lock::kRecordWords; ++i) torn += now[i] != bonds[i] ? 1 : 0;
  return torn;
}

}  // namespace assay::probes::host
