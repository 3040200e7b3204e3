// SPDX-License-Identifier: Apache-2.0
// The agent and its backends: which devices they find when it starts, asking those again that could not tell, and what is opened for each device.
#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "agent/agent.h"
#include "agent/machine.h"
#include "agent/telemetry/psi.h"
#include "common/base/log.h"
#include "probes/catalogue/catalogue.h"

namespace assay::agent {

// Of the probes that the devices from `first_lane` on are to run.
void Agent::warn_of_missing_goldens(size_t first_lane) const {
  std::set<ProbeRef> told;
  for (size_t i = first_lane; i < lanes_.size(); ++i) {
    for (const ProbeSpec& spec : lanes_[i]->watch().probes()) {
      if (spec.tier == GoldenTier::kT3Quorum || goldens_->find(spec.ref) != nullptr || !told.insert(spec.ref).second) continue;
      log::warning("{} has no golden in {}: its runs will be inconclusive", to_string(spec.ref), config_.goldens_dir.string());
    }
  }
}

DiscoveryOptions Agent::discovery_options(const std::string& backend) const {
  DiscoveryOptions options;
  options.runner = runner_path();
  options.node = node_;
  options.synthetic_identity = config_.synthetic_identity;
  options.deadline = config_.discovery_deadline;
  options.backend = backend;
  return options;
}

void Agent::note_answer(const std::string& backend, const Result<Discovered>& answer, Instant now) {
  if (!answer.ok()) log::info("backend {}: {}; it is asked again later, and on a reload (SIGHUP)", backend, answer.error().message);
  const Result<uint64_t> devices = answer.ok() ? Result<uint64_t>(uint64_t{answer->devices.size()}) : Result<uint64_t>(answer.error());
  take_findings(backend_watch_.answered(backend, devices, config_.discovery_deadline, now.mono), now);
  publish_ = true;
}

// Each backend by itself, for a driver may hang or fail: that is a finding and a metric, and the others are probed. All at once, so that those that hang
// keep the agent from starting for one deadline and not for one each. The cores are always to be had: where they cannot be found, something is wrong with
// the installation.
Result<std::vector<FoundDevice>> Agent::find_devices(std::vector<probes::ProbeVariant>& variants) {
  std::vector<Result<Discovery>> started;
  for (const std::string& backend : config_.backends) started.push_back(Discovery::start(discovery_options(backend), clock_.now().mono));
  std::vector<Discovery*> asked;
  for (auto& discovery : started) {
    if (discovery.ok()) asked.push_back(&*discovery);
  }
  std::vector<Result<Discovered>> answers = wait_for_answers(asked);
  std::vector<FoundDevice> devices;
  size_t next = 0;
  for (size_t i = 0; i < started.size(); ++i) {
    const std::string& backend = config_.backends[i];
    Result<Discovery>& discovery = started[i];
    auto found = discovery.ok() ? std::move(answers[next++]) : Result<Discovered>(discovery.error());
    if (!found.ok() && backend == kHostBackend) return found.error();
    if (discovery.ok() && !discovery->gone()) asked_.emplace(backend, std::move(*discovery));
    note_answer(backend, found, clock_.now());
    if (!found.ok()) continue;
    for (Device& device : found->devices) devices.push_back({std::move(device), backend});
    std::ranges::move(found->variants, std::back_inserter(variants));
  }
  return devices;
}

void Agent::ask_backend(const std::string& backend, Instant now) {
  if (asked_.contains(backend)) {
    note_answer(backend, make_error(ErrorCode::kTimeout, "the process that asked its driver before was killed, and the kernel still holds it there"), now);
    return;
  }
  auto discovery = Discovery::start(discovery_options(backend), now.mono);
  if (!discovery.ok()) {
    note_answer(backend, discovery.error(), now);
    return;
  }
  asked_.emplace(backend, std::move(*discovery));
  asking_ = backend;
}

// Asks a backend that could not tell, and takes its answer; the devices that it then has are probed like any other.
void Agent::advance_backends(Instant now) {
  if (asking_) {
    auto answer = asked_.at(*asking_).advance(now.mono);
    if (!answer) return;
    const std::string backend = *std::exchange(asking_, std::nullopt);
    note_answer(backend, *answer, now);
    if (answer->ok()) add_devices(backend, std::move(**answer), now);
  }
  for (auto asked = asked_.begin(); asked != asked_.end();) asked = asked->second.gone() ? asked_.erase(asked) : std::next(asked);
  if (const auto backend = backend_watch_.due(now.mono)) ask_backend(*backend, now);
}

void Agent::add_devices(const std::string& backend, Discovered found, Instant now) {
  std::vector<FoundDevice> all = chosen_;
  for (Device& device : found.devices) all.push_back({std::move(device), backend});
  DeviceChoice choice = choose_devices(std::move(all), {config_.include, config_.exclude});
  const size_t first_lane = lanes_.size();
  for (size_t i = chosen_.size(); i < choice.chosen.size(); ++i) {
    const Status opened = open_lane(choice.chosen[i], found.variants, random_seed(), now);
    if (!opened.ok()) log::error("device={} is not probed: {}", choice.chosen[i].device.id, opened.error().message);
  }
  for (const DeviceChoice::LeftOut& out : choice.left_out) log::info("device={} is not probed: {}", out.id, out.why);
  log::notice("backend {} answers now: devices={} probed={}", backend, choice.chosen.size() - chosen_.size(), lanes_.size() - first_lane);
  chosen_ = std::move(choice.chosen);
  next_offers_ = now.mono;
  warn_of_missing_goldens(first_lane);
}

// Cores have the catalogue and the replays; an accelerator what it offers, and, where it could not be asked, all that it might.
const std::vector<ProbeSpec>& Agent::probes_for(const FoundDevice& found, const std::vector<probes::ProbeVariant>& variants) {
  if (found.backend == kHostBackend) return probes_;
  std::vector<ProbeSpec>& of_it = device_probes_[found.device.id];
  for (const ProbeSpec& spec : probes::all_probes()) {
    const bool wanted = config_.probes.empty() || std::ranges::find(config_.probes, spec.ref.id) != config_.probes.end();
    const auto runs = [&](const probes::ProbeVariant& offer) { return offer.probe == spec.ref.id && offer.runs(); };
    if (wanted && (variants.empty() || std::ranges::any_of(variants, runs))) of_it.push_back(spec);
  }
  return of_it;
}

Status Agent::open_lane(const FoundDevice& found, const std::vector<probes::ProbeVariant>& variants, uint64_t seed, Instant now) {
  const Device& device = found.device;
  backend_of_[device.id] = found.backend;
  WatchOptions watch;
  std::ranges::copy_if(variants, std::back_inserter(watch.variants), [&](const probes::ProbeVariant& offer) { return offer.device == device.id; });
  const std::vector<ProbeSpec>& probes = probes_for(found, watch.variants);
  if (probes.empty()) {
    log::warning("device={} runs none of the configured probes, and is not probed", device.id);
    return {};
  }
  for (const ProbeSpec& spec : probes) {
    if (!view_.replays.contains(spec.ref)) continue;
    const Status fits = fits_budget(spec, scheduler_options(), static_cast<uint32_t>(device.units.size()));
    if (!fits.ok()) return fits.error().in(fmt::format("{}: [[replay]]", config_file_.string()));
  }
  watch.node = node_;
  watch.scheduler = scheduler_options();
  watch.seed = seed;
  watch.golden = [this](const ProbeRef& probe, uint32_t operand_set) { return goldens_->find(probe, operand_set); };
  lanes_.push_back(std::make_unique<DeviceLane>(device, probes, std::move(watch), runner_options(device.id), root_, now));
  restore(*lanes_.back(), now);
  log::info("device={} kind={} backend={} model=\"{}\" units={} probes={} state={}", device.id, to_string(device.kind), found.backend, device.model,
            device.units.size(), probes.size(), to_string(lanes_.back()->watch().state()));
  return {};
}

Status Agent::open_devices() {
  std::vector<probes::ProbeVariant> variants;
  DeviceChoice choice = choose_devices(TRY(find_devices(variants)), {config_.include, config_.exclude});
  for (const DeviceChoice::LeftOut& out : choice.left_out) log::info("device={} is not probed: {}", out.id, out.why);
  chosen_ = std::move(choice.chosen);
  const Instant now = clock_.now();
  const uint64_t seed = random_seed();
  std::vector<Device> devices;
  for (const FoundDevice& found : chosen_) {
    TRY(open_lane(found, variants, seed, now));
    devices.push_back(found.device);
  }
  if (lanes_.empty()) return make_error(ErrorCode::kUnavailable, "no device to probe was found; see the messages above and [devices] in the configuration");
  warn_of_missing_goldens(0);
  telemetry_ = std::make_unique<Telemetry>(readers(devices), root_, clock_, config_.telemetry_interval);
  view_.surroundings = [this] {
    Surroundings around;
    around.memory_available_bytes = memory_available_bytes(root_);
    if (config_.load_gate_ratio > 0) around.cpu_pressure_ratio = cpu_pressure_ratio(root_);
    return around;
  };
  view_.conditions = [this](const Device& device) {
    const auto sample = telemetry_->latest();
    return sample ? conditions_of(*sample, device) : Conditions{};
  };
  return {};
}

}  // namespace assay::agent
