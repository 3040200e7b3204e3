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

int released = 0;
ApiResult count_release(ApiHandle handle) {
  released += handle != nullptr ? 1 : 100;
  return kSuccess;
}

TEST(OpenclHandles, ReleaseOnce) {
  Api api;
  api.clReleaseMemObject = count_release;
  released = 0;
  {
    int object = 0;
    Memory memory(api, &object);
    Memory moved(std::move(memory));
    Memory assigned;
    assigned = std::move(moved);
    EXPECT_EQ(assigned.get(), &object);
    EXPECT_EQ(released, 0);
  }
  EXPECT_EQ(released, 1);
}

ApiHandle refuse_queue(ApiHandle, ApiHandle, ApiBits, ApiResult* error) {
  *error = -6;
  return nullptr;
}
std::vector<ApiBits> asked;
ApiHandle take_queue(ApiHandle, ApiHandle, const ApiBits* properties, ApiResult* error) {
  asked.clear();
  for (; *properties != 0; ++properties) asked.push_back(*properties);
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
  EXPECT_TRUE(create_queue(api, Context(), nullptr, facts).ok());
  EXPECT_EQ(asked, (std::vector<ApiBits>{kQueueProperties, kQueueProfiling, kQueuePriority, kQueuePriorityLow, kQueueThrottle, kQueueThrottleLow}));
}

}  // namespace
}  // namespace assay::probes::opencl
