// SPDX-License-Identifier: Apache-2.0
// The numbers that driver_api.h and error_class.cpp write down, against the toolkit's own header.
#include <cuda.h>
#include <gtest/gtest.h>

#include "probes/backend/cuda/driver_api.h"
#include "probes/backend/cuda/error_class.h"

namespace assay::probes::cuda {
namespace {

static_assert(sizeof(DriverResult) == sizeof(CUresult) && sizeof(DriverDevice) == sizeof(CUdevice) && sizeof(DriverAddress) == sizeof(CUdeviceptr));
static_assert(sizeof(DriverUuid) == sizeof(CUuuid));
static_assert(kSuccess == int{CUDA_SUCCESS});
static_assert(kMultiprocessorCount == int{CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT} && kComputeMode == int{CU_DEVICE_ATTRIBUTE_COMPUTE_MODE});
static_assert(kComputeCapabilityMajor == int{CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR} && kComputeCapabilityMinor == int{CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR});
static_assert(kMaxSharedMemoryPerMultiprocessor == int{CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR});
static_assert(kMaxSharedMemoryPerBlockOptin == int{CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN});
static_assert(kReservedSharedMemoryPerBlock == int{CU_DEVICE_ATTRIBUTE_RESERVED_SHARED_MEMORY_PER_BLOCK});
static_assert(kCooperativeLaunch == int{CU_DEVICE_ATTRIBUTE_COOPERATIVE_LAUNCH});
static_assert(kAffinityUnits == int{CU_EXEC_AFFINITY_TYPE_SM_COUNT} && sizeof(DriverAffinity) >= sizeof(CUexecAffinityParam));
static_assert(offsetof(DriverAffinity, units) == offsetof(CUexecAffinityParam, param));
#if CUDA_VERSION >= 12040
static_assert(kResourceUnits == int{CU_DEV_RESOURCE_TYPE_SM} && sizeof(DriverResource) >= sizeof(CUdevResource));
static_assert(offsetof(DriverResource, units) == offsetof(CUdevResource, sm) && offsetof(CUdevSmResource, smCount) == 0);
static_assert(kMpsEnabled == int{CU_DEVICE_ATTRIBUTE_MPS_ENABLED});
#endif
static_assert(kComputeProhibited == int{CU_COMPUTEMODE_PROHIBITED} && kComputeExclusiveProcess == int{CU_COMPUTEMODE_EXCLUSIVE_PROCESS});
static_assert(kScheduleBlockingSync == int{CU_CTX_SCHED_BLOCKING_SYNC} && kStreamNonBlocking == int{CU_STREAM_NON_BLOCKING});
static_assert(kPeerAccessAlreadyEnabled == int{CUDA_ERROR_PEER_ACCESS_ALREADY_ENABLED});
static_assert(kFunctionMostLanes == int{CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK});
static_assert(kFunctionStaticSharedBytes == int{CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES});
static_assert(kFunctionMaxDynamicSharedBytes == int{CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES});

TEST(DriverNumbers, ErrorsAreClassedByTheHeadersNumbers) {
  EXPECT_EQ(error_code_of(CUDA_ERROR_OUT_OF_MEMORY), ErrorCode::kLimit);
  for (const CUresult busy : {CUDA_ERROR_DEVICE_UNAVAILABLE, CUDA_ERROR_MPS_CONNECTION_FAILED, CUDA_ERROR_MPS_RPC_FAILURE, CUDA_ERROR_MPS_SERVER_NOT_READY,
                              CUDA_ERROR_MPS_MAX_CLIENTS_REACHED, CUDA_ERROR_MPS_MAX_CONNECTIONS_REACHED}) {
    EXPECT_EQ(error_code_of(busy), ErrorCode::kConflict) << busy;
  }
  for (const CUresult lost : {CUDA_ERROR_ECC_UNCORRECTABLE, CUDA_ERROR_NVLINK_UNCORRECTABLE, CUDA_ERROR_ILLEGAL_ADDRESS, CUDA_ERROR_LAUNCH_TIMEOUT,
                              CUDA_ERROR_CONTEXT_IS_DESTROYED, CUDA_ERROR_ASSERT, CUDA_ERROR_HARDWARE_STACK_ERROR, CUDA_ERROR_ILLEGAL_INSTRUCTION,
                              CUDA_ERROR_MISALIGNED_ADDRESS, CUDA_ERROR_INVALID_ADDRESS_SPACE, CUDA_ERROR_INVALID_PC, CUDA_ERROR_LAUNCH_FAILED,
                              CUDA_ERROR_MPS_CLIENT_TERMINATED, CUDA_ERROR_UNKNOWN}) {
    EXPECT_TRUE(is_sticky(lost)) << lost;
    EXPECT_EQ(error_code_of(lost), ErrorCode::kUnavailable) << lost;
  }
  for (const CUresult unfit : {CUDA_ERROR_INVALID_IMAGE, CUDA_ERROR_NO_BINARY_FOR_GPU, CUDA_ERROR_PEER_ACCESS_UNSUPPORTED, CUDA_ERROR_INVALID_PTX, CUDA_ERROR_JIT_COMPILER_NOT_FOUND,
                               CUDA_ERROR_UNSUPPORTED_PTX_VERSION, CUDA_ERROR_JIT_COMPILATION_DISABLED, CUDA_ERROR_NOT_FOUND,
                               CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES, CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE, CUDA_ERROR_NOT_SUPPORTED}) {
    EXPECT_EQ(error_code_of(unfit), ErrorCode::kUnsupported) << unfit;
  }
  EXPECT_EQ(error_code_of(CUDA_ERROR_NO_DEVICE), ErrorCode::kNotFound);
  EXPECT_EQ(error_code_of(CUDA_ERROR_NOT_PERMITTED), ErrorCode::kPermission);
  EXPECT_EQ(error_code_of(CUDA_ERROR_SYSTEM_NOT_READY), ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace assay::probes::cuda
