// SPDX-License-Identifier: Apache-2.0
// From the documents of the HTTP API (docs/reference/api.md) to pages for people. All are pure: the same document and view give the same
// bytes. Fields that are absent show as "-"; a document that is no JSON object is kCorrupt.
#pragma once

#include <string_view>

#include "common/base/result.h"
#include "ctl/command.h"
#include "ctl/json_value.h"

namespace assay::ctl {

// Status. kFinding when findings > 0; else kUnknown when a node is silent or nothing was measured; else kFine.
Result<Page> render_status(std::string_view json, const View& view);
// {devices:[Device]}
Result<Page> render_devices(std::string_view json, const View& view);
// DeviceDetail
Result<Page> render_device(std::string_view json, const View& view);
// {incidents:[IncidentSummary]}
Result<Page> render_incidents(std::string_view json, const View& view);
// Incident: all an operator needs to decide, on one screen.
Result<Page> render_incident(std::string_view json, const View& view);
// {quarantine:[Quarantine]}. kFinding when one of them is real, not a drill.
Result<Page> render_quarantines(std::string_view json, const View& view);
// Quarantine
Result<Page> render_quarantine(std::string_view json, const View& view);
// {decision}: what an operator's act came to.
Result<Page> render_decision(std::string_view json, const View& view);
// {tokens:[Token]} and the answer to a new one; the latter is the only place a secret is printed.
Result<Page> render_tokens(std::string_view json, const View& view);
Result<Page> render_new_token(std::string_view json, const View& view);
// {certificates:[...]}
Result<Page> render_certificates(std::string_view json, const View& view);
// {events:[...]}
Result<Page> render_events(std::string_view json, const View& view);
// The agent's own answers on the local socket.
Result<Page> render_agent_status(std::string_view json, const View& view);
Result<Page> render_node_check(std::string_view json, const View& view);

// Parts that several pages share.
Table device_table(const std::vector<JsonValue>& devices);
Table incident_table(const std::vector<JsonValue>& incidents, const View& view);
Table decision_table(const std::vector<JsonValue>& decisions, const View& view);
Table hook_table(const std::vector<JsonValue>& hooks, const View& view);
// One event as one line, without a newline.
std::string event_line(const JsonValue& event, const View& view);
// "done after 1 attempt, exit code 0: node drained".
std::string hook_words(const JsonValue& hook);
// Whether an object is marked as a drill or control: "synthetic" is true, or names its kind.
bool is_synthetic(const JsonValue& object);
// The state in words, "[drill]" behind it when synthetic.
Cell state_cell(const JsonValue& device, std::string_view key = "state");

}  // namespace assay::ctl
