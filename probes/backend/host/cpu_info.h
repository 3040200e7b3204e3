// SPDX-License-Identifier: Apache-2.0
// /proc/cpuinfo as far as discovery needs it: one entry a logical CPU, x86 and Arm spelling.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/fs_root.h"

namespace assay::probes::host {

// What the kernel says about one logical CPU; empty or absent when it does not.
struct CpuInfo {
  std::string vendor;            // "AuthenticAMD"
  std::string family;            // "25"
  std::string model;             // "17"
  std::string model_name;        // "AMD EPYC 9654 96-Core Processor"
  std::string microcode;         // "0xa101148"
  std::string implementer;       // Arm: "0x41"
  std::string part;              // Arm: "0xd40"
  std::string variant;           // Arm: "0x1"
  std::optional<uint32_t> package;
  std::optional<uint32_t> core;
};

// By logical CPU number. Lines it does not know are passed over; text that is no cpuinfo gives nothing.
std::map<uint32_t, CpuInfo> parse_cpu_info(std::string_view text);
// Of this machine; empty when it cannot be read. Files up to 16 MiB: a large x86 node writes 1.5 KiB a CPU.
std::map<uint32_t, CpuInfo> read_cpu_info(const FsRoot& root);

// The cohort key of a CPU: "x86_64/AuthenticAMD/25/17", "aarch64/0x41/0xd40/0x1", or "unknown".
std::string architecture_of(const CpuInfo& info);
// The name for people: what the kernel says, else the Arm core's name, else "unknown".
std::string model_of(const CpuInfo& info);

}  // namespace assay::probes::host
