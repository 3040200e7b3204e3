// SPDX-License-Identifier: Apache-2.0
// The part of the CUDA driver API that the launcher uses, declared here and looked up in libcuda.so.1 at run time, so that the library loads and says
// what is wrong where there is no driver. Names, types and numbers are those of cuda.h ("CUDA Driver API", sections of each function), of drivers
// since CUDA 11.4; tests/gpu/driver_numbers_test.cpp compares the numbers with the toolkit's header where there is one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "common/base/result.h"

namespace assay::probes::cuda {

using DriverResult = int;                     // CUresult
using DriverDevice = int;                     // CUdevice
using DriverHandle = void*;                   // CUcontext, CUmodule, CUfunction, CUstream
using DriverAddress = uint64_t;               // CUdeviceptr
using DriverUuid = std::array<uint8_t, 16>;   // CUuuid

inline constexpr DriverResult kSuccess = 0;
inline constexpr DriverResult kPeerAccessAlreadyEnabled = 704;  // CUDA_ERROR_PEER_ACCESS_ALREADY_ENABLED

// CUdevice_attribute.
enum DeviceAttribute : int {
  kMultiprocessorCount = 16,
  kComputeMode = 20,
  kPciBusId = 33,
  kPciDeviceId = 34,
  kPciDomainId = 50,
  kComputeCapabilityMajor = 75,
  kComputeCapabilityMinor = 76,
  kMaxSharedMemoryPerMultiprocessor = 81,
  kCooperativeLaunch = 95,
  kMaxSharedMemoryPerBlockOptin = 97,
  kReservedSharedMemoryPerBlock = 111,
  kMpsEnabled = 133,
};

// CUdevResource as far as units go, with room for what a newer driver may write: CU_DEV_RESOURCE_TYPE_SM and its smCount.
inline constexpr int kResourceUnits = 1;
struct DriverResource {
  int type = 0;
  std::array<unsigned char, 92> driver_only{};
  unsigned units = 0;
  std::array<unsigned char, 412> rest{};
};
// CUexecAffinityParam of CU_EXEC_AFFINITY_TYPE_SM_COUNT.
inline constexpr int kAffinityUnits = 0;
struct DriverAffinity {
  int type = 0;
  unsigned units = 0;
  std::array<unsigned char, 56> rest{};
};

// CUcomputemode.
enum ComputeMode : int { kComputeDefault = 0, kComputeProhibited = 2, kComputeExclusiveProcess = 3 };

inline constexpr unsigned kScheduleBlockingSync = 4;          // CU_CTX_SCHED_BLOCKING_SYNC
inline constexpr unsigned kStreamNonBlocking = 1;             // CU_STREAM_NON_BLOCKING
inline constexpr int kFunctionMostLanes = 0;                  // CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK
inline constexpr int kFunctionStaticSharedBytes = 1;          // CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES
inline constexpr int kFunctionMaxDynamicSharedBytes = 8;      // CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES

// The functions; all of these are set once load_driver() has succeeded. One more row is one more function: X(member, "symbol", result, arguments).
#define ASSAY_DRIVER_FUNCTIONS(X)                                                                                        \
  X(init, "cuInit", (unsigned flags))                                                                                    \
  X(error_name, "cuGetErrorName", (DriverResult error, const char** name))                                               \
  X(driver_version, "cuDriverGetVersion", (int* version))                                                                \
  X(device_count, "cuDeviceGetCount", (int* count))                                                                      \
  X(device, "cuDeviceGet", (DriverDevice* device, int index))                                                            \
  X(device_name, "cuDeviceGetName", (char* name, int length, DriverDevice device))                                       \
  X(device_uuid, "cuDeviceGetUuid", (DriverUuid* uuid, DriverDevice device))                                             \
  X(instance_uuid, "cuDeviceGetUuid_v2", (DriverUuid* uuid, DriverDevice device))                                        \
  X(device_attribute, "cuDeviceGetAttribute", (int* value, int attribute, DriverDevice device))                          \
  X(primary_context_flags, "cuDevicePrimaryCtxSetFlags_v2", (DriverDevice device, unsigned flags))                       \
  X(primary_context_retain, "cuDevicePrimaryCtxRetain", (DriverHandle* context, DriverDevice device))                    \
  X(primary_context_release, "cuDevicePrimaryCtxRelease_v2", (DriverDevice device))                                      \
  X(set_current, "cuCtxSetCurrent", (DriverHandle context))                                                              \
  X(stream_priorities, "cuCtxGetStreamPriorityRange", (int* least, int* greatest))                                       \
  X(stream_create, "cuStreamCreateWithPriority", (DriverHandle* stream, unsigned flags, int priority))                   \
  X(stream_destroy, "cuStreamDestroy_v2", (DriverHandle stream))                                                         \
  X(stream_wait, "cuStreamSynchronize", (DriverHandle stream))                                                           \
  X(module_load, "cuModuleLoadData", (DriverHandle* module, const void* image))                                          \
  X(module_unload, "cuModuleUnload", (DriverHandle module))                                                              \
  X(module_function, "cuModuleGetFunction", (DriverHandle* function, DriverHandle module, const char* name))             \
  X(function_attribute, "cuFuncGetAttribute", (int* value, int attribute, DriverHandle function))                        \
  X(function_set_attribute, "cuFuncSetAttribute", (DriverHandle function, int attribute, int value))                     \
  X(memory_info, "cuMemGetInfo_v2", (size_t* free_bytes, size_t* total_bytes))                                           \
  X(memory_take, "cuMemAlloc_v2", (DriverAddress* address, size_t bytes))                                                \
  X(memory_free, "cuMemFree_v2", (DriverAddress address))                                                                \
  X(host_memory_take, "cuMemHostAlloc", (void** address, size_t bytes, unsigned flags))                                  \
  X(host_memory_free, "cuMemFreeHost", (void* address))                                                                  \
  X(copy_to_device, "cuMemcpyHtoDAsync_v2", (DriverAddress to, const void* from, size_t bytes, DriverHandle stream))     \
  X(copy_to_host, "cuMemcpyDtoHAsync_v2", (void* to, DriverAddress from, size_t bytes, DriverHandle stream))             \
  X(can_access_peer, "cuDeviceCanAccessPeer", (int* can, DriverDevice device, DriverDevice peer))                       \
  X(peer_enable, "cuCtxEnablePeerAccess", (DriverHandle peer, unsigned flags))                                           \
  X(copy_to_peer, "cuMemcpyPeerAsync",                                                                                   \
    (DriverAddress to, DriverHandle to_context, DriverAddress from, DriverHandle from_context, size_t bytes,             \
     DriverHandle stream))                                                                                               \
  X(clear, "cuMemsetD8Async", (DriverAddress to, unsigned char value, size_t bytes, DriverHandle stream))                \
  X(launch, "cuLaunchKernel",                                                                                            \
    (DriverHandle function, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x, unsigned block_y,       \
     unsigned block_z, unsigned shared_bytes, DriverHandle stream, void** arguments, void** extra))                      \
  X(launch_cooperative, "cuLaunchCooperativeKernel",                                                                     \
    (DriverHandle function, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x, unsigned block_y,       \
     unsigned block_z, unsigned shared_bytes, DriverHandle stream, void** arguments))

// Those that an older driver need not have: nullptr then. cuCtxGetDevResource is of CUDA 12.4.
#define ASSAY_DRIVER_OPTIONAL_FUNCTIONS(X)                                                                               \
  X(context_resource, "cuCtxGetDevResource", (DriverHandle context, DriverResource* resource, int type))                 \
  X(context_affinity, "cuCtxGetExecAffinity", (DriverAffinity* affinity, int type))

struct DriverApi {
// NOLINTNEXTLINE(bugprone-macro-parentheses): a name and a list of parameters
#define ASSAY_DRIVER_MEMBER(member, symbol, arguments) DriverResult(*member) arguments = nullptr;
  ASSAY_DRIVER_FUNCTIONS(ASSAY_DRIVER_MEMBER)
  ASSAY_DRIVER_OPTIONAL_FUNCTIONS(ASSAY_DRIVER_MEMBER)
#undef ASSAY_DRIVER_MEMBER
};

// Opens the library (never closed again: its threads live until the process ends) and looks all functions up, without calling any. kNotFound: there is
// no driver; kUnsupported: it lacks a function. `library` is for tests.
Result<DriverApi> load_driver(const char* library = "libcuda.so.1");

}  // namespace assay::probes::cuda
