// SPDX-License-Identifier: Apache-2.0
// Who a device is, and that no piece of silicon is listed twice.
#include "probes/backend/opencl/identity.h"

namespace assay::probes::opencl {
namespace {

DeviceFacts gpu(std::string platform, std::string name) {
  DeviceFacts facts;
  facts.platform = std::move(platform);
  facts.name = std::move(name);
  facts.vendor = "Advanced Micro Devices, Inc.";
  facts.type = kTypeGpu;
  facts.vendor_id = 0x1002;
  facts.compute_units = 60;
  facts.little_endian = facts.available = facts.compiler = facts.int64 = true;
  return facts;
}

DeviceFacts cpu(std::string platform) {
  DeviceFacts facts = gpu(std::move(platform), "Some CPU");
  facts.type = kTypeCpu;
  return facts;
}

TEST(OpenclIdentity, IsAValidNameThatSaysWhatItIs) {
  const Device device = device_of(gpu("AMD", "gfx90a:sramecc+:xnack-"), "node1");
  EXPECT_TRUE(is_valid_name(device.id));
  EXPECT_EQ(device.id.size(), 4U + 16);
  EXPECT_EQ(device.id.substr(0, 4), "ocl-");
  EXPECT_EQ(device.kind, DeviceKind::kGpu);
  EXPECT_FALSE(device.identity_is_hardware);
  EXPECT_EQ(device.model, "gfx90a:sramecc+:xnack-");
  EXPECT_EQ(device.architecture, "opencl/Advanced_Micro_Devices_Inc./gfx90a_sramecc_xnack-");
  EXPECT_EQ(device.units, (std::vector<uint32_t>{0}));
}

TEST(OpenclIdentity, CallsACpuACpu) {
  DeviceFacts facts = cpu("Portable Computing Language");
  facts.partitions = true;
  const Device device = device_of(facts, "node1");
  EXPECT_EQ(device.model, "Some CPU (CPU, by OpenCL)");
  EXPECT_TRUE(device.architecture.ends_with("/cpu"));
  EXPECT_EQ(device.units.size(), 60U);
}

TEST(OpenclIdentity, FollowsTheSlotAndNotTheOrderOfDrivers) {
  DeviceFacts facts = gpu("AMD", "gfx90a");
  facts.pci_address = "0000:65:00.0";
  const std::string id = device_of(facts, "node1").id;
  facts.index = 3;
  facts.platform = "another driver";
  EXPECT_EQ(device_of(facts, "node1").id, id);
  facts.pci_address = "0000:66:00.0";
  EXPECT_NE(device_of(facts, "node1").id, id);
}

TEST(OpenclIdentity, DiffersFromNodeToNode) {
  DeviceFacts facts = gpu("AMD", "gfx90a");
  EXPECT_NE(device_of(facts, "node1").id, device_of(facts, "node2").id);
  facts.uuid = "00112233445566778899aabbccddeeff";
  EXPECT_NE(device_of(facts, "node1").id, device_of(facts, "node2").id);
}

TEST(OpenclIdentity, TellsEqualDevicesOfOneDriverApart) {
  DeviceFacts facts = gpu("AMD", "gfx90a");
  const std::string id = device_of(facts, "node1").id;
  facts.index = 1;
  EXPECT_NE(device_of(facts, "node1").id, id);
  EXPECT_EQ(why_not_listed(facts, {{nullptr, gpu("AMD", "gfx90a")}}), "");
}

TEST(OpenclIdentity, ListsOneAddressOnce) {
  DeviceFacts first = gpu("AMD", "gfx90a");
  DeviceFacts second = gpu("rusticl", "AMD Instinct MI210");
  first.pci_address = second.pci_address = "0000:65:00.0";
  EXPECT_EQ(why_not_listed(second, {{nullptr, first}}), "the same silicon as gfx90a of AMD");
  second.pci_address = "0000:66:00.0";
  EXPECT_EQ(why_not_listed(second, {{nullptr, first}}), "");
}

TEST(OpenclIdentity, ListsOneUuidOnceUnlessTheAddressesDiffer) {
  DeviceFacts first = gpu("Intel", "Arc");
  DeviceFacts second = gpu("rusticl", "Intel Arc");
  first.uuid = second.uuid = "00112233445566778899aabbccddeeff";
  EXPECT_NE(why_not_listed(second, {{nullptr, first}}), "");
  first.pci_address = "0000:65:00.0";
  second.pci_address = "0000:66:00.0";
  EXPECT_EQ(why_not_listed(second, {{nullptr, first}}), "");
}

TEST(OpenclIdentity, ListsTheCpusOfOneDriver) {
  EXPECT_EQ(why_not_listed(cpu("Intel"), {{nullptr, cpu("Portable Computing Language")}}), "the same silicon as Some CPU of Portable Computing Language");
  EXPECT_EQ(why_not_listed(cpu("Intel"), {{nullptr, gpu("Intel", "Arc")}}), "");
}

TEST(OpenclIdentity, LeavesNvidiaToCudaAndTheUnableOut) {
  DeviceFacts nvidia = gpu("NVIDIA CUDA", "NVIDIA H100");
  nvidia.vendor_id = 0x10DE;
  EXPECT_EQ(why_not_listed(nvidia, {}), "left to the CUDA backend, which knows its units");
  DeviceFacts big = gpu("AMD", "gfx90a");
  big.little_endian = false;
  EXPECT_EQ(why_not_listed(big, {}), "big-endian words");
}

}  // namespace
}  // namespace assay::probes::opencl
