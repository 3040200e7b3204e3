// SPDX-License-Identifier: Apache-2.0
#include "tests/gpu/device_under_test.h"

#include <dlfcn.h>

#include <algorithm>
#include <bit>
#include <cstdlib>

#include "probes/catalogue/catalogue.h"

namespace assay::probes::gpu {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

const ProbeSpec* spec_of(std::string_view id) {
  for (const auto all : {catalogue(), device_catalogue()}) {
    const auto found = std::ranges::find_if(all, [&](const ProbeSpec& spec) { return spec.ref.id == id; });
    if (found != all.end()) return &*found;
  }
  return nullptr;
}

}  // namespace

Work::Work(const device::Accelerator& accelerator, const device::Offer& offer, uint32_t sets, uint32_t runs, const GoldenTable* goldens)
    : probe(offer.probe), variant(offer.variant) {
  for (uint32_t set = 0; set < sets; ++set) operands.push_back(accelerator.operands(probe, variant, set).value());
  for (uint32_t set = 0; set < sets; ++set) job_sets.push_back({set, operands[set], {}, goldens != nullptr ? goldens->digests.at(set) : Digest{}});
  for (const uint32_t unit : accelerator.device().units) {
    device::JobUnit& one = job_units.emplace_back();
    one.unit = unit;
    for (uint32_t i = 0; i < sets; ++i) one.slots.push_back((i + unit) % sets);
  }
  job.probe = probe;
  job.variant = variant;
  job.sets = job_sets;
  job.units = job_units;
  job.runs_per_unit = runs;
  job.poison_seed = 0x5EED;
  job.deadline = std::chrono::seconds(60);
  job.hits.assign((runs + 31) / 32, ~0U);
}

Digest Work::golden(uint32_t unit, uint32_t run) const { return job_sets[(run % job_sets.size() + unit) % job_sets.size()].golden; }

void DeviceUnderTest::SetUp() {
  const std::string library = environment("ASSAY_CUDA_LIBRARY");
  void* opened = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(opened, nullptr) << ::dlerror();
  const auto entry = std::bit_cast<device::BackendEntry>(::dlsym(opened, device::kBackendSymbol));
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry(device::kBackendAbi + 1), nullptr);
  backend_ = entry(device::kBackendAbi);
  ASSERT_NE(backend_, nullptr);
  std::string detail;
  const auto devices = backend_->devices(detail);
  if (!devices.ok()) GTEST_SKIP() << devices.error().message;
  if (devices->empty()) GTEST_SKIP() << detail;
  device::OpenOptions options;
  options.allow_injection = true;
  auto accelerator = backend_->open(devices->front().id, options);
  if (!accelerator.ok()) GTEST_SKIP() << devices->front().id << ": " << accelerator.error().message;
  accelerator_ = std::move(*accelerator);
  auto goldens = GoldenSet::load(environment("ASSAY_SOURCE_DIR") + "/probes/goldens");
  ASSERT_TRUE(goldens.ok()) << goldens.error().message;
  goldens_ = std::move(*goldens);
}

std::vector<device::Offer> DeviceUnderTest::offers() const {
  std::vector<device::Offer> all = accelerator_->offers();
  std::erase_if(all, [](const device::Offer& offer) { return !offer.missing.empty(); });
  return all;
}

const GoldenTable* DeviceUnderTest::goldens_of(const device::Offer& offer) const {
  const ProbeSpec* spec = spec_of(offer.probe);
  return spec != nullptr ? goldens_.find(spec->ref) : nullptr;
}

}  // namespace assay::probes::gpu
