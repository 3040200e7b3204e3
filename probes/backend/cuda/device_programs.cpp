// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/cuda/device_program.h"

#include <utility>

#include "probes/backend/cuda/programs/own_programs.h"
#include "probes/backend/cuda/tensor/device_rows.h"

namespace assay::probes::cuda {

std::vector<DeviceProgram> device_programs() {
  std::vector<DeviceProgram> all = tensor::device_rows();
  for (const device::Program& portable : device::programs()) {
    DeviceProgram program;
    program.probe = portable.probe_id;
    program.variant = "simt";
    program.image = "portable";
    program.kernel = std::string(portable.shape.name) + "_kernel";
    program.shape = portable.shape;
    program.operands = portable.operands;
    program.silicon = portable.silicon;
    if (portable.shape.keeps_outputs()) program.arrival = Arrival::kHost;
    all.push_back(program);
  }
  for (DeviceProgram& own : own_programs()) all.push_back(std::move(own));
  return all;
}

}  // namespace assay::probes::cuda
