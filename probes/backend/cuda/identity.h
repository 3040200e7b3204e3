// SPDX-License-Identifier: Apache-2.0
// Who a device is, from what the driver says of it; no context is made for that.
#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/model/device.h"
#include "probes/backend/cuda/device_program.h"
#include "probes/backend/cuda/driver_api.h"
#include "probes/backend/cuda/neighbour.h"

namespace assay::probes::cuda {

// "GPU-8932f937-d72c-4106-c12f-20bd9faed9f6" as nvidia-smi prints it; "MIG-..." for an instance.
std::string uuid_text(const DriverUuid& uuid, bool is_instance);

// What the driver tells of one device.
struct DeviceFacts {
  DriverDevice handle = 0;
  Device device;                 // architecture "nvidia/sm_90"; units 0 .. SMs - 1
  Chip chip;
  Neighbourhood neighbourhood;   // mps_allowed is not its own
  bool cooperative = false;      // can launch all blocks at once or not at all
  std::vector<DriverDevice> peers;  // find_peers(), where the device is to be opened
};

// Device number `index` of this process. With CUDA_VISIBLE_DEVICES=MIG-... it is that instance; without it the driver shows one instance of a GPU in MIG
// mode at most, so each instance needs a runner of its own.
Result<DeviceFacts> device_facts(const DriverApi& api, int index);

}  // namespace assay::probes::cuda
