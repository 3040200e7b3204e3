// SPDX-License-Identifier: Apache-2.0
// A device that cannot give a golden's bits offers no probe, and says why. The devices here are made up.
#include "probes/backend/opencl/capabilities.h"

#include "probes/backend/opencl/program_source.h"

namespace assay::probes::opencl {
namespace {

DeviceFacts able() {
  DeviceFacts facts;
  facts.type = kTypeGpu;
  facts.compute_units = 60;
  facts.work_group_lanes = 256;
  facts.local_bytes = 64 * 1024;
  facts.single_fp = kFpDenorm | kFpInfNan | kFpRoundToNearest | kFpFma | kFpCorrectlyRoundedDivideSqrt;
  facts.double_fp = kFpDenorm | kFpInfNan | kFpRoundToNearest | kFpFma;
  facts.extensions = {"cl_khr_fp64", "cl_khr_int64_base_atomics", "cl_khr_int64_extended_atomics"};
  facts.little_endian = facts.available = facts.compiler = facts.int64 = true;
  return facts;
}

std::string missing(const DeviceFacts& facts, std::string_view probe) {
  const device::Program& program = *device::find_program(probe);
  return what_is_missing(facts, program.shape, needs_of(program_source(program.shape.name).value().program));
}

TEST(OpenclCapabilities, LetAnAbleDeviceRunEveryProgram) {
  for (const device::Program& program : device::programs()) EXPECT_EQ(missing(able(), program.probe_id), "") << program.probe_id;
}

TEST(OpenclCapabilities, AskForFp64WhereItIsUsed) {
  DeviceFacts facts = able();
  facts.double_fp = 0;
  EXPECT_EQ(missing(facts, "fma.fp64.chain"), "no FP64 (cl_khr_fp64)");
  EXPECT_EQ(missing(facts, "int.mul.chain"), "");
  EXPECT_EQ(missing(facts, "fma.fp32.chain"), "");
  facts.double_fp = able().double_fp & ~kFpDenorm;
  EXPECT_NE(missing(facts, "div.fp64.chain"), "");
}

TEST(OpenclCapabilities, AskForFp32ThatRoundsAsItsGoldens) {
  DeviceFacts facts = able();
  facts.single_fp = able().single_fp & ~kFpDenorm;
  EXPECT_EQ(missing(facts, "fma.fp32.chain"), "FP32 without denormal numbers: they are flushed to zero");
  EXPECT_EQ(missing(facts, "int.mul.chain"), "");
  facts.single_fp = able().single_fp & ~kFpFma;
  EXPECT_EQ(missing(facts, "fma.fp32.chain"), "no fused multiply-add of FP32: the driver would emulate it");
  EXPECT_EQ(missing(facts, "div.fp32.chain"), "");
  facts.single_fp = able().single_fp & ~kFpCorrectlyRoundedDivideSqrt;
  EXPECT_EQ(missing(facts, "div.fp32.chain"), "FP32 division and square root are not correctly rounded");
  EXPECT_EQ(missing(facts, "fma.fp32.chain"), "");
}

TEST(OpenclCapabilities, AskForAtomicsOf64BitsWhereTheyAreUsed) {
  for (const std::string_view lacking : {"cl_khr_int64_base_atomics", "cl_khr_int64_extended_atomics"}) {
    DeviceFacts facts = able();
    std::erase(facts.extensions, lacking);
    EXPECT_NE(missing(facts, "device.atomics"), "") << lacking;
    EXPECT_EQ(missing(facts, "int.mul.chain"), "") << lacking;
  }
}

TEST(OpenclCapabilities, AskForRoom) {
  DeviceFacts facts = able();
  facts.local_bytes = 256;
  EXPECT_EQ(missing(facts, "int.mul.chain").substr(0, 26), "0 KiB of local memory, 1 a");
  facts = able();
  facts.work_group_lanes = 16;
  EXPECT_EQ(missing(facts, "int.mul.chain"), "work-groups of 16 at most, 32 are needed");
}

TEST(OpenclCapabilities, LeaveOutDevicesThatCanRunNothing) {
  for (bool DeviceFacts::* fact : {&DeviceFacts::little_endian, &DeviceFacts::available, &DeviceFacts::compiler, &DeviceFacts::int64}) {
    DeviceFacts facts = able();
    facts.*fact = false;
    EXPECT_NE(what_is_missing(facts), "");
    EXPECT_EQ(missing(facts, "int.mul.chain"), what_is_missing(facts));
  }
  DeviceFacts custom = able();
  custom.type = kTypeCustom;
  EXPECT_NE(what_is_missing(custom), "");
}

TEST(OpenclCapabilities, SeeWhatAProgramUsesAndNotWhatItSays) {
  EXPECT_FALSE(needs_of("x = 1;  // a double of assay_div_f32\n").twofold);
  EXPECT_FALSE(needs_of("x = 1;  // a double of assay_div_f32").single_divide_sqrt);
  EXPECT_TRUE(needs_of("y = assay_sqrt_f32(x);").single_divide_sqrt);
  EXPECT_TRUE(needs_of("y = ASSAY_F32_OF_F16(x);").single);
  EXPECT_FALSE(needs_of("y = ASSAY_NEAREST_I32_OF_F32(x);").twofold);
  EXPECT_TRUE(needs_of("y = ASSAY_NEAREST_I32(x);").twofold);
}

TEST(OpenclCapabilities, BuildWithoutOptionsThatLoosenArithmetic) {
  EXPECT_EQ(build_options(able()), "-cl-std=CL1.2 -cl-fp32-correctly-rounded-divide-sqrt");
  DeviceFacts facts = able();
  facts.single_fp = 0;
  EXPECT_EQ(build_options(facts), "-cl-std=CL1.2");
}

}  // namespace
}  // namespace assay::probes::opencl
