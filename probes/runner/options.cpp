// SPDX-License-Identifier: Apache-2.0
#include "probes/runner/options.h"

#include <optional>

#include <fmt/format.h>

#include "common/model/device.h"
#include "probes/backend/device/backend_library.h"

namespace assay::probes {
namespace {

using Mode = RunnerOptions::Mode;

Error usage(std::string_view what) { return make_error(ErrorCode::kInvalid, fmt::format("{}: see --help", what)); }

std::optional<Mode> mode_of(std::string_view name) {
  if (name == "--discover") return Mode::kDiscover;
  if (name == "--self-test") return Mode::kSelfTest;
  if (name == "--list") return Mode::kList;
  if (name == "--help" || name == "-h") return Mode::kHelp;
  if (name == "--version") return Mode::kVersion;
  return std::nullopt;
}

bool* switch_of(RunnerOptions& options, std::string_view name) {
  if (name == "--allow-injection") return &options.allow_injection;
  if (name == "--synthetic-identity") return &options.synthetic_identity;
  if (name == "--encoded") return &options.encoded;
  if (name == "--allow-mps") return &options.allow_mps;
  if (name == "--new-architecture") return &options.new_architecture;
  return nullptr;
}

bool takes_value(std::string_view name) {
  return name == "--fs-root" || name == "--node" || name == "--goldens" || name == "--priority" || name == "--backend" || name == "--device" ||
         name == "--backend-dir";
}

Status set_value(RunnerOptions& options, std::string_view name, std::string_view value) {
  if (value.empty()) return usage(fmt::format("{} needs a value", name));
  if (name == "--fs-root") options.fs_root = value;
  if (name == "--goldens") options.goldens = value;
  if (name == "--backend-dir") options.backend_dir = value;
  if (name == "--backend") {
    if (!device::is_valid_backend(value)) return usage("--backend: 1 to 16 of a-z, 0-9 and '_'");
    options.backend = value;
  }
  if (name == "--device") {
    if (!is_valid_name(value)) return usage("--device: 1 to 128 characters of A-Z, a-z, 0-9, '.', '_', ':' and '-'");
    options.device = value;
  }
  if (name == "--node") {
    if (!is_valid_name(value)) return usage("--node: 1 to 128 characters of A-Z, a-z, 0-9, '.', '_', ':' and '-'");
    options.node = value;
  }
  if (name == "--priority") {
    if (value != "idle" && value != "normal") return usage("--priority is idle or normal");
    options.idle_priority = value == "idle";
  }
  return {};
}

}  // namespace

Result<RunnerOptions> parse_options(std::span<const std::string_view> arguments) {
  RunnerOptions options;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const size_t equals = arguments[i].find('=');
    const std::string_view name = arguments[i].substr(0, equals);
    if (takes_value(name)) {
      if (equals == std::string_view::npos && i + 1 == arguments.size()) return usage(fmt::format("{} needs a value", name));
      TRY(set_value(options, name, equals == std::string_view::npos ? arguments[++i] : arguments[i].substr(equals + 1)));
    } else if (const auto mode = mode_of(arguments[i])) {
      if (options.mode != Mode::kServe && options.mode != *mode) return usage(fmt::format("{} does not go with what came before", name));
      options.mode = *mode;
    } else if (bool* on = switch_of(options, arguments[i])) {
      *on = true;
    } else {
      return usage(fmt::format("unknown argument '{}'", arguments[i].substr(0, 64)));
    }
  }
  if (options.mode == Mode::kSelfTest && options.goldens.empty()) return usage("--self-test needs --goldens DIR");
  const bool on_host = options.backend == device::kHostBackend;
  if (on_host && !options.device.empty()) return usage("--device needs --backend NAME");
  if (!on_host && options.mode == Mode::kServe && options.device.empty()) return usage("--backend needs --device ID, but for --discover, --list and --self-test");
  return options;
}

std::string_view help_text() {
  return R"(assay-probe-runner: computes probes on the cores of this machine. assay-agent starts it.

  assay-probe-runner [--backend NAME --device ID] [--allow-injection] [--priority idle|normal]
      Answers requests on descriptor 3 until the end of file (docs/reference/runner-protocol.md).
  assay-probe-runner --discover [--backend NAME] [--encoded] [--node NAME] [--synthetic-identity] [--fs-root DIR]
      Prints the devices of this machine; writes them, and the variants of each probe that run here, as frames to
      descriptor 3 as well when that is open.
  assay-probe-runner --self-test --goldens DIR [--backend NAME [--device ID]]
      Runs every probe once on every unit: exit code 0 all match, 1 a mismatch, 2 could not tell.
  assay-probe-runner --list [--backend NAME [--device ID]] | --version | --help

  --backend NAME         an accelerator's library, libassay_NAME.so (cuda, opencl, simulated), instead of the cores (host)
  --device ID            the device of that backend
  --backend-dir DIR      where its library is; else ../lib and ../lib/assay beside the program
  --allow-mps            work beside others through an MPS server, whose other clients a fault can then end
  --new-architecture     let the driver translate programs for a chip that this build has no machine code for
  --allow-injection      plant faults where a request marked as a drill asks for them
  --priority idle        compute only when nothing else wants the core (default); normal: compete for it
  --encoded              write the frames to stdout instead of the table
  --node NAME            part of the device id where the processor does not tell its serial number
  --synthetic-identity   never use the serial number: for several agents on one machine
  --fs-root DIR          read /sys and /proc below DIR
  --goldens DIR          the folder with MANIFEST and the golden files
)";
}

}  // namespace assay::probes
