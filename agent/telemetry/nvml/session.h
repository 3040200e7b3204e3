// SPDX-License-Identifier: Apache-2.0
// The reader process from inside: it answers requests for samples with what NVML says, until the agent closes its end.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/telemetry/nvml/calls.h"
#include "agent/telemetry/nvml/frames.h"

namespace assay::agent::nvml {

// One thread. May block in any driver call for as long as the driver likes: the agent watches from outside.
class Session {
 public:
  // `socket`: our end of the pair, blocking; not owned.
  Session(int socket, std::string library) : socket_(socket), library_(std::move(library)) {}
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // The process's exit code: 0 when the agent closed its end or the failure was told, 1 when it spoke nonsense or went away within an answer.
  int run();

 private:
  struct Gpu {
    Device handle = nullptr;
    GpuIdentity identity;
    int code = kUninitialized;   // of the last attempt to know it
  };
  Status open();
  // False when the agent is gone.
  bool sample();
  bool send(const Answer& answer);
  void know(uint32_t index);
  void listen(const Gpu& gpu);
  void read(Gpu& gpu, GpuReading& into);
  std::vector<NvmlXid> events();

  int socket_;
  std::string library_;
  uint64_t request_ = 0;
  std::optional<Calls> calls_;
  bool initialised_ = false;
  std::string driver_version_;
  std::vector<Gpu> gpus_;
  EventSet event_set_ = nullptr;
};

}  // namespace assay::agent::nvml
