// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/memory_programs.h"

#include <array>
#include <bit>

#include "common/base/check.h"
#include "probes/catalogue/operand_seed.h"

namespace assay::probes::memory {
namespace {

constexpr uint32_t kKiB = 1024 / sizeof(uint64_t);  // in words
constexpr uint32_t kMiB = 1024 * kKiB;
constexpr uint32_t kL1Rounds = 8;

constexpr std::array kTable = {
    Program{.id = "mem.march", .version = 1, .exercises = "memory behind the caches, address and data lines", .weight = 2,
            .words = 4 * kMiB, .block_words = 64 * kKiB, .chunk_words = 4 * kMiB, .stores = Stores::kStreamed,
            .algorithm = Algorithm::kMarch, .recipe = Recipe::kClassic, .backgrounds = 2},
    Program{.id = "mem.march.l1", .version = 1, .exercises = "first-level data cache: cells, load and store paths", .weight = 2,
            .words = 16 * kKiB, .block_words = 16 * kKiB, .chunk_words = 16 * kKiB, .stores = Stores::kPlain,
            .algorithm = Algorithm::kMarch, .recipe = Recipe::kMixed, .backgrounds = 64, .rounds = kL1Rounds,
            .passes_per_step = 4 * kL1Rounds + 2},
    Program{.id = "mem.march.l2", .version = 1, .exercises = "second-level cache: cells, fills and evictions", .weight = 2,
            .words = 256 * kKiB, .block_words = 64 * kKiB, .chunk_words = 256 * kKiB, .stores = Stores::kPlain,
            .algorithm = Algorithm::kMarch, .recipe = Recipe::kMixed, .backgrounds = 16, .passes_per_step = 6},
    Program{.id = "mem.march.l3", .version = 1, .exercises = "last-level cache and the way to it", .weight = 2,
            .words = 4 * kMiB, .block_words = 256 * kKiB, .chunk_words = 4 * kMiB, .stores = Stores::kPlain,
            .algorithm = Algorithm::kMarchJoined, .recipe = Recipe::kClassic, .backgrounds = 2},
    Program{.id = "mem.march.dram", .version = 1, .exercises = "memory controller and DRAM, address and data lines", .weight = 2,
            .words = 64 * kMiB, .block_words = 256 * kKiB, .chunk_words = 2 * kMiB, .stores = Stores::kStreamed,
            .algorithm = Algorithm::kMarchJoined, .recipe = Recipe::kClassic, .backgrounds = 2},
    Program{.id = "mem.inversions", .version = 1, .exercises = "data lines to memory: every bit both ways, next to every other",
            .weight = 1, .words = 16 * kMiB, .block_words = 256 * kKiB, .chunk_words = 2 * kMiB, .stores = Stores::kStreamed,
            .algorithm = Algorithm::kInversions, .recipe = Recipe::kInversion, .backgrounds = 6},
    Program{.id = "mem.address", .version = 1, .exercises = "address lines and decoders: every word tells its own address",
            .weight = 1, .words = 32 * kMiB, .block_words = 256 * kKiB, .chunk_words = 2 * kMiB, .stores = Stores::kStreamed,
            .algorithm = Algorithm::kInversions, .recipe = Recipe::kAddress, .backgrounds = 5},
    Program{.id = "mem.walking", .version = 1, .exercises = "data and address lines one at a time: walking bits, strides of powers of two",
            .weight = 1, .words = 2 * kMiB, .block_words = 64 * kKiB, .chunk_words = 2 * kMiB, .stores = Stores::kPlain,
            .algorithm = Algorithm::kStrides, .recipe = Recipe::kWalking, .backgrounds = 16},
    Program{.id = "mem.random", .version = 1, .exercises = "memory behind the caches, noise on all data lines at once", .weight = 1,
            .words = 16 * kMiB, .block_words = 256 * kKiB, .chunk_words = 2 * kMiB, .stores = Stores::kStreamed,
            .algorithm = Algorithm::kReplace, .recipe = Recipe::kRandom, .backgrounds = 12},
    Program{.id = "mem.fade", .version = 1, .exercises = "DRAM cells and their refresh: data left alone for a while", .weight = 1,
            .words = 64 * kMiB, .block_words = 256 * kKiB, .chunk_words = 2 * kMiB, .stores = Stores::kStreamed,
            .algorithm = Algorithm::kFade, .recipe = Recipe::kRotating, .backgrounds = 1, .rest = std::chrono::milliseconds{250}},
};

static_assert(kTable.size() == kPrograms);

constexpr std::array kDeviceTable = {
    // Within the 48 KiB that a CUDA device gives a block without being asked for more.
    Program{.id = "smem.march", .version = 1, .exercises = "shared memory: cells, banks, load and store paths, address and data lines", .weight = 2,
            .words = 32 * kKiB, .block_words = 2 * kKiB, .chunk_words = 32 * kKiB, .stores = Stores::kPlain,
            .algorithm = Algorithm::kMarch, .recipe = Recipe::kMixed, .backgrounds = 8, .rounds = 2, .passes_per_step = 10},
    // 132 to 160 units of a large chip together have about 200 to 240 MiB, their shared caches 50 to 128 MiB.
    Program{.id = "device.march", .version = 1, .exercises = "memory of the device and the way to it, address and data lines", .weight = 2,
            .words = 1536 * kKiB, .block_words = 96 * kKiB, .chunk_words = 1536 * kKiB, .stores = Stores::kPlain,
            .algorithm = Algorithm::kMarchJoined, .recipe = Recipe::kClassic, .backgrounds = 2},
};

Content plain(uint32_t background) { return {background, false}; }
Content inverse(uint32_t background) { return {background, true}; }

Pass replace(Order order, Content reads, Content writes) { return {.order = order, .reads = reads, .writes = writes}; }

// The four inner elements of March C-.
void add_march(std::vector<Pass>& passes, uint32_t b) {
  for (const Order order : {Order::kUp, Order::kDown}) {
    passes.push_back(replace(order, plain(b), inverse(b)));
    passes.push_back(replace(order, inverse(b), plain(b)));
  }
}

void add_marches(std::vector<Pass>& passes, const Program& program) {
  for (uint32_t b = 0; b < program.backgrounds; ++b) {
    if (b == 0 || program.algorithm == Algorithm::kMarch) passes.push_back({.writes = plain(b)});
    for (uint32_t round = 0; round < program.rounds; ++round) add_march(passes, b);
    const bool joined = program.algorithm == Algorithm::kMarchJoined && b + 1 < program.backgrounds;
    passes.push_back(joined ? replace(Order::kUp, plain(b), plain(b + 1)) : Pass{.reads = plain(b)});
  }
}

void add_inversions(std::vector<Pass>& passes, const Program& program) {
  passes.push_back({.writes = plain(0)});
  for (uint32_t b = 0; b < program.backgrounds; ++b) {
    passes.push_back(replace(Order::kUp, plain(b), inverse(b)));
    Pass back{.order = Order::kDown, .reads = inverse(b)};
    if (b + 1 < program.backgrounds) back.writes = plain(b + 1);
    passes.push_back(back);
  }
}

void add_replacements(std::vector<Pass>& passes, const Program& program) {
  passes.push_back({.writes = plain(0)});
  for (uint32_t b = 0; b + 1 < program.backgrounds; ++b) passes.push_back(replace(Order::kUp, plain(b), plain(b + 1)));
  passes.push_back({.reads = plain(program.backgrounds - 1)});
}

void add_strides(std::vector<Pass>& passes, const Program& program) {
  const auto turns = static_cast<uint32_t>(std::countr_zero(program.lines()));
  const auto content = [](uint32_t b) { return Content{b, b % 2 == 1}; };
  ASSAY_CHECK(program.backgrounds == turns + 1);
  passes.push_back({.order = Order::kStrided, .writes = content(0)});
  for (uint32_t b = 1; b <= turns; ++b) {
    passes.push_back({.order = Order::kStrided, .turn = b % turns, .reads = content(b - 1), .writes = content(b)});
  }
  passes.push_back({.order = Order::kStrided, .reads = content(turns)});
}

void add_fade(std::vector<Pass>& passes) {
  passes.push_back({.writes = plain(0)});
  passes.push_back({.reads = plain(0), .writes = inverse(0), .rests = true});
  passes.push_back({.reads = inverse(0), .rests = true});
}

// Fold or random.
Pattern odd_of(PatternKind kind, Random& random) {
  const uint64_t seed = random.next();
  return {kind, seed, random.next() | 1};
}

Pattern classic_of(Random& random, uint32_t which) {
  constexpr std::array<uint64_t, 6> kWords = {0x0000000000000000, 0x5555555555555555, 0x3333333333333333,
                                              0x0F0F0F0F0F0F0F0F, 0x00FF00FF00FF00FF, 0x0000FFFF0000FFFF};
  const uint64_t draw = random.next();
  const uint64_t word = which % 8 < kWords.size() ? kWords[which % 8] : draw;
  return {PatternKind::kFold, word ^ word >> 32, 0};  // the map is its own inverse
}

Pattern rotate_of(uint64_t seed) { return {PatternKind::kRotate, seed, 0}; }

Pattern address_of(Random& random) {
  const uint64_t first = random.next() >> 33;
  return {PatternKind::kAddress, first + ((0xFFFFFFFF - first) << 32), kAddressStride};
}

Pattern inversion_of(Random& random, uint32_t b) {
  const uint64_t draw = random.next();
  const std::array<uint64_t, 4> words = {0, 0x5555555555555555, std::rotl(uint64_t{0x0101010101010101}, static_cast<int>(draw % 8)), 1};
  return rotate_of(b < words.size() ? words[b] : draw);
}

Pattern mixed_of(Random& random, uint32_t set, uint32_t b) {
  switch (b % 4) {
    case 0: return odd_of(PatternKind::kFold, random);
    case 1: return classic_of(random, set + b / 4);
    case 2: return rotate_of(random.next());
    default: return address_of(random);
  }
}

}  // namespace

std::span<const Program> programs() { return kTable; }

std::span<const Program> device_programs() { return kDeviceTable; }

const Program* find_program(std::string_view id) {
  for (const std::span<const Program> table : {programs(), device_programs()}) {
    for (const Program& program : table) {
      if (program.id == id) return &program;
    }
  }
  return nullptr;
}

std::vector<Pass> passes_of(const Program& program) {
  std::vector<Pass> passes;
  switch (program.algorithm) {
    case Algorithm::kMarch:
    case Algorithm::kMarchJoined: add_marches(passes, program); break;
    case Algorithm::kInversions: add_inversions(passes, program); break;
    case Algorithm::kReplace: add_replacements(passes, program); break;
    case Algorithm::kStrides: add_strides(passes, program); break;
    case Algorithm::kFade: add_fade(passes); break;
  }
  return passes;
}

std::vector<Pattern> operands(const Program& program, uint32_t operand_set) {
  Random random = operand_random(program.id, program.version, operand_set);
  std::vector<Pattern> patterns;
  for (uint32_t b = 0; b < program.backgrounds; ++b) {
    switch (program.recipe) {
      case Recipe::kClassic: patterns.push_back(b == 0 ? odd_of(PatternKind::kFold, random) : classic_of(random, operand_set)); break;
      case Recipe::kMixed: patterns.push_back(mixed_of(random, operand_set, b)); break;
      case Recipe::kInversion: patterns.push_back(inversion_of(random, b)); break;
      case Recipe::kAddress: patterns.push_back(address_of(random)); break;
      case Recipe::kRandom: patterns.push_back(odd_of(PatternKind::kRandom, random)); break;
      case Recipe::kWalking: patterns.push_back(rotate_of(std::rotl(uint64_t{1}, static_cast<int>(random.next() % 64)))); break;
      case Recipe::kRotating: patterns.push_back(rotate_of(random.next())); break;
    }
  }
  return patterns;
}

}  // namespace assay::probes::memory
