// SPDX-License-Identifier: Apache-2.0
// Finds what the NVIDIA driver says about its GPUs and switches among the lines of the kernel log. Formats: drivers 390 to 580 (Xid with and without "PCI:",
// GPUs off the bus without an Xid) and nvswitch's SXid.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assay::agent {

enum class XidKind : uint8_t { kXid, kSxid };
std::string_view to_string(XidKind kind);  // "sxid"

enum class XidSeverity : uint8_t { kUnknown, kNonFatal, kFatal };

struct XidLine {
  static constexpr size_t kDetailChars = 240;
  XidKind kind = XidKind::kXid;
  uint32_t code = 0;
  std::string pci_bus_id;                          // "00000000:B5:00.0", of the GPU or the switch
  XidSeverity severity = XidSeverity::kUnknown;    // as the line says: SXid, and Xid of NVLink 5
  bool implied = false;                            // the line has no Xid but means this one
  std::string detail;                              // what follows the code, cut; unprintable characters are '?'
  friend bool operator==(const XidLine&, const XidLine&) = default;
};

// "NVRM: GPU at PCI:0000:04:00: GPU-...", which the driver says before the first Xid of a GPU.
struct GpuAtBus {
  std::string pci_bus_id;
  std::string uuid;
};
std::optional<GpuAtBus> parse_gpu_at_bus(std::string_view text);

// Feed it every line in order: one message comes in several lines. Not thread-safe.
class XidParser {
 public:
  std::optional<XidLine> line(std::string_view text);

 private:
  std::string waiting_bus_;     // of "NVRM: The NVIDIA GPU 0000:18:00.0", whose end comes in one of the next lines
  int waiting_lines_ = 0;
};

}  // namespace assay::agent
