// SPDX-License-Identifier: Apache-2.0
// A made-up NVIDIA driver with one GPU, or several that are all alike: their memory is the host's, and their kernels are the portable programs as plain C++.
// What the launcher is told of the device, and which call fails with what, is up to the test.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "probes/backend/cuda/arguments.inl"
#include "probes/backend/cuda/driver_api.h"

namespace assay::probes::cuda {

// One at a time is installed: the driver's functions have no argument that could name it.
class FakeGpu {
 public:
  explicit FakeGpu(std::vector<uint32_t> hardware_units = {0, 1, 2, 3});
  ~FakeGpu();
  FakeGpu(const FakeGpu&) = delete;
  FakeGpu& operator=(const FakeGpu&) = delete;

  static FakeGpu& installed();
  DriverApi api() const;

  // Facts, free to change.
  std::vector<uint32_t> hardware_units;        // %smid of each SM
  uint32_t bound = 0;                          // %nsmid
  std::map<int, int> attributes;
  DriverUuid uuid{0x89, 0x32, 0xf9, 0x37, 0xd7, 0x2c, 0x41, 0x06, 0xc1, 0x2f, 0x20, 0xbd, 0x9f, 0xae, 0xd9, 0xf6};
  DriverUuid instance_uuid = uuid;
  int devices = 1;
  bool peers_reach = false;                    // each other's memory
  size_t free_bytes = size_t{64} << 30;
  // The failing_call-th call from now (1: the next) gives this error; 0: none.
  uint64_t failing_call = 0;
  DriverResult failure = 0;
  // SMs that others hold in the n-th launch, by %smid: no block goes there.
  std::function<std::set<uint32_t>(uint32_t launch)> held = [](uint32_t) { return std::set<uint32_t>(); };
  bool cooperative_fits = true;
  std::optional<uint32_t> context_units;       // what the driver says of the context; absent: this driver is too old to say
  int most_lanes = 512;                        // launch bound of every kernel
  // What happens to words on their way to the host, and to another device.
  std::function<void(uint64_t* words, size_t count)> on_way_to_host = [](uint64_t*, size_t) {};
  std::function<void(uint64_t* words, size_t count)> on_way_to_peer = [](uint64_t*, size_t) {};
  // Copies that the driver says are done, and that nobody did: by their number of words, in any direction.
  std::function<bool(size_t count)> is_lost = [](size_t) { return false; };

  // What was done to it.
  uint64_t calls = 0;
  uint32_t launches = 0;
  uint32_t cooperative_launches = 0;
  uint32_t most_dynamic_shared_bytes = 0;
  uint32_t widest_block = 0;                   // lanes
  int contexts = 0;
  std::map<DriverDevice, int> retained;        // contexts of each device; a handle of one points to its row
  DriverDevice current = -1;                   // whose context the thread is in
  std::map<DriverAddress, std::vector<uint64_t>> memory;
  std::map<DriverAddress, DriverDevice> owners;  // of memory
  std::map<void*, std::vector<uint64_t>> pinned;
  std::vector<DriverAddress> scratches;        // of the launches of programs
  std::set<std::string> kernels;               // names handed out; a handle points to one

  // Whether this call must fail.
  DriverResult fails();
  DriverResult launch(const std::string& kernel, uint32_t blocks, uint32_t lanes, uint32_t shared_bytes, const AssayArguments& arguments);
};

}  // namespace assay::probes::cuda
