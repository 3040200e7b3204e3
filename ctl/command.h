// SPDX-License-Identifier: Apache-2.0
// What a command is: it is given everything it may touch, and gives an exit code or the error that ends it.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "ctl/api_client.h"
#include "ctl/console.h"
#include "ctl/exit_code.h"
#include "ctl/format.h"
#include "ctl/pause.h"
#include "ctl/settings.h"

namespace assay::ctl {

// The outside world of one run of assayctl; tests build their own.
struct Shell {
  Console& console;
  const Clock& clock;
  Pause& pause;
  Environment environment;
  std::filesystem::path program;                 // of assayctl itself: the runner and the goldens are looked for beside it
  std::filesystem::path filesystem_root = "/";   // under which /sys is read
  std::function<Result<std::unique_ptr<Api>>(const Settings&)> connect = make_api;
};

// What a renderer makes of a document: the text for standard output and what it means for the exit code.
struct Page {
  std::string text;
  ExitCode exit = ExitCode::kFine;
};
using Renderer = std::function<Result<Page>(std::string_view json, const View& view)>;

// One invocation: the shell, the settings, and what several commands do alike.
class Invocation {
 public:
  Invocation(Shell& shell, Settings settings) : shell_(shell), settings_(std::move(settings)) {}

  Shell& shell() { return shell_; }
  Console& console() { return shell_.console; }
  const Settings& settings() const { return settings_; }
  bool json() const { return settings_.json; }
  Instant now() const { return shell_.clock.now(); }
  View view() const;

  // The collector, connected on first use. Configuration errors are remembered: see config_error().
  Result<Api*> api();
  bool config_error() const { return config_error_; }

  // GETs the target and shows it: the document itself with --json, else what the renderer makes of it. The exit code is the renderer's either way.
  Result<ExitCode> show(const std::string& target, const Renderer& renderer);
  // Shows a document that is already here.
  Result<ExitCode> show_document(const std::string& document, const Renderer& renderer);
  // A line on standard error, "assayctl: " in front.
  void note(std::string_view text);

 private:
  Shell& shell_;
  Settings settings_;
  std::unique_ptr<Api> api_;
  bool config_error_ = false;
};

using Action = std::function<Result<ExitCode>(Invocation&)>;

// Runs one command line (without argv[0]) and gives the exit code of the process. Errors have been said on the console.
int run_command_line(const std::vector<std::string>& arguments, Shell& shell);

// Every command as it is typed ("quarantine release"), in the order of the help: what completion and man pages must know.
std::vector<std::string> command_names();

}  // namespace assay::ctl
