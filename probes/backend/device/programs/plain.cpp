// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/device/programs/plain.h"

#include <algorithm>
#include <array>

namespace assay::probes::device {
namespace {

#define ASSAY_ENTRY "probes/backend/device/programs/plain_entry.inl"
#include "probes/backend/device/programs/all.inl"

constexpr std::array kPrograms = {
#define ASSAY_ROW(program) program##_plain,
#include "probes/backend/device/programs/list.inl"
#undef ASSAY_ROW
};

#undef ASSAY_ENTRY

}  // namespace

std::span<const PlainProgram> plain_programs() { return kPrograms; }

const PlainProgram* find_plain_program(std::string_view name) {
  const auto found = std::ranges::find(kPrograms, name, &PlainProgram::name);
  return found == kPrograms.end() ? nullptr : &*found;
}

}  // namespace assay::probes::device
