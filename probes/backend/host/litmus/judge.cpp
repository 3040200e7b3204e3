// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/litmus/judge.h"

namespace assay::probes::host {

using litmus::Shape;

bool is_forbidden(Shape shape, const LitmusRound& round, uint64_t v) {
  const auto& [p, q, r, s] = round.seen;
  switch (shape) {
    case Shape::kSbFenced:
    case Shape::kSbExchanged:
      return p.first == 0 && q.first == 0;
    case Shape::kMp:
      return q.first == v && q.second == 0;
    case Shape::kLb:
      return p.first == v && q.first == v;
    case Shape::kCoRR:
      return (q.first == v && q.second == 0) || (q.first == other_value(v) && q.second != other_value(v));
    case Shape::k2Plus2W:
      return round.last_x == v && round.last_y == v;
    case Shape::kWrc:
      return r.first == v && r.second == 0;
    case Shape::kIriw:
      return r.first == v && r.second == 0 && s.first == v && s.second == 0;
  }
  return true;
}

uint64_t aliens(Shape shape, const LitmusRound& round, uint64_t v) {
  const bool has_second = shape == Shape::kCoRR || shape == Shape::k2Plus2W;
  const auto alien = [&](uint64_t word) { return word == 0 || word == v || (has_second && word == other_value(v)) ? 0U : 1U; };
  uint64_t count = alien(round.last_x) + alien(round.last_y);
  for (const auto& seen : round.seen) count += alien(seen.first) + alien(seen.second);
  // Where what is left varies, it is no part of the digest: that something is left is seen here.
  if (shape == Shape::k2Plus2W) count += (round.last_x == 0 ? 1U : 0U) + (round.last_y == 0 ? 1U : 0U);
  return count;
}

}  // namespace assay::probes::host
