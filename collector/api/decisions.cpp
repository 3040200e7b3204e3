// SPDX-License-Identifier: Apache-2.0
// What operators decide: release, retire, unfreeze, reset. The rules answer; the decision is signed before it is told.
#include <optional>
#include <utility>

#include "collector/api/body.h"
#include "collector/api/replies.h"
#include "collector/api/shapes.h"
#include "collector/api/writes.h"
#include "common/model/limits.h"

namespace assay::collector {
namespace {

net::Response decision_reply(const StepResult& result) {
  if (!result.status.ok()) return error_reply(result.status.error());
  JsonWriter json;
  json.begin_object();
  if (const Decision* decision = decision_in(result.actions)) write_decision(json, "decision", *decision);
  json.end_object();
  return json_reply(json.take());
}

// One job that puts the operator's event to the rules.
void decide(Writer& writer, Event event, const net::Responder& respond) {
  auto apply = [event = std::move(event), respond](Ledger& ledger) -> Result<Answer> {
    const StepResult result = TRY(ledger.step(event));
    return Answer([respond, reply = decision_reply(result)] { respond(reply); });
  };
  writer.submit({std::move(apply), [respond](const Error& error) { respond(error_reply(error)); }});
}

Result<std::string> reason_of(const net::Request& request) {
  const Body body = TRY(Body::parse(request.body));
  return body.line("reason", limits::kTextChars);
}

}  // namespace

void write_release(WriteContext& context, const net::Request& request, const Principal& who, const std::string& device, const net::Responder& respond) {
  const auto reason = reason_of(request);
  if (!reason.ok()) return respond(error_reply(reason.error()));
  decide(context.writer, OperatorRelease{device, who.name, *reason}, respond);
}

void write_retire(WriteContext& context, const net::Request& request, const Principal& who, const std::string& device, const net::Responder& respond) {
  const auto reason = reason_of(request);
  if (!reason.ok()) return respond(error_reply(reason.error()));
  decide(context.writer, OperatorRetire{device, who.name, *reason}, respond);
}

void write_unfreeze(WriteContext& context, const net::Request& request, const Principal& who, const std::string& probe, const net::Responder& respond) {
  const auto event = [&]() -> Result<Event> {
    const Body body = TRY(Body::parse(request.body));
    UnfreezeProbe unfreeze{probe, std::nullopt, who.name, TRY(body.line("reason", limits::kTextChars))};
    const std::string cohort = TRY(body.line_or_empty("cohort", limits::kTextChars));
    if (!cohort.empty()) unfreeze.cohort = cohort;
    return Event(std::move(unfreeze));
  }();
  if (!event.ok()) return respond(error_reply(event.error()));
  decide(context.writer, *event, respond);
}

void write_breaker_reset(WriteContext& context, const net::Request& request, const Principal& who, const std::string&, const net::Responder& respond) {
  const auto reason = reason_of(request);
  if (!reason.ok()) return respond(error_reply(reason.error()));
  decide(context.writer, BreakerReset{who.name, *reason}, respond);
}

}  // namespace assay::collector
