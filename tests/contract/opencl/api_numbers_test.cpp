// SPDX-License-Identifier: Apache-2.0
// The numbers that we declare ourselves are those of the Khronos headers, where Debian's opencl-headers are installed.
#include "probes/backend/opencl/api.h"

#if defined(ASSAY_OPENCL_HEADERS)
#define CL_TARGET_OPENCL_VERSION 200
#include <CL/cl.h>
#include <CL/cl_ext.h>
#endif

namespace assay::probes::opencl {
namespace {

TEST(OpenclNumbers, AreThoseOfTheKhronosHeaders) {
#if defined(ASSAY_OPENCL_HEADERS)
  EXPECT_EQ(kDeviceType, CL_DEVICE_TYPE);
  EXPECT_EQ(kDeviceVendorId, CL_DEVICE_VENDOR_ID);
  EXPECT_EQ(kDeviceMaxComputeUnits, CL_DEVICE_MAX_COMPUTE_UNITS);
  EXPECT_EQ(kDeviceMaxWorkGroupSize, CL_DEVICE_MAX_WORK_GROUP_SIZE);
  EXPECT_EQ(kDeviceMaxMemAllocSize, CL_DEVICE_MAX_MEM_ALLOC_SIZE);
  EXPECT_EQ(kDeviceSingleFpConfig, CL_DEVICE_SINGLE_FP_CONFIG);
  EXPECT_EQ(kDeviceGlobalMemSize, CL_DEVICE_GLOBAL_MEM_SIZE);
  EXPECT_EQ(kDeviceLocalMemSize, CL_DEVICE_LOCAL_MEM_SIZE);
  EXPECT_EQ(kDeviceEndianLittle, CL_DEVICE_ENDIAN_LITTLE);
  EXPECT_EQ(kDeviceAvailable, CL_DEVICE_AVAILABLE);
  EXPECT_EQ(kDeviceCompilerAvailable, CL_DEVICE_COMPILER_AVAILABLE);
  EXPECT_EQ(kDeviceName, CL_DEVICE_NAME);
  EXPECT_EQ(kDeviceVendor, CL_DEVICE_VENDOR);
  EXPECT_EQ(kDriverVersion, CL_DRIVER_VERSION);
  EXPECT_EQ(kDeviceProfile, CL_DEVICE_PROFILE);
  EXPECT_EQ(kDeviceExtensions, CL_DEVICE_EXTENSIONS);
  EXPECT_EQ(kDeviceDoubleFpConfig, CL_DEVICE_DOUBLE_FP_CONFIG);
  EXPECT_EQ(kDevicePartitionMaxSubDevices, CL_DEVICE_PARTITION_MAX_SUB_DEVICES);
  EXPECT_EQ(kDevicePartitionProperties, CL_DEVICE_PARTITION_PROPERTIES);
  EXPECT_EQ(kDeviceUuid, CL_DEVICE_UUID_KHR);
  EXPECT_EQ(kDevicePciBusInfo, CL_DEVICE_PCI_BUS_INFO_KHR);
  EXPECT_EQ(kDeviceTopologyAmd, CL_DEVICE_TOPOLOGY_AMD);
  EXPECT_EQ(kPlatformName, CL_PLATFORM_NAME);
  EXPECT_EQ(kNoPlatform, CL_PLATFORM_NOT_FOUND_KHR);
  EXPECT_EQ(kDeviceNotFound, CL_DEVICE_NOT_FOUND);
  EXPECT_EQ(kTypeCpu, CL_DEVICE_TYPE_CPU);
  EXPECT_EQ(kTypeGpu, CL_DEVICE_TYPE_GPU);
  EXPECT_EQ(kTypeAccelerator, CL_DEVICE_TYPE_ACCELERATOR);
  EXPECT_EQ(kTypeCustom, CL_DEVICE_TYPE_CUSTOM);
  EXPECT_EQ(kTypeAll, CL_DEVICE_TYPE_ALL);
  EXPECT_EQ(kFpDenorm, CL_FP_DENORM);
  EXPECT_EQ(kFpInfNan, CL_FP_INF_NAN);
  EXPECT_EQ(kFpRoundToNearest, CL_FP_ROUND_TO_NEAREST);
  EXPECT_EQ(kFpFma, CL_FP_FMA);
  EXPECT_EQ(kFpCorrectlyRoundedDivideSqrt, CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT);
  EXPECT_EQ(kPartitionEqually, CL_DEVICE_PARTITION_EQUALLY);
  EXPECT_EQ(kMemReadWrite, CL_MEM_READ_WRITE);
  EXPECT_EQ(kMemReadOnly, CL_MEM_READ_ONLY);
  EXPECT_EQ(kProgramBuildLog, CL_PROGRAM_BUILD_LOG);
  EXPECT_EQ(kProfilingStart, CL_PROFILING_COMMAND_START);
  EXPECT_EQ(kProfilingEnd, CL_PROFILING_COMMAND_END);
  EXPECT_EQ(kQueueProfiling, CL_QUEUE_PROFILING_ENABLE);
  EXPECT_EQ(kQueueProperties, CL_QUEUE_PROPERTIES);
  EXPECT_EQ(kQueuePriority, CL_QUEUE_PRIORITY_KHR);
  EXPECT_EQ(kQueuePriorityLow, CL_QUEUE_PRIORITY_LOW_KHR);
  EXPECT_EQ(kQueueThrottle, CL_QUEUE_THROTTLE_KHR);
  EXPECT_EQ(kQueueThrottleLow, CL_QUEUE_THROTTLE_LOW_KHR);
#else
  GTEST_SKIP() << "opencl-headers are not installed: the numbers are compared where they are";
#endif
}

}  // namespace
}  // namespace assay::probes::opencl
