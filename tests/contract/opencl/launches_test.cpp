// SPDX-License-Identifier: Apache-2.0
// Around the programs: how jobs are cut into launches and ended, what is refused, and what a driver's compiler is given.
#include <string>

#include "common/base/digest.h"
#include "probes/backend/opencl/backend.h"
#include "probes/backend/opencl/capabilities.h"
#include "probes/backend/opencl/driver.h"
#include "probes/backend/opencl/program_source.h"
#include "tests/contract/opencl/opencl_device.h"

namespace assay::probes::opencl {
namespace {

const device::Program& program() { return *device::find_program("int.mul.chain"); }

TEST(OpenclLaunches, DealEveryRunOnceAndInOrder) {
  ASSAY_NEEDS_OPENCL();
  const OpenclJob it(program(), {1, 2, 3}, 1, 100);
  const device::JobResult result = run_on_device(it.job);
  ASSERT_EQ(result.units.size(), 1U);
  ASSERT_EQ(result.units[0].digests.size(), 100U);
  for (uint32_t run = 3; run < 100; ++run) EXPECT_EQ(result.units[0].digests[run], result.units[0].digests[run % 3]) << run;
  EXPECT_NE(result.units[0].digests[0], result.units[0].digests[1]);
  EXPECT_GE(result.took, result.units[0].busy);
}

TEST(OpenclLaunches, EndWhenStopIsSet) {
  ASSAY_NEEDS_OPENCL();
  const OpenclJob it(program(), {1}, 1, 100);
  const std::atomic<bool> stop = true;
  const Result<device::JobResult> result = first_device()->run(it.job, stop);
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(result->units[0].digests.empty());
  EXPECT_FALSE(result->units[0].reached);
}

TEST(OpenclLaunches, EndAtTheDeadlineWithWhatIsComplete) {
  ASSAY_NEEDS_OPENCL();
  OpenclJob it(program(), {1}, 1, device::kRunsPerJobUnit);
  it.job.deadline = Duration{1};
  const device::JobResult result = run_on_device(it.job);
  ASSERT_EQ(result.units.size(), 1U);
  EXPECT_LT(result.units[0].digests.size(), device::kRunsPerJobUnit);
}

TEST(OpenclLaunches, RefuseAJobThatIsNotOne) {
  ASSAY_NEEDS_OPENCL();
  const std::atomic<bool> stop = false;
  OpenclJob no_unit(program(), {1}, 1, 1);
  const device::JobUnit far{.unit = 100'000, .slots = {0}};
  no_unit.job.units = std::span(&far, 1);
  EXPECT_EQ(first_device()->run(no_unit.job, stop).error().code, ErrorCode::kInvalid);
  OpenclJob no_slot(program(), {1}, 1, 1);
  const device::JobUnit slots{.unit = 0, .slots = {5}};
  no_slot.job.units = std::span(&slots, 1);
  EXPECT_EQ(first_device()->run(no_slot.job, stop).error().message, "a job of int.mul.chain: operand set 5 of 1");
  OpenclJob runs(program(), {1}, 1, device::kRunsPerJobUnit + 1);
  EXPECT_EQ(first_device()->run(runs.job, stop).error().code, ErrorCode::kInvalid);
  OpenclJob variant(program(), {1}, 1, 1);
  variant.job.variant = "mma";
  EXPECT_EQ(first_device()->run(variant.job, stop).error().code, ErrorCode::kNotFound);
}

TEST(OpenclLaunches, PlantNothingWithoutLeave) {
  ASSAY_NEEDS_OPENCL();
  const OpenclBackend backend;
  std::unique_ptr<device::Accelerator> device = backend.open(first_device()->device().id, {}).value();
  OpenclJob it(program(), {1}, 1, 1);
  it.job.injection.shape = ASSAY_SHAPE_BIT_FLIP;
  EXPECT_EQ(device->run(it.job, std::atomic<bool>(false)).error().code, ErrorCode::kInvalid);
}

TEST(OpenclLaunches, SayHowMuchMemoryIsMissing) {
  ASSAY_NEEDS_OPENCL();
  const OpenclBackend backend;
  device::OpenOptions options;
  options.memory_bytes = 1024;
  std::unique_ptr<device::Accelerator> device = backend.open(first_device()->device().id, options).value();
  const OpenclJob it(program(), {1}, 1, 1);
  EXPECT_EQ(device->run(it.job, std::atomic<bool>(false)).error().code, ErrorCode::kLimit);
}

TEST(OpenclBackendTest, FindsNoDeviceUnderAnotherName) {
  ASSAY_NEEDS_OPENCL();
  EXPECT_EQ(OpenclBackend().open("ocl-0000000000000000", {}).error().code, ErrorCode::kNotFound);
}

TEST(OpenclBackendTest, IsEmptyWithoutALoader) {
  std::string detail;
  const OpenclBackend backend("libassay_no_such_loader.so.1");
  EXPECT_TRUE(backend.devices(detail).value().empty());
  EXPECT_EQ(detail, "libassay_no_such_loader.so.1 is not installed");
  EXPECT_EQ(backend.open("ocl-1", {}).error().code, ErrorCode::kNotFound);
}

// The driver of this machine, without the backend.
struct Raw {
  Api api = load_api().value();
  DriverDevice device;
  Context context;

  Raw() {
    std::string detail;
    device = find_devices(api, detail).value().front();
    context = create_context(api, std::span(&device.handle, 1)).value();
  }
  Result<BuiltProgram> build_text(const std::string& text) const {
    return build(api, context, std::span(&device.handle, 1), text, build_options(device.facts), kKernelName);
  }
};

TEST(OpenclBuild, SaysInOneLineWhyAProgramDoesNotBuild) {
  ASSAY_NEEDS_OPENCL();
  const Result<BuiltProgram> built = Raw().build_text("__kernel void assay_kernel(void) { no_such_thing(); }");
  ASSERT_FALSE(built.ok());
  EXPECT_EQ(built.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(built.error().message.find("no_such_thing"), std::string::npos) << built.error().message;
  EXPECT_EQ(built.error().message.find('\n'), std::string::npos);
}

// A device without FP64 does not know the word: so every program that needs none must build without it.
TEST(OpenclBuild, TakesProgramsOfIntegersAndFp32WithoutFp64) {
  ASSAY_NEEDS_OPENCL();
  const Raw raw;
  uint32_t tried = 0;
  for (const std::string_view probe : {"int.mul.chain", "fma.fp32.chain"}) {
    const ProgramSource source = program_source(device::find_program(probe)->shape.name).value();
    EXPECT_FALSE(needs_of(source.program).twofold) << probe;
    const Result<BuiltProgram> built = raw.build_text("#define ASSAY_NO_F64\n#define double no_such_type\n" + source.text);
    EXPECT_TRUE(built.ok()) << built.error().message;
    ++tried;
  }
  EXPECT_EQ(tried, 2U);
}

}  // namespace
}  // namespace assay::probes::opencl
