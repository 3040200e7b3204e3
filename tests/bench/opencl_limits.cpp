// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/opencl_limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "probes/backend/opencl/capabilities.h"

namespace assay::bench {
namespace {

using namespace probes::opencl;

__extension__ using Wide = unsigned __int128;

constexpr uint32_t kChains = 8;             // of vectors: as many as hide the latency of a pipe, and few enough for registers
constexpr uint32_t kFirstTurns = 64;        // even, as copies want
constexpr std::chrono::milliseconds kLaunch{5};

// The driver's answer, or the end.
template <typename T>
T checked(Result<T> result) {
  if (!result.ok()) fail(result.error().message);
  return std::move(*result);
}
void checked(const Status& status) {
  if (!status.ok()) fail(status.error().message);
}

// T: the vector type, S: of its elements, STEP(x): the operation. `given` holds a, b and, from element 16 on, where chains begin.
constexpr std::string_view kArithmetic = R"(
__kernel void limit(__global T* out, __global const S* given, const uint turns) {
  const T a = (T)(given[0]);
  const T b = (T)(given[1]);
  const size_t me = get_global_id(0);
  const T x = *(__global const T*)(given + 16) + (T)((S)me);
  T x0 = x, x1 = x + (T)1, x2 = x + (T)2, x3 = x + (T)3, x4 = x + (T)4, x5 = x + (T)5, x6 = x + (T)6, x7 = x + (T)7;
  for (uint turn = 0; turn < turns; ++turn) {
    STEP(x0); STEP(x1); STEP(x2); STEP(x3); STEP(x4); STEP(x5); STEP(x6); STEP(x7);
  }
  out[2 * me] = x0;
  out[2 * me + 1] = x1 + x2 + x3 + x4 + x5 + x6 + x7;
}
)";

// Every work-item has its own elements in all passes, so that nothing has to wait for others. COUNT: of an array, in T.
constexpr std::string_view kOrder = R"(
#if CONTIGUOUS
#define MINE ((COUNT + get_global_size(0) - 1) / get_global_size(0))
#define EACH(i) for (size_t i = get_global_id(0) * MINE; i < min((get_global_id(0) + 1) * MINE, (size_t)COUNT); ++i)
#else
#define EACH(i) for (size_t i = get_global_id(0); i < COUNT; i += get_global_size(0))
#endif
)";
constexpr std::string_view kCopy = R"(
__kernel void limit(__global T* memory, __global const uint* unused, const uint turns) {
  for (uint turn = 0; turn < turns; ++turn) {
    __global const T* restrict from = memory + turn % 2 * COUNT;
    __global T* restrict to = memory + (turn + 1) % 2 * COUNT;
    EACH(i) to[i] = from[i] + (T)1;
  }
}
)";
constexpr std::string_view kTriad = R"(
__kernel void limit(__global T* memory, __global const uint* unused, const uint turns) {
  __global T* restrict a = memory;
  __global const T* restrict b = memory + COUNT;
  __global const T* restrict c = memory + 2 * COUNT;
  for (uint turn = 0; turn < turns; ++turn) {
    EACH(i) a[i] = b[i] + (T)3 * c[i];
  }
}
)";

struct Kind {
  std::string_view type;
  std::string_view step;
  uint32_t element_bytes;
  double operations;
  uint64_t a;               // as bits, like what follows
  uint64_t b;
  uint64_t begin;
};
Kind kind_of(Operation operation) {
  constexpr uint64_t kWord = 0x9E3779B97F4A7C15;
  constexpr uint64_t kLow = 0xFFFFFFFF;
  switch (operation) {
    case Operation::kFmaF32:
      return {"float", "x = fma(x, a, b)", 4, 2, std::bit_cast<uint32_t>(0.999F), std::bit_cast<uint32_t>(0.5F), std::bit_cast<uint32_t>(1.0F)};
    case Operation::kFmaF64:
      return {"double", "x = fma(x, a, b)", 8, 2, std::bit_cast<uint64_t>(0.999), std::bit_cast<uint64_t>(0.5), std::bit_cast<uint64_t>(1.0)};
    case Operation::kMadU32:
      return {"uint", "x = x * a + b", 4, 2, kWord & kLow, kWord >> 32, 1};
    case Operation::kMulU64:
      return {"ulong", "x = x * a ^ mul_hi(x, a)", 8, 1, kWord, 0, 1};
    case Operation::kLogicU32:
      break;
  }
  return {"uint", "x = rotate(x + a, (T)7) ^ b", 4, 3, kWord & kLow, kWord >> 32, 1};
}

// The first chain of the first work-item, on the host.
uint64_t one_chain(Operation operation, uint32_t turns) {
  const Kind kind = kind_of(operation);
  uint64_t x = kind.begin;
  for (uint32_t turn = 0; turn < turns; ++turn) {
    switch (operation) {
      case Operation::kFmaF32:
        x = std::bit_cast<uint32_t>(std::fma(std::bit_cast<float>(static_cast<uint32_t>(x)), 0.999F, 0.5F));
        break;
      case Operation::kFmaF64:
        x = std::bit_cast<uint64_t>(std::fma(std::bit_cast<double>(x), 0.999, 0.5));
        break;
      case Operation::kMadU32:
        x = static_cast<uint32_t>(x * kind.a + kind.b);
        break;
      case Operation::kMulU64: {
        const auto product = static_cast<Wide>(x) * kind.a;
        x = static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
        break;
      }
      case Operation::kLogicU32:
        x = std::rotl(static_cast<uint32_t>(x + kind.a), 7) ^ static_cast<uint32_t>(kind.b);
        break;
    }
  }
  return x;
}

std::string vector_of(std::string_view type, uint32_t width) { return width == 1 ? std::string(type) : fmt::format("{}{}", type, width); }

}  // namespace

// What a launch of one text needs. `turns` makes a launch long enough for its start not to matter.
struct OpenclLimits::Ready {
  const Api& api;
  const Queue& queue;
  Plan plan;
  BuiltProgram built;
  Memory worked_on;
  Memory given;
  uint32_t turns = kFirstTurns;

  void launch_once() const {
    const std::array buffers = {worked_on.get(), given.get()};
    checked(set_arguments(api, built.kernel, buffers, turns));
    const Event event = checked(launch(api, queue, built.kernel, plan.groups, plan.lanes));
    checked(finish(api, queue));
  }
  void find_turns() {
    for (; turns < 1U << 24; turns *= 2) {
      const auto begun = std::chrono::steady_clock::now();
      launch_once();
      if (std::chrono::steady_clock::now() - begun >= kLaunch) return;
    }
  }
  // Reads what the buffer begins with; ends the process unless it is that.
  void expect(uint64_t word, size_t bytes) const {
    uint64_t found = 0;
    checked(read(api, queue, worked_on, std::as_writable_bytes(std::span(&found, 1)).first(bytes)));
    if (found != word) fail(fmt::format("a limit computes {:#x} instead of {:#x}: it is none", found, word));
  }
  double work() const { return plan.work_per_turn * turns; }
};

OpenclLimits::OpenclLimits(const Api& api, DriverDevice device) : api_(api), device_(std::move(device)) {
  context_ = checked(create_context(api_, std::span(&device_.handle, 1)));
  queue_ = checked(create_queue(api_, context_, device_.handle, device_.facts));
}

OpenclLimits::Ready OpenclLimits::make_ready(const Plan& plan, std::span<const std::byte> worked_on, std::span<const std::byte> given) const {
  Ready ready{api_, queue_, plan, checked(build(api_, context_, std::span(&device_.handle, 1), plan.text, build_options(device_.facts), "limit")), {}, {}};
  ready.worked_on = checked(create_buffer(api_, context_, plan.bytes, kMemReadWrite));
  ready.given = checked(create_buffer(api_, context_, given.size(), kMemReadOnly));
  if (worked_on.empty()) checked(fill_zero(api_, queue_, ready.worked_on, plan.bytes));
  if (!worked_on.empty()) checked(write(api_, queue_, ready.worked_on, worked_on));
  checked(write(api_, queue_, ready.given, given));
  return ready;
}

Work OpenclLimits::arithmetic(Operation operation, uint32_t width) const {
  const Kind kind = kind_of(operation);
  const bool on_cpu = device_.facts.is_cpu();
  Plan plan;
  plan.groups = std::max(device_.facts.compute_units, 1U) * size_t{8};
  plan.lanes = on_cpu ? 1 : std::min<size_t>(256, device_.facts.work_group_lanes);
  const auto items = static_cast<double>(plan.groups * plan.lanes);
  plan.bytes = plan.groups * plan.lanes * 2 * width * kind.element_bytes;
  plan.work_per_turn = items * kChains * width * kind.operations;
  plan.text = fmt::format("#pragma OPENCL FP_CONTRACT OFF\n{}#define T {}\n#define S {}\n#define STEP(x) {}\n{}",
                          kind.type == "double" ? "#pragma OPENCL EXTENSION cl_khr_fp64 : enable\n" : "", vector_of(kind.type, width), kind.type, kind.step, kArithmetic);
  std::vector<std::byte> given(32 * size_t{kind.element_bytes});
  for (size_t element = 0; element < 32; ++element) {
    const uint64_t value = element == 0 ? kind.a : element == 1 ? kind.b : kind.begin;
    std::memcpy(&given[element * kind.element_bytes], &value, kind.element_bytes);
  }
  const auto ready = std::make_shared<Ready>(make_ready(plan, {}, given));
  ready->find_turns();
  const uint64_t expected = one_chain(operation, ready->turns);
  return [ready, expected, bytes = kind.element_bytes] {
    ready->launch_once();
    ready->expect(expected, bytes);
    return ready->work();
  };
}

Work OpenclLimits::operations(Operation operation) {
  std::vector<Work> ways;
  for (const uint32_t width : {1U, 2U, 4U, 8U, 16U}) ways.push_back(arithmetic(operation, width));
  return quickest_of(ways);
}

// The first word of a copy counts the passes; their number is even, so that it comes back to where it was.
Work OpenclLimits::copy(const Plan& plan) const {
  const std::array<std::byte, 4> nothing{};
  const auto ready = std::make_shared<Ready>(make_ready(plan, {}, nothing));
  const auto passes = std::make_shared<uint64_t>(0);
  ready->find_turns();
  checked(fill_zero(api_, queue_, ready->worked_on, plan.bytes));
  return [ready, passes] {
    ready->launch_once();
    *passes += ready->turns;
    ready->expect(*passes, sizeof(uint64_t));
    return ready->work();
  };
}

Work OpenclLimits::triad(const Plan& plan) const {
  const std::array<std::byte, 4> nothing{};
  const std::vector<float> ones(plan.bytes / sizeof(float), 1.0F);
  const auto ready = std::make_shared<Ready>(make_ready(plan, std::as_bytes(std::span(ones)), nothing));
  ready->find_turns();
  return [ready] {
    ready->launch_once();
    ready->expect(std::bit_cast<uint32_t>(4.0F), sizeof(float));
    return ready->work();
  };
}

Work OpenclLimits::traffic(Traffic traffic, uint64_t bytes) {
  const bool copies = traffic == Traffic::kCopy;
  const uint64_t arrays = copies ? 2 : 3;
  std::vector<Work> ways;
  for (const uint32_t width : {2U, 4U, 8U}) {
    for (const bool contiguous : {true, false}) {
      const uint64_t element = width * (copies ? sizeof(uint64_t) : sizeof(float));
      const uint64_t count = std::max<uint64_t>(1, bytes / arrays / element);
      Plan plan;
      plan.groups = std::max(device_.facts.compute_units, 1U) * (device_.facts.is_cpu() ? 1U : 8U);
      plan.lanes = contiguous && device_.facts.is_cpu() ? 1 : std::min<size_t>(device_.facts.is_cpu() ? 16 : 256, device_.facts.work_group_lanes);
      plan.bytes = arrays * count * element;
      plan.work_per_turn = static_cast<double>(count * element) * (copies ? 1.0 : 1.5);
      plan.text = fmt::format("#define T {}\n#define COUNT {}\n#define CONTIGUOUS {}\n{}{}", vector_of(copies ? "ulong" : "float", width), count, contiguous ? 1 : 0, kOrder,
                              copies ? kCopy : kTriad);
      ways.push_back(copies ? copy(plan) : triad(plan));
    }
  }
  return quickest_of(ways);
}

}  // namespace assay::bench
