// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/cuda/driver_api.h"

#include <dlfcn.h>

#include <bit>

namespace assay::probes::cuda {
namespace {

template <typename Function>
bool look_up(void* library, const char* symbol, Function& function) {
  void* found = ::dlsym(library, symbol);
  function = std::bit_cast<Function>(found);
  return found != nullptr;
}

}  // namespace

Result<DriverApi> load_driver(const char* library) {
  void* opened = ::dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (opened == nullptr) {
    const char* why = ::dlerror();
    return make_error(ErrorCode::kNotFound, std::string("no NVIDIA driver: ") + (why != nullptr ? why : library));
  }
  DriverApi api;
#define ASSAY_DRIVER_LOOK_UP(member, symbol, arguments)                                                                      \
  if (!look_up(opened, symbol, api.member)) {                                                                                \
    return make_error(ErrorCode::kUnsupported, std::string(library) + " has no " symbol ": install a driver of CUDA 11.4 or newer"); \
  }
  ASSAY_DRIVER_FUNCTIONS(ASSAY_DRIVER_LOOK_UP)
#undef ASSAY_DRIVER_LOOK_UP
#define ASSAY_DRIVER_LOOK_UP(member, symbol, arguments) static_cast<void>(look_up(opened, symbol, api.member));
  ASSAY_DRIVER_OPTIONAL_FUNCTIONS(ASSAY_DRIVER_LOOK_UP)
#undef ASSAY_DRIVER_LOOK_UP
  return api;
}

}  // namespace assay::probes::cuda
