// SPDX-License-Identifier: Apache-2.0
// The agent's side of NVML: a telemetry reader that has a process of its own ask the driver, watches it, and kills it when a call does not return.
// A hung call is a finding with a name, never an outage.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "agent/core/gpu_facts.h"
#include "agent/telemetry/nvml/frames.h"
#include "agent/telemetry/reader.h"
#include "common/base/file.h"
#include "common/base/subprocess.h"

namespace assay::agent {

struct NvmlOptions {
  std::filesystem::path program;              // assay-nvml-reader
  std::string library;                        // "": libnvidia-ml.so.1 where the loader finds it, if an NVIDIA driver is loaded
  Duration deadline{std::chrono::seconds{10}};   // of one driver call; a whole sample gets four times that
};

// One thread, but for cancel(). A process that was killed and is still held by the kernel (state D) is waited for before another one is started;
// after a failure the next start waits, 10 s at first, twice as long each time, 10 min at most.
class NvmlReader final : public Reader {
 public:
  static constexpr size_t kHungKept = 16;

  explicit NvmlReader(NvmlOptions options);
  ~NvmlReader() override;

  std::string_view name() const override { return "nvml"; }
  Result<std::vector<Reading>> read(const FsRoot& root, MonoTime now) override;
  void add_to(TelemetrySample& sample) const override;
  void cancel() override;

 private:
  Status start();
  Result<GpuSample> take_sample();
  Result<nvml::Answer> receive(MonoTime until);
  Error hung(const nvml::CallMade& call, Duration after);
  Error crashed();
  Error fail(Error error, MonoTime now);
  void end_process();
  void remember(GpuSample& sample);

  NvmlOptions options_;
  UniqueFd cancelled_;                         // an eventfd: readable once the reader must end
  std::optional<Child> child_;
  UniqueFd socket_;
  std::string buffer_;                         // of one frame
  uint64_t request_ = 0;
  MonoTime child_started_;
  MonoTime pause_until_;
  uint32_t failures_in_a_row_ = 0;
  std::optional<Error> last_error_;            // while the next start waits
  std::map<uint32_t, GpuIdentity> known_;      // by index: a GPU that is lost cannot say who it was
  NvmlReaderFacts facts_;
  std::shared_ptr<const GpuSample> sample_;    // of the last read(), if it succeeded
};

}  // namespace assay::agent
