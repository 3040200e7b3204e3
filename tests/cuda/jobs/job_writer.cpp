// SPDX-License-Identifier: Apache-2.0
// Writes a PTX job (tests/cuda/README.md) for every portable program that has a golden and whose kernel is in a PTX file: one team of one unit does one run of one operand set,
// and must give the committed golden, with no wrong word and none left poisoned.
#include <fmt/format.h>

#include <array>
#include <bit>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "common/base/digest.h"
#include "probes/backend/cuda/arguments.inl"
#include "probes/backend/device/portable.h"
#include "probes/catalogue/catalogue.h"
#include "probes/goldens/golden_set.h"

namespace {

using assay::Digest;
using assay::probes::device::Program;

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

std::string job_text(const Program& program, const std::string& ptx, uint32_t operand_set, const Digest& golden) {
  std::string operands;
  for (const uint64_t word : operands_of(program, operand_set)) {
    operands += little_endian(word);
  }
  std::array<AssayUnit, kUnits> units{};
  units[kUnit].wanted = 1;
  const auto& shape = program.shape;
  // Fields of AssayArguments in their order; results are {high, low, done, wrong words}.
  static_assert(sizeof(AssayArguments) == 11 * 8 + 2 * 4);
  return fmt::format(
      R"({{"about": "{} v{}, operand set {}", "ptx": "{}", "kernel": "{}_kernel", "grid": [1], "block": [{}], "dynamic_shared": {}, "smids": [{}], "nsmid": {},
 "buffers": {{"launch": {{"hex": "{}"}}, "units": {{"hex": "{}"}}, "slots": {{"u32": [0]}}, "hits": {{"u32": [0]}}, "operands": {{"hex": "{}"}},
  "scratch": {{"zero": {}}}, "results": {{"zero": {}}}, "records": {{"zero": {}}}, "board": {{"zero": {}}}}},
 "parameters": [{{"struct": [{{"address": "launch"}}, {{"address": "units"}}, {{"address": "slots"}}, {{"address": "hits"}}, {{"address": "operands"}}, {{"u64": 0}},
  {{"address": "scratch"}}, {{"address": "results"}}, {{"address": "records"}}, {{"address": "board"}}, {{"u64": 0}}, {{"u32": [0, 1]}}]}}],
 "expect": [{{"buffer": "results", "struct": [{{"u64": "{:#x}"}}, {{"u64": "{:#x}"}}, {{"u32": [1, 0]}}]}}, {{"buffer": "board", "u32": [1, 1, 0]}}]}}
)",
      program.probe_id, program.version, operand_set, ptx, shape.name, shape.lanes, shape.memory_words * 8, kUnit, kUnits, hex_of(launch_of_one_run()), hex_of(units),
      operands, shape.scratch_words * 8, sizeof(AssayRun), sizeof(AssayRecord), sizeof(AssayBoard), golden.high, golden.low);
}

int fail(const std::string& words) {
  std::fputs(fmt::format("ptx_job_writer: {}\n", words).c_str(), stderr);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    return fail("usage: ptx_job_writer GOLDENS PTX TAG FOLDER: jobs FOLDER/<probe>.TAG.json for the kernels of PTX");
  }
  const auto goldens = assay::probes::GoldenSet::load(argv[1]);
  if (!goldens) {
    return fail(goldens.error().message);
  }
  std::ifstream file(argv[2]);
  std::stringstream ptx;
  ptx << file.rdbuf();
  if (!file) {
    return fail(fmt::format("cannot read {}", argv[2]));
  }
  int written = 0;
  for (const Program& program : assay::probes::device::programs()) {
    if (ptx.str().find(fmt::format(".entry {}_kernel(", program.shape.name)) == std::string::npos) {
      return fail(fmt::format("{} has no kernel {}_kernel", argv[2], program.shape.name));
    }
    if (!assay::has_golden(assay::probes::find_probe(program.probe_id)->tier)) {
      continue;  // approximate functions: the interpreter knows none of their bits
    }
    const auto golden = goldens->find(assay::ProbeRef{std::string(program.probe_id), program.version}, 0);
    if (!golden) {
      return fail(fmt::format("there is no golden of {} v{}", program.probe_id, program.version));
    }
    const auto path = std::filesystem::path(argv[4]) / fmt::format("{}.{}.json", program.probe_id, argv[3]);
    std::ofstream out(path);
    out << job_text(program, std::filesystem::absolute(argv[2]).string(), 0, *golden);
    if (!out.flush()) {
      return fail(fmt::format("cannot write {}", path.string()));
    }
    ++written;
  }
  std::fputs(fmt::format("ptx_job_writer: {} jobs\n", written).c_str(), stdout);
  return 0;
}
