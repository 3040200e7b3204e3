// SPDX-License-Identifier: Apache-2.0
#include "probes/runner/protocol.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <thread>

#include "common/base/file.h"
#include "common/base/random.h"
#include "common/model/limits.h"

namespace assay::probes {
namespace {

using std::chrono::milliseconds;

RunRequest sample_request() {
  RunRequest request;
  request.id = 0x1122334455667788;
  request.probe = {"gemm.fp64.grid", 2};
  request.variant = "avx2";
  request.cpus = {0, 2, 64};
  request.work = {{0, 5}, {2, 7}};
  request.set_count = 3;
  request.max_runs = 9;
  request.budget = milliseconds{250};
  request.memory_bytes = 1 << 20;
  request.goldens = {{1, 2}, {3, 4}};
  request.golden_hash = {5, 6};
  request.synthetic = Synthetic::kDrill;
  request.injection = {FaultShape::kMultiBit, 2, 3, 0xFF, 0.25, 42};
  request.report_digests = true;
  request.power_steps = {milliseconds{50}, milliseconds{40}};
  return request;
}

RunResult sample_result() {
  RunResult result;
  result.id = 7;
  result.variant = "scalar";
  result.golden_rehash_ok = false;
  result.took = milliseconds{12};
  result.detail = "why nothing ran";
  result.synthetic = Synthetic::kControl;
  UnitRun unit;
  unit.result.unit = 3;
  unit.result.first_set = 4;
  unit.result.set_count = 2;
  unit.result.runs = 10;
  unit.result.mismatches = 1;
  unit.result.outcome = Outcome::kMismatch;
  unit.result.reason = Inconclusive::kNone;
  unit.result.fold = {8, 9};
  unit.result.busy = milliseconds{11};
  unit.result.records = {{4, 1, 99, 3, 10, 11, 12, 2, 2}};
  unit.digests = {{1, 1}, {2, 2}};
  result.units = {unit, UnitRun{}};
  return result;
}

std::vector<Device> sample_devices() {
  Device device;
  device.id = "cpu-ppin-0123456789abcdef";
  device.identity_is_hardware = true;
  device.model = "AMD EPYC 9654";
  device.architecture = "x86_64/AuthenticAMD/25/17";
  device.firmware = "0xa101148";
  device.socket = 1;
  device.units = {96, 97, 98};
  device.location = "0000:3b:00.0";
  return {device, device};
}

std::vector<ProbeVariant> sample_variants() {
  return {{"cpu-n1-s0", "int.mul.chain", "avx512", "512-bit 64-bit multipliers", "", true},
          {"cpu-n1-s0", "int.mul.chain", "scalar", "scalar 64-bit multiplier, both halves", "", true},
          {"GPU-1", "int.mul.chain", "simt", "", "", false},
          {"GPU-1", "sort.int64", "", "", "it is written for processors", false}};
}

void expect_equal(const RunRequest& a, const RunRequest& b) {
  EXPECT_EQ(encode(a), encode(b));
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.probe, b.probe);
  EXPECT_EQ(a.variant, b.variant);
  EXPECT_EQ(a.cpus, b.cpus);
  EXPECT_EQ(a.work, b.work);
  EXPECT_EQ(a.budget, b.budget);
  EXPECT_EQ(a.goldens, b.goldens);
  EXPECT_EQ(a.golden_hash, b.golden_hash);
  EXPECT_EQ(a.injection, b.injection);
  EXPECT_EQ(a.synthetic, b.synthetic);
  EXPECT_EQ(a.report_digests, b.report_digests);
  EXPECT_EQ(a.power_steps, b.power_steps);
}

TEST(Protocol, ARequestComesBackAsItWas) {
  const auto decoded = decode_request(encode(sample_request()));
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  expect_equal(*decoded, sample_request());
}

TEST(Protocol, AReplayComesBackAsItWas) {
  RunRequest request = sample_request();
  request.probe = {"user.mine", 4};
  request.replay = ReplayProgram{"/usr/lib/mine", {"--fast", ""}, milliseconds{1500}, 16};
  const auto decoded = decode_request(encode(request));
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  expect_equal(*decoded, request);
  EXPECT_EQ(decoded->replay, request.replay);
}

TEST(Protocol, ReplaysThatAreNoneAreRefused) {
  const std::vector<void (*)(RunRequest&)> changes = {
      [](RunRequest& r) { r.probe.id = "int.mul.chain"; },
      [](RunRequest& r) { r.replay.reset(); },
      [](RunRequest& r) { r.replay->program = "mine"; },
      [](RunRequest& r) { r.replay->program = std::string("/bin/x\0y", 8); },
      [](RunRequest& r) { r.replay->timeout = Duration::zero(); },
      [](RunRequest& r) { r.replay->timeout = limits::kSliceBudgetMax + milliseconds{1}; },
      [](RunRequest& r) { r.replay->operand_sets = 0; },
      [](RunRequest& r) { r.replay->arguments.resize(limits::kReplayArguments + 1); },
  };
  for (size_t i = 0; i < changes.size(); ++i) {
    RunRequest request = sample_request();
    request.probe = {"user.mine", 4};
    request.replay = ReplayProgram{"/usr/lib/mine", {}, milliseconds{1500}, 16};
    changes[i](request);
    EXPECT_FALSE(decode_request(encode(request)).ok()) << "change " << i;
  }
}

TEST(Protocol, AResultComesBackAsItWas) {
  const auto decoded = decode_result(encode(sample_result()));
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(encode(*decoded), encode(sample_result()));
  EXPECT_EQ(decoded->units[0].result, sample_result().units[0].result);
  EXPECT_EQ(decoded->units[0].digests, sample_result().units[0].digests);
  EXPECT_EQ(decoded->synthetic, Synthetic::kControl);
  EXPECT_FALSE(decoded->golden_rehash_ok);
  EXPECT_EQ(decoded->detail, "why nothing ran");
}

TEST(Protocol, ADeviceListComesBackAsItWas) {
  const auto decoded = decode_devices(encode(sample_devices()));
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  ASSERT_EQ(decoded->size(), 2U);
  EXPECT_EQ(encode(*decoded), encode(sample_devices()));
  EXPECT_EQ((*decoded)[0].id, "cpu-ppin-0123456789abcdef");
  EXPECT_EQ((*decoded)[0].units, (std::vector<uint32_t>{96, 97, 98}));
  EXPECT_TRUE(decode_devices(encode(std::vector<Device>{})).ok()) << "a machine may have none";
}

TEST(Protocol, AVariantListComesBackAsItWas) {
  const auto decoded = decode_variants(encode(sample_variants()));
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(*decoded, sample_variants());
  EXPECT_TRUE(decode_variants(encode(std::vector<ProbeVariant>{})).ok());
}

TEST(Protocol, VariantsThatAreNoneAreRefused) {
  const std::vector<void (*)(std::vector<ProbeVariant>&)> changes = {
      [](std::vector<ProbeVariant>& v) { v[0].probe = "two words"; },
      [](std::vector<ProbeVariant>& v) { v[0].variant = "AVX"; },
      [](std::vector<ProbeVariant>& v) { v[0].variant = ""; },
      [](std::vector<ProbeVariant>& v) { v[0].variant = "longer_than_sixteen"; },
      [](std::vector<ProbeVariant>& v) { v[0].silicon.assign(limits::kTextChars + 1, 'x'); },
      [](std::vector<ProbeVariant>& v) { v[1] = v[0]; },
      [](std::vector<ProbeVariant>& v) { v[0].device = "two words"; },
      [](std::vector<ProbeVariant>& v) { v[0].missing = "it runs, and it does not"; },
      [](std::vector<ProbeVariant>& v) { v[3].missing = ""; },
      [](std::vector<ProbeVariant>& v) { v.resize(limits::kProbeVariants + 1, v[0]); },
  };
  for (size_t i = 0; i < changes.size(); ++i) {
    std::vector<ProbeVariant> variants = sample_variants();
    changes[i](variants);
    EXPECT_FALSE(decode_variants(encode(variants)).ok()) << "change " << i;
  }
}

TEST(Protocol, AMessageCutAnywhereOrTooLongIsInvalid) {
  const std::array<std::string, 4> messages = {encode(sample_request()), encode(sample_result()), encode(sample_devices()),
                                               encode(sample_variants())};
  const auto refused = [](std::string_view bytes) {
    return !decode_request(bytes).ok() && !decode_result(bytes).ok() && !decode_devices(bytes).ok() && !decode_variants(bytes).ok();
  };
  for (const std::string& message : messages) {
    for (size_t size = 0; size < message.size(); ++size) ASSERT_TRUE(refused(std::string_view(message).substr(0, size))) << size;
    EXPECT_TRUE(refused(message + '\0'));
  }
}

TEST(Protocol, OneKindOfMessageIsNeverTakenForAnother) {
  EXPECT_FALSE(decode_result(encode(sample_request())).ok());
  EXPECT_FALSE(decode_request(encode(sample_result())).ok());
  EXPECT_FALSE(decode_devices(encode(sample_result())).ok());
  EXPECT_FALSE(decode_devices(encode(sample_variants())).ok());
  EXPECT_FALSE(decode_variants(encode(sample_devices())).ok());
}

TEST(Protocol, AnotherVersionIsRefusedInWords) {
  std::string bytes = encode(sample_request());
  bytes[1] = static_cast<char>(kProtocolVersion + 1);
  const auto decoded = decode_request(bytes);
  ASSERT_FALSE(decoded.ok());
  EXPECT_EQ(decoded.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(decoded.error().message, testing::HasSubstr("version"));
}

// Each change makes the request one that no honest peer sends.
TEST(Protocol, RequestsOutOfRangeAreRefused) {
  const std::vector<void (*)(RunRequest&)> changes = {
      [](RunRequest& r) { r.probe.id = "Not Valid"; },
      [](RunRequest& r) { r.probe.version = 0; },
      [](RunRequest& r) { r.variant = "AVX 2"; },
      [](RunRequest& r) { r.cpus.clear(); },
      [](RunRequest& r) { r.cpus[0] = 1 << 20; },
      [](RunRequest& r) { r.work.clear(); },
      [](RunRequest& r) { r.work[0].unit = 3; },
      [](RunRequest& r) { r.work[1].unit = r.work[0].unit; },
      [](RunRequest& r) { r.work[0].first_set = limits::kOperandSetsPerProbe; },
      [](RunRequest& r) { r.set_count = 0; },
      [](RunRequest& r) { r.set_count = limits::kOperandSetsPerProbe + 1; },
      [](RunRequest& r) { r.budget = Duration::zero(); },
      [](RunRequest& r) { r.budget = -milliseconds{1}; },
      [](RunRequest& r) { r.budget = limits::kSliceBudgetMax + milliseconds{1}; },
      [](RunRequest& r) { r.goldens.resize(limits::kOperandSetsPerProbe + 1); },
      [](RunRequest& r) { r.injection.probability = 1.5; },
      [](RunRequest& r) { r.injection.probability = std::numeric_limits<double>::quiet_NaN(); },
      [](RunRequest& r) { r.synthetic = Synthetic::kNone; },
      [](RunRequest& r) { r.power_steps.on = Duration::zero(); },
      [](RunRequest& r) { r.power_steps.off = Duration::zero(); },
      [](RunRequest& r) { r.power_steps.on = -milliseconds{1}; },
      [](RunRequest& r) { r.power_steps.off = limits::kPowerStepMax + milliseconds{1}; },
  };
  for (size_t i = 0; i < changes.size(); ++i) {
    RunRequest request = sample_request();
    changes[i](request);
    EXPECT_FALSE(decode_request(encode(request)).ok()) << "change " << i;
  }
}

TEST(Protocol, ResultsThatContradictThemselvesAreRefused) {
  const std::vector<void (*)(UnitResult&)> changes = {
      [](UnitResult& u) { u.outcome = Outcome::kMatch; },
      [](UnitResult& u) { u.outcome = Outcome::kMatch, u.runs = 0, u.mismatches = 0; },
      [](UnitResult& u) { u.outcome = Outcome::kInconclusive; },
      [](UnitResult& u) { u.reason = Inconclusive::kHang; },
      [](UnitResult& u) { u.mismatches = 0; },
      [](UnitResult& u) { u.mismatches = u.runs + 1; },
      [](UnitResult& u) { u.set_count = 0; },
      [](UnitResult& u) { u.unit = limits::kUnitsPerDevice; },
      [](UnitResult& u) { u.busy = -milliseconds{1}; },
      [](UnitResult& u) { u.records.resize(limits::kMismatchRecordsPerUnit + 1); },
  };
  for (size_t i = 0; i < changes.size(); ++i) {
    RunResult result = sample_result();
    changes[i](result.units[0].result);
    EXPECT_FALSE(decode_result(encode(result)).ok()) << "change " << i;
  }
}

TEST(Protocol, DevicesThatAreNoneAreRefused) {
  const std::vector<void (*)(Device&)> changes = {
      [](Device& d) { d.id = "two words"; },
      [](Device& d) { d.model.clear(); },
      [](Device& d) { d.architecture.clear(); },
      [](Device& d) { d.units.clear(); },
      [](Device& d) { d.units.resize(limits::kUnitsPerDevice + 1); },
  };
  for (size_t i = 0; i < changes.size(); ++i) {
    std::vector<Device> devices = sample_devices();
    changes[i](devices[1]);
    EXPECT_FALSE(decode_devices(encode(devices)).ok()) << "change " << i;
  }
}

TEST(Protocol, RandomAndDamagedBytesAreRefusedOrUnderstoodButNeverHarm) {
  Random random(20261);
  const std::array<std::string, 4> messages = {encode(sample_request()), encode(sample_result()), encode(sample_devices()),
                                               encode(sample_variants())};
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = messages[random.below(messages.size())];
    if (round % 4 == 0) bytes.resize(6 + random.below(200));
    const uint64_t hits = 1 + random.below(round % 4 == 0 ? 200 : 4);
    for (uint64_t i = 0; i < hits; ++i) bytes[5 + random.below(bytes.size() - 5)] = static_cast<char>(random.next());
    if (const auto request = decode_request(bytes)) {
      EXPECT_EQ(encode(*request).size(), bytes.size());
    }
    if (const auto result = decode_result(bytes)) {
      EXPECT_EQ(encode(*result).size(), bytes.size());
    }
    if (const auto devices = decode_devices(bytes)) {
      EXPECT_EQ(encode(*devices).size(), bytes.size());
    }
    if (const auto variants = decode_variants(bytes)) {
      EXPECT_EQ(encode(*variants).size(), bytes.size());
    }
  }
}

TEST(Protocol, ABitThatChangesAfterAUnitWasSealedIsRefused) {
  const auto sealed = [] {
    RunResult result = sample_result();
    for (UnitRun& unit : result.units) unit.seal = seal_of(unit, result.id, result.synthetic);
    return result;
  };
  ASSERT_TRUE(decode_result(encode(sealed())).ok());
  EXPECT_FALSE(decode_result(encode(sealed())).value().units[0].seal.has_value()) << "checked once";
  const std::vector<std::function<void(RunResult&)>> changes = {
      [](RunResult& r) { r.id ^= 1; },
      [](RunResult& r) { r.synthetic = Synthetic::kDrill; },
      [](RunResult& r) { r.units[0].result.unit ^= 1; },
      [](RunResult& r) { r.units[0].result.first_set ^= 1; },
      [](RunResult& r) { r.units[0].result.set_count ^= 4; },
      [](RunResult& r) { r.units[0].result.runs ^= 64; },
      [](RunResult& r) { r.units[0].result.mismatches ^= 2; },
      [](RunResult& r) { r.units[0].result.fold.low ^= 1; },
      [](RunResult& r) { r.units[0].digests[1].high ^= 8; },
      [](RunResult& r) { r.units[1].result.reason = Inconclusive::kStopped; },
      [](RunResult& r) { r.units[0].seal->low ^= 1; },
  };
  for (size_t i = 0; i < changes.size(); ++i) {
    RunResult result = sealed();
    changes[i](result);
    EXPECT_FALSE(decode_result(encode(result)).ok()) << "change " << i;
  }
}

TEST(Protocol, TheLargestResultFitsAFrame) {
  RunResult result = sample_result();
  UnitRun unit = result.units[0];
  unit.result.records.assign(limits::kMismatchRecordsPerUnit, MismatchRecord{});
  for (const size_t units : {size_t{1}, size_t{64}, size_t{limits::kUnitsPerDevice}}) {
    unit.digests.assign(digests_kept(units), Digest{});
    result.units.assign(units, unit);
    EXPECT_LE(encode(result).size(), limits::kRunnerFrameBytes) << units;
    EXPECT_TRUE(decode_result(encode(result)).ok()) << units;
  }
  EXPECT_EQ(digests_kept(1), 4096U);
}

class FrameIo : public testing::Test {
 protected:
  void SetUp() override {
    std::array<int, 2> ends{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    near_ = UniqueFd(ends[0]);
    far_ = UniqueFd(ends[1]);
  }
  UniqueFd near_, far_;
};

TEST_F(FrameIo, FramesArriveWholeAndInOrder) {
  const std::string large(300'000, 'x');
  std::thread writer([&] {
    EXPECT_TRUE(write_frame(near_.get(), "one").ok());
    EXPECT_TRUE(write_frame(near_.get(), "").ok());
    EXPECT_TRUE(write_frame(near_.get(), large).ok());
    near_.reset();
  });
  EXPECT_EQ(read_frame(far_.get()).value(), "one");
  EXPECT_EQ(read_frame(far_.get()).value(), "");
  EXPECT_EQ(read_frame(far_.get()).value(), large);
  EXPECT_FALSE(read_frame(far_.get()).value().has_value()) << "a clean end";
  writer.join();
}

TEST_F(FrameIo, AFrameCutShortIsAnError) {
  ASSERT_TRUE(write_all(near_.get(), std::string_view("\x05\0\0\0abc", 7)).ok());
  near_.reset();
  EXPECT_EQ(read_frame(far_.get()).error().code, ErrorCode::kUnavailable);
}

TEST_F(FrameIo, ALengthOverTheLimitIsRefusedBeforeMemoryIsTaken) {
  ASSERT_TRUE(write_all(near_.get(), std::string_view("\xFF\xFF\xFF\xFF", 4)).ok());
  EXPECT_EQ(read_frame(far_.get()).error().code, ErrorCode::kLimit);
  EXPECT_EQ(write_frame(near_.get(), std::string(limits::kRunnerFrameBytes + 1, 'x')).error().code, ErrorCode::kLimit);
}

TEST_F(FrameIo, WritingToAClosedPeerIsAnErrorAndNoSignal) {
  far_.reset();
  EXPECT_FALSE(write_frame(near_.get(), "nobody reads this").ok());
}

TEST(FrameIoPipe, APipeServesAsWell) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const UniqueFd out(ends[0]);
  const UniqueFd in(ends[1]);
  ASSERT_TRUE(write_frame(in.get(), "through a pipe").ok());
  EXPECT_EQ(read_frame(out.get()).value(), "through a pipe");
}

}  // namespace
}  // namespace assay::probes
