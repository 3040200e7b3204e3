// SPDX-License-Identifier: Apache-2.0
// The detection matrix as the document of docs/reference/cli.md, as a page for a terminal, and as the page that is published. Pure.
#pragma once

#include <string>

#include "ctl/fault_matrix.h"
#include "ctl/format.h"

namespace assay::ctl {

std::string matrix_json(const MatrixReport& report);
std::string matrix_text(const MatrixReport& report, const View& view);
// docs/measured/detection-matrix.md, ending in a newline.
std::string matrix_markdown(const MatrixReport& report);

}  // namespace assay::ctl
