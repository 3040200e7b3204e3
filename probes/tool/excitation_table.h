// SPDX-License-Identifier: Apache-2.0
// The table behind docs/measured/operand-excitation.md, as Markdown.
#pragma once

#include <cstdint>
#include <string>

namespace assay::probes {

// Rows for some matrix units, one column a recipe, measured on so many dot products.
std::string excitation_table(uint32_t dots);

}  // namespace assay::probes
