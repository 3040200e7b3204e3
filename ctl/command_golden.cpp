// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "golden_key.h"
#include "ctl/commands.h"
#include "ctl/golden_listing.h"
#include "ctl/runner_session.h"

namespace assay::ctl {
namespace {

struct GoldenOptions {
  std::string folder;
  std::string public_key;
};

Result<std::filesystem::path> chosen_folder(Invocation& invocation, const GoldenOptions& options) {
  if (!options.folder.empty()) return std::filesystem::path(options.folder);
  return find_goldens(invocation.settings(), invocation.shell().program);
}

Result<ExitCode> list_goldens(Invocation& invocation, const GoldenOptions& options) {
  const auto folder = TRY(chosen_folder(invocation, options));
  const auto set = TRY(probes::GoldenSet::load(folder));
  const auto goldens = list_goldens_of(set);
  invocation.console().out(invocation.json() ? golden_list_json(goldens, folder.string()) + "\n" : golden_list_text(goldens, invocation.view()));
  return ExitCode::kFine;
}

// A set that cannot be trusted is a finding: probes that use it accuse the innocent or clear the guilty.
Result<ExitCode> verify_goldens(Invocation& invocation, const GoldenOptions& options) {
  const auto folder = TRY(chosen_folder(invocation, options));
  const std::string key_hex = options.public_key.empty() ? kGoldenKeyHex : options.public_key;
  const auto set = load_goldens(folder, key_hex);
  if (!set && set.error().code == ErrorCode::kNotFound) return set.error();
  GoldenCheck check;
  check.folder = folder.string();
  check.public_key = key_hex;
  if (set) {
    check.missing = probes_without_golden(*set);
    check.files = set->files().size();
  } else {
    check.problem = set.error().message;
  }
  invocation.console().out(invocation.json() ? golden_check_json(check) + "\n" : golden_check_text(check, invocation.view()));
  return exit_code_of(check);
}

}  // namespace

void add_golden_commands(CommandNode root) {
  const auto options = std::make_shared<GoldenOptions>();
  CommandNode golden = root.add("golden", "the expected digests");
  CommandNode list = golden.add("list", "which probe versions have goldens here");
  list.text("folder", options->folder, "folder of the set; default: the one assayctl would use");
  list.does([options](Invocation& invocation) { return list_goldens(invocation, *options); });
  CommandNode verify = golden.add("verify", "check signature and hashes of the set; exit 1 when anything is wrong");
  verify.text("folder", options->folder, "folder of the set; default: the one assayctl would use");
  verify.text("--public-key", options->public_key, "Ed25519 public key, 64 hexadecimal digits (the one built in)");
  verify.does([options](Invocation& invocation) { return verify_goldens(invocation, *options); });
}

}  // namespace assay::ctl
