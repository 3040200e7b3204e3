// SPDX-License-Identifier: Apache-2.0
// The whole of assay-probe-runner but main(), so that the fake runner of the tests is the same program with one part changed.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "probes/runner/serve.h"

namespace assay::probes {

// Wraps the responder that computes; the identity in the real runner.
using WrapResponder = std::function<Responder(Responder)>;

// Parses the arguments (without the program's name), does what they ask for and returns the exit code.
int run_program(std::span<const std::string_view> arguments, const WrapResponder& wrap);

}  // namespace assay::probes
