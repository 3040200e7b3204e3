// SPDX-License-Identifier: Apache-2.0
// copy.d2h on the OpenCL device of this machine, with a driver between that changes words on their way to the host.
#include "common/base/check.h"
#include "probes/backend/opencl/accelerator.h"
#include "probes/backend/opencl/identity.h"
#include "tests/contract/opencl/opencl_device.h"

namespace assay::probes::opencl {
namespace {

constexpr size_t kRunBytes = 128 * 1024;
constexpr size_t kWord = 3 * 1024 + 70;  // of a run: step 3, word 70

// The driver's own function, and which of the large reads to spoil. The API's functions are plain functions and can be told nothing else.
struct Way {
  ApiResult (*read)(ApiHandle, ApiHandle, uint32_t, size_t, size_t, void*, uint32_t, const ApiHandle*, ApiHandle*) = nullptr;
  int spoil_first = 0;   // so many, then no more
};
Way& way() {
  static const auto owner = std::make_unique<Way>();
  return *owner;
}

ApiResult spoiling_read(ApiHandle queue, ApiHandle memory, uint32_t blocking, size_t offset, size_t bytes, void* to, uint32_t waits, const ApiHandle* wait_for,
                        ApiHandle* event) {
  ASSAY_CHECK(way().read != nullptr);
  const ApiResult result = way().read(queue, memory, blocking, offset, bytes, to, waits, wait_for, event);
  if (bytes >= kRunBytes && way().spoil_first-- > 0) static_cast<uint64_t*>(to)[kWord] ^= 0x40;
  return result;
}

std::unique_ptr<device::Accelerator> open_spoilt(int spoil_first) {
  Api api = load_api().value();
  std::string detail;
  const DriverDevice found = find_devices(api, detail).value().front();
  way() = {api.clEnqueueReadBuffer, spoil_first};
  api.clEnqueueReadBuffer = spoiling_read;
  return OpenclAccelerator::open(api, found, device_of(found.facts, "test"), {}).value();
}

const device::Program& program() { return *device::find_program("copy.d2h"); }

TEST(OpenclCopies, AWordThatChangesOnTheWayIsFoundAndTold) {
  ASSAY_NEEDS_OPENCL();
  OpenclJob it(program(), {5, 6}, 1, 4);
  const device::JobResult healthy = run_on_device(it.job);
  ASSERT_EQ(healthy.units[0].digests.size(), 4U);
  it.golden(0, healthy.units[0].digests[0]);
  it.golden(1, healthy.units[0].digests[1]);
  const auto result = open_spoilt(1)->run(it.job, std::atomic<bool>(false));
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(result->units[0].wrong, 1U);
  ASSERT_EQ(result->units[0].digests.size(), 4U);
  for (uint32_t run = 0; run < 4; ++run) EXPECT_EQ(result->units[0].digests[run] == healthy.units[0].digests[run], run != 0) << run;
  ASSERT_EQ(result->records.size(), 1U);
  const AssayRecord& record = result->records[0];
  EXPECT_EQ(record.run, 0U);
  EXPECT_EQ(record.step, 3U);
  EXPECT_EQ(record.word, 70U);
  EXPECT_EQ(record.expected ^ record.actual, 0x40U);
  EXPECT_EQ(record.reread, record.expected);
}

TEST(OpenclCopies, AWordThatChangesEveryTimeIsFoundWithoutClaimingToKnowWhatWasSent) {
  ASSAY_NEEDS_OPENCL();
  OpenclJob it(program(), {5}, 1, 1);
  const device::JobResult healthy = run_on_device(it.job);
  ASSERT_EQ(healthy.units[0].digests.size(), 1U);
  it.golden(0, healthy.units[0].digests[0]);
  const auto result = open_spoilt(1000)->run(it.job, std::atomic<bool>(false));
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(result->units[0].wrong, 1U);
  EXPECT_TRUE(result->records.empty());
}

}  // namespace
}  // namespace assay::probes::opencl
