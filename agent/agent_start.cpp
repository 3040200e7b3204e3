// SPDX-License-Identifier: Apache-2.0
// How an agent comes up: everything that can be wrong is found here, before it says that it is ready.
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>
#include "golden_key.h"

#include "agent/agent.h"
#include "agent/device_memory.h"
#include "agent/golden_trust.h"
#include "agent/machine.h"
#include "agent/telemetry/nvml/nvml_reader.h"
#include "common/base/log.h"
#include "common/base/service_notify.h"
#include "common/base/trusted_file.h"
#include "common/crypto/secret.h"
#include "probes/catalogue/catalogue.h"

namespace assay::agent {
namespace {

std::filesystem::path beside_agent(std::string_view program) {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() / program;
}

}  // namespace

Agent::Agent(Config config, std::filesystem::path config_file, std::string node, const Clock& clock, FsRoot root)
    : config_(std::move(config)), config_file_(std::move(config_file)), node_(std::move(node)), clock_(clock), root_(std::move(root)),
      started_(clock.now().wall), boot_id_(boot_id(root_)) {}

Agent::~Agent() = default;

uint64_t Agent::random_seed() {
  uint64_t seed = 0;
  for (const char byte : crypto::random_bytes(8)) seed = seed << 8 | static_cast<unsigned char>(byte);
  return seed;
}

Result<std::unique_ptr<Agent>> Agent::start(Config config, std::filesystem::path config_file, const Clock& clock, FsRoot root) {
  std::string node = TRY(node_name(config));
  std::unique_ptr<Agent> agent(new Agent(std::move(config), std::move(config_file), std::move(node), clock, std::move(root)));
  TRY(agent->open_state());
  TRY(agent->load_probes());
  TRY(agent->open_devices());
  TRY(agent->open_gpu_intake());
  TRY(agent->open_services());
  return agent;
}

Status Agent::open_state() {
  sigset_t caught;
  ::sigemptyset(&caught);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&caught, signal);
  signals_ = UniqueFd(::signalfd(-1, &caught, SFD_NONBLOCK | SFD_CLOEXEC));
  if (!signals_.valid()) return errno_error(errno, "signalfd");

  TRY(make_directory(config_.state_dir, 0700));
  state_lock_ = TRY(lock_file(config_.state_dir / "agent.lock"));
  SpoolOptions options;
  options.directory = config_.state_dir;
  options.max_bytes = config_.spool_bytes;
  auto spool = Spool::open(options, started_);
  if (!spool.ok()) return spool.error().in("state directory " + config_.state_dir.string());
  if (spool->moved_aside()) {
    log::error("the spool was damaged and is now {}; unsent reports may be in it. A new one begins with stream={}", spool->moved_aside()->string(),
               spool->stream());
  }
  outbox_ = std::make_unique<Outbox>(std::move(*spool));
  return {};
}

Status Agent::load_probes() {
  for (const std::string& id : config_.probes) {
    if (probes::find_probe(id) == nullptr) {
      return make_error(ErrorCode::kInvalid, fmt::format("{}: [probing] probes has '{}', which is not in the catalogue; see assayctl probe list",
                                                         config_file_.string(), id));
    }
  }
  for (const ProbeSpec& spec : probes::catalogue()) {
    const bool wanted = config_.probes.empty() || std::find(config_.probes.begin(), config_.probes.end(), spec.ref.id) != config_.probes.end();
    if (wanted) probes_.push_back(spec);
  }
  goldens_ = TRY(load_trusted_goldens(config_.goldens_dir, kGoldenKeyHex));
  TRY(load_replays());
  return {};
}

// Each becomes a probe of tier T3. One whose program is not trusted stops the agent from starting: it would never run.
Status Agent::load_replays() {
  for (const ReplayConfig& replay : config_.replays) {
    const Status trusted = check_trusted_program(replay.program, 0);
    if (!trusted.ok()) return make_error(ErrorCode::kInvalid, fmt::format("{}: [[replay]] {}: {}", config_file_.string(), replay.id, trusted.error().message));
    ProbeSpec spec;
    spec.ref = {replay.id, replay.version};
    spec.family = "user";
    spec.precision = "user";
    spec.exercises = "a computation of the site's own";
    spec.tier = GoldenTier::kT3Quorum;
    spec.operand_sets = replay.operand_sets;
    spec.weight = replay.weight;
    spec.memory_bytes = replay.memory_bytes;
    spec.run_limit = replay.timeout;
    view_.replays[spec.ref] = {replay.program.string(), replay.arguments, replay.timeout, replay.operand_sets};
    probes_.push_back(std::move(spec));
  }
  return {};
}

std::filesystem::path Agent::runner_path() const {
  return config_.runner_program.empty() ? beside_agent("assay-probe-runner") : config_.runner_program;
}

std::vector<std::unique_ptr<Reader>> Agent::readers(const std::vector<Device>& devices) const {
  auto readers = all_readers(devices);
  if (!config_.nvml_enabled) return readers;
  NvmlOptions nvml;
  nvml.program = config_.nvml_program.empty() ? beside_agent("assay-nvml-reader") : config_.nvml_program;
  nvml.library = config_.nvml_library.string();
  nvml.deadline = config_.nvml_deadline;
  readers.push_back(std::make_unique<NvmlReader>(std::move(nvml)));
  return readers;
}

SchedulerOptions Agent::scheduler_options() const {
  SchedulerOptions options;
  options.budget_ratio = config_.budget_ratio;
  options.budget_cap = config_.budget_cap();
  options.slice = config_.slice;
  options.units_per_slice = config_.units_per_slice;
  options.control_one_in = config_.control_one_in;
  options.power_steps_one_in = config_.power_steps_one_in;
  options.load_gate_ratio = config_.load_gate_ratio;
  options.memory_reserve_bytes = config_.memory_reserve_bytes;
  options.paused = config_.paused;
  options.drill = config_.drill;
  return options;
}

RunnerOptions Agent::runner_options(const std::string& device_id) const {
  RunnerOptions options;
  options.program = runner_path();
  options.margin = config_.runner_margin;
  options.arguments = {"--priority", config_.runner_idle_priority ? "idle" : "normal"};
  if (const auto backend = backend_of_.find(device_id); backend != backend_of_.end() && backend->second != kHostBackend) {
    options.arguments.insert(options.arguments.end(), {"--backend", backend->second, "--device", device_id});
    options.measures_host = true;
  }
  if (config_.drill.enabled) options.arguments.emplace_back("--allow-injection");
  return options;
}

LinkOptions Agent::link_options() const {
  LinkOptions options;
  options.url = config_.url;
  options.token_file = config_.token_file;
  options.state_dir = config_.state_dir;
  options.node = node_;
  options.boot_id = boot_id_;
  options.uplink.report_interval = config_.report_interval;
  return options;
}

void Agent::restore(DeviceLane& lane, Instant now) {
  const std::string key = memory_key(lane.watch().device().id);
  const auto bytes = outbox_->spool().state(key);
  if (!bytes.ok()) {
    log::error("{}: what was remembered of it cannot be read: {}", lane.watch().device().id, bytes.error().message);
    return;
  }
  if (!bytes->has_value()) return;
  auto memory = decode_device_memory(**bytes);
  const Status restored = memory.ok() ? lane.watch().restore(std::move(*memory), now) : Status(memory.error());
  if (!restored.ok()) log::error("{}: {}", lane.watch().device().id, restored.error().message);
  stored_memory_[key] = **bytes;
  lane.ask_now(now);
}

Status Agent::open_gpu_intake() {
  GpuIntakeOptions options;
  if (!config_.xid_kernel_log.empty()) options.kernel_log = root_.resolve(config_.xid_kernel_log.string());
  options.xid_table = config_.xid_table;
  options.rules = config_.xid_rules;
  options.boot_id = boot_id_;
  auto memory = outbox_->spool().state(kGpuIntakeKey);
  if (!memory.ok()) log::error("where the kernel log was read to cannot be read back: {}", memory.error().message);
  if (memory.ok() && memory->has_value()) stored_memory_[kGpuIntakeKey] = **memory;
  gpu_intake_ = TRY(GpuIntake::open(std::move(options), memory.ok() ? *memory : std::nullopt));
  return {};
}

Status Agent::open_services() {
  const Instant now = clock_.now();
  link_ = TRY(CollectorLink::open(link_options(), *outbox_, random_seed(), now));
  if (config_.metrics_enabled) {
    metrics_ = TRY(Metrics::start(config_.metrics_address, config_.metrics_port, clock_));
    log::info("metrics http://{}:{}/metrics", config_.metrics_address, metrics_->port());
  }
  if (!config_.socket.empty()) {
    auto socket = LocalSocket::open(config_.socket);
    if (!socket.ok()) return socket.error().in("[agent] socket");
    socket_ = std::move(*socket);
  }
  watchdog_ = watchdog_interval();
  next_watchdog_ = now.mono;
  next_save_ = now.mono + std::chrono::minutes{1};
  next_retry_ = now.mono;
  return {};
}

}  // namespace assay::agent
