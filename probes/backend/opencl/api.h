// SPDX-License-Identifier: Apache-2.0
// The part of the OpenCL API that the launcher uses, declared here and looked up in libOpenCL.so.1 (the ICD loader) at run time, so that building needs no
// headers and the library loads where there is no driver. Names, types and numbers are those of the Khronos headers CL/cl.h and CL/cl_ext.h (OpenCL
// 1.2 and the named extensions); tests/contract/opencl/api_numbers_test.cpp compares them where Debian's opencl-headers are installed.
#pragma once

#include <cstddef>
#include <cstdint>

#include "common/base/result.h"

namespace assay::probes::opencl {

using ApiResult = int32_t;          // cl_int
using ApiHandle = void*;            // cl_platform_id, cl_device_id, cl_context, cl_command_queue, cl_mem, cl_program, cl_kernel, cl_event
using ApiBits = uint64_t;           // cl_bitfield and its kinds
using ApiProperty = intptr_t;       // cl_context_properties, cl_device_partition_property

inline constexpr ApiResult kSuccess = 0;
inline constexpr ApiResult kDeviceNotFound = -1;      // CL_DEVICE_NOT_FOUND
inline constexpr ApiResult kNoPlatform = -1001;       // CL_PLATFORM_NOT_FOUND_KHR

// cl_platform_info.
inline constexpr uint32_t kPlatformName = 0x0902;

// cl_device_info; the last ones of cl_khr_device_uuid, cl_khr_pci_bus_info and cl_amd_device_attribute_query.
enum DeviceInfo : uint32_t {
  kDeviceType = 0x1000,
  kDeviceVendorId = 0x1001,
  kDeviceMaxComputeUnits = 0x1002,
  kDeviceMaxWorkGroupSize = 0x1004,
  kDeviceMaxMemAllocSize = 0x1010,
  kDeviceSingleFpConfig = 0x101B,
  kDeviceGlobalMemSize = 0x101F,
  kDeviceLocalMemSize = 0x1023,
  kDeviceEndianLittle = 0x1026,
  kDeviceAvailable = 0x1027,
  kDeviceCompilerAvailable = 0x1028,
  kDeviceName = 0x102B,
  kDeviceVendor = 0x102C,
  kDriverVersion = 0x102D,
  kDeviceProfile = 0x102E,
  kDeviceExtensions = 0x1030,
  kDeviceDoubleFpConfig = 0x1032,
  kDevicePartitionMaxSubDevices = 0x1043,
  kDevicePartitionProperties = 0x1044,
  kDeviceUuid = 0x106A,
  kDevicePciBusInfo = 0x410F,
  kDeviceTopologyAmd = 0x4037,
};

// cl_device_type.
inline constexpr ApiBits kTypeCpu = 1U << 1;
inline constexpr ApiBits kTypeGpu = 1U << 2;
inline constexpr ApiBits kTypeAccelerator = 1U << 3;
inline constexpr ApiBits kTypeCustom = 1U << 4;
inline constexpr ApiBits kTypeAll = 0xFFFFFFFF;

// cl_device_fp_config.
inline constexpr ApiBits kFpDenorm = 1U << 0;
inline constexpr ApiBits kFpInfNan = 1U << 1;
inline constexpr ApiBits kFpRoundToNearest = 1U << 2;
inline constexpr ApiBits kFpFma = 1U << 5;
inline constexpr ApiBits kFpCorrectlyRoundedDivideSqrt = 1U << 7;

inline constexpr ApiProperty kPartitionEqually = 0x1086;
inline constexpr ApiBits kMemReadWrite = 1U << 0;
inline constexpr ApiBits kMemReadOnly = 1U << 2;
inline constexpr uint32_t kProgramBuildLog = 0x1183;
inline constexpr uint32_t kProfilingStart = 0x1282;
inline constexpr uint32_t kProfilingEnd = 0x1283;

// Queues: properties of OpenCL 1.2, and those of cl_khr_priority_hints and cl_khr_throttle_hints (OpenCL 2.0).
inline constexpr ApiBits kQueueProfiling = 1U << 1;
inline constexpr ApiBits kQueueProperties = 0x1093;
inline constexpr ApiBits kQueuePriority = 0x1096;
inline constexpr ApiBits kQueuePriorityLow = 1U << 2;
inline constexpr ApiBits kQueueThrottle = 0x1097;
inline constexpr ApiBits kQueueThrottleLow = 1U << 2;

// The functions; all set once load_api() has succeeded. One more row is one more function: X(name, result, arguments).
#define ASSAY_OPENCL_FUNCTIONS(X)                                                                                                       \
  X(clGetPlatformIDs, ApiResult, (uint32_t room, ApiHandle* platforms, uint32_t* count))                                                \
  X(clGetPlatformInfo, ApiResult, (ApiHandle platform, uint32_t what, size_t room, void* value, size_t* size))                          \
  X(clGetDeviceIDs, ApiResult, (ApiHandle platform, ApiBits type, uint32_t room, ApiHandle* devices, uint32_t* count))                  \
  X(clGetDeviceInfo, ApiResult, (ApiHandle device, uint32_t what, size_t room, void* value, size_t* size))                              \
  X(clCreateSubDevices, ApiResult,                                                                                                      \
    (ApiHandle device, const ApiProperty* properties, uint32_t room, ApiHandle* devices, uint32_t* count))                              \
  X(clReleaseDevice, ApiResult, (ApiHandle device))                                                                                     \
  X(clCreateContext, ApiHandle,                                                                                                         \
    (const ApiProperty* properties, uint32_t count, const ApiHandle* devices, void* notify, void* user, ApiResult* error))              \
  X(clReleaseContext, ApiResult, (ApiHandle context))                                                                                   \
  X(clCreateCommandQueue, ApiHandle, (ApiHandle context, ApiHandle device, ApiBits properties, ApiResult* error))                       \
  X(clReleaseCommandQueue, ApiResult, (ApiHandle queue))                                                                                \
  X(clCreateBuffer, ApiHandle, (ApiHandle context, ApiBits flags, size_t bytes, void* host, ApiResult* error))                          \
  X(clReleaseMemObject, ApiResult, (ApiHandle memory))                                                                                  \
  X(clCreateProgramWithSource, ApiHandle,                                                                                               \
    (ApiHandle context, uint32_t count, const char** texts, const size_t* lengths, ApiResult* error))                                   \
  X(clBuildProgram, ApiResult,                                                                                                          \
    (ApiHandle program, uint32_t count, const ApiHandle* devices, const char* options, void* notify, void* user))                       \
  X(clGetProgramBuildInfo, ApiResult,                                                                                                   \
    (ApiHandle program, ApiHandle device, uint32_t what, size_t room, void* value, size_t* size))                                       \
  X(clReleaseProgram, ApiResult, (ApiHandle program))                                                                                   \
  X(clCreateKernel, ApiHandle, (ApiHandle program, const char* name, ApiResult* error))                                                 \
  X(clReleaseKernel, ApiResult, (ApiHandle kernel))                                                                                     \
  X(clSetKernelArg, ApiResult, (ApiHandle kernel, uint32_t index, size_t size, const void* value))                                      \
  X(clEnqueueNDRangeKernel, ApiResult,                                                                                                  \
    (ApiHandle queue, ApiHandle kernel, uint32_t dimensions, const size_t* offset, const size_t* global, const size_t* local,           \
     uint32_t waits, const ApiHandle* wait_for, ApiHandle* event))                                                                      \
  X(clEnqueueWriteBuffer, ApiResult,                                                                                                    \
    (ApiHandle queue, ApiHandle memory, uint32_t blocking, size_t offset, size_t bytes, const void* from, uint32_t waits,               \
     const ApiHandle* wait_for, ApiHandle* event))                                                                                      \
  X(clEnqueueReadBuffer, ApiResult,                                                                                                     \
    (ApiHandle queue, ApiHandle memory, uint32_t blocking, size_t offset, size_t bytes, void* to, uint32_t waits,                       \
     const ApiHandle* wait_for, ApiHandle* event))                                                                                      \
  X(clEnqueueFillBuffer, ApiResult,                                                                                                     \
    (ApiHandle queue, ApiHandle memory, const void* pattern, size_t pattern_bytes, size_t offset, size_t bytes, uint32_t waits,         \
     const ApiHandle* wait_for, ApiHandle* event))                                                                                      \
  X(clFlush, ApiResult, (ApiHandle queue))                                                                                              \
  X(clFinish, ApiResult, (ApiHandle queue))                                                                                             \
  X(clGetEventProfilingInfo, ApiResult, (ApiHandle event, uint32_t what, size_t room, void* value, size_t* size))                       \
  X(clReleaseEvent, ApiResult, (ApiHandle event))

struct Api {
// NOLINTNEXTLINE(bugprone-macro-parentheses): a name and a list of parameters
#define ASSAY_OPENCL_MEMBER(name, result, arguments) result(*name) arguments = nullptr;
  ASSAY_OPENCL_FUNCTIONS(ASSAY_OPENCL_MEMBER)
#undef ASSAY_OPENCL_MEMBER
  // Of OpenCL 2.0; nullptr in an older loader. Only for devices with a hint extension.
  ApiHandle (*clCreateCommandQueueWithProperties)(ApiHandle context, ApiHandle device, const ApiBits* properties, ApiResult* error) = nullptr;
};

// Opens the loader (never closed again: drivers keep threads) and looks the functions up, without calling any. kNotFound: there is no loader;
// kUnsupported: it lacks a function. `library` is for tests.
Result<Api> load_api(const char* library = "libOpenCL.so.1");

// CL_OUT_OF_RESOURCES -> "out of resources (-5)".
std::string error_words(ApiResult error);
// What a caller can do: kUnavailable for a lost device, kLimit for memory, kUnsupported for what cannot be built, kInternal for misuse.
ErrorCode error_class(ApiResult error);
// "what: out of resources (-5)"
Error api_error(ApiResult error, std::string_view what);

}  // namespace assay::probes::opencl
