// SPDX-License-Identifier: Apache-2.0
#include "ctl/incident_evidence.h"

#include <gtest/gtest.h>

namespace assay::ctl {
namespace {

std::vector<JsonValue> steps(const char* json) { return parse_json_object(json).value().list("steps"); }
JsonValue object(const char* json) { return parse_json_object(json).value(); }

TEST(IncidentEvidence, DrawsTheMaskFromBit63ToBit0) {
  EXPECT_EQ(mask_picture(0x8000000000000001ULL), "#....... ........ ........ ........ ........ ........ ........ .......#");
  EXPECT_EQ(mask_picture(0), "........ ........ ........ ........ ........ ........ ........ ........");
}

TEST(IncidentEvidence, ShowsTheFirstMaskApartWhereErrorsSpread) {
  EXPECT_EQ(mask_lines(1, 1), "  63 " + mask_picture(1) + " 0\n");
  EXPECT_EQ(mask_lines(1, 3), "  first  63 " + mask_picture(1) + " 0\n  all    63 " + mask_picture(3) + " 0\n");
  EXPECT_EQ(first_mask(object(R"({"records":[{"mask":"4"},{"mask":"8"}]})")), 4U);
  EXPECT_EQ(first_mask(object("{}")), 0U);
}

TEST(IncidentEvidence, NamesBitsWhileTheyAreFew) {
  EXPECT_EQ(bits_in_words(0), "no bit");
  EXPECT_EQ(bits_in_words(1ULL << 21), "bit 21");
  EXPECT_EQ(bits_in_words((1ULL << 3) | (1ULL << 63)), "bits 3 and 63");
  EXPECT_EQ(bits_in_words(0b1011), "bits 0, 1 and 3");
  EXPECT_EQ(bits_in_words(~0ULL), "64 bits");
}

TEST(IncidentEvidence, SaysWhichPartOfANumberIsWrong) {
  EXPECT_EQ(bit_fields_in_words(1ULL << 51, "fp64"), "fraction");
  EXPECT_EQ(bit_fields_in_words(1ULL << 52, "fp64"), "exponent");
  EXPECT_EQ(bit_fields_in_words(3ULL << 62, "fp64"), "exponent and sign");
  EXPECT_EQ(bit_fields_in_words(1ULL << 31, "fp32"), "sign");
  EXPECT_EQ(bit_fields_in_words(1ULL << 55, "fp32"), "exponent");
  EXPECT_EQ(bit_fields_in_words(1, "int64"), "");
}

TEST(IncidentEvidence, AddsUpTheRetestsOfARung) {
  EXPECT_EQ(evidence_in_words(steps(R"({"steps":[
      {"rung":"same_unit","runs":5,"mismatches":5},{"rung":"same_unit","runs":5,"mismatches":4},
      {"rung":"other_units","runs":30,"mismatches":0}]})")),
            "the unit failed 9 of 10 retests; other units passed 30 of 30 runs");
  EXPECT_EQ(evidence_in_words({}), "");
}

TEST(IncidentEvidence, ATestThatToldNothingIsNeverAPass) {
  EXPECT_EQ(step_result(object(R"({"rung":"peer_device","runs":0,"mismatches":0,"reason":"hang"})")).text, "told nothing: hang");
  EXPECT_EQ(step_result(object(R"({"rung":"same_unit","runs":10,"mismatches":0,"reason":"none"})")).text, "passed");
  EXPECT_EQ(step_result(object(R"({"rung":"same_unit","runs":10,"mismatches":3,"reason":"stopped"})")).text, "failed at times");
  EXPECT_EQ(step_result(object(R"({"rung":"rehash_golden","runs":0,"mismatches":0})")).text, "golden intact");
  EXPECT_EQ(step_result(object(R"({"rung":"rehash_golden","runs":1,"mismatches":1})")).text, "golden CORRUPT");
}

TEST(IncidentEvidence, CollectsBitsFromRecordsAndFromTheSummary) {
  EXPECT_EQ(flipped_bits(object(R"({"records":[{"expected":"0","actual":"0x4"},{"mask":"8"}],"bits":{"flipped":[63,99]}})")), 0x800000000000000CULL);
  EXPECT_EQ(flipped_bits(object(R"({"records":[{"mask":"nonsense"}]})")), 0U);
}

TEST(IncidentEvidence, EveryTierHasAMeaning) {
  for (const char* tier : {"T0", "T1", "T2", "T3"}) EXPECT_NE(tier_meaning(tier), "");
  EXPECT_EQ(tier_meaning("T9"), "");
}

}  // namespace
}  // namespace assay::ctl
