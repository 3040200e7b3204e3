// SPDX-License-Identifier: Apache-2.0
#include "collector/ingest/report_intake.h"

#include <utility>
#include <variant>

#include <fmt/format.h>

#include "collector/api/replies.h"
#include "common/wire/report_wire.h"

namespace assay::collector {
namespace {

constexpr size_t kAccusedAgents = 1024;
constexpr Duration kAccuseAgain = std::chrono::minutes{10};   // one event in so long for one agent

net::Response ack_reply(const ReportAck& ack) { return {200, wire::kContentType, wire::encode(ack), {}}; }

std::vector<Command> commands_of(const std::vector<Action>& actions, const std::string& node) {
  std::vector<Command> commands;
  for (const Action& action : actions) {
    const auto* send = std::get_if<SendCommand>(&action);
    if (send != nullptr && send->node == node && commands.size() < limits::kCommandsPerReply) commands.push_back(send->command);
  }
  return commands;
}

}  // namespace

void ReportIntake::handle(const net::Request& request, const Principal& who, const net::Responder& respond) {
  bytes_ += request.body.size();
  auto report = wire::decode_report(request.body);
  if (!report.ok()) {
    ++(report.error().code == ErrorCode::kLimit ? too_large_ : invalid_);
    return respond(error_reply(report.error().in("report of " + who.name)));
  }
  if (report->node != who.name) return refuse_identity(who.name, report->node, respond);
  store(std::move(*report), request.body.size(), respond);
}

void ReportIntake::refuse_identity(const std::string& agent, const std::string& node, const net::Responder& respond) {
  ++wrong_identity_;
  const std::string text = fmt::format("the certificate is of {}, so it may not report for {}; enrol the node under its own name", agent, node);
  respond(error_reply(403, "permission", text));
  {
    const MonoTime now = clock_.now().mono;
    const std::lock_guard lock(mutex_);
    if (accused_.size() >= kAccusedAgents) accused_.clear();
    const auto [entry, is_new] = accused_.emplace(agent, now);
    if (!is_new && now - entry->second < kAccuseAgain) return;
    entry->second = now;
  }
  auto apply = [agent, node](Ledger& ledger) -> Result<Answer> {
    TRY(ledger.note({"wrong_identity", agent, {}, {}, false, fmt::format("the agent of {} sent a report in the name of {}: refused", agent, node)}));
    return Answer{};
  };
  writer_.submit({std::move(apply), [](const Error&) {}});
}

void ReportIntake::store(Report report, uint64_t bytes, const net::Responder& respond) {
  if (waiting_bytes_.fetch_add(bytes) > kWaitingBytes) {
    waiting_bytes_ -= bytes;
    ++unavailable_;
    return respond(error_reply(503, "unavailable", "too many reports are waiting for the store; send it again later"));
  }
  auto apply = [this, bytes, report = std::move(report), respond](Ledger& ledger) -> Result<Answer> {
    ReportAck ack;
    ack.stream = report.stream;
    ack.sequence = report.sequence;
    ack.collector_time = ledger.now();
    const auto last = TRY(ledger.transaction().last_sequence(report.node, report.stream));
    ack.duplicate = last && report.sequence <= *last;
    if (!ack.duplicate) {
      TRY(ledger.transaction().set_last_sequence(report.node, report.stream, report.sequence, ledger.now()));
      const StepResult result = TRY(ledger.step(ReportReceived{report}));
      ack.commands = commands_of(result.actions, report.node);
    }
    return Answer([this, bytes, respond, ack = std::move(ack)] {
      waiting_bytes_ -= bytes;
      ++(ack.duplicate ? duplicate_ : accepted_);
      respond(ack_reply(ack));
    });
  };
  auto refuse = [this, bytes, respond](const Error& error) {
    waiting_bytes_ -= bytes;
    ++unavailable_;
    respond(error_reply(503, "unavailable", error.message));
  };
  writer_.submit({std::move(apply), std::move(refuse)});
}

IntakeCounters ReportIntake::counters() const {
  return {accepted_, duplicate_, wrong_identity_, invalid_, too_large_, unavailable_, bytes_};
}

}  // namespace assay::collector
