// SPDX-License-Identifier: Apache-2.0
// How much verified work a job does on all units at once, beside what a kernel that does nothing else reaches on the same device in the same minute.
// Numbers to publish (docs/measured), never a verdict; but a rate whose digests are wrong is none, and fails.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <optional>
#include <string>

#include "probes/backend/cuda/tensor/table.h"
#include "probes/backend/device/portable.h"
#include "tests/gpu/ceilings.h"
#include "tests/gpu/device_under_test.h"

namespace assay::probes::gpu {
namespace {

constexpr uint32_t kSets = 2;
constexpr uint32_t kRuns = 256;

// Operations or bytes of one run; nullopt where a probe counts neither.
std::optional<double> work_per_run(const device::Offer& offer) {
  if (const tensor::Program* program = tensor::find_program(offer.probe, offer.variant)) return program->work_per_run();
  const device::Program* program = device::find_program(offer.probe);
  if (program == nullptr || offer.variant != "simt") return std::nullopt;
  return program->work_per_run;
}

uint64_t arena_bytes(const device::Offer& offer) {
  const device::Program* program = device::find_program(offer.probe);
  return program == nullptr ? 0 : uint64_t{program->shape.arena_words} * sizeof(uint64_t);
}

// "12.345 T/s" of operations or bytes.
std::string per_second(double rate) { return rate >= 1e12 ? fmt::format("{:9.3f} T/s", rate / 1e12) : fmt::format("{:9.3f} G/s", rate / 1e9); }

class GpuRate : public DeviceUnderTest {
 protected:
  // Verified runs of all units, as many as were complete.
  void measure(const device::Offer& offer, double per_run, double& rate) {
    Work work(*accelerator_, offer, kSets, kRuns, goldens_of(offer));
    ASSERT_TRUE(accelerator_->run(work.job, work.stop).ok()) << offer.probe;
    const auto result = accelerator_->run(work.job, work.stop);
    ASSERT_TRUE(result.ok()) << offer.probe << ": " << result.error().message;
    double runs = 0;
    for (const device::JobUnitResult& unit : result->units) {
      EXPECT_EQ(unit.wrong, 0U) << offer.probe << " on unit " << unit.unit;
      if (goldens_of(offer) != nullptr && !unit.digests.empty()) {
        EXPECT_EQ(unit.digests.front(), work.golden(unit.unit, 0)) << offer.probe << " on unit " << unit.unit;
      }
      runs += static_cast<double>(unit.digests.size());
    }
    ASSERT_GT(result->took, Duration::zero());
    rate = runs * per_run / std::chrono::duration<double>(result->took).count();
  }
};

TEST_F(GpuRate, OfEveryProbeBesideTheCeilingOfItsUnit) {
  auto ceilings = Ceilings::open(0, unit_count());
  ASSERT_TRUE(ceilings.ok()) << ceilings.error().message;
  for (const device::Offer& offer : offers()) {
    const auto per_run = work_per_run(offer);
    if (!per_run) continue;
    double rate = 0;
    ASSERT_NO_FATAL_FAILURE(measure(offer, *per_run, rate));
    const auto ceiling = ceiling_of(offer.probe, offer.variant, arena_bytes(offer) * unit_count());
    std::string beside = "no ceiling";
    if (ceiling) {
      const auto most = ceilings->rate(*ceiling);
      ASSERT_TRUE(most.ok()) << ceiling->kernel << ": " << most.error().message;
      beside = fmt::format("{:5.1f} % of {} ({})", 100 * rate / *most, per_second(*most), ceiling->kernel);
    }
    fmt::print("  {:28} {:8} {} verified, {}\n", offer.probe, offer.variant, per_second(rate), beside);
  }
}

}  // namespace
}  // namespace assay::probes::gpu
