// SPDX-License-Identifier: Apache-2.0
// A made-up catalogue, a device, and runners that answer orders as a healthy or a faulty unit would: what the tests of the agent's cores share.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "agent/core/slice.h"
#include "agent/core/variants.h"
#include "common/base/clock.h"
#include "common/model/device.h"
#include "common/model/probe_spec.h"

namespace assay::agent::test {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;
using std::chrono_literals::operator""ms;

Instant at(Duration since_start);

std::vector<ProbeSpec> three_probes();

// What a runner would offer of them: alpha.one in two variants, beta.two in one; of gamma.three it does not speak.
std::vector<probes::ProbeVariant> two_variants();
Variants variants_of(const std::vector<ProbeSpec>& probes);

Device device_with(uint32_t units, std::string id = "cpu-test-0");

// The digest every healthy unit computes for an operand set.
Digest right_digest(uint32_t operand_set);

// What one unit of a fake machine does with a run: the digest it gives, or why none.
struct UnitAnswer {
  Outcome outcome = Outcome::kMatch;
  Inconclusive reason = Inconclusive::kNone;
  Digest digest;
  bool reread_right = false;
};
using Machine = std::function<UnitAnswer(const SliceOrder& order, uint32_t unit, uint32_t operand_set)>;

Machine healthy();

// One unit gives a wrong digest for every operand set; the mask differs by unit and set as those of real defects do.
Machine faulty_unit(uint32_t bad);

MismatchRecord record_of(uint32_t set, const UnitAnswer& answer);

// Runs an order on a fake machine. `runs` is how many runs a slice without max_runs has time for.
SliceResult run_on(const Machine& machine, const SliceOrder& order, Instant now, uint32_t runs = 8);

}  // namespace assay::agent::test
