// SPDX-License-Identifier: Apache-2.0
// The command line of assay-probe-runner. Parsed by hand, because the runner must build on a machine that has a compiler and
// nothing else.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace assay::probes {

struct RunnerOptions {
  enum class Mode { kServe, kDiscover, kSelfTest, kList, kHelp, kVersion };
  Mode mode = Mode::kServe;
  bool allow_injection = false;
  bool idle_priority = true;
  std::filesystem::path fs_root = "/";
  std::string node = "local";
  bool synthetic_identity = false;
  bool encoded = false;                // --discover: the frames on stdout instead of the table
  std::filesystem::path goldens;       // of the self-test
  std::string backend = "host";        // "cuda": libassay_cuda.so
  std::string device;                  // id, of a backend that is not the host's; "" for all (discover, list, self-test)
  std::filesystem::path backend_dir;   // where its library is; "": beside the program
  bool allow_mps = false;              // work as a client of an MPS server
  bool new_architecture = false;       // let a driver translate programs for a chip that this build does not know
};

// Arguments without the program's name; values as "--name value" or "--name=value". kInvalid naming the argument.
Result<RunnerOptions> parse_options(std::span<const std::string_view> arguments);

// What --help prints.
std::string_view help_text();

}  // namespace assay::probes
