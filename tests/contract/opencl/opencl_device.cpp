// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/opencl/opencl_device.h"

#include "probes/backend/opencl/backend.h"

namespace assay::probes::opencl {
namespace {

struct Opened {
  std::unique_ptr<device::Accelerator> device;
  std::string why;
};

Opened open_first() {
  const OpenclBackend backend;
  Opened opened;
  const Result<std::vector<Device>> devices = backend.devices(opened.why);
  if (!devices.ok()) {
    opened.why = devices.error().message;
    return opened;
  }
  if (devices->empty()) {
    opened.why = "no OpenCL device here (" + opened.why + "): install pocl-opencl-icd and ocl-icd-libopencl1";
    return opened;
  }
  device::OpenOptions options;
  options.allow_injection = true;
  Result<std::unique_ptr<device::Accelerator>> device = backend.open(devices->front().id, options);
  if (device.ok()) {
    opened.device = std::move(*device);
  } else {
    ADD_FAILURE() << devices->front().model << " is listed and does not open: " << device.error().message;
  }
  return opened;
}

const Opened& opened() {
  // Never closed: the driver's own threads may outlive main().
  static const Opened& kOpened = *new Opened(open_first());
  return kOpened;
}

}  // namespace

device::Accelerator* first_device() { return opened().device.get(); }
const std::string& no_device() { return opened().why; }

OpenclJob::OpenclJob(const device::Program& program, std::vector<uint32_t> numbers, uint32_t units, uint32_t runs) : sets(std::move(numbers)) {
  operands_.reserve(sets.size());
  for (const uint32_t number : sets) {
    operands_.push_back(first_device()->operands(program.probe_id, "simt", number).value());
    device::JobSet set;
    set.number = number;
    set.operands = operands_.back();
    sets_.push_back(set);
  }
  for (uint32_t unit = 0; unit < units; ++unit) {
    device::JobUnit work;
    work.unit = unit;
    for (uint32_t i = 0; i < sets.size(); ++i) work.slots.push_back((i + unit) % static_cast<uint32_t>(sets.size()));
    units_.push_back(work);
  }
  job.probe = program.probe_id;
  job.variant = "simt";
  job.sets = sets_;
  job.units = units_;
  job.runs_per_unit = runs;
  job.poison_seed = 77;
}

void OpenclJob::expect(std::vector<std::vector<uint64_t>> words) {
  expected_ = std::move(words);
  for (size_t slot = 0; slot < sets_.size(); ++slot) sets_[slot].expected = expected_[slot];
}

device::JobResult run_on_device(const device::Job& job) {
  const std::atomic<bool> stop = false;
  Result<device::JobResult> result = first_device()->run(job, stop);
  if (!result.ok()) {
    ADD_FAILURE() << result.error().message;
    return {};
  }
  return std::move(*result);
}

}  // namespace assay::probes::opencl
