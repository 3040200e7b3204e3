// SPDX-License-Identifier: Apache-2.0
#include "agent/agent.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>
#include "golden_key.h"

#include "agent/golden_trust.h"
#include "agent/status_json.h"
#include "common/base/log.h"
#include "common/base/service_notify.h"

namespace assay::agent {
namespace {

constexpr std::chrono::minutes kSaveInterval{1};
constexpr std::chrono::minutes kLongestSaveInterval{15};
constexpr size_t kSaveStepBytes = 64 * 1024;
constexpr std::chrono::seconds kRetryInterval{10};
constexpr std::chrono::seconds kLongestSleep{60};
constexpr std::chrono::seconds kLastReportPatience{2};
constexpr std::chrono::seconds kThreadPatience{3};

log::Level level_of(RemarkKind kind) {
  switch (kind) {
    case RemarkKind::kControlMissed: return log::Level::kError;
    case RemarkKind::kStateChanged: return log::Level::kNotice;
    case RemarkKind::kMismatch:
    case RemarkKind::kHang:
    case RemarkKind::kCrash:
    case RemarkKind::kGoldenCorrupt:
    case RemarkKind::kIncidentOpened:
    case RemarkKind::kXid:
    case RemarkKind::kHungDriverCall:
    case RemarkKind::kGpuErrors:
    case RemarkKind::kBackendFailed:
    case RemarkKind::kVerdict: return log::Level::kWarning;
  }
  return log::Level::kWarning;
}

// Coverage moves with every slice, and a crash costs little of it: what is large is written less often.
Duration save_interval(const SpoolState& state) {
  size_t bytes = 0;
  for (const auto& [key, value] : state) bytes += value.size();
  return std::min<Duration>(kLongestSaveInterval, kSaveInterval * static_cast<int64_t>(1 + bytes / kSaveStepBytes));
}

void notify(std::string_view state) {
  if (const Status told = notify_service(state); !told.ok()) log::warning("{}", told.error().message);
}

}  // namespace

Agent::Ending Agent::run() {
  size_t units = 0;
  for (const auto& lane : lanes_) units += lane->watch().device().units.size();
  log::notice("ready node={} devices={} units={} probes={} budget_ratio={} slice_ms={} collector={}", node_, lanes_.size(), units, probes_.size(),
              config_.budget_ratio, std::chrono::duration_cast<std::chrono::milliseconds>(config_.slice).count(), config_.url.empty() ? "none" : config_.url);
  if (config_.demo) log::notice("demo = true: the probe budget may be up to 10 %; not for production");
  if (config_.drill.enabled) log::notice("a drill is on: faults are planted on unit {} and marked synthetic", config_.drill.unit);
  notify("READY=1");
  while (!stop_asked_) {
    const Instant now = clock_.now();
    turn(now);
    wait(wake_at(now), now);
  }
  return {0, stop()};
}

void Agent::turn(Instant now) {
  if (reload_asked_) reload(now);
  view_.goldens = goldens_;
  for (const auto& lane : lanes_) {
    const LaneTurn turn = lane->advance(view_, now);
    absorb(turn);
    auto clients = run_clients_.find(lane.get());
    if (turn.finished && turn.finished->purpose == Purpose::kOnDemand && clients != run_clients_.end() && !clients->second.empty()) {
      if (socket_) socket_->answer(clients->second.front(), run_json(*turn.observation), now.mono);
      clients->second.erase(clients->second.begin());
    }
  }
  take_gpu_news(now);
  advance_backends(now);
  build_reports(now);
  for (const Command& command : link_->advance(now)) obey(command, now);
  if (socket_) serve_local(now);
  if (now.mono >= next_save_) {
    const SpoolState state = changed_memory(true);
    next_save_ = now.mono + save_interval(state);
    if (!state.empty() && outbox_->put(state)) {
      for (const auto& [key, bytes] : state) stored_memory_[key] = bytes;
    }
  }
  if (now.mono >= next_retry_ && outbox_->facts().memory_reports > 0) {
    next_retry_ = now.mono + kRetryInterval;
    outbox_->retry();
  }
  if (watchdog_ && now.mono >= next_watchdog_) {
    next_watchdog_ = now.mono + *watchdog_ / 2;
    notify("WATCHDOG=1");
  }
  if (metrics_ && publish_) metrics_->publish(snapshot(now));
  publish_ = false;
}

void Agent::absorb(const LaneTurn& turn) {
  if (turn.finished) {
    counters_.count(*turn.finished->probe, *turn.observation);
    batch_.add(*turn.observation);  // further mismatches of what is known already wait for the interval
    publish_ = true;
  }
  if (turn.news.empty()) return;
  for (const Incident& incident : turn.news.incidents) batch_.add(incident);
  if (turn.news.urgent) link_->uplink().evidence_waits();
  memory_changed_ = memory_changed_ || turn.news.memory_changed || !turn.news.incidents.empty();
  publish_ = true;
  tell(turn.news);
  if (turn.news.reload_goldens) reload_goldens();
}

void Agent::take_gpu_news(Instant now) {
  take_findings(gpu_intake_->advance(telemetry_->latest(), now), now);
}

// Into log and next report.
void Agent::take_findings(const News& news, Instant now) {
  if (news.empty()) return;
  tell(news);
  for (const Remark& remark : news.remarks) {
    const std::string device = is_valid_name(remark.device) ? remark.device : "";
    batch_.add(AgentFinding{now.wall, std::string(to_string(remark.kind)), device, remark.text.substr(0, limits::kTextChars), remark.suspects && !device.empty()});
  }
  if (news.urgent && link_) link_->uplink().evidence_waits();   // there is none yet while the agent starts
  memory_changed_ = memory_changed_ || news.memory_changed;
  publish_ = true;
}

void Agent::tell(const News& news) {
  for (const Remark& remark : news.remarks) log::write(level_of(remark.kind), fmt::format("{} {}", to_string(remark.kind), remark.text));
}

void Agent::obey(const Command& command, Instant now) {
  for (const auto& lane : lanes_) {
    if (lane->watch().device().id != command.device_id || command.kind != Command::Kind::kSetState) continue;
    const News news = lane->watch().set_state(command.state, now);
    if (news.empty()) return;
    log::notice("the collector sets device={} to {} decision={}", command.device_id, to_string(command.state), command.decision);
    tell(news);
    memory_changed_ = true;
    publish_ = true;
    link_->uplink().evidence_waits();  // the change is reported, and stored with the report
    lane->ask_now(now);
    return;
  }
  log::warning("the collector speaks of device={}, which is not on this node", command.device_id.substr(0, limits::kDeviceIdChars));
}

void Agent::serve_local(Instant now) {
  for (const LocalRequest& request : socket_->advance(now.mono)) {
    if (request.kind == LocalRequest::Kind::kRun) {
      answer_run(request, now);
    } else if (request.kind == LocalRequest::Kind::kProbes) {
      std::vector<CoveragePlan> plans;
      for (const auto& lane : lanes_) plans.push_back(plan_of(lane->watch().device(), lane->watch().probes(), lane->watch().scheduler()));
      socket_->answer(request.client, plan_json(node_, plans), now.mono);
    } else if (request.kind == LocalRequest::Kind::kNodeCheck) {
      std::vector<const DeviceWatch*> watches;
      for (const auto& lane : lanes_) watches.push_back(&lane->watch());
      socket_->answer(request.client, node_check_json(check_node(watches)), now.mono);
    } else {
      std::vector<Incident> incidents;
      for (const auto& lane : lanes_) {
        for (Incident& incident : lane->watch().incidents()) incidents.push_back(std::move(incident));
      }
      socket_->answer(request.client, status_json(node_, config_.url, *snapshot(now), incidents), now.mono);
    }
  }
}

void Agent::answer_run(const LocalRequest& request, Instant now) {
  const auto lane = std::find_if(lanes_.begin(), lanes_.end(), [&](const auto& candidate) {
    return request.device.empty() || candidate->watch().device().id == request.device;
  });
  const Status queued = lane == lanes_.end() ? make_error(ErrorCode::kNotFound, fmt::format("device '{}' is not on this node", request.device))
                                             : (*lane)->watch().request_run(request.run, now);
  if (!queued.ok()) {
    socket_->answer(request.client, error_json(queued.error()), now.mono);
    return;
  }
  run_clients_[lane->get()].push_back(request.client);
  (*lane)->ask_now(now);
}

MonoTime Agent::wake_at(Instant now) const {
  MonoTime wake = std::min({now.mono + kLongestSleep, next_save_, link_->wake_at(now), asking_ ? asked_.at(*asking_).wake_at() : backend_watch_.wake_at()});
  for (const auto& lane : lanes_) wake = std::min(wake, lane->wake_at());
  if (socket_) wake = std::min(wake, socket_->wake_at());
  if (watchdog_) wake = std::min(wake, next_watchdog_);
  if (outbox_->facts().memory_reports > 0) wake = std::min(wake, next_retry_);
  return wake;
}

void Agent::wait(MonoTime until, Instant now) {
  std::vector<pollfd> fds{{signals_.get(), POLLIN, 0}};
  if (link_->descriptor() >= 0) fds.push_back({link_->descriptor(), POLLIN, 0});
  if (socket_) socket_->descriptors(fds);
  gpu_intake_->descriptors(fds);
  if (asking_) fds.push_back({asked_.at(*asking_).descriptor(), POLLIN, 0});
  for (const auto& lane : lanes_) lane->runner().descriptors(fds);
  const Duration left = std::max(Duration::zero(), until <= now.mono ? Duration::zero() : until - clock_.now().mono);
  timespec timeout{};
  timeout.tv_sec = std::chrono::duration_cast<std::chrono::seconds>(left).count();
  timeout.tv_nsec = (left % std::chrono::seconds{1}).count();
  [[maybe_unused]] const int ready = ::ppoll(fds.data(), fds.size(), &timeout, nullptr);
  if (fds[0].revents != 0) take_signals();
}

void Agent::take_signals() {
  signalfd_siginfo info{};
  while (::read(signals_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
    if (info.ssi_signo == SIGHUP) {
      reload_asked_ = true;
    } else {
      stop_asked_ = true;
    }
  }
}

void Agent::reload(Instant now) {
  reload_asked_ = false;
  const auto fresh = load_config(config_file_);
  if (!fresh.ok()) {
    log::error("reload refused, the old configuration stays: {}", fresh.error().message);
    return;
  }
  for (const std::string& key : adopt(config_, *fresh)) log::warning("reload: a change of {} needs a restart", key);
  log::set_level(config_.log_level);
  for (const auto& lane : lanes_) {
    lane->watch().reconfigure(scheduler_options(), now);
    lane->runner().reconfigure(runner_options(lane->watch().device().id));
    lane->ask_now(now);
  }
  backend_watch_.ask_all(now.mono);
  link_->reconfigure(link_options(), now);
  telemetry_->set_interval(config_.telemetry_interval);
  outbox_->spool().set_max_bytes(config_.spool_bytes);
  publish_ = true;
  log::notice("reloaded {} budget_ratio={} drill={}", config_file_.string(), config_.budget_ratio, config_.drill.enabled ? "on" : "off");
}

void Agent::reload_goldens() {
  auto fresh = load_trusted_goldens(config_.goldens_dir, kGoldenKeyHex);
  if (fresh.ok()) {
    goldens_ = std::move(*fresh);
    log::notice("goldens read and checked again from {}", config_.goldens_dir.string());
  } else {
    log::error("the goldens cannot be read again: {}; those in memory stay", fresh.error().message);
  }
  view_.goldens = goldens_;
  for (const auto& lane : lanes_) lane->runner().retire();
}

// Within ten seconds: runners are killed at once, then the last report gets two seconds and each thread three. False when a thread is stuck.
bool Agent::stop() {
  notify("STOPPING=1");
  log::notice("stopping");
  for (const auto& lane : lanes_) lane->runner().stop();
  Instant now = clock_.now();
  memory_changed_ = true;
  do {
    build_report(batch_.take(), now);
  } while (!batch_.empty());
  if (const SpoolState state = changed_memory(true); !state.empty()) outbox_->put(state);
  if (link_->facts().connected) {
    const MonoTime deadline = now.mono + kLastReportPatience;
    link_->hurry(now);
    while ((link_->in_flight() || !outbox_->empty()) && now.mono < deadline) {
      link_->advance(now);
      if (!link_->in_flight()) break;
      pollfd ready{link_->descriptor(), POLLIN, 0};
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - now.mono).count();
      [[maybe_unused]] const int woken = ::poll(&ready, 1, static_cast<int>(left));
      now = clock_.now();
    }
    link_->advance(now);
  }
  outbox_->flush();
  const bool link_ended = link_->stop(kThreadPatience);
  const bool telemetry_ended = telemetry_->stop(kThreadPatience);
  log::notice("stopped reports_waiting={}", outbox_->facts().spool.reports);
  return link_ended && telemetry_ended;
}

}  // namespace assay::agent
