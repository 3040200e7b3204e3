// SPDX-License-Identifier: Apache-2.0
// assay-probe-runner with an accelerator behind it: the simulated one, whose library it loads as it loads that of a GPU.
#include <signal.h>

#include "tests/contract/probes/contract.h"

namespace assay::test {
namespace {

using probes::RunRequest;
using std::chrono::milliseconds;
using testing::HasSubstr;

const std::string kDevice = "GPU-5111de00-0000-0000-0000-000000000000";
constexpr uint32_t kUnits = 8;

// A runner for the first of two simulated devices.
struct Simulated {
  explicit Simulated(const std::string& script = "", std::vector<std::string> more = {}) : runner(arguments(std::move(more)), "assay-probe-runner", -1, environment(script)) {}

  static std::vector<std::string> arguments(std::vector<std::string> more) {
    more.insert(more.end(), {"--backend", "simulated", "--device", kDevice});
    return more;
  }
  static std::vector<std::string> environment(const std::string& script) { return {"ASSAY_SIMULATED_DEVICES=2", "ASSAY_SIMULATED_SCRIPT=" + script}; }
  RunnerProcess runner;
};

// Two runs of a quick probe on every unit.
RunRequest device_request(const std::string& probe = "int.mul.chain") {
  RunRequest request = request_for({probes::find_probe(probe), ""}, 3, 2);
  request.cpus.clear();
  request.work.clear();
  for (uint32_t unit = 0; unit < kUnits; ++unit) {
    request.cpus.push_back(unit);
    request.work.push_back({unit, 3 + unit});
  }
  return request;
}

RunRequest device_drill(FaultShape shape) {
  RunRequest request = device_request();
  request.synthetic = Synthetic::kDrill;
  request.injection.shape = shape;
  request.injection.unit = 5;
  request.injection.seed = 6;
  return request;
}

struct Discovery {
  std::vector<Device> devices;
  std::vector<probes::ProbeVariant> variants;
};

std::optional<Discovery> discover(const std::string& script, const std::string& count) {
  RunnerProcess runner({"--discover", "--backend", "simulated"}, "assay-probe-runner", -1, {"ASSAY_SIMULATED_DEVICES=" + count, "ASSAY_SIMULATED_SCRIPT=" + script});
  const auto listed = probes::read_frame(runner.socket());
  if (!listed.ok() || !listed->has_value()) return std::nullopt;
  const auto offered = probes::read_frame(runner.socket());
  if (!offered.ok() || !offered->has_value()) return std::nullopt;
  const auto devices = probes::decode_devices(**listed);
  const auto variants = probes::decode_variants(**offered);
  if (!devices.ok() || !variants.ok()) return std::nullopt;
  return Discovery{*devices, *variants};
}

TEST(DeviceRunner, DiscoversDevicesAndSaysWhatEachRunsAndWhyNot) {
  const auto found = discover("", "2");
  ASSERT_TRUE(found);
  ASSERT_EQ(found->devices.size(), 2U);
  EXPECT_EQ(found->devices[0].id, kDevice);
  EXPECT_EQ(found->devices[0].kind, DeviceKind::kGpu);
  EXPECT_EQ(found->devices[0].architecture, "simulated/sm_0");
  EXPECT_EQ(found->devices[0].units.size(), kUnits);
  for (const Device& device : found->devices) {
    uint32_t runs = 0;
    uint32_t missing = 0;
    for (const auto& offer : found->variants) {
      if (offer.device != device.id) continue;
      ++(offer.runs() ? runs : missing);
      EXPECT_FALSE(offer.ran_on_silicon) << "there is none";
      if (offer.runs()) {
        EXPECT_THAT(offer.silicon, HasSubstr("simulated"));
      }
    }
    EXPECT_GT(runs, 10U);
    EXPECT_GT(missing, 0U);
  }
}

TEST(DeviceRunner, ABackendWithoutDevicesOrLibraryIsNoError) {
  const auto none = discover("", "0");
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->devices.empty());
  RunnerProcess absent({"--discover", "--backend", "nothing"});
  const auto listed = probes::read_frame(absent.socket());
  ASSERT_TRUE(listed.ok() && listed->has_value());
  EXPECT_TRUE(probes::decode_devices(**listed)->empty());
  EXPECT_EQ(absent.wait().value_or(ExitStatus{}).code, 2);
}

TEST(DeviceRunner, ADriverThatFailsIsToldApartFromNone) {
  RunnerProcess runner({"--discover", "--backend", "simulated"}, "assay-probe-runner", -1, {"ASSAY_SIMULATED_SCRIPT=driver.fail"});
  const auto listed = probes::read_frame(runner.socket());
  EXPECT_TRUE(listed.ok() && !listed->has_value());
  EXPECT_EQ(runner.wait().value_or(ExitStatus{}).code, 69);
}

TEST(DeviceRunner, ADeviceThatIsTakenIsListedWithoutOffers) {
  const auto found = discover("0.taken 1.taken", "2");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->devices.size(), 2U);
  EXPECT_TRUE(found->variants.empty());
}

// Nothing ran, so nothing matched: a script must not read that as a pass.
TEST(DeviceRunner, TheSelfTestOfADeviceThatIsTakenOrAbsentTellsNothing) {
  for (const std::string& device : {kDevice, std::string("GPU-none")}) {
    RunnerProcess runner({"--self-test", "--backend", "simulated", "--device", device, "--goldens", golden_folder().string()}, "assay-probe-runner", -1,
                         {"ASSAY_SIMULATED_DEVICES=1", "ASSAY_SIMULATED_SCRIPT=0.taken"});
    EXPECT_EQ(runner.wait().value_or(ExitStatus{}).code, 2) << device;
  }
}

TEST(DeviceRunner, EveryUnitGivesTheGoldensOfTheHost) {
  Simulated simulated;
  const auto result = simulated.runner.ask(device_request());
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(result->variant, "simt");
  ASSERT_EQ(result->units.size(), kUnits);
  for (const auto& unit : result->units) {
    EXPECT_EQ(unit.result.outcome, Outcome::kMatch) << unit.result.unit << " " << to_string(unit.result.reason) << " " << result->detail;
    EXPECT_EQ(unit.result.runs, 2U);
    EXPECT_GT(unit.result.busy, Duration::zero());
  }
}

TEST(DeviceRunner, AUnitThatComputesWrongIsFoundWithItsWords) {
  Simulated simulated("0.wrong_unit=5");
  const auto result = simulated.runner.ask(device_request());
  ASSERT_TRUE(result.ok()) << result.error().message;
  for (const auto& unit : result->units) {
    EXPECT_EQ(unit.result.outcome, unit.result.unit == 5 ? Outcome::kMismatch : Outcome::kMatch) << unit.result.unit;
  }
  const UnitResult& bad = result->units[5].result;
  ASSERT_FALSE(bad.records.empty());
  EXPECT_NE(bad.records[0].word_index, MismatchRecord::kWholeDigest);
  EXPECT_NE(bad.records[0].mask(), 0U);
  EXPECT_EQ(bad.records[0].cpu_before, 5U);
  EXPECT_EQ(result->synthetic, Synthetic::kNone) << "nothing marks it: it is the device that is wrong";
}

TEST(DeviceRunner, AComparatorThatFindsNothingIsToldByTheDigests) {
  Simulated simulated("0.wrong_unit=5 0.deaf");
  const auto result = simulated.runner.ask(device_request());
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(result->units[5].result.outcome, Outcome::kMismatch);
  EXPECT_THAT(result->detail, HasSubstr("its own comparison found 0"));
}

// Tier T3: the units of the device are held against each other, and a control must come out in the vote.
TEST(DeviceRunner, WithoutAGoldenTheUnitsVote) {
  const ProbeSpec& spec = *probes::find_probe("sfu.approx");
  ASSERT_EQ(spec.tier, GoldenTier::kT3Quorum);
  RunRequest request = device_request();
  request.probe = spec.ref;
  request.goldens.clear();
  request.golden_hash = {};
  for (auto& work : request.work) work.first_set = 0;
  Simulated healthy;
  const auto right = healthy.runner.ask(request);
  ASSERT_TRUE(right.ok()) << right.error().message;
  for (const auto& unit : right->units) EXPECT_EQ(unit.result.outcome, Outcome::kMatch) << to_string(unit.result.reason) << " " << right->detail;
  Simulated broken("0.wrong_unit=5");
  const auto wrong = broken.runner.ask(request);
  ASSERT_TRUE(wrong.ok()) << wrong.error().message;
  for (const auto& unit : wrong->units) EXPECT_EQ(unit.result.outcome, unit.result.unit == 5 ? Outcome::kMismatch : Outcome::kMatch);
  request.synthetic = Synthetic::kControl;
  request.injection = {};
  request.injection.shape = FaultShape::kBitFlip;
  request.injection.unit = 3;
  request.injection.step = 1;
  request.injection.probability = 1;
  const auto control = healthy.runner.ask(request);
  ASSERT_TRUE(control.ok()) << control.error().message;
  for (const auto& unit : control->units) EXPECT_EQ(unit.result.outcome, unit.result.unit == 3 ? Outcome::kMismatch : Outcome::kMatch);
  request.synthetic = Synthetic::kNone;
  request.injection = {};
  request.work.resize(2);
  const auto two = healthy.runner.ask(request);
  ASSERT_TRUE(two.ok()) << two.error().message;
  EXPECT_EQ(two->units[0].result.reason, Inconclusive::kNoGolden);
  EXPECT_THAT(two->detail, HasSubstr("no golden"));
}

TEST(DeviceRunner, AUnitThatIsHeldForEverIsInconclusive) {
  Simulated simulated("0.held_unit=2");
  const auto result = simulated.runner.ask(device_request());
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(result->units[2].result.reason, Inconclusive::kStopped);
  EXPECT_THAT(result->detail, HasSubstr("unit 2"));
  EXPECT_EQ(result->units[3].result.outcome, Outcome::kMatch);
}

TEST(DeviceRunner, ALostDeviceIsAnsweredAndEndsTheProcess) {
  Simulated simulated("0.lost_after=0");
  const auto result = simulated.runner.ask(device_request());
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(result->units[0].result.reason, Inconclusive::kCrash);
  EXPECT_THAT(result->detail, HasSubstr("lost"));
  EXPECT_EQ(simulated.runner.wait().value_or(ExitStatus{}).code, 69);
}

TEST(DeviceRunner, ShortMemoryAndATakenDeviceAreReasons) {
  Simulated full("0.out_of_memory");
  EXPECT_EQ(full.runner.ask(device_request())->units[0].result.reason, Inconclusive::kNoMemory);
  Simulated taken("0.taken");
  const auto answer = taken.runner.ask(device_request());
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->units[0].result.reason, Inconclusive::kStopped);
  EXPECT_THAT(answer->detail, HasSubstr(kDevice));
  ASSERT_TRUE(taken.runner.ask(device_request()).ok()) << "it is asked again, and may be free then";
}

TEST(DeviceRunner, AHangIsEndedByWhoeverWaits) {
  Simulated simulated("0.hang");
  ASSERT_TRUE(simulated.runner.send(device_request()).ok());
  EXPECT_EQ(simulated.runner.receive(milliseconds{300}).error().code, ErrorCode::kTimeout);
  ::kill(simulated.runner.child().pid(), SIGKILL);
  EXPECT_EQ(simulated.runner.wait().value_or(ExitStatus{}).signal, SIGKILL);
}

TEST(DeviceRunner, EveryShapeOfFaultIsFound) {
  Simulated simulated("", {"--allow-injection"});
  for (const FaultShape shape : {FaultShape::kBitFlip, FaultShape::kMultiBit, FaultShape::kZero, FaultShape::kDroppedWrite, FaultShape::kStaleTile,
                                 FaultShape::kLanePeriodic, FaultShape::kSameMaskPair, FaultShape::kStuckAt, FaultShape::kNanInf}) {
    const auto result = simulated.runner.ask(device_drill(shape));
    ASSERT_TRUE(result.ok()) << to_string(shape) << ": " << result.error().message;
    for (const auto& unit : result->units) {
      EXPECT_EQ(unit.result.outcome != Outcome::kMatch, unit.result.unit == 5) << to_string(shape) << " unit " << unit.result.unit;
    }
    EXPECT_EQ(result->synthetic, Synthetic::kDrill);
  }
}

TEST(DeviceRunner, AFaultGivesTheDigestThatItGivesOnTheHost) {
  Simulated simulated("", {"--allow-injection"});
  for (const FaultShape shape : {FaultShape::kBitFlip, FaultShape::kStaleTile, FaultShape::kStuckAt, FaultShape::kNanInf}) {
    for (const uint64_t seed : {uint64_t{6}, uint64_t{7}}) {
      RunRequest request = device_drill(shape);
      request.injection.seed = seed;
      request.injection.step = 3;  // before the first one a stale tile is that of another run, and which one depends on the order of runs
      const auto on_device = simulated.runner.ask(request);
      ASSERT_TRUE(on_device.ok()) << on_device.error().message;
      RunRequest on_cpu = request_for({probes::find_probe("int.mul.chain"), "scalar"}, 8, 2);
      on_cpu.synthetic = Synthetic::kDrill;
      on_cpu.injection = request.injection;
      on_cpu.injection.unit = 0;
      const probes::RunResult host = run(on_cpu, true);
      EXPECT_EQ(on_device->units[5].result.fold, host.units[0].result.fold) << to_string(shape) << " seed " << seed;
    }
  }
}

TEST(DeviceRunner, ControlsNeedNoPermissionAndDrillsDo) {
  Simulated simulated;
  RunRequest control = device_request();
  control.work = {{5, 3}};
  control.synthetic = Synthetic::kControl;
  const auto seen = simulated.runner.ask(control);
  ASSERT_TRUE(seen.ok()) << seen.error().message;
  EXPECT_EQ(seen->units[0].result.outcome, Outcome::kMismatch);
  const auto refused = simulated.runner.ask(device_drill(FaultShape::kBitFlip));
  ASSERT_TRUE(refused.ok());
  EXPECT_EQ(refused->units[0].result.reason, Inconclusive::kRunnerError);
}

TEST(DeviceRunner, AnUnknownDeviceOrLibraryIsSaidWithTheRequest) {
  RunnerProcess runner({"--backend", "simulated", "--device", "GPU-none"}, "assay-probe-runner", -1, {"ASSAY_SIMULATED_DEVICES=1"});
  const auto answer = runner.ask(device_request());
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->units[0].result.reason, Inconclusive::kUnsupported);
  EXPECT_THAT(answer->detail, HasSubstr("GPU-none"));
}

}  // namespace
}  // namespace assay::test
