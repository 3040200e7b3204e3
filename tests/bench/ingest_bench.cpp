// SPDX-License-Identifier: Apache-2.0
// bench_ingest: reports a collector accepts durably over mutual TLS, beside the same records put straight into the same SQLite store in
// groups of the same size. JSON lines: name, value, unit, limit, ratio. Everything runs on loopback in a temporary folder.
//
// usage: bench_ingest [SECONDS] [CONNECTIONS]   (programs from ASSAY_BIN_DIR, goldens from ASSAY_SOURCE_DIR)
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "collector/core/fleet_core.h"
#include "collector/store/store.h"
#include "common/base/bounded_queue.h"
#include "common/base/parse.h"
#include "common/base/subprocess.h"
#include "common/crypto/identity.h"
#include "common/crypto/signing.h"
#include "common/net/https_client.h"
#include "common/wire/report_wire.h"
#include "probes/catalogue/catalogue.h"
#include "probes/goldens/golden_set.h"
#include "tests/support/temp_dir.h"

namespace assay {
namespace {

constexpr uint32_t kObservationsPerReport = 10;

[[noreturn]] void fail(const std::string& what) {
  fmt::print(stderr, "bench_ingest: {}\n", what);
  std::exit(2);
}
template <typename T>
T need(Result<T> result, std::string_view what) {
  if (!result) fail(fmt::format("{}: {}", what, result.error().message));
  return std::move(result).value();
}

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread
  if (value == nullptr) fail(fmt::format("set {} (./dev bench ingest does)", name));
  return value;
}

// Lets the other threads and processes work.
void wait(Duration time) { BoundedQueue<int>(1).pop(time); }

net::CallOptions call_of(std::string method, std::string target, std::string body) {
  net::CallOptions options;
  options.method = std::move(method);
  options.target = std::move(target);
  options.body = std::move(body);
  return options;
}

// What an agent of a quiet node sends: one device, ten slices that matched, each with its true digest.
Report quiet_report(const std::string& node, uint64_t sequence, const probes::GoldenSet& goldens) {
  Report report;
  report.node = node;
  report.stream = node + "-bench";
  report.sequence = sequence;
  report.boot_id = "bench";
  report.agent_version = "bench";
  report.sent = SystemClock().now();
  DeviceStatus status;
  status.device = {"cpu-" + node + "-s0", DeviceKind::kCpuSocket, false, "bench", "x86_64/bench/1/1", "", 0, {0, 1, 2, 3, 4, 5, 6, 7}};
  status.budget_ratio = 0.001;
  report.devices = {status};
  const auto catalogue = probes::catalogue();
  for (uint32_t i = 0; i < kObservationsPerReport; ++i) {
    const ProbeSpec& probe = catalogue[i % catalogue.size()];
    Observation observation;
    observation.device_id = status.device.id;
    observation.probe = probe.ref;
    observation.variant = "bench";
    observation.started = report.sent.wall;
    UnitResult unit;
    unit.unit = i % 8;
    unit.first_set = static_cast<uint32_t>((sequence * 7 + i) % probe.operand_sets);
    unit.set_count = probe.operand_sets;
    unit.runs = 8;
    unit.outcome = Outcome::kMatch;
    unit.reason = Inconclusive::kNone;
    RunFold fold;
    for (uint32_t run = 0; run < unit.runs; ++run) {
      const uint32_t set = operand_set_of_run(unit, run, probe.operand_sets);
      fold.add(set, goldens.find(probe.ref, set).value_or(Digest{}));
    }
    unit.fold = fold.value();
    observation.units = {unit};
    report.observations.push_back(std::move(observation));
  }
  return report;
}

// A collector process with its folder; killed with this object.
class Collector {
 public:
  Collector(const std::filesystem::path& folder, const std::string& bin, const std::string& goldens) : folder_(folder) {
    const std::string config = fmt::format("[collector]\nlisten = \"127.0.0.1\"\nport = {}\nstate_dir = \"{}\"\ngoldens_dir = \"{}\"\n", kPort,
                                           (folder / "state").string(), goldens);
    need(write_file_atomic(folder / "collector.toml", config), "config");
    child_ = std::make_unique<Child>(need(Child::spawn({.program = bin + "/assay-collector",
                                                        .arguments = {"--config", (folder / "collector.toml").string()},
                                                        .environment = {},
                                                        .descriptors = {-1, -1, -1}}),
                                          "collector"));
    for (int tries = 0; tries < 200; ++tries) {
      wait(std::chrono::milliseconds{50});
      if (!read_file(folder / "state/admin.token", 4096)) continue;
      token_ = std::string(trim(need(read_file(folder / "state/admin.token", 4096), "token")));
      auto health = client(std::nullopt).call(call_of("GET", "/healthz", ""));
      if (health && health->status == 200) return;
    }
    fail("the collector does not start; is the port free?");
  }

  net::HttpsClient client(std::optional<crypto::Identity> identity) const {
    net::ClientOptions options;
    options.url = fmt::format("https://127.0.0.1:{}", kPort);
    options.ca_fingerprint = token_.substr(token_.rfind('.') + 1);
    options.identity = std::move(identity);
    return need(net::HttpsClient::make(options), "client");
  }

  nlohmann::json post(const std::string& target, const nlohmann::json& body) const {
    auto http = client(std::nullopt);
    auto options = call_of("POST", target, body.dump());
    options.authorization = "Bearer " + token_;
    const auto reply = need(http.call(options), target);
    if (reply.status != 200) fail(fmt::format("{}: {} {}", target, reply.status, reply.body));
    return nlohmann::json::parse(reply.body);
  }

  crypto::Identity enrol(const std::string& node) const {
    const auto request = need(crypto::make_request(node), "request");
    const auto token = post("/v1/tokens", {{"kind", "enrol"}, {"node", node}, {"name", "bench"}, {"ttl_s", 600}});
    const auto answer = post("/v1/enrol", {{"token", token["token"]}, {"node", node}, {"csr_pem", request.csr_pem}});
    return {request.key_pem, answer["certificate_pem"].get<std::string>()};
  }

 private:
  static constexpr int kPort = 19480;
  std::filesystem::path folder_;
  std::unique_ptr<Child> child_;
  std::string token_;
};

double reports_over_tls(const std::string& bin, const std::string& goldens_dir, const probes::GoldenSet& goldens, double seconds, int connections) {
  const test::TempDir folder;
  const Collector collector(folder.path(), bin, goldens_dir);
  std::atomic<uint64_t> accepted{0};
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  for (int i = 0; i < connections; ++i) {
    const std::string node = fmt::format("bench-{}", i);
    threads.emplace_back([&, node, identity = collector.enrol(node)] {
      auto http = collector.client(identity);
      for (uint64_t sequence = 1; !stop.load(std::memory_order_relaxed); ++sequence) {
        auto options = call_of("POST", "/v1/report", wire::encode(quiet_report(node, sequence, goldens)));
        options.content_type = wire::kContentType;
        const auto reply = http.call(options);
        if (!reply || reply->status != 200) fail(fmt::format("report refused: {}", reply ? reply->body : reply.error().message));
        accepted.fetch_add(1, std::memory_order_relaxed);
      }
    });
  }
  wait(std::chrono::seconds{1});  // warm up
  const uint64_t before = accepted.load();
  const MonoTime start = BootClock::now();
  wait(Duration{static_cast<int64_t>(seconds * 1e9)});
  const double rate = static_cast<double>(accepted.load() - before) / to_seconds(BootClock::now() - start);
  stop = true;
  for (std::thread& thread : threads) thread.join();
  return rate;
}

double reports_into_sqlite(const probes::GoldenSet& goldens, double seconds, int group) {
  const test::TempDir folder;
  const auto key = crypto::SigningKey::generate();
  auto store = need(collector::Store::open({.path = folder / "collector.db", .signer = [&key](std::string_view text) { return key.sign_hex(text); }, .max_pages = {}}), "store");
  const auto book = collector::ProbeBook::from(probes::catalogue(), goldens);
  collector::FleetCore core(book, {}, {});
  const SystemClock clock;
  uint64_t written = 0;
  Duration spent{};
  for (uint64_t sequence = 1; to_seconds(spent) < seconds; ++sequence) {
    std::vector<std::vector<collector::Action>> actions;
    for (int i = 0; i < group; ++i) {
      const std::string node = fmt::format("bench-{}", i);
      actions.push_back(core.step(collector::ReportReceived{quiet_report(node, sequence, goldens)}, clock.now().wall).actions);
    }
    const MonoTime start = BootClock::now();  // only the inserts and their commit are the limit
    auto transaction = need(store.begin(), "begin");
    for (int i = 0; i < group; ++i) {
      need(transaction.apply(actions[static_cast<size_t>(i)]), "apply");
      const std::string node = fmt::format("bench-{}", i);
      need(transaction.set_last_sequence(node, node + "-bench", sequence, clock.now().wall), "sequence");
    }
    need(transaction.commit(), "commit");
    spent += BootClock::now() - start;
    written += static_cast<uint64_t>(group);
  }
  return static_cast<double>(written) / to_seconds(spent);
}

}  // namespace
}  // namespace assay

int main(int argc, char** argv) {
  using namespace assay;
  const double seconds = argc > 1 ? need(parse_f64(argv[1]), "SECONDS") : 5.0;
  const int connections = argc > 2 ? static_cast<int>(need(parse_u64(argv[2]), "CONNECTIONS")) : 32;
  const std::string goldens_dir = from_environment("ASSAY_SOURCE_DIR") + "/probes/goldens";
  const auto goldens = need(probes::GoldenSet::load(goldens_dir), "goldens");
  const double limit = reports_into_sqlite(goldens, seconds, connections);
  const double value = reports_over_tls(from_environment("ASSAY_BIN_DIR"), goldens_dir, goldens, seconds, connections);
  fmt::print(R"({{"name":"ingest.reports","value":{:.1f},"unit":"reports/s","limit":{:.1f},"limit_is":"the same records into the same store, groups of {}","ratio":{:.3f}}})"
             "\n", value, limit, connections, value / limit);
  return 0;
}
