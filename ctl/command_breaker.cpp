// SPDX-License-Identifier: Apache-2.0
#include "ctl/commands.h"
#include "ctl/json_writer.h"
#include "ctl/render.h"

namespace assay::ctl {

void add_breaker_commands(CommandNode root) {
  const auto reason = std::make_shared<std::string>();
  CommandNode breaker = root.add("breaker", "the limit on quarantines");
  CommandNode reset = breaker.add("reset", "allow quarantines again after the breaker opened (role admin)");
  reset.required_text("--reason", *reason, "why this is safe, in one line; it is signed into the audit log");
  reset.does([reason](Invocation& invocation) -> Result<ExitCode> {
      Api* api = TRY(invocation.api());
      const std::string body = JsonWriter().begin_object().field("reason", *reason).end_object().take();
      return invocation.show_document(TRY(api->post("/v1/breaker/reset", body)), render_decision);
    });
}

}  // namespace assay::ctl
