// SPDX-License-Identifier: Apache-2.0
// Compares samples of the GPUs with those before, and finds what an operator must know: errors that grew, repairs that wait or failed, a GPU that is
// lost, a driver call that hung.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "agent/core/counter_trend.h"
#include "agent/core/gpu_facts.h"
#include "agent/core/news.h"

namespace assay::agent {

// Errors of a GPU that are watched as trends, each the sum of some counters.
enum class GpuErrorKind : uint8_t { kEccCorrected, kEccUncorrected, kRowRemaps, kRetiredPages, kPcieReplays, kNvlink };
inline constexpr GpuErrorKind kLastGpuErrorKind = GpuErrorKind::kNvlink;
std::string_view to_string(GpuErrorKind kind);  // "ecc_corrected"

// Pure; not thread-safe.
class GpuWatch {
 public:
  static constexpr Duration kWindow{std::chrono::hours{1}};

  News step(const GpuSample& sample, MonoTime at);
  // Calls that hung since the last step, each told once.
  News step(const NvmlReaderFacts& reader);

  // Growth within the last hour, by UUID and kind; absent where the GPU does not count such errors.
  std::map<std::pair<std::string, GpuErrorKind>, double> increases() const;

 private:
  void count_errors(const GpuReading& gpu, MonoTime at, News& news);
  void note_states(const GpuReading& gpu, News& news);
  enum class Doubt : uint8_t { kNone, kHardware };
  void note(const GpuReading& gpu, std::string_view what, bool is_so, Doubt doubt, News& news);

  using CounterKey = std::pair<std::string, std::pair<GpuQuantity, std::string>>;   // UUID, quantity and part
  std::map<CounterKey, CounterTrend> trends_;
  std::set<std::pair<std::string, std::string>> told_;    // UUID and state: told while it lasts
  uint64_t hung_told_ = 0;
};

}  // namespace assay::agent
