// SPDX-License-Identifier: Apache-2.0
// A driver's errors and logs in words, and handles that release once.
#include "probes/backend/opencl/driver.h"

namespace assay::probes::opencl {
namespace {

TEST(OpenclErrors, SayWhatACallerCanDo) {
  EXPECT_EQ(error_words(-5), "out of resources (-5)");
  EXPECT_EQ(error_words(-4711), "error of the driver (-4711)");
  EXPECT_EQ(error_class(-5), ErrorCode::kLimit);
  EXPECT_EQ(error_class(-36), ErrorCode::kUnavailable);
  EXPECT_EQ(error_class(-11), ErrorCode::kUnsupported);
  EXPECT_EQ(error_class(-4711), ErrorCode::kInternal);
  EXPECT_EQ(api_error(-4, "a buffer of 5 KiB").message, "a buffer of 5 KiB: the device's memory is short (-4)");
}

TEST(OpenclErrors, TakeTheLineOfALogThatTells) {
  EXPECT_EQ(telling_line("\nwarning: w\n\x1b[31m<kernel>:3: error: no such thing\nerror: 2\n"), "[31m<kernel>:3: error: no such thing");
  EXPECT_EQ(telling_line("\n\nsomething\nelse"), "something");
  EXPECT_EQ(telling_line(""), "the driver gives no reason");
  EXPECT_EQ(telling_line(std::string(1000, 'x')).size(), 200U);
}

TEST(OpenclApi, IsNotFoundWithoutALoader) {
  EXPECT_EQ(load_api("libassay_no_such_loader.so.1").error().code, ErrorCode::kNotFound);
  // A library that is no loader.
  EXPECT_EQ(load_api("libc.so.6").error().code, ErrorCode::kUnsupported);
}

// The handle is a counter.
ApiResult count_release(ApiHandle counter) {
  ++*static_cast<int*>(counter);
  return kSuccess;
}

TEST(OpenclHandles, ReleaseOnce) {
  Api api;
  api.clReleaseMemObject = count_release;
  int released = 0;
  {
    Memory memory(api, &released);
    Memory moved(std::move(memory));
    Memory assigned;
    assigned = std::move(moved);
    EXPECT_EQ(assigned.get(), &released);
    EXPECT_EQ(released, 0);
  }
  EXPECT_EQ(released, 1);
}

ApiHandle refuse_queue(ApiHandle, ApiHandle, ApiBits, ApiResult* error) {
  *error = -6;
  return nullptr;
}
// The device is where it writes down what it was asked for.
ApiHandle take_queue(ApiHandle, ApiHandle asked, const ApiBits* properties, ApiResult* error) {
  for (; *properties != 0; ++properties) static_cast<std::vector<ApiBits>*>(asked)->push_back(*properties);
  *error = kSuccess;
  return nullptr;
}

TEST(OpenclQueues, AskForLowPriorityWhereTheDeviceHasIt) {
  Api api;
  api.clCreateCommandQueue = refuse_queue;
  api.clCreateCommandQueueWithProperties = take_queue;
  DeviceFacts facts;
  EXPECT_EQ(create_queue(api, Context(), nullptr, facts).error().code, ErrorCode::kLimit);
  facts.extensions = {"cl_khr_priority_hints", "cl_khr_throttle_hints"};
  std::vector<ApiBits> asked;
  EXPECT_TRUE(create_queue(api, Context(), &asked, facts).ok());
  EXPECT_EQ(asked, (std::vector<ApiBits>{kQueueProperties, kQueueProfiling, kQueuePriority, kQueuePriorityLow, kQueueThrottle, kQueueThrottleLow}));
}

}  // namespace
}  // namespace assay::probes::opencl
