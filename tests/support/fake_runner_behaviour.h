// SPDX-License-Identifier: Apache-2.0
// What the fake runner does wrong: one line of text, "flip:unit=1", in a file that may change between requests.
#pragma once

#include <cstdint>
#include <string_view>

#include "common/base/result.h"

namespace assay::test {

enum class Misdeed {
  kHonest,
  kFlip,          // the unit's digests are wrong, always in the same way, and it says mismatch
  kFlipOnce,      // the same for one request; the file then says honest
  kBlind,         // the unit's digests are wrong, and it says match
  kDeafControl,   // controls are reported as a match
  kHang,          // never answers
  kCrash,         // aborts
  kGarbage,       // answers with bytes that are no result
  kSlow,          // answers late
};

struct Behaviour {
  Misdeed misdeed = Misdeed::kHonest;
  uint32_t unit = 0;
  uint64_t salt = 0;      // which wrong digests: two liars with one salt agree
  uint32_t delay_ms = 500;
};

// "honest", "flip:unit=1,salt=7", "slow:ms=2000"; kInvalid naming what is not known.
Result<Behaviour> parse_behaviour(std::string_view text);

}  // namespace assay::test
