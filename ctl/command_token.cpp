// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "ctl/commands.h"
#include "ctl/json_writer.h"
#include "ctl/query.h"
#include "ctl/render.h"

namespace assay::ctl {
namespace {

struct TokenOptions {
  std::string kind;
  std::string node;
  std::string name;
  std::string lifetime;
  std::string id;
};

Result<ExitCode> create_token(Invocation& invocation, const TokenOptions& options) {
  JsonWriter body;
  body.begin_object().field("kind", options.kind);
  if (!options.node.empty()) body.field("node", options.node);
  if (!options.name.empty()) body.field("name", options.name);
  // The API wants a lifetime; these are the defaults it documents.
  const std::string lifetime = !options.lifetime.empty() ? options.lifetime : options.kind == "enrol" ? "1h" : "30d";
  const Duration length = TRY(parse_patience(lifetime));
  body.field("ttl_s", static_cast<uint64_t>(std::chrono::ceil<std::chrono::seconds>(length).count()));
  body.end_object();
  Api* api = TRY(invocation.api());
  const std::string answer = TRY(api->post("/v1/tokens", body.take()));
  const auto exit = invocation.show_document(answer, render_new_token);
  if (exit.ok() && !invocation.json()) {
    const auto document = parse_json_object(answer);
    invocation.note(fmt::format("this is the only time the token is shown; id {}, expires {}", document->text_or("id", kAbsent),
                                ago(document->integer("expires_unix_ms"), invocation.now().wall)));
  }
  return exit;
}

Result<ExitCode> revoke_token(Invocation& invocation, const std::string& id) {
  Api* api = TRY(invocation.api());
  const std::string answer = TRY(api->remove(Target("/v1/tokens").segment(id).text()));
  return invocation.show_document(answer, [&](std::string_view, const View&) -> Result<Page> {
    return Page{fmt::format("token {} is revoked\n", id), ExitCode::kFine};
  });
}

}  // namespace

void add_token_commands(CommandNode root) {
  const auto options = std::make_shared<TokenOptions>();
  CommandNode token = root.add("token", "tokens of people, tools and new nodes (role admin)");
  CommandNode create = token.add("create", "make a token; it is printed once, on standard output");
  create.required_choice("--kind", options->kind, "enrol, viewer, operator or admin", {"enrol", "viewer", "operator", "admin"});
  create.text("--node", options->node, "the node an enrolment token is for");
  create.text("--name", options->name, "who will use it");
  create.text("--ttl", options->lifetime, "how long it is good for: 30min, 12h, 30d (enrol: 1h, others: 30d)");
  create.does([options](Invocation& invocation) { return create_token(invocation, *options); });

  CommandNode list = token.add("list", "tokens and when they expire; never their secrets");
  list.does([](Invocation& invocation) { return invocation.show("/v1/tokens", render_tokens); });

  CommandNode revoke = token.add("revoke", "make a token worthless at once");
  revoke.required_text("id", options->id, "id of the token");
  revoke.does([options](Invocation& invocation) { return revoke_token(invocation, options->id); });
}

}  // namespace assay::ctl
