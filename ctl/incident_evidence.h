// SPDX-License-Identifier: Apache-2.0
// The evidence of one incident in words and pictures: what each retest said, which bits were wrong, what the golden is worth. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ctl/json_value.h"
#include "ctl/table.h"

namespace assay::ctl {

// What a golden of the tier ("T0".."T3") is worth, in one line; "" for a tier this build does not know.
std::string tier_meaning(std::string_view tier);
// "the unit failed 10 of 10 retests; other units passed 30 of 30 runs": from the steps of an Incident. "" while there are none.
std::string evidence_in_words(const std::vector<JsonValue>& steps);
// One row a retest.
Table retest_table(const std::vector<JsonValue>& steps, int64_t opened_unix_ms);
// What a step came to: "failed", "passed", "golden intact", "told nothing: hang".
Cell step_result(const JsonValue& step);

// Units by operand sets, a row a unit: "10 of 10 wrong", kAbsent where nothing was run.
Table blame_table_of(const std::vector<JsonValue>& cells);
// What the probabilities of an Evidence say, a sentence each: "chance: 1.2e-09 that ..."; nothing for an absent one.
std::vector<std::string> blame_in_words(const JsonValue& evidence);

// 64 marks in eight groups, bit 63 first: '#' where the bit is set in the mask.
std::string mask_picture(uint64_t mask);
// The picture in a line, or in two where later records differ from the first: errors spread in a chain, so the first says most.
std::string mask_lines(uint64_t first, uint64_t all);
// The differing bits of the first record of an Incident; 0 without one.
uint64_t first_mask(const JsonValue& incident);
// Every differing bit of the records of an Incident, and of bits.flipped.
uint64_t flipped_bits(const JsonValue& incident);
// "bit 21", "bits 3, 17 and 21", "48 bits".
std::string bits_in_words(uint64_t mask);
// Where in a number of the precision ("fp64", "fp32") the bits are: "fraction", "exponent and sign"; "" for other precisions.
std::string bit_fields_in_words(uint64_t mask, std::string_view precision);
// One row a mismatch record.
Table record_table(const std::vector<JsonValue>& records, size_t most);

}  // namespace assay::ctl
