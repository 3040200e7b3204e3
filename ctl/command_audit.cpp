// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "common/model/limits.h"
#include "common/base/file.h"
#include "ctl/audit_chain.h"
#include "ctl/commands.h"

namespace assay::ctl {
namespace {

struct AuditOptions {
  std::string public_key;
  std::string pin;
  std::string from;
};

// Hands every entry of the log to `take`: from a saved document, or page by page from the collector.
Status read_log(Invocation& invocation, const std::string& from, const std::function<void(const JsonValue&)>& take) {
  if (!from.empty()) {
    const std::string text = TRY(read_file(from, limits::kHttpReplyBytes));
    take(TRY(parse_json_object(text)));
    return {};
  }
  Api* api = TRY(invocation.api());
  uint64_t after = 0;
  for (;;) {
    const std::string text = TRY(api->get(fmt::format("/v1/audit?after={}", after)));
    const JsonValue page = TRY(parse_json_object(text));
    const auto entries = page.list("decisions");
    take(page);
    if (entries.empty()) return {};
    const uint64_t last = entries.back().number_or_zero("number");
    if (last <= after) return make_error(ErrorCode::kCorrupt, "the collector's log does not move on");
    after = last;
  }
}

Result<ExitCode> verify(Invocation& invocation, const AuditOptions& options) {
  std::optional<AuditPin> pin;
  if (!options.pin.empty()) pin = TRY(parse_audit_pin(options.pin));
  std::optional<AuditChain> chain;
  const Status read = read_log(invocation, options.from, [&](const JsonValue& page) {
    if (!chain) chain.emplace(options.public_key.empty() ? page.text_or("public_key", "") : options.public_key, pin);
    for (const JsonValue& entry : page.list("decisions")) chain->add(entry);
  });
  if (!read.ok()) return read.error();
  chain->finish();
  invocation.console().out(invocation.json() ? audit_json(*chain) + "\n" : audit_text(*chain, invocation.view()));
  if (options.public_key.empty() && !chain->broken()) {
    invocation.note("the key is the one the log itself names; give --public-key to compare with the key you noted at installation");
  }
  return chain->broken() ? ExitCode::kFinding : ExitCode::kFine;
}

}  // namespace

void add_audit_commands(CommandNode root) {
  const auto options = std::make_shared<AuditOptions>();
  CommandNode audit = root.add("audit", "the signed log of decisions");
  CommandNode verify_command = audit.add("verify", "recompute every link of the log; exit 1 and name the first broken one");
  verify_command.text("--public-key", options->public_key, "the collector's Ed25519 key, 64 hexadecimal digits, as you noted it");
  verify_command.text("--pin", options->pin, "NUMBER:HASH of an earlier check: the log must still hold it");
  verify_command.text("--from", options->from, "a saved answer of GET /v1/audit instead of the collector");
  verify_command.does([options](Invocation& invocation) { return verify(invocation, *options); });
}

}  // namespace assay::ctl
