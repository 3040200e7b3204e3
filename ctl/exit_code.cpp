// SPDX-License-Identifier: Apache-2.0
#include "ctl/exit_code.h"

namespace assay::ctl {

ExitCode exit_code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalid:
    case ErrorCode::kNotFound:
    case ErrorCode::kConflict: return ExitCode::kUsage;
    case ErrorCode::kUnavailable:
    case ErrorCode::kTimeout: return ExitCode::kUnavailable;
    case ErrorCode::kPermission: return ExitCode::kNotPermitted;
    case ErrorCode::kLimit:
    case ErrorCode::kCorrupt:
    case ErrorCode::kUnsupported:
    case ErrorCode::kInternal: return ExitCode::kUnknown;
  }
  return ExitCode::kUnknown;
}

}  // namespace assay::ctl
