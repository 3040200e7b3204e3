// SPDX-License-Identifier: Apache-2.0
#include "common/base/result.h"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

namespace assay {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalid: return "invalid";
    case ErrorCode::kNotFound: return "not_found";
    case ErrorCode::kUnavailable: return "unavailable";
    case ErrorCode::kTimeout: return "timeout";
    case ErrorCode::kPermission: return "permission";
    case ErrorCode::kLimit: return "limit";
    case ErrorCode::kCorrupt: return "corrupt";
    case ErrorCode::kConflict: return "conflict";
    case ErrorCode::kUnsupported: return "unsupported";
    case ErrorCode::kInternal: return "internal";
  }
  return "unknown";
}

Error Error::in(std::string_view context) const { return {code, fmt::format("{}: {}", context, message)}; }

Error make_error(ErrorCode code, std::string message) { return {code, std::move(message)}; }

Error errno_error(int errno_value, std::string_view what) {
  ErrorCode code = ErrorCode::kInternal;
  switch (errno_value) {
    case ENOENT: case ESRCH: case ENODEV: code = ErrorCode::kNotFound; break;
    case EACCES: case EPERM: case EROFS: code = ErrorCode::kPermission; break;
    case ETIMEDOUT: code = ErrorCode::kTimeout; break;
    case ENOSPC: case EDQUOT: case EMFILE: case ENFILE: case EAGAIN: case EBUSY: case ECONNREFUSED: case EPIPE: case ECONNRESET:
      code = ErrorCode::kUnavailable; break;
    default: break;
  }
  return {code, fmt::format("{}: {}", what, std::generic_category().message(errno_value))};
}

}  // namespace assay
