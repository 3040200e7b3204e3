// SPDX-License-Identifier: Apache-2.0
#include "ctl/agent_call.h"

#include <unistd.h>

#include <cerrno>

#include <fmt/format.h>

#include "common/net/unix_socket.h"
#include "ctl/format.h"
#include "ctl/json_value.h"
#include "ctl/json_writer.h"

namespace assay::ctl {

Result<std::string> call_agent(const std::filesystem::path& socket, std::string_view request, Duration timeout) {
  const std::string line = JsonWriter().begin_object().field("request", request).end_object().take();
  if (::access(socket.c_str(), W_OK) != 0 && errno == EACCES) {
    return make_error(ErrorCode::kPermission, fmt::format("{}: permission denied; members of the group assay may ask the agent", socket.string()));
  }
  auto answer = net::call_unix(socket, line, timeout);
  if (!answer) {
    const Error& error = answer.error();
    return make_error(error.code == ErrorCode::kNotFound ? ErrorCode::kUnavailable : error.code,
                      fmt::format("cannot reach the agent: {}; is assay-agent running?", error.message));
  }
  const JsonValue document = TRY(parse_json_object(*answer));
  if (document.at("error").present()) {
    return make_error(ErrorCode::kUnavailable, fmt::format("the agent refused: {}", document.at("error").text_or("message", kAbsent)));
  }
  return std::move(*answer);
}

}  // namespace assay::ctl
