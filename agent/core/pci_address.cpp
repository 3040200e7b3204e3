// SPDX-License-Identifier: Apache-2.0
#include "agent/core/pci_address.h"

#include <charconv>

#include <fmt/format.h>

#include "common/base/parse.h"

namespace assay::agent {
namespace {

std::optional<uint32_t> hex(std::string_view text, size_t most_digits) {
  uint32_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (text.empty() || text.size() > most_digits || problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::string> wide_pci_bus_id(std::string_view text) {
  if (text.starts_with("PCI:")) text.remove_prefix(4);
  const auto fields = split(text, ':');
  if (fields.size() != 3) return std::nullopt;
  const size_t dot = fields[2].find('.');
  const auto domain = hex(fields[0], 8);
  const auto bus = hex(fields[1], 2);
  const auto device = hex(fields[2].substr(0, dot), 2);
  const auto function = dot == std::string_view::npos ? std::optional(0U) : hex(fields[2].substr(dot + 1), 1);
  if (!domain || !bus || !device || !function) return std::nullopt;
  return fmt::format("{:08X}:{:02X}:{:02X}.{:X}", *domain, *bus, *device, *function);
}

}  // namespace assay::agent
