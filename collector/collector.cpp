// SPDX-License-Identifier: Apache-2.0
#include "collector/collector.h"

#include <unistd.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <variant>

#include "collector/api/replies.h"
#include "collector/golden_trust.h"
#include "collector/hooks/hook_program.h"
#include "collector/metrics.h"
#include "collector/narration.h"
#include "collector/page.h"
#include "common/base/fs_root.h"
#include "common/base/log.h"
#include "common/base/parse.h"
#include "golden_key.h"
#include "probes/catalogue/catalogue.h"

namespace assay::collector {
namespace {

constexpr uint32_t kAll = std::numeric_limits<int32_t>::max();
constexpr Duration kLongestSilence = std::chrono::seconds{30};   // of the writer before the watchdog is told nothing more

HookTask task_of(const HookRecord& hook) {
  HookTask task;
  task.decision = hook.decision;
  task.action = to_string(hook.action);
  task.node = hook.node;
  task.device_id = hook.device_id;
  task.incident_id = hook.incident_id;
  if (!hook.incident_id.empty()) {
    task.probe = to_string(hook.probe);
    task.unit = hook.unit;
    task.verdict = to_string(hook.verdict);
  }
  task.reason = hook.reason;
  task.synthetic = hook.synthetic;
  task.at = hook.updated;
  task.attempts = hook.attempts;
  return task;
}

std::optional<uint64_t> resident_bytes() {
  const auto text = FsRoot().text("/proc/self/statm");
  if (!text) return std::nullopt;
  const auto fields = split(*text, ' ');
  const auto pages = fields.size() > 1 ? parse_u64(fields[1]) : Result<uint64_t>(uint64_t{0});
  if (!pages.ok() || *pages == 0) return std::nullopt;
  return *pages * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
}

// A hook that could not run would be found out on the day it is needed; say so on the day it is configured.
Status check_hooks(const HookSettings& hooks) {
  for (const auto& program : {hooks.drain, hooks.drill_drain}) {
    if (!program.empty()) TRY(check_hook_program(program, hooks.directory));
  }
  return {};
}

net::Response html(std::string body) {
  net::Response response = text_reply(200, std::move(body), "text/html; charset=utf-8");
  response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  response.headers["X-Content-Type-Options"] = "nosniff";
  response.headers["Referrer-Policy"] = "no-referrer";
  return response;
}

}  // namespace

Collector::Collector(const Config& config, const Clock& clock, StateDir state, probes::GoldenSet goldens)
    : config_(config),
      clock_(clock),
      state_(std::move(state)),
      goldens_(std::move(goldens)),
      book_(ProbeBook::from(probes::all_probes(), goldens_)),
      started_(clock.now().wall) {}

Collector::~Collector() { stop(Duration::zero()); }

Result<std::unique_ptr<Collector>> Collector::start(const Config& config, const Clock& clock) {
  TRY(check_hooks(config.hooks));
  probes::GoldenSet goldens = TRY(load_trusted_goldens(config.goldens_dir, kGoldenKeyHex));
  const WallTime now = clock.now().wall;
  StateDir state = TRY(open_state_dir(config.state_dir, now));
  ServerIdentity identity = TRY(current_server_identity(state.authority, config.state_dir, config.hosts, now));
  std::unique_ptr<Collector> collector(new Collector(config, clock, std::move(state), std::move(goldens)));
  TRY(collector->open(identity));
  return collector;
}

Status Collector::start_writer(Store store) {
  auto deliver = [this](const HookFinished& finished) { hook_finished(finished); };
  hooks_ = TRY(HookExecutor::start(config_.hooks, deliver));
  auto committed = [this](const std::vector<Action>& actions, const FleetState&) { this->committed(actions); };
  writer_ = TRY(Writer::open(std::move(store), book_, config_.policy, config_.retention, clock_, {}, committed));
  writer_->start();
  return {};
}

Status Collector::open(const ServerIdentity& identity) {
  const crypto::SigningKey& key = state_.signing_key;
  StoreOptions options;
  options.path = database_path(state_.path);
  options.signer = [key](std::string_view message) { return key.sign_hex(message); };
  Store store = TRY(Store::open(options));
  if (TRY(ensure_admin_token(state_, store, started_))) {
    log::notice("wrote a token of role admin to {}", admin_token_path(state_.path).string());
  }
  StoreReader reader = TRY(StoreReader::open(options.path));
  TRY(load_books(reader, started_, tokens_, certificates_));
  ca_not_after_ = TRY(crypto::read_certificate(state_.authority.certificate_pem())).not_after;
  {
    const std::lock_guard lock(mutex_);
    server_not_after_ = identity.not_after;
  }

  TRY(start_writer(std::move(store)));
  identities_ = std::make_unique<IdentityService>(state_.authority, tokens_, certificates_, *writer_, config_.certificate_lifetime);
  intake_ = std::make_unique<ReportIntake>(*writer_, clock_);
  reader_ = std::make_unique<ReadWorker>(std::move(reader), *writer_, clock_, key.public_hex());
  gateway_ = std::make_unique<Gateway>(GatewayParts{*writer_, *identities_, tokens_, *intake_, *reader_,
                                                    [this](ReadContext& context) { return page(context); },
                                                    [this](ReadContext& context) { return metrics(context); }, clock_});
  net::ServerOptions server;
  server.address = config_.address;
  server.port = config_.port;
  server.certificate_pem = identity.identity.certificate_pem;
  server.key_pem = identity.identity.key_pem;
  server.client_ca_pem = state_.authority.certificate_pem();
  server.threads = config_.threads;
  auto started = TRY(net::HttpsServer::start(
      server, [this](const net::Request& request, const net::Responder& respond) { gateway_->handle(request, respond); },
      [this](const net::PeerIdentity& peer) { return !certificates_.is_revoked(peer.serial); }));
  const std::lock_guard lock(mutex_);   // the first request may be here already
  server_ = std::move(started);
  return {};
}

void Collector::committed(const std::vector<Action>& actions) {
  for (const LogLine& line : narrate(actions)) {
    log::write(line.level, line.text);
  }
  for (const Action& action : actions) {
    if (const auto* start = std::get_if<StartHook>(&action)) hooks_->submit(task_of(start->hook));
  }
}

void Collector::hook_finished(const HookFinished& finished) {
  auto apply = [finished](Ledger& ledger) -> Result<Answer> {
    TRY(ledger.step(finished));
    return Answer{};
  };
  auto refuse = [finished](const Error& error) {
    // The rules are loaded again and start it again, under the same key; the hook knows what it has done already.
    log::warning("the result of the hook of decision {} could not be recorded, it will run again: {}", finished.decision, error.message);
  };
  writer_->submit({std::move(apply), std::move(refuse)});
}

net::Response Collector::page(ReadContext& context) const {
  const auto input = [&]() -> Result<PageInput> {
    PageInput gathered;
    gathered.fleet = context.fleet;
    gathered.devices = TRY(context.store.devices({}, kPageDevices));
    gathered.quarantine = TRY(context.store.quarantine(kPageDevices));
    gathered.incidents = TRY(context.store.incidents({}, kPageIncidents));
    const uint64_t last = TRY(context.store.last_event());
    gathered.events = TRY(context.store.events(last > kPageEvents ? last - kPageEvents : 0, kPageEvents));
    std::reverse(gathered.events.begin(), gathered.events.end());
    gathered.devices_total = context.fleet.summary.devices;
    gathered.now = context.now;
    return gathered;
  }();
  return input.ok() ? html(render_page(*input)) : error_reply(input.error());
}

net::Response Collector::metrics(ReadContext& context) const {
  MetricsInput input;
  input.fleet = context.fleet;
  input.writer = writer_->counters();
  input.intake = intake_->counters();
  input.http = gateway_->counters();
  input.started = started_;
  input.now = context.now;
  input.ca_certificate_not_after = ca_not_after_;
  input.resident_bytes = resident_bytes();
  {
    const std::lock_guard lock(mutex_);
    input.server_certificate_not_after = server_not_after_;
    if (server_) input.server = server_->counters();
  }
  const auto rows = [&]() -> Status {
    input.devices = TRY(context.store.devices({}, kAll));
    input.nodes = TRY(context.store.nodes(kAll));
    input.probes = TRY(context.store.probe_totals());
    return {};
  }();
  if (!rows.ok()) return error_reply(rows.error());
  return text_reply(200, render_metrics(input), "text/plain; version=0.0.4; charset=utf-8");
}

bool Collector::reload(const Config& config) {
  if (const Status checked = check_hooks(config.hooks); !checked.ok()) {
    log::error("not reloaded: {}", checked.error().message);
    return false;
  }
  const bool whole = config.address == config_.address && config.port == config_.port && config.hosts == config_.hosts &&
                     config.state_dir == config_.state_dir && config.goldens_dir == config_.goldens_dir &&
                     config.threads == config_.threads && config.certificate_lifetime == config_.certificate_lifetime;
  log::set_level(config.log_level);
  writer_->set_policy(config.policy);
  writer_->set_retention(config.retention);
  hooks_->set_settings(config.hooks);
  log::notice("configuration reloaded: mode {}{}", to_string(config.policy.mode),
              whole ? "" : "; changes of [collector] and [enrol] wait for a restart");
  return whole;
}

void Collector::maintain() {
  const WallTime now = clock_.now().wall;
  certificates_.prune(now);
  tokens_.prune(now);
  const auto identity = current_server_identity(state_.authority, state_.path, config_.hosts, now);
  if (!identity.ok()) return log::error("the server's certificate could not be renewed: {}", identity.error().message);
  {
    const std::lock_guard lock(mutex_);
    if (identity->not_after == server_not_after_) return;
    server_not_after_ = identity->not_after;
  }
  const Status taken = server_->set_certificate(identity->identity.certificate_pem, identity->identity.key_pem);
  if (!taken.ok()) return log::error("the server's new certificate was not taken: {}", taken.error().message);
  log::notice("renewed the server's certificate until {}", format_utc(identity->not_after));
}

bool Collector::alive() const { return clock_.now().mono - writer_->last_beat() < kLongestSilence; }

void Collector::stop(Duration patience) {
  if (server_) server_->stop(patience);   // answers need all the others
  if (reader_) reader_->stop();
  if (hooks_) hooks_->stop();
  if (writer_) writer_->stop();
}

}  // namespace assay::collector
