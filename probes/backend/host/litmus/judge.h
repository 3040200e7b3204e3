// SPDX-License-Identifier: Apache-2.0
// What the outcome of one round of cross.litmus says: forbidden or not, and whether every value in it was ever written.
#pragma once

#include <array>
#include <cstdint>

#include "probes/catalogue/litmus.h"

namespace assay::probes::host {

// What the roles of one round read, in the order of their loads (zero where a role has fewer), and what was in memory at last.
struct LitmusRound {
  struct Seen {
    uint64_t first = 0;
    uint64_t second = 0;
  };
  std::array<Seen, litmus::kRoles> seen{};
  uint64_t last_x = 0;
  uint64_t last_y = 0;
};

constexpr uint32_t roles_of(litmus::Shape shape) {
  return shape == litmus::Shape::kIriw ? 4 : shape == litmus::Shape::kWrc ? 3 : 2;
}
// The second value of a round whose first is v.
constexpr uint64_t other_value(uint64_t v) { return v ^ 0xFFFFFFFFFFFFFFFE; }

// `v` is the first value of the round, odd.
bool is_forbidden(litmus::Shape shape, const LitmusRound& round, uint64_t v);
// How many of its values nobody wrote there.
uint64_t aliens(litmus::Shape shape, const LitmusRound& round, uint64_t v);

}  // namespace assay::probes::host
