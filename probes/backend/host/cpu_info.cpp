// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/cpu_info.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "common/base/file.h"
#include "common/base/parse.h"
#include "common/model/limits.h"

namespace assay::probes::host {
namespace {

constexpr size_t kCpuInfoBytes = 16 * 1024 * 1024;
constexpr uint32_t kCpuNumberEnd = 65536;

std::optional<uint32_t> small_number(std::string_view text) {
  const auto number = parse_u64(text);
  if (!number || *number >= kCpuNumberEnd) return std::nullopt;
  return static_cast<uint32_t>(*number);
}

void take_field(CpuInfo& info, std::string_view key, std::string_view value) {
  using Field = std::pair<std::string_view, std::string CpuInfo::*>;
  static constexpr std::array<Field, 8> kFields = {{{"vendor_id", &CpuInfo::vendor},
                                                    {"cpu family", &CpuInfo::family},
                                                    {"model", &CpuInfo::model},
                                                    {"model name", &CpuInfo::model_name},
                                                    {"microcode", &CpuInfo::microcode},
                                                    {"CPU implementer", &CpuInfo::implementer},
                                                    {"CPU part", &CpuInfo::part},
                                                    {"CPU variant", &CpuInfo::variant}}};
  for (const auto& [name, member] : kFields) {
    if (key == name) info.*member = value.substr(0, limits::kTextChars / 8);
  }
  if (key == "physical id") info.package = small_number(value);
  if (key == "core id") info.core = small_number(value);
}

// Part numbers of Arm's own server cores (MIDR_EL1; Arm technical reference manuals).
std::string_view arm_core_name(std::string_view implementer, std::string_view part) {
  if (implementer != "0x41") return "";
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kNames = {{{"0xd08", "Arm Cortex-A72"},
                                                                                    {"0xd0c", "Arm Neoverse N1"},
                                                                                    {"0xd40", "Arm Neoverse V1"},
                                                                                    {"0xd49", "Arm Neoverse N2"},
                                                                                    {"0xd4f", "Arm Neoverse V2"},
                                                                                    {"0xd84", "Arm Neoverse V3"}}};
  for (const auto& [number, name] : kNames) {
    if (part == number) return name;
  }
  return "";
}

}  // namespace

std::map<uint32_t, CpuInfo> parse_cpu_info(std::string_view text) {
  std::map<uint32_t, CpuInfo> cpus;
  CpuInfo* current = nullptr;
  for (const std::string_view line : split(text, '\n')) {
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view key = trim(line.substr(0, colon));
    const std::string_view value = trim(line.substr(colon + 1));
    if (key == "processor") {
      const auto number = small_number(value);
      current = number ? &cpus[*number] : nullptr;
    } else if (current != nullptr) {
      take_field(*current, key, value);
    }
  }
  return cpus;
}

std::map<uint32_t, CpuInfo> read_cpu_info(const FsRoot& root) {
  const auto text = read_file(root.resolve("/proc/cpuinfo"), kCpuInfoBytes);
  return text ? parse_cpu_info(*text) : std::map<uint32_t, CpuInfo>{};
}

std::string architecture_of(const CpuInfo& info) {
  if (!info.vendor.empty()) return fmt::format("x86_64/{}/{}/{}", info.vendor, info.family, info.model);
  if (!info.implementer.empty()) return fmt::format("aarch64/{}/{}/{}", info.implementer, info.part, info.variant);
  return "unknown";
}

std::string model_of(const CpuInfo& info) {
  if (!info.model_name.empty()) return info.model_name;
  const std::string_view arm = arm_core_name(info.implementer, info.part);
  return arm.empty() ? "unknown" : std::string(arm);
}

}  // namespace assay::probes::host
