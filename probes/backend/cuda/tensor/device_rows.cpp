// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/cuda/tensor/device_rows.h"

#include <algorithm>
#include <string>
#include <utility>

#include "common/base/check.h"
#include "probes/backend/cuda/tensor/layout.h"
#include "probes/backend/cuda/tensor/offers.h"
#include "probes/backend/device/programs/plain.h"

namespace assay::probes::tensor {
namespace {

constexpr uint32_t kMostTeamsMma = 8;      // 256 lanes a block: their registers fill a unit (mma.cu)
constexpr uint32_t kMostTeamsStaged = 4;   // tcgen05: 128 of 512 columns of tensor memory each

// The table takes plain functions: one for each row.
template <size_t kRow>
void fill_operands(uint32_t operand_set, std::span<uint64_t>, std::span<uint64_t> params) {
  const std::vector<uint64_t> words = operand_words(programs()[kRow], operand_set);
  ASSAY_CHECK(words.size() == params.size());
  std::ranges::copy(words, params.begin());
}
template <size_t kRow>
cuda::Fit fit(const cuda::Chip& chip) {
  return fit_of(programs()[kRow], chip);
}

std::string_view image_of(const Product& product) {
  switch (product.unit) {
    case Unit::kMma:
      return is_scaled(product.number) ? "tensor_mma_scaled" : "tensor_mma";
    case Unit::kWgmma:
      return "tensor_wgmma";
    case Unit::kTcgen05:
      return "tensor_tcgen05";
  }
  return "";
}

device::ProgramShape shape_of(const Program& program) {
  device::ProgramShape shape;
  shape.name = program.name;
  shape.lanes = program.lanes();
  shape.share_words = program.share_words();
  shape.param_words = program.param_words();
  shape.out_words = program.out_words();
  shape.steps = program.steps();
  shape.memory_words = program.share_words() + ASSAY_FRAME_WORDS;
  shape.scratch_words = 2 * program.out_words();
  return shape;
}

template <size_t kRow>
cuda::DeviceProgram row() {
  const Program& program = programs()[kRow];
  cuda::DeviceProgram row;
  row.probe = program.probe_id;
  row.variant = program.variant();
  row.image = image_of(program.product);
  row.kernel = std::string(program.name) + "_kernel";
  row.shape = shape_of(program);
  row.operands = fill_operands<kRow>;
  row.fit = fit<kRow>;
  row.most_teams = program.product.unit == Unit::kMma ? kMostTeamsMma : kMostTeamsStaged;
  return row;
}

template <size_t... kRows>
std::vector<cuda::DeviceProgram> rows(std::index_sequence<kRows...>) {
  ASSAY_CHECK(sizeof...(kRows) == programs().size());
  return {row<kRows>()...};
}

}  // namespace

std::vector<cuda::DeviceProgram> device_rows() { return rows(std::make_index_sequence<kPrograms>()); }

}  // namespace assay::probes::tensor
