// SPDX-License-Identifier: Apache-2.0
// One way in which this backend computes a probe: a kernel in one of its images, and what the launcher must know of it. The tables are written out:
// portable_programs() is made of device/portable.h, the others beside their .cu files.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "probes/backend/device/portable.h"

namespace assay::probes::cuda {

// What decides whether a chip can run a program.
struct Chip {
  uint32_t major = 0;                       // compute capability
  uint32_t minor = 0;
  uint32_t shared_bytes_per_unit = 0;       // of one SM
  uint32_t shared_bytes_per_block = 0;      // at most, opted in
  uint32_t shared_bytes_reserved = 0;       // by the driver, for each block
  uint32_t peers = 0;                       // other devices to whose memory it copies by itself (peers.h)

  uint32_t number() const { return major * 10 + minor; }  // 90, 103
};

// Whether a chip can, and with what part of it; one of the two is "".
struct Fit {
  std::string silicon;                      // in words; an emulation says so
  std::string missing;                      // why not, in words
};

// Where the outputs of a program that keeps them (ProgramShape::keeps_outputs()) are digested.
enum class Arrival : uint8_t {
  kStays,   // it does not keep them: on the device
  kHost,    // in the host's memory
  kPeer,    // in the host's memory, by way of another device's
};

struct DeviceProgram {
  std::string_view probe;                   // id of the catalogue
  std::string_view variant;                 // "simt", "mma", "wgmma", "tcgen05"
  std::string_view image;                   // images.h
  std::string kernel;                       // "fma_fp64_kernel"; takes AssayArguments (kernel_entry.inl)
  device::ProgramShape shape;
  device::ProgramOperands operands = nullptr;
  Fit (*fit)(const Chip& chip) = nullptr;   // nullptr: every chip, with `silicon`
  std::string_view silicon;
  uint32_t cluster = 1;                     // blocks that exchange through each other's shared memory; they run only in exclusive launches
  uint32_t most_teams = 16;                 // of a block; fewer where something is theirs alone (tensor memory)
  Arrival arrival = Arrival::kStays;
};

// Of all tables, the strongest variant of a probe first.
std::vector<DeviceProgram> device_programs();

}  // namespace assay::probes::cuda
