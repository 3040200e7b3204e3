// SPDX-License-Identifier: Apache-2.0
// A small fleet for tests of the collector's rules: a made-up probe with goldens, devices that report, and a hand-moved clock.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "collector/core/fleet_core.h"

namespace assay::collector::test {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

inline constexpr uint32_t kSets = 8;
inline const ProbeRef kProbe{"int.made_up", 1};        // T0 with goldens
inline const ProbeRef kOtherProbe{"fma.made_up", 1};   // T0 with goldens
inline const ProbeRef kUnknownProbe{"new.made_up", 1}; // not in the book
inline const ProbeRef kQuorumProbe{"mufu.made_up", 1}; // T3, no goldens

Digest golden(uint32_t set, const ProbeRef& probe = kProbe);
Digest wrong(uint64_t salt);

ProbeBook make_book();

// A unit that ran `runs` times from `set` on, all right.
UnitResult pass(uint32_t unit = 0, uint32_t set = 0, uint32_t runs = 4, const ProbeRef& probe = kProbe);
// One of its runs was wrong and it says so.
UnitResult failure(uint32_t unit = 0, uint32_t set = 0, uint64_t salt = 1);
// Wrong, and it says that it matched.
UnitResult blind(uint32_t unit = 0, uint32_t set = 0, uint32_t runs = 4, uint64_t salt = 1);
UnitResult nothing(Inconclusive reason);

Observation observation(const std::string& device, std::vector<UnitResult> units, Synthetic synthetic = Synthetic::kNone,
                        const ProbeRef& probe = kProbe);

std::string node_of(std::string_view device);

// Whatever was done, most recent step last.
class FleetBench {
 public:
  static PolicyOptions enforcing();
  explicit FleetBench(PolicyOptions options = enforcing());
  ~FleetBench();

  Device device(const std::string& id) const;
  // A report of the device's own node, with that device alone.
  Report report(const std::string& device_id) const;
  Report report(const std::string& node, const std::vector<std::string>& devices) const;
  Incident incident(const std::string& id, const std::string& device_id, Verdict verdict, uint32_t set = 0, uint64_t salt = 0,
                    Synthetic synthetic = Synthetic::kNone) const;

  StepResult step(const Event& event);
  StepResult send(Report report);
  StepResult send_units(const std::string& device_id, std::vector<UnitResult> units, Synthetic synthetic = Synthetic::kNone,
                        const ProbeRef& probe = kProbe);
  StepResult send_incident(const Incident& found);
  // Opens and condemns in one report, on an operand set of the device's own.
  void condemn(const std::string& device_id);
  void tick(Duration later = 0s);
  // Devices d0, d1, ... that have passed once.
  void populate(int count);

  const DeviceRecord& at(const std::string& id) const;
  DeviceState state(const std::string& id) const;
  const IncidentView& view(const std::string& id) const;
  std::vector<Decision> decisions(DecisionKind kind) const;
  template <typename T>
  static size_t count(const std::vector<Action>& actions) {
    size_t n = 0;
    for (const Action& action : actions) n += std::holds_alternative<T>(action) ? 1 : 0;
    return n;
  }
  size_t notices(std::string_view kind) const;
  std::vector<HookRecord> started() const;

  ProbeBook book;
  DeviceKind device_kind = DeviceKind::kCpuSocket;  // of the devices made from here on
  WallTime now = from_unix_ms(1'800'000'000'000);
  FleetCore core;
  std::vector<Action> last;
  std::vector<Action> all;
};

}  // namespace assay::collector::test
