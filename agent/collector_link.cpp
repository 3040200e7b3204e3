// SPDX-License-Identifier: Apache-2.0
#include "agent/collector_link.h"

#include <algorithm>

#include <fmt/format.h>

#include "agent/enrolment.h"
#include "common/base/log.h"
#include "common/wire/report_wire.h"

namespace assay::agent {
namespace {

// After a renewal, whether it failed or not: a thirtieth of the certificate's life, within these. So renewals never keep reports back, whatever
// the certificate or the clocks say.
constexpr std::chrono::seconds kRenewAgainSoonest{1};
constexpr std::chrono::minutes kRenewAgainLatest{10};

SendFailure failure_of(int status) {
  if (status == 401 || status == 403) return SendFailure::kRefused;
  if (status == 400 || status == 409 || status == 413 || status == 422) return SendFailure::kRejected;
  return SendFailure::kUnreachable;
}

SendFailure failure_of(const Error& error) {
  return error.code == ErrorCode::kPermission ? SendFailure::kRefused : SendFailure::kUnreachable;
}

}  // namespace

CollectorLink::CollectorLink(LinkOptions options, Outbox& outbox, uint64_t seed, Instant now)
    : options_(std::move(options)), outbox_(outbox), uplink_(options_.uplink, seed, now.mono), renew_after_(now.mono) {
  facts_.configured = !options_.url.empty();
}

Result<std::unique_ptr<CollectorLink>> CollectorLink::open(const LinkOptions& options, Outbox& outbox, uint64_t seed, Instant now) {
  std::unique_ptr<CollectorLink> link(new CollectorLink(options, outbox, seed, now));
  if (!link->facts_.configured) return link;
  link->thread_ = TRY(UplinkThread::start());
  auto credentials = TRY(load_credentials(options.state_dir));
  if (credentials) link->adopt(std::move(*credentials));
  return link;
}

void CollectorLink::adopt(Credentials credentials) {
  const auto facts = crypto::read_certificate(credentials.identity.certificate_pem);
  if (!facts.ok()) {
    log::error("agent.pem cannot be used: {}; enrolling anew needs a token in [collector] token_file", facts.error().message);
    return;
  }
  if (facts->name != options_.node) {
    log::error("agent.pem is of node {}, this is {}: set [agent] node, or move agent.pem away and enrol anew", facts->name, options_.node);
  }
  certificate_ = *facts;
  credentials_ = std::make_shared<const Credentials>(std::move(credentials));
  facts_.enrolled = true;
  facts_.certificate_expires = facts->not_after;
}

bool CollectorLink::expired(Instant now) const { return certificate_ && now.wall >= certificate_->not_after; }
bool CollectorLink::renewal_due(Instant now) const {
  return certificate_ && now.wall >= renewal_time(*certificate_) && now.mono >= renew_after_ && !expired(now);
}

MonoTime CollectorLink::wake_at(Instant now) const {
  if (!facts_.configured) return uplink_.wake_at(false);
  // A renewal that is due waits for the pauses as a report does; one to come is looked at once an hour at least, for clocks jump.
  if (!outbox_.empty() || !credentials_ || expired(now) || renewal_due(now)) return uplink_.wake_at(true);
  const auto until_renewal = std::clamp<Duration>(renewal_time(*certificate_) - now.wall, std::chrono::seconds{1}, std::chrono::hours{1});
  return std::min(uplink_.wake_at(false), std::max(renew_after_, now.mono + until_renewal));
}

std::vector<Command> CollectorLink::advance(Instant now) {
  std::vector<Command> commands;
  if (!thread_) return commands;
  while (auto reply = thread_->take()) {
    if (reply->kind == JobKind::kReport) {
      commands = take_report_reply(*reply, now);
    } else {
      take_certificate_reply(*reply, now);
    }
  }
  begin(now);
  return commands;
}

void CollectorLink::begin(Instant now) {
  if (!credentials_ || expired(now)) {
    if (uplink_.may_send(true, now.mono)) begin_enrolment(now);
    return;
  }
  UplinkJob job;
  job.credentials = credentials_;
  if (renewal_due(now) && uplink_.may_send(true, now.mono)) {
    job.kind = JobKind::kRenew;
    send(std::move(job));
    return;
  }
  if (!uplink_.may_send(!outbox_.empty(), now.mono)) return;
  sending_ = outbox_.oldest();
  if (!sending_) {
    uplink_.failed(SendFailure::kUnreachable, now.mono);  // the disk does not give it back now: a pause, then again
    return;
  }
  job.body = stamped(*sending_, now);
  send(std::move(job));
}

void CollectorLink::begin_enrolment(Instant now) {
  const char* const why = credentials_ ? "the certificate has expired" : "this node has no certificate";
  if (options_.token_file.empty()) {
    failed(SendFailure::kRefused, fmt::format("{} and [collector] token_file is not set", why),
           "make a token with: assayctl token create --kind enrol", now);
    return;
  }
  const auto token = read_enrol_token(options_.token_file);
  if (!token.ok()) {
    failed(SendFailure::kRefused, fmt::format("{}; {}", why, token.error().message), "put a token from: assayctl token create --kind enrol in it", now);
    return;
  }
  UplinkJob job;
  job.kind = JobKind::kEnrol;
  job.token = *token;
  log::info("enrolling node={} token_id={} collector={}", options_.node, token->id, options_.url);
  send(std::move(job));
}

void CollectorLink::send(UplinkJob job) {
  job.url = options_.url;
  job.node = options_.node;
  uplink_.sent();
  thread_->submit(std::move(job));
}

// The clocks of the moment of sending, so that the collector measures the skew and not the time a report waited. A report of an earlier boot
// keeps its own: its monotonic clock was another one.
std::string CollectorLink::stamped(const SpooledReport& report, Instant now) const {
  auto decoded = wire::decode_report(report.bytes);
  if (!decoded.ok() || decoded->boot_id != options_.boot_id) return report.bytes;
  decoded->sent = now;
  return wire::encode(*decoded);
}

void CollectorLink::failed(SendFailure failure, const std::string& what, const std::string& next_step, Instant now) {
  const bool news = facts_.last_error != what;
  facts_.last_error = what;
  ++facts_.failures;
  uplink_.failed(failure, now.mono);
  if (!news) return;
  const std::string advice = next_step.empty() ? "" : fmt::format("; next: {}", next_step);
  log::warning("collector: {}{}; probing goes on, reports wait in the spool", what, advice);
}

std::vector<Command> CollectorLink::take_report_reply(const UplinkReply& reply, Instant now) {
  const SpooledReport report = std::move(*sending_);
  sending_.reset();
  if (reply.error) {
    const bool refused = reply.error->code == ErrorCode::kPermission;
    failed(failure_of(*reply.error), reply.error->message, refused ? "check that agent.pem and ca.pem are of this collector and not revoked" : "", now);
    return {};
  }
  if (reply.status != 200) {
    const SendFailure failure = failure_of(reply.status);
    if (failure == SendFailure::kRejected) {
      ++facts_.rejected;
      log::error("collector: report {} was rejected ({} {}); it is set aside in the spool", report.sequence, reply.status, error_message(reply.body));
      outbox_.rejected(report);
    }
    failed(failure, fmt::format("report refused: {} {}", reply.status, error_message(reply.body)),
           failure == SendFailure::kRefused ? "renew the identity: put a new enrolment token in token_file, move agent.pem away and restart" : "", now);
    return {};
  }
  auto ack = wire::decode_ack(reply.body);
  if (!ack.ok() || ack->stream != report.stream || ack->sequence != report.sequence) {
    failed(SendFailure::kUnreachable, ack.ok() ? "the acknowledgement is for another report" : ack.error().message, "", now);
    return {};
  }
  if (!facts_.last_error.empty() || facts_.acknowledged == 0) log::info("collector: connected url={}", options_.url);
  outbox_.acknowledged(report);
  uplink_.acknowledged(now.mono);
  ++facts_.acknowledged;
  facts_.last_ack = now;
  facts_.last_error.clear();
  return std::move(ack->commands);
}

void CollectorLink::pause_renewals(Instant now) {
  const Duration life = certificate_ ? Duration(certificate_->not_after - certificate_->not_before) : Duration::zero();
  renew_after_ = now.mono + std::clamp<Duration>(life / 30, kRenewAgainSoonest, kRenewAgainLatest);
}

void CollectorLink::take_certificate_reply(const UplinkReply& reply, Instant now) {
  const bool first = reply.kind == JobKind::kEnrol;
  const char* const what = first ? "enrolment" : "renewal";
  if (!reply.credentials) {
    pause_renewals(now);
    const std::string why = reply.error ? reply.error->message : fmt::format("{} {}", reply.status, reply.body);
    const SendFailure failure = reply.error ? failure_of(*reply.error) : failure_of(reply.status);
    // A renewal that fails must not keep reports back: the certificate is still good.
    failed(first && failure != SendFailure::kUnreachable ? SendFailure::kRefused : SendFailure::kUnreachable, fmt::format("{} failed: {}", what, why),
           failure != SendFailure::kUnreachable && first ? "tokens work once and expire: make a new one with assayctl token create --kind enrol" : "",
           now);
    return;
  }
  const Status saved = save_credentials(options_.state_dir, *reply.credentials);
  if (!saved.ok()) log::error("the new certificate cannot be stored: {}; it is used until the agent ends", saved.error().message);
  adopt(*reply.credentials);
  pause_renewals(now);
  uplink_.acknowledged(now.mono);
  facts_.last_error.clear();
  log::notice("{} done node={} certificate_expires={}", what, options_.node, facts_.certificate_expires ? format_utc(*facts_.certificate_expires) : "?");
}

void CollectorLink::reconfigure(const LinkOptions& options, Instant now) {
  options_.token_file = options.token_file;
  options_.uplink = options.uplink;
  uplink_.reconfigure(options.uplink, now.mono);
  uplink_.forget_failures(now.mono);
  facts_.last_error.clear();
}

LinkFacts CollectorLink::facts() const {
  LinkFacts facts = facts_;
  facts.connected = uplink_.connected();
  return facts;
}

}  // namespace assay::agent
