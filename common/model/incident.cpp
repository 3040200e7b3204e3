// SPDX-License-Identifier: Apache-2.0
#include "common/model/incident.h"

#include <array>

namespace assay {

std::string_view to_string(Verdict verdict) {
  constexpr std::array<std::string_view, 8> kNames = {"open", "confirmed_unit", "confirmed_device", "memory", "unreproduced", "probe_suspect",
                                                      "hang", "control_missed"};
  static_assert(kNames.size() == static_cast<size_t>(kLastVerdict) + 1);
  return kNames[static_cast<size_t>(verdict)];
}

bool condemns(Verdict verdict) {
  switch (verdict) {
    case Verdict::kConfirmedUnit:
    case Verdict::kConfirmedDevice:
    case Verdict::kMemory:
    case Verdict::kHang:
    case Verdict::kControlMissed: return true;
    case Verdict::kOpen:
    case Verdict::kUnreproduced:
    case Verdict::kProbeSuspect: return false;
  }
  return false;
}

std::string_view recommendation(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOpen: return "retests are running; wait for the verdict";
    case Verdict::kConfirmedUnit: return "take the device out of service and return the part: one unit computes wrong and does so again";
    case Verdict::kConfirmedDevice: return "take the device out of service and return the part: several of its units compute wrong";
    case Verdict::kMemory: return "take the device out of service; check memory and caches: stored values change on their way";
    case Verdict::kUnreproduced: return "keep the device out of large jobs: it was wrong once and a pass since proves little";
    case Verdict::kProbeSuspect: return "do not drain: healthy peers fail too, so suspect the probe or its golden and report it";
    case Verdict::kHang: return "take the device out of service: the same work hangs it again";
    case Verdict::kControlMissed: return "do not trust this node's passes: its detector missed a planted fault; replace the node or its agent";
  }
  return "";
}

std::string_view to_string(Rung rung) {
  constexpr std::array<std::string_view, 7> kNames = {"first_sight", "rehash_golden", "reread", "same_unit", "other_units", "peer_device",
                                                      "other_operands"};
  static_assert(kNames.size() == static_cast<size_t>(kLastRung) + 1);
  return kNames[static_cast<size_t>(rung)];
}

}  // namespace assay
