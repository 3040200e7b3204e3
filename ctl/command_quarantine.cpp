// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "ctl/commands.h"
#include "ctl/json_writer.h"
#include "ctl/query.h"
#include "ctl/render.h"

namespace assay::ctl {
namespace {

struct QuarantineOptions {
  std::string device;
  std::string reason;
};

// The API has no page of one quarantine; the list is short by policy.
Result<ExitCode> show_quarantine(Invocation& invocation, const std::string& device) {
  Api* api = TRY(invocation.api());
  const std::string text = TRY(api->get("/v1/quarantine"));
  const JsonValue document = TRY(parse_json_object(text));
  for (const JsonValue& entry : document.list("quarantine")) {
    if (entry.text("device_id") == device) return invocation.show_document(entry.dump(), render_quarantine);
  }
  return make_error(ErrorCode::kNotFound, fmt::format("device {} is not in quarantine; see assayctl device show {}", device, device));
}

Result<ExitCode> act(Invocation& invocation, const QuarantineOptions& options, std::string_view action) {
  Api* api = TRY(invocation.api());
  const std::string body = JsonWriter().begin_object().field("reason", options.reason).end_object().take();
  const std::string answer = TRY(api->post(Target("/v1/devices").segment(options.device).segment(action).text(), body));
  return invocation.show_document(answer, render_decision);
}

void add_act(CommandNode quarantine, const std::shared_ptr<QuarantineOptions>& options, const std::string& action, const char* help) {
  CommandNode sub = quarantine.add(action, help);
  sub.required_text("device", options->device, "id of the device");
  sub.required_text("--reason", options->reason, "why, in one line; it is signed into the audit log");
  sub.does([options, action](Invocation& invocation) { return act(invocation, *options, action); });
}

}  // namespace

void add_quarantine_commands(CommandNode root) {
  const auto options = std::make_shared<QuarantineOptions>();
  CommandNode quarantine = root.add("quarantine", "devices taken out of service");
  CommandNode list = quarantine.add("list", "devices in quarantine now, newest first");
  list.does([](Invocation& invocation) { return invocation.show("/v1/quarantine", render_quarantines); });
  CommandNode show = quarantine.add("show", "why a device is in quarantine, and what was done");
  show.required_text("device", options->device, "id of the device");
  show.does([options](Invocation& invocation) { return show_quarantine(invocation, options->device); });
  add_act(quarantine, options, "release", "put a device on probation (role operator)");
  add_act(quarantine, options, "retire", "take a device out for good (role operator)");
}

}  // namespace assay::ctl
