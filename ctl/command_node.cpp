// SPDX-License-Identifier: Apache-2.0
// What the agent of this node says over its local socket; needs no collector and no token.
#include "ctl/agent_call.h"
#include "ctl/commands.h"
#include "ctl/render.h"

namespace assay::ctl {
namespace {

Result<ExitCode> ask_agent(Invocation& invocation, const std::string& named, std::string_view request, const Renderer& renderer) {
  const std::filesystem::path socket = named.empty() ? invocation.settings().agent_socket : std::filesystem::path(named);
  const std::string answer = TRY(call_agent(socket, request, invocation.settings().timeout));
  return invocation.show_document(answer, renderer);
}

}  // namespace

void add_node_commands(CommandNode root) {
  const auto socket = std::make_shared<std::string>();
  const char* help = "socket of the agent to ask, as --agent-socket";
  CommandNode node = root.add("node", "this node");
  CommandNode check = node.add("check", "may a job start here? exit 0 yes, 1 no, 2 could not tell (for scheduler hooks)");
  check.text("--socket", *socket, help);
  check.does([socket](Invocation& invocation) { return ask_agent(invocation, *socket, "node_check", render_node_check); });

  CommandNode agent = root.add("agent", "the agent of this node");
  CommandNode status = agent.add("status", "connection, spool, devices and incidents as the agent sees them");
  status.text("--socket", *socket, help);
  status.does([socket](Invocation& invocation) { return ask_agent(invocation, *socket, "status", render_agent_status); });
}

}  // namespace assay::ctl
