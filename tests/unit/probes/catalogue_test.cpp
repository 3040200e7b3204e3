// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "common/model/limits.h"
#include "probes/backend/host/kernel.h"

namespace assay::probes {
namespace {

TEST(Catalogue, KeepsTheTenFirstProbes) {
  std::set<std::string> ids;
  for (const ProbeSpec& probe : catalogue()) ids.insert(probe.ref.id);
  for (const char* first : {"gemm.fp64.grid", "gemm.fp32.grid", "fma.fp64.chain", "fma.fp32.chain", "int.mul.chain", "div.fp64.chain",
                            "hash.crc32c.chain", "aes.chain", "shuffle.perm", "mem.march"}) {
    EXPECT_TRUE(ids.contains(first)) << first;
  }
  EXPECT_EQ(ids.size(), catalogue().size()) << "an id comes twice";
  for (const char* id : {"gemm.fp64.grid", "gemm.fp32.grid", "fma.fp64.chain", "fma.fp32.chain", "int.mul.chain", "div.fp64.chain",
                         "hash.crc32c.chain", "aes.chain", "shuffle.perm", "mem.march"}) {
    EXPECT_TRUE(ids.contains(id)) << id;
  }
}

TEST(Catalogue, SpecsAreWithinTheirRanges) {
  for (const ProbeSpec& probe : catalogue()) {
    SCOPED_TRACE(probe.ref.id);
    EXPECT_TRUE(is_valid_probe_id(probe.ref.id));
    EXPECT_GE(probe.ref.version, 1U);
    EXPECT_GE(probe.operand_sets, 256U);
    EXPECT_LE(probe.operand_sets, limits::kOperandSetsPerProbe);
    EXPECT_GE(probe.weight, 1U);
    EXPECT_LE(probe.weight, 16U);
    EXPECT_GT(probe.memory_bytes, 0U);
    EXPECT_EQ(probe.tier, probe.family == "gemm_random" ? GoldenTier::kT1Emulated : GoldenTier::kT0Analytic);
    EXPECT_FALSE(probe.exercises.empty());
  }
}

TEST(Catalogue, FindsByWholeIdOnly) {
  ASSERT_NE(find_probe("mem.march"), nullptr);
  EXPECT_EQ(find_probe("mem.march")->ref.id, "mem.march");
  EXPECT_EQ(find_probe("mem"), nullptr);
  EXPECT_EQ(find_probe("mem.march2"), nullptr);
  EXPECT_EQ(find_probe(""), nullptr);
}

TEST(HostKernels, EveryProbeHasAScalarVariantWhichIsAlwaysSupported) {
  for (const ProbeSpec& probe : catalogue()) {
    if (probe.family == "x87") continue;  // a unit of x86 that nothing else has
    SCOPED_TRACE(probe.ref.id);
    if (!ASSAY_WITH_ZLIB && probe.family == "zlib") continue;  // zlib_test says that it is not there
    EXPECT_TRUE(host::is_supported(probe.ref.id, host::Variant::kScalar));
    ASSERT_NE(host::best_kernel(probe.ref.id), nullptr);
    for (const host::KernelEntry& entry : host::kernels()) {
      if (entry.probe_id != probe.ref.id || !host::is_supported(probe.ref.id, entry.variant)) continue;
      EXPECT_GE(host::best_kernel(probe.ref.id)->variant, entry.variant);
    }
  }
}

TEST(HostKernels, WhatIsNotInTheTableIsNotSupported) {
  EXPECT_FALSE(host::is_supported("no.such.probe", host::Variant::kScalar));
  EXPECT_EQ(host::best_kernel("no.such.probe"), nullptr);
  EXPECT_FALSE(host::is_supported("hash.crc32c.chain", host::Variant::kAvx512));
}

GoldenTier tier_of_family(std::string_view family) {
  if (family == "sfu") return GoldenTier::kT3Quorum;  // approximations: nobody knows their bits
  return family == "gemm_random" ? GoldenTier::kT1Emulated : GoldenTier::kT0Analytic;
}

TEST(Catalogue, OfDevicesHasOtherProbesEachWithTheTierOfItsFamily) {
  std::set<std::string> ids;
  for (const ProbeSpec& probe : device_catalogue()) {
    EXPECT_TRUE(ids.insert(probe.ref.id).second) << probe.ref.id;
    EXPECT_TRUE(is_valid_probe_id(probe.ref.id));
    EXPECT_TRUE(std::ranges::none_of(catalogue(), [&](const ProbeSpec& other) { return other.ref.id == probe.ref.id; }));
    EXPECT_EQ(find_probe(probe.ref.id), &*std::ranges::find(all_probes(), probe.ref, &ProbeSpec::ref));
    EXPECT_EQ(probe.tier, tier_of_family(probe.family));
  }
  EXPECT_TRUE(ids.contains("gemm.e4m3.random.hopper"));
  EXPECT_TRUE(ids.contains("smem.march"));
  for (const char* id : {"copy.h2d", "copy.d2h", "copy.p2p", "device.march", "sfu.approx"}) EXPECT_TRUE(ids.contains(id)) << id;
}

}  // namespace
}  // namespace assay::probes
