// SPDX-License-Identifier: Apache-2.0
// The portable programs as plain C++: one thread plays all lanes of a team (dialect.h). This is what the simulated device computes with, and what
// shows that the text which accelerators compile gives the goldens.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "probes/backend/device/programs/dialect.h"
#include "probes/backend/device/programs/digest.inl"
#include "probes/backend/device/programs/inject.inl"
#include "probes/backend/device/programs/frame.inl"

namespace assay::probes::device {

struct PlainProgram {
  std::string_view name;          // as in portable.h
  uint32_t memory_words = 0;      // of AssayTeam::memory; its flags are ASSAY_FLAG_WORDS
  uint32_t scratch_words = 0;     // of AssayTeam::scratch, for each team
  // Every run of one team of one unit. Pointers and numbers of the team as frame.inl says, `me` 0. Teams that share a launch, its records and its
  // units may run on threads of their own. Hangs and ends the process where a fault of that shape is planted.
  void (*run)(const AssayTeam* team) = nullptr;
};

std::span<const PlainProgram> plain_programs();
// nullptr when there is none of that name.
const PlainProgram* find_plain_program(std::string_view name);

}  // namespace assay::probes::device
