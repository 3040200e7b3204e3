// SPDX-License-Identifier: Apache-2.0
#include "agent/core/xid_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assay::agent {
namespace {

using testing::StartsWith;

std::optional<XidLine> parsed(std::string_view text) { return XidParser().line(text); }

TEST(XidLine, ReadsTheFormatsOfManyDrivers) {
  const auto r570 = parsed("NVRM: Xid (PCI:0000:b5:00): 13, pid=2041443, name=python3, Graphics SM Warp Exception on (GPC 1, TPC 3, SM 0): Out Of Range Address");
  ASSERT_TRUE(r570.has_value());
  EXPECT_EQ(r570->kind, XidKind::kXid);
  EXPECT_EQ(r570->code, 13U);
  EXPECT_EQ(r570->pci_bus_id, "00000000:B5:00.0");
  EXPECT_EQ(r570->severity, XidSeverity::kUnknown);
  EXPECT_THAT(r570->detail, StartsWith("pid=2041443, name=python3, Graphics SM Warp Exception"));

  EXPECT_EQ(parsed("NVRM: Xid (PCI:0000:3b:00): 63, pid='<unknown>', name=<unknown>, Row Remapper: New row marked for remapping, reset gpu to activate.")->code, 63U);
  EXPECT_EQ(parsed("NVRM: Xid (PCI:0000:07:00): 94, pid=7194, Contained: CE User Channel (0x9). RST: No, D-RST: No")->code, 94U);
  EXPECT_EQ(parsed("NVRM: Xid (PCI:0000:86:00): 48, pid=1, DBE (double bit error) ECC error at 0x00000000000000a0")->code, 48U);
  const auto r340 = parsed("NVRM: Xid (0000:03:00): 14, Channel 00000001");
  EXPECT_EQ(r340->code, 14U);
  EXPECT_EQ(r340->pci_bus_id, "00000000:03:00.0");
  EXPECT_EQ(r340->detail, "Channel 00000001");
  EXPECT_EQ(parsed("NVRM: Xid (PCI:0000:18:00): 79, GPU has fallen off the bus.")->implied, false);
  EXPECT_EQ(parsed("NVRM: Xid (PCI:0000:18:00): 119, pid=9, name=x, Timeout after 6s of waiting for RPC response from GPU0 GSP! Expected function 76")->code, 119U);
  EXPECT_EQ(parsed("NVRM: Xid (PCI:0000:18:00): 8")->detail, "");
}

TEST(XidLine, SeveritiesOfLinksAndSwitchesAreRead) {
  const auto fatal = parsed("NVRM: Xid (PCI:0018:01:00): 149, NETIR_LINK_EVT Fatal XC0 i0 Link 08 (0x004505c6 0x00000000 0x00000000)");
  EXPECT_EQ(fatal->pci_bus_id, "00000018:01:00.0");
  EXPECT_EQ(fatal->severity, XidSeverity::kFatal);
  EXPECT_EQ(parsed("NVRM: Xid (PCI:0018:01:00): 145, RLW_REMAP Nonfatal XC1 i0 Link -1 (0x1 0x2)")->severity, XidSeverity::kNonFatal);
  const auto sxid = parsed("nvidia-nvswitch3: SXid (PCI:0000:c1:00.0): 12028, Non-fatal, Link 32 egress non-posted PRIV error (First)");
  ASSERT_TRUE(sxid.has_value());
  EXPECT_EQ(sxid->kind, XidKind::kSxid);
  EXPECT_EQ(sxid->code, 12028U);
  EXPECT_EQ(sxid->pci_bus_id, "00000000:C1:00.0");
  EXPECT_EQ(sxid->severity, XidSeverity::kNonFatal);
  EXPECT_EQ(parsed("nvidia-nvswitch0: SXid (PCI:0000:c1:00.0): 20034, Fatal, Link 30 LTSSM Fault Up")->severity, XidSeverity::kFatal);
}

TEST(XidLine, AGpuOffTheBusIsAnXidEvenWithoutOne) {
  const auto one = parsed("NVRM: GPU 0000:18:00.0: GPU has fallen off the bus.");
  ASSERT_TRUE(one.has_value());
  EXPECT_EQ(one->code, 79U);
  EXPECT_TRUE(one->implied);
  XidParser lines;
  EXPECT_EQ(lines.line("NVRM: The NVIDIA GPU 0000:19:00.0"), std::nullopt);
  EXPECT_EQ(lines.line("NVRM: (PCI ID: 10de:2330) installed in this system has"), std::nullopt);
  const auto end = lines.line("NVRM: fallen off the bus and is not responding to commands.");
  ASSERT_TRUE(end.has_value());
  EXPECT_EQ(end->pci_bus_id, "00000000:19:00.0");
  EXPECT_EQ(lines.line("NVRM: fallen off the bus and is not responding to commands."), std::nullopt) << "of no GPU";
  EXPECT_EQ(parsed("NVRM: The NVIDIA GPU 0000:1a:00.0\\x0aNVRM: (PCI ID: 10de:2330) installed in this system has\\x0aNVRM: fallen off the bus")->pci_bus_id, "00000000:1A:00.0");
}

TEST(XidLine, OtherLinesAreNone) {
  for (const char* text : {"", "NVRM: loading NVIDIA UNIX x86_64 Kernel Module  570.86.15", "NVRM: Xid (PCI:0000:b5:00)", "NVRM: Xid (PCI:0000:b5:00): x, pid=1",
                           "NVRM: Xid (nonsense): 13, pid=1", "NVRM: Xid (PCI:0000:b5:00): 99999999999, big", "usb 1-1: Xid (PCI:0000:b5:00): 13",
                           "something: SXid (PCI:0000:c1:00.0): 12028, Non-fatal"}) {
    EXPECT_EQ(parsed(text), std::nullopt) << text;
  }
}

TEST(XidLine, WhatALineSaysIsBoundedAndPrintable) {
  const auto line = parsed("NVRM: Xid (PCI:0000:b5:00): 13, name=\x1b[31m\n" + std::string(5000, 'x'));
  EXPECT_EQ(line->detail.size(), XidLine::kDetailChars);
  EXPECT_THAT(line->detail, StartsWith("name=?[31m?x"));
}

TEST(XidLine, TheDriverSaysWhoIsOnTheBus) {
  const auto gpu = parse_gpu_at_bus("NVRM: GPU at PCI:0000:04:00: GPU-d10a3df6-9f2c-d3b2-5c33-5d6f4a2a39e8");
  ASSERT_TRUE(gpu.has_value());
  EXPECT_EQ(gpu->pci_bus_id, "00000000:04:00.0");
  EXPECT_EQ(gpu->uuid, "GPU-d10a3df6-9f2c-d3b2-5c33-5d6f4a2a39e8");
  EXPECT_FALSE(parse_gpu_at_bus("NVRM: GPU at PCI:0000:04:00: GPU-short").has_value());
  EXPECT_FALSE(parse_gpu_at_bus("NVRM: GPU at nowhere: GPU-d10a3df6-9f2c-d3b2-5c33-5d6f4a2a39e8").has_value());
}

}  // namespace
}  // namespace assay::agent
