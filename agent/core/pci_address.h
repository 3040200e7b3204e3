// SPDX-License-Identifier: Apache-2.0
// PCI addresses are written in four ways (NVML, sysfs, the kernel log, old drivers); here is the one that is exported, as nvidia-smi prints it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace assay::agent {

// "0000:b5:00", "PCI:0000:b5:00", "0000:b5:00.0" and "00000000:B5:00.0" give "00000000:B5:00.0" (8-digit domain, upper case; function 0 when
// not said). Absent when the text is no such address.
std::optional<std::string> wide_pci_bus_id(std::string_view text);

}  // namespace assay::agent
