// SPDX-License-Identifier: Apache-2.0
// assay-probe-runner with the OpenCL device of this machine behind it, as the agent starts it: its self-test, and requests over its socket.
#include "tests/support/runner_process.h"

#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "probes/catalogue/catalogue.h"
#include "probes/goldens/golden_set.h"
#include "tests/contract/opencl/opencl_device.h"

namespace assay::probes::opencl {
namespace {

using std::chrono::seconds;

// With what the runner of an agent gets, and a place for what PoCL compiles: the tests of the programs have compiled all of it already.
std::vector<std::string> environment() {
  std::vector<std::string> all = runner_environment();
  for (const char* name : {"HOME", "XDG_CACHE_HOME", "LSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) all.push_back(std::string(name) + "=" + value);
  }
  return all;
}

RunOutcome run_runner(std::vector<std::string> arguments) {
  RunOptions options;
  options.spawn.program = test::program("assay-probe-runner");
  options.spawn.arguments = std::move(arguments);
  options.spawn.environment = environment();
  options.deadline = seconds{300};
  auto outcome = run_process(options);
  EXPECT_TRUE(outcome.ok()) << (outcome.ok() ? "" : outcome.error().message);
  return outcome.ok() ? *outcome : RunOutcome{};
}

RunOutcome self_test(const std::string& device) {
  return run_runner({"--self-test", "--priority=normal", "--backend", "opencl", "--device", device, "--goldens", test::golden_folder().string()});
}

// The words of the line of that probe in the self-test's output; empty when there is none.
std::vector<std::string> line_of(const std::string& output, const ProbeRef& probe) {
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream in(line);
    std::vector<std::string> words;
    for (std::string word; in >> word;) words.push_back(word);
    if (!words.empty() && words.front() == to_string(probe)) return words;
  }
  return {};
}

TEST(OpenclRunner, TestsItselfOnEveryUnitWithEveryProbeThatTheDeviceOffers) {
  ASSAY_NEEDS_OPENCL();
  const Device& device = first_device()->device();
  const RunOutcome tested = self_test(device.id);
  EXPECT_EQ(tested.status.code, 0) << tested.standard_output << tested.standard_error;
  size_t offered = 0;
  for (const device::Offer& offer : first_device()->offers()) {
    const std::vector<std::string> line = line_of(tested.standard_output, {offer.probe, device::find_program(offer.probe)->version});
    ASSERT_EQ(line.empty(), !offer.missing.empty()) << offer.probe << ": " << offer.missing;
    if (line.empty()) continue;
    ++offered;
    ASSERT_GE(line.size(), 5U);
    EXPECT_EQ(line[1], offer.variant) << offer.probe;
    EXPECT_EQ(line[2], device.id) << offer.probe;
    // What has no golden is judged by a vote, for which some devices have too few units; that is said, and is no fault of theirs.
    if (!has_golden(find_probe(offer.probe)->tier) && device.units.size() < kMinVoters) {
      EXPECT_EQ(line[3] + " " + line[4], "no vote") << offer.probe;
      continue;
    }
    EXPECT_EQ(line[3], "match") << offer.probe;
    EXPECT_EQ(line[4], "match=" + std::to_string(device.units.size())) << offer.probe;
  }
  EXPECT_GT(offered, 0U);
}

TEST(OpenclRunner, NamesADeviceThatIsNotThere) {
  ASSAY_NEEDS_OPENCL();
  const RunOutcome tested = self_test("ocl-0000000000000000");
  EXPECT_EQ(tested.status.code, 2);
  EXPECT_NE(tested.standard_error.find("no device ocl-0000000000000000"), std::string::npos) << tested.standard_error;
}

RunRequest request_for(const std::string& probe) {
  static const GoldenSet kGoldens = GoldenSet::load(test::golden_folder()).value();
  const Device& device = first_device()->device();
  RunRequest request;
  request.id = 7;
  request.probe = {probe, device::find_program(probe)->version};
  request.cpus = device.units;
  for (uint32_t unit = 0; unit < device.units.size(); ++unit) request.work.push_back({unit, 3 + unit});
  request.set_count = 2;
  request.max_runs = 2;
  request.budget = seconds{30};
  request.goldens = kGoldens.find(request.probe)->digests;
  request.golden_hash = kGoldens.find(request.probe)->hash;
  return request;
}

TEST(OpenclRunner, AnswersWithMatchesAndFindsAPlantedFaultOnItsUnitAlone) {
  ASSAY_NEEDS_OPENCL();
  test::RunnerProcess runner({"--backend", "opencl", "--device", first_device()->device().id, "--allow-injection"}, "assay-probe-runner", -1, environment());
  RunRequest request = request_for("int.mul.chain");
  const auto healthy = runner.ask(request);
  ASSERT_TRUE(healthy.ok()) << healthy.error().message;
  EXPECT_EQ(healthy->variant, "simt");
  for (const UnitRun& unit : healthy->units) {
    EXPECT_EQ(unit.result.outcome, Outcome::kMatch) << unit.result.unit << ": " << to_string(unit.result.reason) << " " << healthy->detail;
    EXPECT_EQ(unit.result.runs, 2U);
  }
  const auto faulty = static_cast<uint32_t>(request.cpus.size() - 1);
  request.synthetic = Synthetic::kDrill;
  request.injection.shape = FaultShape::kBitFlip;
  request.injection.unit = faulty;
  request.injection.seed = 9;
  const auto drilled = runner.ask(request);
  ASSERT_TRUE(drilled.ok()) << drilled.error().message;
  EXPECT_EQ(drilled->synthetic, Synthetic::kDrill);
  ASSERT_EQ(drilled->units.size(), request.work.size());
  for (const UnitRun& unit : drilled->units) {
    EXPECT_EQ(unit.result.outcome, unit.result.unit == faulty ? Outcome::kMismatch : Outcome::kMatch) << unit.result.unit << " " << drilled->detail;
  }
}

}  // namespace
}  // namespace assay::probes::opencl
