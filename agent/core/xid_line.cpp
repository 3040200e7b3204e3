// SPDX-License-Identifier: Apache-2.0
#include "agent/core/xid_line.h"

#include <algorithm>

#include "agent/core/pci_address.h"
#include "common/base/parse.h"

namespace assay::agent {
namespace {

constexpr uint32_t kFallenOffTheBus = 79;
constexpr int kLinesOfOneMessage = 3;

std::string printable(std::string_view text) {
  std::string out(text.substr(0, XidLine::kDetailChars));
  std::ranges::replace_if(out, [](unsigned char c) { return c < 0x20 || c > 0x7E; }, '?');
  return out;
}

std::optional<std::string_view> after(std::string_view text, std::string_view mark) {
  const size_t at = text.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  return text.substr(at + mark.size());
}

XidSeverity severity_of(std::string_view detail) {
  for (const std::string_view word : {"Nonfatal", "Non-fatal", "Non-Fatal"}) {
    if (detail.find(word) != std::string_view::npos) return XidSeverity::kNonFatal;
  }
  return detail.find("Fatal") != std::string_view::npos ? XidSeverity::kFatal : XidSeverity::kUnknown;
}

// "(PCI:0000:b5:00): 13, pid=..." or "(0000:03:00): 14, Channel ...".
std::optional<XidLine> numbered(XidKind kind, std::string_view rest) {
  const size_t close = rest.find("): ");
  if (!rest.starts_with('(') || close == std::string_view::npos) return std::nullopt;
  const auto bus = wide_pci_bus_id(rest.substr(1, close - 1));
  rest.remove_prefix(close + 3);
  const size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
  const auto code = parse_u64(rest.substr(0, digits));
  if (!bus || !code.ok() || *code > 999'999) return std::nullopt;
  rest.remove_prefix(digits);
  while (rest.starts_with(',') || rest.starts_with(' ')) rest.remove_prefix(1);
  XidLine line{kind, static_cast<uint32_t>(*code), *bus, severity_of(rest), false, printable(rest)};
  return line;
}

}  // namespace

std::string_view to_string(XidKind kind) { return kind == XidKind::kXid ? "xid" : "sxid"; }

std::optional<GpuAtBus> parse_gpu_at_bus(std::string_view text) {
  const auto rest = after(text, "NVRM: GPU at ");
  const size_t colon = rest ? rest->rfind(": GPU-") : std::string_view::npos;
  if (colon == std::string_view::npos) return std::nullopt;
  const auto bus = wide_pci_bus_id(rest->substr(0, colon));
  const std::string_view uuid = trim(rest->substr(colon + 2));
  if (!bus || uuid.size() != 40 || uuid.find_first_not_of("GPU-0123456789abcdef") != std::string_view::npos) return std::nullopt;
  return GpuAtBus{*bus, std::string(uuid)};
}

std::optional<XidLine> XidParser::line(std::string_view text) {
  if (const auto rest = after(text, "NVRM: Xid ")) return numbered(XidKind::kXid, *rest);
  if (const auto rest = after(text, ": SXid "); rest && text.find("nvidia-nvswitch") != std::string_view::npos) return numbered(XidKind::kSxid, *rest);
  const auto lost = [](std::string bus) { return XidLine{XidKind::kXid, kFallenOffTheBus, std::move(bus), XidSeverity::kUnknown, true, "fallen off the bus"}; };
  constexpr std::string_view kOffTheBus = "fallen off the bus";
  if (const auto rest = after(text, "NVRM: The NVIDIA GPU ")) {
    const auto bus = wide_pci_bus_id(rest->substr(0, rest->find_first_of(" \\\n(")));
    if (bus && text.find(kOffTheBus) != std::string_view::npos) return lost(*bus);
    waiting_bus_ = bus.value_or("");
    waiting_lines_ = bus ? kLinesOfOneMessage : 0;
    return std::nullopt;
  }
  if (const auto rest = after(text, "NVRM: GPU "); rest && rest->find(kOffTheBus) != std::string_view::npos) {
    const auto bus = wide_pci_bus_id(rest->substr(0, rest->find(": ")));
    return bus ? std::optional(lost(*bus)) : std::nullopt;
  }
  if (waiting_lines_ > 0 && text.find("NVRM: ") != std::string_view::npos) {
    --waiting_lines_;
    if (text.find(kOffTheBus) != std::string_view::npos) {
      waiting_lines_ = 0;
      return lost(std::move(waiting_bus_));
    }
  }
  return std::nullopt;
}

}  // namespace assay::agent
