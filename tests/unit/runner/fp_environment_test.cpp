// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/fp_environment.h"

#include <cfenv>
#include <cstdint>
#include <initializer_list>
#include <limits>

#include <gtest/gtest.h>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace assay::probes::host {
namespace {

class FpEnvironment : public testing::Test {
 protected:
  ~FpEnvironment() override { std::fesetenv(FE_DFL_ENV); }
};

TEST_F(FpEnvironment, EveryRoundingModeBecomesNearest) {
  for (const int mode : {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO, FE_TONEAREST}) {
    std::fesetround(mode);
    ASSERT_TRUE(set_fp_environment());
    EXPECT_EQ(std::fegetround(), FE_TONEAREST);
    volatile double one = 1;
    volatile double tiny = std::numeric_limits<double>::epsilon() / 4;
    EXPECT_EQ(one + tiny, 1.0);
    EXPECT_EQ(one - tiny, 1.0);
  }
}

#if defined(__x86_64__)
uint16_t x87_control() {
  uint16_t control = 0;
  __asm__ volatile("fnstcw %0" : "=m"(control));
  return control;
}

TEST_F(FpEnvironment, FlushToZeroAndUnmaskedTrapsAreUndone) {
  for (const unsigned mode : {0x8000U, 0x0040U, 0x8040U}) {
    _mm_setcsr(_mm_getcsr() | mode);
    ASSERT_TRUE(set_fp_environment());
    EXPECT_EQ(_mm_getcsr() & ~0x3FU, 0x1F80U);
    volatile double least = std::numeric_limits<double>::denorm_min();
    EXPECT_NE(least * 1.0, 0.0) << "subnormals count";
  }
}

TEST_F(FpEnvironment, PrecisionAndRoundingOfTheX87UnitAreUndone) {
  for (const uint16_t control : std::initializer_list<uint16_t>{0x027F, 0x007F, 0x077F, 0x0B7F, 0x0F7F}) {
    __asm__ volatile("fldcw %0" : : "m"(control));
    ASSERT_EQ(x87_control(), control);
    ASSERT_TRUE(set_fp_environment());
    EXPECT_EQ(x87_control(), 0x037F);
    volatile long double one = 1;
    volatile long double tiny = std::numeric_limits<long double>::epsilon();
    EXPECT_NE(one + tiny, 1.0L) << "all 64 bits of the significand count";
  }
}
#endif

}  // namespace
}  // namespace assay::probes::host
