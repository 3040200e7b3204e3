// SPDX-License-Identifier: Apache-2.0
// Writes a PTX job (tests/cuda/README.md) for every program of tier T0 of one image of the CUDA backend that the architecture of a PTX file can run: one
// team of one unit does one run of one operand set, and must give the committed golden, with no wrong word and none left poisoned.
#include <fmt/format.h>

#include <array>
#include <bit>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/digest.h"
#include "common/base/parse.h"
#include "probes/backend/cuda/arguments.inl"
#include "probes/backend/cuda/device_program.h"
#include "probes/catalogue/catalogue.h"
#include "probes/goldens/golden_set.h"

namespace {

using assay::Digest;
using assay::probes::cuda::Chip;
using assay::probes::cuda::DeviceProgram;

constexpr uint32_t kUnits = 8;      // the table of units is longer than the grid, as on a device with gaps
constexpr uint32_t kUnit = 5;       // the hardware unit that the block is on
constexpr uint64_t kPoisonSeed = 1;

std::string little_endian(uint64_t word) {
  std::string text;
  for (int byte = 0; byte < 8; ++byte) {
    text += fmt::format("{:02x}", (word >> (8 * byte)) & 0xFF);
  }
  return text;
}

template <typename T>
std::string hex_of(const T& value) {
  static_assert(sizeof(T) % 8 == 0);
  std::string text;
  for (const uint64_t word : std::bit_cast<std::array<uint64_t, sizeof(T) / 8>>(value)) {
    text += little_endian(word);
  }
  return text;
}

AssayLaunch launch_of_one_run() {
  AssayLaunch launch{};
  launch.unit_slots = kUnits;
  launch.runs_per_unit = 1;
  launch.set_count = 1;
  launch.teams = 1;
  launch.record_capacity = 1;
  launch.poison_seed = kPoisonSeed;
  return launch;
}

// Of "compute_90a": what the programs' rows ask of a chip.
std::optional<Chip> chip_of(std::string_view tag) {
  const size_t from = tag.find_first_of("0123456789");
  if (from == std::string_view::npos) {
    return std::nullopt;
  }
  const auto number = assay::parse_u64(tag.substr(from, tag.find_last_of("0123456789") + 1 - from));
  if (!number || *number < 10 || *number > 999) {
    return std::nullopt;
  }
  return Chip{.major = static_cast<uint32_t>(*number / 10), .minor = static_cast<uint32_t>(*number % 10)};
}

std::string operands_of(const DeviceProgram& program, uint32_t operand_set) {
  std::vector<uint64_t> words(program.shape.operand_words());
  const std::span<uint64_t> all = words;
  program.operands(operand_set, all.first(program.shape.state_words), all.subspan(program.shape.state_words));
  std::string text;
  for (const uint64_t word : words) {
    text += little_endian(word);
  }
  return text;
}

// In a cluster the other blocks have no work, on the units before the one that has.
std::string job_text(const DeviceProgram& program, const std::string& ptx, uint32_t operand_set, const Digest& golden) {
  std::array<AssayUnit, kUnits> units{};
  units[kUnit].wanted = 1;
  std::string smids = fmt::format("{}", kUnit);
  for (uint32_t other = 1; other < program.cluster; ++other) {
    smids += fmt::format(", {}", kUnit - other);
  }
  const auto& shape = program.shape;
  // Fields of AssayArguments in their order; results are {high, low, done, wrong words}.
  static_assert(sizeof(AssayArguments) == 11 * 8 + 2 * 4);
  return fmt::format(
      R"({{"about": "{} by {}, operand set {}", "ptx": "{}", "kernel": "{}", "grid": [{}], "block": [{}], "dynamic_shared": {}, "cluster": {}, "smids": [{}], "nsmid": {},
 "buffers": {{"launch": {{"hex": "{}"}}, "units": {{"hex": "{}"}}, "slots": {{"u32": [0]}}, "hits": {{"u32": [0]}}, "operands": {{"hex": "{}"}},
  "scratch": {{"zero": {}}}, "results": {{"zero": {}}}, "records": {{"zero": {}}}, "board": {{"zero": {}}}}},
 "parameters": [{{"struct": [{{"address": "launch"}}, {{"address": "units"}}, {{"address": "slots"}}, {{"address": "hits"}}, {{"address": "operands"}}, {{"u64": 0}},
  {{"address": "scratch"}}, {{"address": "results"}}, {{"address": "records"}}, {{"address": "board"}}, {{"u64": 0}}, {{"u32": [0, 1]}}]}}],
 "expect": [{{"buffer": "results", "struct": [{{"u64": "{:#x}"}}, {{"u64": "{:#x}"}}, {{"u32": [1, 0]}}]}}, {{"buffer": "board", "u32": [{}, 1, 0]}}]}}
)",
      program.probe, program.variant, operand_set, ptx, program.kernel, program.cluster, shape.lanes, shape.memory_words * 8, program.cluster, smids, kUnits,
      hex_of(launch_of_one_run()), hex_of(units), operands_of(program, operand_set), shape.scratch_words * 8, sizeof(AssayRun), sizeof(AssayRecord), sizeof(AssayBoard),
      golden.high, golden.low, program.cluster);
}

int fail(const std::string& words) {
  std::fputs(fmt::format("ptx_job_writer: {}\n", words).c_str(), stderr);
  return 1;
}

// What is wrong, or "".
std::string write_job(const DeviceProgram& program, const assay::probes::GoldenSet& goldens, const std::string& ptx_file, const std::string& ptx,
                      const std::filesystem::path& to) {
  if (ptx.find(fmt::format(".entry {}(", program.kernel)) == std::string::npos) {
    return fmt::format("{} has no kernel {}", ptx_file, program.kernel);
  }
  const auto* spec = assay::probes::find_probe(program.probe);
  const auto golden = spec == nullptr ? std::nullopt : goldens.find(spec->ref, 0);
  if (!golden) {
    return fmt::format("there is no golden of {}", program.probe);
  }
  std::ofstream out(to);
  out << job_text(program, std::filesystem::absolute(ptx_file).string(), 0, *golden);
  return out.flush() ? "" : fmt::format("cannot write {}", to.string());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    return fail("usage: ptx_job_writer GOLDENS IMAGE PTX TAG FOLDER: jobs FOLDER/<probe>.<variant>.TAG.json for the kernels of IMAGE in PTX; TAG as compute_90a");
  }
  const std::string image = argv[2];
  const std::string tag = argv[4];
  const auto goldens = assay::probes::GoldenSet::load(argv[1]);
  if (!goldens) {
    return fail(goldens.error().message);
  }
  std::ifstream file(argv[3]);
  std::stringstream ptx;
  ptx << file.rdbuf();
  if (!file) {
    return fail(fmt::format("cannot read {}", argv[3]));
  }
  const auto chip = chip_of(tag);
  if (!chip) {
    return fail(fmt::format("'{}' names no architecture: write compute_90a", tag));
  }
  int written = 0;
  for (const DeviceProgram& program : assay::probes::cuda::device_programs()) {
    const auto* spec = assay::probes::find_probe(program.probe);
    const bool exact = spec != nullptr && spec->tier == assay::GoldenTier::kT0Analytic;
    if (program.image != image || !exact || (program.fit != nullptr && !program.fit(*chip).missing.empty())) {
      continue;
    }
    // Several probes share a kernel, and a probe has several.
    const auto to = std::filesystem::path(argv[5]) / fmt::format("{}.{}.{}.json", program.probe, program.variant, tag);
    if (const std::string wrong = write_job(program, *goldens, argv[3], ptx.str(), to); !wrong.empty()) {
      return fail(wrong);
    }
    ++written;
  }
  if (written == 0) {
    return fail(fmt::format("no program of image '{}' runs on {}", image, tag));
  }
  std::fputs(fmt::format("ptx_job_writer: {} jobs\n", written).c_str(), stdout);
  return 0;
}
