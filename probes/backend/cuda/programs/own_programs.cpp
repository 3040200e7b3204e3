// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/cuda/programs/own_programs.h"

#include <string>

#include "probes/backend/device/portable.h"
#include "probes/backend/device/programs/plain.h"
#include "probes/catalogue/paths.h"

namespace assay::probes::cuda {
namespace {

device::ProgramShape path_shape(std::string_view name, uint32_t lanes, uint32_t share_words, uint32_t arena_words) {
  device::ProgramShape shape;
  shape.name = name;
  shape.lanes = lanes;
  shape.state_words = paths::kStateWords;
  shape.share_words = share_words;
  shape.param_words = paths::kParamWords;
  shape.arena_words = arena_words;
  shape.out_words = paths::kStateWords;
  shape.steps = paths::kSteps;
  shape.memory_words = shape.state_words + shape.share_words + ASSAY_FRAME_WORDS;
  shape.scratch_words = 2 * shape.out_words + shape.arena_words;
  return shape;
}

Fit cluster_fit(const Chip& chip) {
  if (chip.major < 9) return {"", "clusters begin with compute capability 9.0"};
  return {"shared memory of another unit, and the network between units of a cluster", ""};
}

Fit peer_fit(const Chip& chip) {
  if (chip.peers == 0) return {"", "no second device of this process whose memory this one can reach: see nvidia-smi topo -p2p r and CUDA_VISIBLE_DEVICES"};
  return {"copy engine and the link to another device", ""};
}

DeviceProgram row(std::string_view probe, std::string_view image, device::ProgramShape shape, device::ProgramOperands operands, std::string_view silicon) {
  DeviceProgram program;
  program.probe = probe;
  program.variant = "simt";
  program.image = image;
  program.kernel = std::string(shape.name) + "_kernel";
  program.shape = shape;
  program.operands = operands;
  program.silicon = silicon;
  return program;
}

}  // namespace

std::vector<DeviceProgram> own_programs() {
  std::vector<DeviceProgram> all = {
      row(paths::kIdL2Read, "paths", path_shape("l2_read", 32, 0, 0), paths::operands_l2_read, "the shared cache and the crossbar to it"),
      row(paths::kIdAtomicMix, "paths", path_shape("atomic_mix", 128, 0, paths::kStateWords), paths::operands_atomic_mix, "atomic units of the shared cache"),
      row(paths::kIdExchange, "cluster", path_shape("dsmem_exchange", 32, 512, 0), paths::operands_exchange, ""),
  };
  all.back().fit = cluster_fit;
  all.back().cluster = 2;
  // The kernel of copy.d2h: what differs is where its words go.
  all.push_back(row(paths::kIdCopyToPeer, "portable", device::find_program(paths::kIdCopyToHost)->shape, paths::operands_copy_to_host, ""));
  all.back().fit = peer_fit;
  all.back().arrival = Arrival::kPeer;
  return all;
}

}  // namespace assay::probes::cuda
