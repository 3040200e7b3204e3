// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "assay_version.h"
#include "ctl/commands.h"
#include "ctl/text_width.h"

namespace assay::ctl {
namespace {

constexpr char kAbout[] = "Finds accelerators and cores that compute wrong answers: the operator's tool";
constexpr char kFooter[] =
    "\nExit codes: 0 fine, 1 finding present, 2 could not tell, 64 usage, 69 unavailable, 77 not permitted, 78 config.\n"
    "Settings come from flags, the environment (ASSAY_COLLECTOR, ASSAY_TOKEN, ASSAY_TOKEN_FILE, …) and ~/.config/assay/assayctl.toml;\n"
    "see assayctl(1).";

void add_settings(CommandNode root, Flags& flags) {
  root.text("--collector", flags.collector, "URL of the collector (ASSAY_COLLECTOR; https://127.0.0.1:9480)")
      .text("--token-file", flags.token_file, "file with the token (ASSAY_TOKEN_FILE; or the token itself in ASSAY_TOKEN)")
      .text("--ca", flags.ca, "CA certificate of the collector; else the token's fingerprint is pinned")
      .text("--cert", flags.certificate, "client certificate, with --key")
      .text("--key", flags.key, "key of the client certificate")
      .text("--config", flags.config, "config file (~/.config/assay/assayctl.toml, /etc/assay/assayctl.toml)")
      .text("--agent-socket", flags.agent_socket, "socket of this node's agent (/run/assay/agent.sock)")
      .text("--runner", flags.runner, "assay-probe-runner to use (the one beside assayctl)")
      .text("--goldens", flags.goldens, "folder of golden digests")
      .text("--timeout", flags.timeout, "patience with one call, in seconds or as 250ms, 1min (15)")
      .flag("--json", flags.json, "print the document instead of text (docs/reference/cli.md)")
      .flag("--no-color", flags.no_color, "no colour (NO_COLOR does the same)");
}

// The commands, in the order of the help.
void add_commands(CommandNode root) {
  add_status_command(root);
  add_top_command(root);
  add_events_command(root);
  add_device_commands(root);
  add_incident_commands(root);
  add_quarantine_commands(root);
  add_probe_commands(root);
  add_golden_commands(root);
  add_node_commands(root);
  add_token_commands(root);
  add_certificate_commands(root);
  add_audit_commands(root);
  add_breaker_commands(root);
  add_wait_command(root);
}

int fail(Shell& shell, ExitCode code, std::string_view message) {
  shell.console.err(fmt::format("assayctl: {} (exit {})\n", printable(message), static_cast<int>(code)));
  return static_cast<int>(code);
}

}  // namespace

int run_command_line(const std::vector<std::string>& arguments, Shell& shell) {
  CommandTree tree("assayctl", kAbout, fmt::format("assayctl {}", kVersion), kFooter);
  Flags flags;
  add_settings(tree.root(), flags);
  add_commands(tree.root());
  const auto parsed = tree.parse(arguments);
  if (!parsed) return fail(shell, ExitCode::kUsage, parsed.error().message);
  if (parsed->action == nullptr) {
    shell.console.out(parsed->print);
    return static_cast<int>(ExitCode::kFine);
  }
  auto settings = load_settings(flags, shell.environment);
  if (!settings) return fail(shell, ExitCode::kConfig, settings.error().message);
  Invocation invocation(shell, std::move(settings).value());
  const auto result = parsed->action(invocation);
  if (result.ok()) return static_cast<int>(*result);
  const Error& error = result.error();
  return fail(shell, invocation.config_error() ? ExitCode::kConfig : exit_code_of(error.code), error.message);
}

std::vector<std::string> command_names() {
  CommandTree tree("assayctl", kAbout, kVersion, kFooter);
  add_commands(tree.root());
  return tree.names();
}

}  // namespace assay::ctl
