// SPDX-License-Identifier: Apache-2.0
// The exit codes of assayctl (docs/reference/exit-codes.md; 64, 69, 77 and 78 are those of sysexits.h) and which error gives which.
#pragma once

#include "common/base/result.h"

namespace assay::ctl {

enum class ExitCode : int {
  kFine = 0,            // done, and nothing is wrong
  kFinding = 1,         // a wrong result, a device out of service, a broken chain: the answer is bad news
  kUnknown = 2,         // could not tell: never to be read as fine
  kUsage = 64,          // the command line is wrong, or names something that is not there
  kUnavailable = 69,    // the collector, the agent or the runner is out of reach
  kNotPermitted = 77,   // the identity is missing, expired, revoked, or its role is too low
  kConfig = 78,         // a config, token, certificate or golden file is missing or wrong
};

// How an operating error ends the program. Errors in configuration are kConfig whatever their code: their callers know.
ExitCode exit_code_of(ErrorCode code);

}  // namespace assay::ctl
