// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/cuda/fake_gpu.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <memory>

#include "common/base/check.h"
#include "probes/backend/cuda/images.h"
#include "probes/backend/device/programs/plain.h"

namespace assay::probes::cuda {
namespace {

// Who is installed: the driver's functions are plain functions and can be told nothing else.
FakeGpu*& slot() {
  static const auto owner = std::make_unique<FakeGpu*>(nullptr);
  return *owner;
}

template <typename T>
T* at(uint64_t address) {
  return std::bit_cast<T*>(address);
}

// What a call does when it is not the one that fails.
template <typename Body>
DriverResult call(Body body) {
  const DriverResult failed = FakeGpu::installed().fails();
  if (failed != kSuccess) return failed;
  body(FakeGpu::installed());
  return kSuccess;
}

// Every run of one wanted unit, team after team.
void run_unit(const std::string& kernel, const AssayArguments& arguments, AssayUnit* unit, uint32_t hardware) {
  const device::PlainProgram* program = device::find_plain_program(kernel.substr(0, kernel.rfind("_kernel")));
  ASSAY_CHECK(program != nullptr);
  for (uint32_t number = 0; number < at<AssayLaunch>(arguments.launch)->teams; ++number) {
    std::vector<uint64_t> memory(program->memory_words);
    std::vector<uint32_t> flags(ASSAY_FLAG_WORDS);
    AssayTeam team{};
    team.launch = at<AssayLaunch>(arguments.launch);
    team.unit = unit;
    team.slots = at<uint32_t>(arguments.slots);
    team.hits = at<uint32_t>(arguments.hits);
    team.operands = at<uint64_t>(arguments.operands);
    team.expected = at<uint64_t>(arguments.expected);
    team.scratch = at<uint64_t>(arguments.scratch);
    team.results = at<AssayRun>(arguments.results);
    team.records = at<AssayRecord>(arguments.records);
    team.record_count = &at<AssayBoard>(arguments.board)->record_count;
    team.memory = memory.data();
    team.flags = flags.data();
    team.hardware_unit = hardware;
    team.team = number;
    program->run(&team);
  }
}

DriverResult launch_kernel(DriverHandle function, unsigned blocks, unsigned lanes, unsigned shared_bytes, void** arguments) {
  return FakeGpu::installed().launch(*static_cast<const std::string*>(function), blocks, lanes, shared_bytes, *static_cast<const AssayArguments*>(arguments[0]));
}

void install_device(DriverApi& api) {
  api.init = [](unsigned) { return call([](FakeGpu&) {}); };
  api.error_name = [](DriverResult, const char** name) {
    *name = "CUDA_ERROR_OF_THE_TEST";
    return kSuccess;
  };
  api.device_count = [](int* count) { return call([&](FakeGpu& gpu) { *count = gpu.devices; }); };
  api.device = [](DriverDevice* device, int index) { return call([&](FakeGpu&) { *device = index + 7; }); };
  api.device_name = [](char* name, int length, DriverDevice) { return call([&](FakeGpu&) { std::strncpy(name, "NVIDIA Test", static_cast<size_t>(length)); }); };
  api.device_uuid = [](DriverUuid* uuid, DriverDevice) { return call([&](FakeGpu& gpu) { *uuid = gpu.uuid; }); };
  api.instance_uuid = [](DriverUuid* uuid, DriverDevice) { return call([&](FakeGpu& gpu) { *uuid = gpu.instance_uuid; }); };
  api.device_attribute = [](int* value, int attribute, DriverDevice) { return call([&](FakeGpu& gpu) { *value = gpu.attributes[attribute]; }); };
}

void install_context(DriverApi& api) {
  api.primary_context_flags = [](DriverDevice, unsigned) { return call([](FakeGpu&) {}); };
  api.primary_context_retain = [](DriverHandle* context, DriverDevice device) {
    return call([&](FakeGpu& gpu) {
      auto& row = *gpu.retained.try_emplace(device).first;
      ++row.second;
      *context = &row;
      ++gpu.contexts;
    });
  };
  api.primary_context_release = [](DriverDevice device) {
    FakeGpu& gpu = FakeGpu::installed();
    --gpu.contexts;
    --gpu.retained[device];
    // Its memory goes with a context.
    std::erase_if(gpu.memory, [&](const auto& at) { return gpu.owners[at.first] == device; });
    if (gpu.contexts == 0) gpu.pinned.clear();
    return kSuccess;
  };
  api.set_current = [](DriverHandle context) {
    return call([&](FakeGpu& gpu) { gpu.current = context == nullptr ? -1 : static_cast<std::pair<const DriverDevice, int>*>(context)->first; });
  };
  api.can_access_peer = [](int* can, DriverDevice, DriverDevice) { return call([&](FakeGpu& gpu) { *can = gpu.peers_reach ? 1 : 0; }); };
  api.peer_enable = [](DriverHandle, unsigned) { return call([](FakeGpu& gpu) { ASSAY_CHECK(gpu.peers_reach); }); };
  api.stream_priorities = [](int* least, int* greatest) {
    return call([&](FakeGpu&) {
      *least = 0;
      *greatest = -5;
    });
  };
  api.stream_create = [](DriverHandle* stream, unsigned, int priority) {
    return call([&](FakeGpu& gpu) {
      ASSAY_CHECK(priority == 0);
      *stream = &gpu;
    });
  };
  api.stream_destroy = [](DriverHandle) { return kSuccess; };
  api.stream_wait = [](DriverHandle) { return call([](FakeGpu&) {}); };
  api.module_load = [](DriverHandle* module, const void* image) {
    return call([&](FakeGpu& gpu) {
      ASSAY_CHECK(image != nullptr);
      *module = &gpu;
    });
  };
  api.module_unload = [](DriverHandle) { return kSuccess; };
  api.module_function = [](DriverHandle* function, DriverHandle, const char* name) {
    return call([&](FakeGpu& gpu) { *function = const_cast<std::string*>(&*gpu.kernels.insert(name).first); });
  };
  api.function_attribute = [](int* value, int which, DriverHandle) {
    return call([&](FakeGpu& gpu) { *value = which == kFunctionMostLanes ? gpu.most_lanes : 272; });
  };
  api.function_set_attribute = [](DriverHandle, int, int) { return call([](FakeGpu&) {}); };
}

void install_memory(DriverApi& api) {
  api.memory_info = [](size_t* free, size_t* total) {
    return call([&](FakeGpu& gpu) {
      *free = gpu.free_bytes;
      *total = size_t{141} << 30;
    });
  };
  api.memory_take = [](DriverAddress* address, size_t bytes) {
    return call([&](FakeGpu& gpu) {
      std::vector<uint64_t> words((bytes + 7) / 8, 0xABABABABABABABAB);
      *address = std::bit_cast<DriverAddress>(words.data());
      gpu.memory.emplace(*address, std::move(words));
      ASSAY_CHECK(gpu.current >= 0);
      gpu.owners[*address] = gpu.current;
    });
  };
  api.memory_free = [](DriverAddress address) {
    FakeGpu::installed().memory.erase(address);
    return kSuccess;
  };
  api.host_memory_take = [](void** address, size_t bytes, unsigned) {
    return call([&](FakeGpu& gpu) {
      std::vector<uint64_t> words((bytes + 7) / 8);
      *address = words.data();
      gpu.pinned.emplace(*address, std::move(words));
    });
  };
  api.host_memory_free = [](void* address) {
    FakeGpu::installed().pinned.erase(address);
    return kSuccess;
  };
  api.copy_to_device = [](DriverAddress to, const void* from, size_t bytes, DriverHandle) {
    return call([&](FakeGpu& gpu) {
      if (!gpu.is_lost(bytes / 8)) std::memcpy(at<void>(to), from, bytes);
    });
  };
  api.copy_to_host = [](void* to, DriverAddress from, size_t bytes, DriverHandle) {
    return call([&](FakeGpu& gpu) {
      if (!gpu.is_lost(bytes / 8)) std::memcpy(to, at<void>(from), bytes);
      gpu.on_way_to_host(static_cast<uint64_t*>(to), bytes / 8);
    });
  };
  api.copy_to_peer = [](DriverAddress to, DriverHandle, DriverAddress from, DriverHandle, size_t bytes, DriverHandle) {
    return call([&](FakeGpu& gpu) {
      ASSAY_CHECK(gpu.owners[to] != gpu.current && gpu.memory.contains(to));
      if (!gpu.is_lost(bytes / 8)) std::memcpy(at<void>(to), at<void>(from), bytes);
      gpu.on_way_to_peer(at<uint64_t>(to), bytes / 8);
    });
  };
  api.clear = [](DriverAddress to, unsigned char value, size_t bytes, DriverHandle) {
    return call([&](FakeGpu&) { std::memset(at<void>(to), value, bytes); });
  };
}

}  // namespace

std::span<const Image> images() {
  static constexpr std::byte kBytes[8]{};
  static const std::array kImages = {Image{"census", "80;90a", kBytes, kBytes + 8}, Image{"portable", "80;90a", kBytes, kBytes + 8},
                                     Image{"portable.ptx", "", kBytes, kBytes + 8}};
  return kImages;
}

FakeGpu::FakeGpu(std::vector<uint32_t> units) : hardware_units(std::move(units)) {
  ASSAY_CHECK(slot() == nullptr);
  slot() = this;
  bound = static_cast<uint32_t>(hardware_units.size());
  for (const uint32_t number : hardware_units) bound = std::max(bound, number + 1);
  attributes = {{kMultiprocessorCount, static_cast<int>(hardware_units.size())}, {kComputeCapabilityMajor, 9}, {kComputeCapabilityMinor, 0},
                {kMaxSharedMemoryPerMultiprocessor, 233472}, {kMaxSharedMemoryPerBlockOptin, 232448}, {kReservedSharedMemoryPerBlock, 1024},
                {kCooperativeLaunch, 1}};
}

FakeGpu::~FakeGpu() { slot() = nullptr; }

FakeGpu& FakeGpu::installed() {
  ASSAY_CHECK(slot() != nullptr);
  return *slot();
}

DriverResult FakeGpu::fails() {
  ++calls;
  return failing_call != 0 && --failing_call == 0 ? failure : kSuccess;
}

DriverApi FakeGpu::api() const {
  DriverApi api;
  install_device(api);
  install_context(api);
  install_memory(api);
  if (context_units) {
    api.context_resource = [](DriverHandle, DriverResource* resource, int type) {
      resource->type = type;
      resource->units = *installed().context_units;
      return kSuccess;
    };
  }
  api.launch = [](DriverHandle function, unsigned blocks, unsigned, unsigned, unsigned lanes, unsigned, unsigned, unsigned shared_bytes, DriverHandle,
                  void** arguments, void**) { return launch_kernel(function, blocks, lanes, shared_bytes, arguments); };
  api.launch_cooperative = [](DriverHandle function, unsigned blocks, unsigned, unsigned, unsigned lanes, unsigned, unsigned, unsigned shared_bytes, DriverHandle,
                              void** arguments) {
    if (!installed().cooperative_fits) return 720;
    ++installed().cooperative_launches;
    return launch_kernel(function, blocks, lanes, shared_bytes, arguments);
  };
  return api;
}

DriverResult FakeGpu::launch(const std::string& kernel, uint32_t blocks, uint32_t lanes, uint32_t shared_bytes, const AssayArguments& arguments) {
  if (const DriverResult failed = fails(); failed != kSuccess) return failed;
  const std::set<uint32_t> taken = held(launches++);
  if (lanes > static_cast<uint32_t>(most_lanes)) return 701;
  widest_block = std::max(widest_block, lanes);
  most_dynamic_shared_bytes = std::max(most_dynamic_shared_bytes, shared_bytes);
  auto* board = at<AssayBoard>(arguments.board);
  if (kernel == "census_bound_kernel") {
    board->nsmid = bound;
    return kSuccess;
  }
  if (kernel != "census_kernel") scratches.push_back(arguments.scratch);
  std::vector<uint32_t> free;
  std::ranges::copy_if(hardware_units, std::back_inserter(free), [&](uint32_t number) { return !taken.contains(number); });
  for (uint32_t block = 0; block < blocks && !free.empty(); ++block) {
    const uint32_t hardware = free[block % free.size()];
    AssayUnit* unit = at<AssayUnit>(arguments.units) + hardware;
    if (unit->claims++ != 0 || unit->wanted == 0) continue;
    ++board->covered;
    if (kernel != "census_kernel") run_unit(kernel, arguments, unit, hardware);
  }
  return kSuccess;
}

}  // namespace assay::probes::cuda
