// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/opencl/api.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

namespace assay::probes::opencl {
namespace {

struct Words {
  ApiResult error;
  ErrorCode code;
  std::string_view words;
};

// CL/cl.h, "Error Codes"; only those that calls of ours can give.
constexpr std::array kWords = {
    Words{-1, ErrorCode::kNotFound, "no such device"},
    Words{-2, ErrorCode::kUnavailable, "the device is not available"},
    Words{-3, ErrorCode::kUnsupported, "the driver has no compiler"},
    Words{-4, ErrorCode::kLimit, "the device's memory is short"},
    Words{-5, ErrorCode::kLimit, "out of resources"},
    Words{-6, ErrorCode::kLimit, "the host's memory is short"},
    Words{-7, ErrorCode::kInternal, "the profile of an event is not available"},
    Words{-11, ErrorCode::kUnsupported, "the program does not build"},
    Words{-14, ErrorCode::kUnavailable, "a command ended by an error"},
    Words{-18, ErrorCode::kUnsupported, "the device cannot be partitioned"},
    Words{-30, ErrorCode::kInternal, "invalid value"},
    Words{-33, ErrorCode::kUnavailable, "the device is gone"},
    Words{-34, ErrorCode::kUnavailable, "the context is lost"},
    Words{-36, ErrorCode::kUnavailable, "the command queue is lost"},
    Words{-38, ErrorCode::kInternal, "invalid buffer"},
    Words{-43, ErrorCode::kUnsupported, "invalid build options"},
    Words{-45, ErrorCode::kInternal, "the program is not built for this device"},
    Words{-46, ErrorCode::kInternal, "no such kernel"},
    Words{-52, ErrorCode::kInternal, "arguments of the kernel are missing"},
    Words{-54, ErrorCode::kUnsupported, "the device refuses the size of a work-group"},
    Words{-61, ErrorCode::kLimit, "the buffer is larger than the device allows"},
    Words{-1001, ErrorCode::kNotFound, "no OpenCL driver is installed"},
    Words{-9999, ErrorCode::kUnavailable, "a kernel wrote or read where it must not"},
};

const Words* find_words(ApiResult error) {
  const auto found = std::ranges::find(kWords, error, &Words::error);
  return found == kWords.end() ? nullptr : &*found;
}

}  // namespace

Result<Api> load_api(const char* library) {
  void* loader = ::dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (loader == nullptr) return make_error(ErrorCode::kNotFound, fmt::format("{} is not installed", library));
  Api api;
  const auto look_up = [loader](const char* name) { return ::dlsym(loader, name); };
// NOLINTBEGIN(bugprone-macro-parentheses): a list of parameters
#define ASSAY_OPENCL_LOOK_UP(name, result, arguments)                                                                      \
  api.name = reinterpret_cast<result(*) arguments>(look_up(#name));                                                        \
  if (api.name == nullptr) return make_error(ErrorCode::kUnsupported, fmt::format("{} has no {}: it is older than OpenCL 1.2", library, #name));
  ASSAY_OPENCL_FUNCTIONS(ASSAY_OPENCL_LOOK_UP)
#undef ASSAY_OPENCL_LOOK_UP
  // NOLINTEND(bugprone-macro-parentheses)
  api.clCreateCommandQueueWithProperties =
      reinterpret_cast<decltype(api.clCreateCommandQueueWithProperties)>(look_up("clCreateCommandQueueWithProperties"));
  return api;
}

std::string error_words(ApiResult error) {
  const Words* words = find_words(error);
  return fmt::format("{} ({})", words == nullptr ? "error of the driver" : words->words, error);
}

ErrorCode error_class(ApiResult error) {
  const Words* words = find_words(error);
  return words == nullptr ? ErrorCode::kInternal : words->code;
}

Error api_error(ApiResult error, std::string_view what) { return make_error(error_class(error), fmt::format("{}: {}", what, error_words(error))); }

}  // namespace assay::probes::opencl
