// SPDX-License-Identifier: Apache-2.0
#include "common/model/probe_spec.h"

namespace assay {
namespace {

TEST(ProbeRef, RoundTrip) {
  const auto ref = parse_probe_ref("gemm.fp64.grid/3");
  ASSERT_TRUE(ref.ok());
  EXPECT_EQ(ref->id, "gemm.fp64.grid");
  EXPECT_EQ(ref->version, 3U);
  EXPECT_EQ(to_string(*ref), "gemm.fp64.grid/3");
}

TEST(ProbeRef, RefusesWhatIsNotOne) {
  for (const char* wrong : {"", "gemm", "gemm/0", "gemm/", "/1", "Gemm/1", "a..b/1", ".a/1", "a./1", "a/1/2", "a/4294967296"}) {
    EXPECT_FALSE(parse_probe_ref(wrong).ok()) << wrong;
  }
}

TEST(GoldenTier, AllButTheLastComeWithAGolden) {
  EXPECT_TRUE(has_golden(GoldenTier::kT0Analytic));
  EXPECT_TRUE(has_golden(GoldenTier::kT1Emulated));
  EXPECT_TRUE(has_golden(GoldenTier::kT2Reference));
  EXPECT_FALSE(has_golden(GoldenTier::kT3Quorum));
}

TEST(GoldenTier, RoundTrip) {
  for (const char* name : {"T0", "T1", "T2", "T3"}) EXPECT_EQ(to_string(*parse_golden_tier(name)), name);
  EXPECT_FALSE(parse_golden_tier("T4").ok());
}

}  // namespace
}  // namespace assay
