// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/cuda/offer.h"

#include <algorithm>
#include <string>

#include "probes/backend/cuda/architecture.h"
#include "probes/backend/cuda/launch_plan.h"

namespace assay::probes::cuda {

device::Offer offer_of(const DeviceProgram& program, const Chip& chip, std::span<const Image> images, bool use_ptx) {
  Fit fit{std::string(program.silicon), ""};
  if (program.fit != nullptr) fit = program.fit(chip);
  if (fit.missing.empty()) {
    const auto code = std::ranges::find(images, program.image, &Image::name);
    const auto ptx = std::ranges::find(images, std::string(program.image) + ".ptx", &Image::name);
    fit.missing = missing_code(code == images.end() ? "" : code->architectures, ptx != images.end(), use_ptx, chip);
  }
  if (fit.missing.empty()) {
    if (const auto block = plan_block(program, chip, 0, 1); !block.ok()) fit.missing = block.error().message;
  }
  device::Offer offer;
  offer.probe = program.probe;
  offer.variant = fit.missing.empty() ? program.variant : "";
  offer.silicon = fit.missing.empty() ? fit.silicon : "";
  offer.missing = fit.missing;
  return offer;
}

}  // namespace assay::probes::cuda
