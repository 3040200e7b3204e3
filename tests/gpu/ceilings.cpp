// SPDX-License-Identifier: Apache-2.0
#include "tests/gpu/ceilings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <utility>

#include "probes/backend/cuda/identity.h"
#include "probes/backend/cuda/tensor/staged_shape.h"
#include "probes/backend/cuda/tensor/table.h"
#include "tests/gpu/ceiling_arguments.h"

namespace assay::probes::gpu {
namespace {

constexpr uint32_t kBlocksPerUnit = 8;    // of 256 lanes: as many as a multiprocessor holds at once
constexpr uint32_t kWarp = 32;
constexpr std::chrono::milliseconds kLaunch{20};
constexpr uint32_t kLaunches = 5;
constexpr uint32_t kMostTurns = 1U << 26;

// What the probes' operations are made of; the first that begins alike counts.
struct Kind {
  std::string_view probe;        // how its id begins
  std::string_view kernel;
  double operations;             // of one turn of a chain
};
// Hashes count bytes: operations of C a byte are those that tests/bench/opencl_bench.cpp counts.
constexpr std::array kKinds = {
    Kind{"gemm.fp64.", "fma_f64", 2},    Kind{"fma.fp64.", "fma_f64", 2},    Kind{"addmul.fp64.", "fma_f64", 2},
    Kind{"logistic.fp64", "fma_f64", 2}, Kind{"gemm.int", "mad_u32", 2},     Kind{"gemm.", "fma_f32", 2},
    Kind{"fma.fp32.", "fma_f32", 2},     Kind{"addmul.fp32.", "fma_f32", 2}, Kind{"int.mul.chain", "mul_u64", 1},
    Kind{"hash.sha256.", "logic_u32", 3 / 33.875}, Kind{"chacha20.", "logic_u32", 3 / 15.25},
};

// Of one turn of a warp (mma.sync), or of a warpgroup (wgmma).
std::optional<Ceiling> matrix_ceiling(const tensor::Program& program) {
  using tensor::Columns;
  using tensor::Slabs;
  const tensor::Number number = program.product.number;
  Ceiling ceiling;
  ceiling.kernel = fmt::format("ceiling_{}", program.name.substr(0, program.name.find("_random")));
  if (program.product.unit == tensor::Unit::kMma && !is_scaled(number)) {
    ceiling.lanes = kWarp;
    ceiling.work_per_turn = kCeilingChains * 2.0 * 16 * 8 * 2 * Slabs::elements(number);
    return ceiling;
  }
  if (program.product.unit != tensor::Unit::kWgmma) return std::nullopt;
  ceiling.lanes = tensor::kTeam;
  ceiling.work_per_turn = kCeilingProducts * 2.0 * tensor::kStagedRows * tensor::kColumns * 2 * Columns::elements(number);
  return ceiling;
}

}  // namespace

std::optional<Ceiling> ceiling_of(std::string_view probe, std::string_view variant, uint64_t arena_bytes) {
  if (const tensor::Program* program = tensor::find_program(probe, variant)) return matrix_ceiling(*program);
  if (variant != "simt") return std::nullopt;
  if (arena_bytes != 0) return Ceiling{"ceiling_copy", 0, 1, arena_bytes};
  const auto kind = std::ranges::find_if(kKinds, [&](const Kind& one) { return probe.starts_with(one.probe); });
  if (kind == kKinds.end()) return std::nullopt;
  return Ceiling{fmt::format("ceiling_{}", kind->kernel), kCeilingChains * kind->operations, 1, 0};
}

Ceilings::Ceilings(std::unique_ptr<const cuda::DriverApi> api, cuda::Session session, uint32_t units)
    : api_(std::move(api)), session_(std::move(session)), units_(units) {}

Result<Ceilings> Ceilings::open(int index, uint32_t units) {
  auto api = std::make_unique<const cuda::DriverApi>(TRY(cuda::load_driver()));
  const cuda::DeviceFacts facts = TRY(cuda::device_facts(*api, index));
  cuda::Session session = TRY(cuda::Session::open(*api, facts.handle, false));
  return Ceilings(std::move(api), std::move(session), units);
}

// Seconds of one launch. The memory is zero before, so that the first word of a copy counts its passes.
Result<double> Ceilings::launch_s(const cuda::LoadedKernel& kernel, const Ceiling& ceiling, uint32_t turns) {
  const uint32_t blocks = units_ * kBlocksPerUnit;
  const uint64_t bytes = std::max(ceiling.bytes, uint64_t{blocks} * kCeilingLanes * 2 * sizeof(uint64_t));
  CeilingArguments arguments;
  arguments.memory = TRY(session_.memory(bytes));
  arguments.count = ceiling.bytes / 2 / (2 * sizeof(uint64_t));
  arguments.turns = turns;
  // Matrix units multiply zeros; chains begin at their own number.
  const bool is_float = ceiling.kernel.find("fma_f32") != std::string::npos;
  const bool is_double = ceiling.kernel.find("fma_f64") != std::string::npos;
  const bool is_matrix = ceiling.lanes != 1;
  arguments.a = is_matrix ? 0 : is_float ? std::bit_cast<uint32_t>(0.999F) : is_double ? std::bit_cast<uint64_t>(0.999) : 0x9E3779B97F4A7C15;
  arguments.b = is_matrix ? 0 : is_float ? std::bit_cast<uint32_t>(0.5F) : is_double ? std::bit_cast<uint64_t>(0.5) : 0x7F4A7C15;
  TRY(session_.clear(arguments.memory, bytes));
  TRY(session_.wait("clearing"));
  const auto begun = std::chrono::steady_clock::now();
  TRY(session_.launch(kernel, blocks, kCeilingLanes, 0, false, &arguments));
  TRY(session_.wait(ceiling.kernel));
  const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  if (ceiling.bytes == 0) return took;
  uint64_t passes = 0;
  TRY(session_.download(&passes, arguments.memory, sizeof(passes)));
  TRY(session_.wait("reading"));
  if (passes != turns) return make_error(ErrorCode::kInternal, fmt::format("{} made {} passes of {}", ceiling.kernel, passes, turns));
  return took;
}

Result<double> Ceilings::rate(const Ceiling& ceiling) {
  const cuda::LoadedKernel kernel = TRY(session_.kernel("ceilings", ceiling.kernel));
  const double lanes = static_cast<double>(units_) * kBlocksPerUnit * kCeilingLanes;
  const double a_turn = ceiling.bytes != 0 ? static_cast<double>(ceiling.bytes) / 2 : lanes / ceiling.lanes * ceiling.work_per_turn;
  uint32_t turns = 64;
  while (turns < kMostTurns && TRY(launch_s(kernel, ceiling, turns)) < std::chrono::duration<double>(kLaunch).count()) turns *= 2;
  double best = 0;
  for (uint32_t launch = 0; launch < kLaunches; ++launch) best = std::max(best, turns * a_turn / TRY(launch_s(kernel, ceiling, turns)));
  return best;
}

}  // namespace assay::probes::gpu
