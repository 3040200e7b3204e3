// SPDX-License-Identifier: Apache-2.0
// What the agent of this node says over its local socket; needs no collector and no token.
#include <unistd.h>

#include <cerrno>

#include <fmt/format.h>

#include "common/net/unix_socket.h"
#include "ctl/commands.h"
#include "ctl/json_writer.h"
#include "ctl/render.h"

namespace assay::ctl {
namespace {

Result<ExitCode> ask_agent(Invocation& invocation, const std::string& named, std::string_view request, const Renderer& renderer) {
  const std::filesystem::path socket = named.empty() ? invocation.settings().agent_socket : std::filesystem::path(named);
  const std::string line = JsonWriter().begin_object().field("request", request).end_object().take();
  if (::access(socket.c_str(), W_OK) != 0 && errno == EACCES) {
    return make_error(ErrorCode::kPermission, fmt::format("{}: permission denied; members of the group assay may ask the agent", socket.string()));
  }
  const auto answer = net::call_unix(socket, line, invocation.settings().timeout);
  if (!answer) {
    const Error& error = answer.error();
    return make_error(error.code == ErrorCode::kNotFound ? ErrorCode::kUnavailable : error.code,
                      fmt::format("cannot reach the agent: {}; is assay-agent running?", error.message));
  }
  const JsonValue document = TRY(parse_json_object(*answer));
  if (document.at("error").present()) {
    return make_error(ErrorCode::kUnavailable, fmt::format("the agent refused: {}", document.at("error").text_or("message", kAbsent)));
  }
  return invocation.show_document(*answer, renderer);
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
