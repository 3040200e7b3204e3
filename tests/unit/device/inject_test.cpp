// SPDX-License-Identifier: Apache-2.0
// Faults planted on a device are those that the host's injector plants: the same words in, the same words out, for every shape.
#include "probes/backend/host/injector.h"

#include <bit>
#include <string>
#include <vector>

#include "common/base/random.h"
#include "probes/backend/device/programs/plain.h"

namespace assay::probes::device {
namespace {

constexpr uint64_t kPoison = 0xDEADDEADDEADDEAD;
constexpr FaultShape kShapes[] = {FaultShape::kBitFlip, FaultShape::kMultiBit, FaultShape::kZero, FaultShape::kDroppedWrite, FaultShape::kStaleTile,
                                  FaultShape::kLanePeriodic, FaultShape::kSameMaskPair, FaultShape::kStuckAt, FaultShape::kBlindComparator, FaultShape::kNanInf};

// Mask and place as the host draws them, read back from what it does: they are private to it.
struct Drawn {
  uint64_t place = 0;
  uint64_t mask = 0;
};
Drawn drawn(const Injection& injection) {
  Random random(injection.seed);
  Drawn result;
  result.place = random.next();
  result.mask = injection.mask;
  if (result.mask != 0) return result;
  if (injection.shape != FaultShape::kMultiBit) {
    result.mask = uint64_t{1} << random.below(64);
    return result;
  }
  const int wanted = 2 + static_cast<int>(random.below(7));
  while (std::popcount(result.mask) < wanted) result.mask |= uint64_t{1} << random.below(64);
  return result;
}

// What the words of some steps are before any fault: random, alike, all zero, all ones; and the same in each step where a stale tile finds it hardest.
std::vector<uint64_t> words_of(uint32_t kind, uint32_t step, size_t size) {
  std::vector<uint64_t> words(size);
  Random random(kind < 2 ? 1 : 100 + step);
  for (uint64_t& word : words) word = kind == 0 ? 0 : kind == 1 ? ~uint64_t{0} : random.next();
  if (kind == 3) words = std::vector<uint64_t>(size, 0x7FF8'0000'7FC0'7E00);
  if (kind == 4 && size > 1) words[step % size] = 0;
  return words;
}

struct Words {
  std::vector<uint64_t> state;
  std::vector<std::vector<uint64_t>> outputs;
  friend bool operator==(const Words&, const Words&) = default;
};

constexpr uint32_t kSteps = 3;

Words by_host(const Injection& injection, uint32_t kind, size_t state_size, size_t size) {
  Words result;
  result.state = words_of(kind, 9, state_size);
  host::Injector injector(injection, host::Injector::Reach::kOutputsAndState);
  std::vector<uint64_t> output(size);
  injector.begin_run(0, kSteps, state_size > 0, output);
  for (uint32_t step = 0; step < kSteps; ++step) {
    injector.before_step(step, result.state);
    output = words_of(kind, step, size);
    injector.after_step(step, output, kPoison);
    result.outputs.push_back(output);
  }
  return result;
}

Words by_device(const Injection& injection, uint32_t kind, size_t state_size, size_t size) {
  const Drawn it = drawn(injection);
  AssayInjection fault{};
  fault.shape = static_cast<uint32_t>(injection.shape);
  fault.step = injection.step % kSteps;
  fault.place = it.place;
  fault.mask = it.mask;
  const bool can_hit_state = injection.shape == FaultShape::kBitFlip || injection.shape == FaultShape::kMultiBit || injection.shape == FaultShape::kZero ||
                             injection.shape == FaultShape::kLanePeriodic || injection.shape == FaultShape::kSameMaskPair || injection.shape == FaultShape::kNanInf;
  fault.hits_state = can_hit_state && injection.seed % 2 == 1 && state_size > 0 ? 1 : 0;
  Words result;
  result.state = words_of(kind, 9, state_size);
  uint64_t stuck = fault.mask;
  uint32_t shown = 0;
  std::vector<uint64_t> tiles[2] = {std::vector<uint64_t>(size), std::vector<uint64_t>(size)};
  for (uint32_t step = 0; step < kSteps; ++step) {
    assay_inject_before(&fault, step, result.state.data(), static_cast<uint32_t>(state_size));
    std::vector<uint64_t>& out = tiles[step % 2];
    out = words_of(kind, step, size);
    assay_inject_after(&fault, step, out.data(), tiles[(step + 1) % 2].data(), static_cast<uint32_t>(size), kPoison, &stuck, &shown);
    result.outputs.push_back(out);
  }
  return result;
}

TEST(DeviceInjection, IsTheHostsForEveryShape) {
  for (const FaultShape shape : kShapes) {
    for (uint64_t seed = 0; seed < 300; ++seed) {
      Injection injection;
      injection.shape = shape;
      injection.seed = seed;
      injection.step = static_cast<uint32_t>(seed / 2 % 5);
      injection.mask = seed % 7 == 0 ? 0xF000'0000'0000'000F : 0;
      const auto kind = static_cast<uint32_t>(seed % 5);
      for (const size_t size : {size_t{1}, size_t{5}, size_t{64}, size_t{72}, size_t{200}}) {
        const size_t state_size = seed % 3 == 0 ? 0 : 64;
        EXPECT_EQ(by_device(injection, kind, state_size, size), by_host(injection, kind, state_size, size))
            << to_string(shape) << ", seed " << seed << ", " << size << " words";
      }
    }
  }
}

TEST(DeviceInjection, NumbersShapesAsTheModelDoes) {
  EXPECT_EQ(static_cast<uint32_t>(FaultShape::kNone), ASSAY_SHAPE_NONE);
  EXPECT_EQ(static_cast<uint32_t>(FaultShape::kBitFlip), ASSAY_SHAPE_BIT_FLIP);
  EXPECT_EQ(static_cast<uint32_t>(FaultShape::kMultiBit), ASSAY_SHAPE_MULTI_BIT);
  EXPECT_EQ(static_cast<uint32_t>(FaultShape::kZero), ASSAY_SHAPE_ZERO);
  EXPECT_EQ(static_cast<uint32_t>(FaultShape::kDroppedWrite), ASSAY_SHAPE_DROPPED_WRITE);
  EXPECT_EQ(static_cast<uint32_t>(FaultShape::kStaleTile), ASSAY_SHAPE_STALE_TILE);
  EXPECT_EQ(static_cast<uint32_t>(FaultShape::kLanePeriodic), ASSAY_SHAPE_LANE_PERIODIC);
  EXPECT_EQ(static_cast<uint32_t>(FaultShape::kSameMaskPair), ASSAY_SHAPE_SAME_MASK_PAIR);
  EXPECT_EQ(static_cast<uint32_t>(FaultShape::kStuckAt), ASSAY_SHAPE_STUCK_AT);
  EXPECT_EQ(static_cast<uint32_t>(FaultShape::kHang), ASSAY_SHAPE_HANG);
  EXPECT_EQ(static_cast<uint32_t>(FaultShape::kCrash), ASSAY_SHAPE_CRASH);
  EXPECT_EQ(static_cast<uint32_t>(FaultShape::kBlindComparator), ASSAY_SHAPE_BLIND_COMPARATOR);
  EXPECT_EQ(static_cast<uint32_t>(FaultShape::kNanInf), ASSAY_SHAPE_NAN_INF);
}

TEST(DeviceInjectionDeathTest, ACrashEndsTheProcess) {
  AssayInjection fault{};
  fault.shape = ASSAY_SHAPE_CRASH;
  fault.step = 2;
  uint64_t state = 5;
  assay_inject_before(&fault, 1, &state, 1);
  EXPECT_EQ(state, 5U);
  EXPECT_DEATH(assay_inject_before(&fault, 2, &state, 1), "");
}

}  // namespace
}  // namespace assay::probes::device
