// SPDX-License-Identifier: Apache-2.0
// bench_probes: verified rates of the GEMM and memory probes on one core, each beside the limit of the machine
// measured in the same run. A verified run is all of it: operands, poison, steps, digest, kept outputs, comparison with the golden.
// JSON lines: name, value, unit, limit, ratio.
//
// usage: bench_probes [SECONDS]   (goldens from ASSAY_SOURCE_DIR)
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/parse.h"
#include "probes/backend/host/capture.h"
#include "probes/backend/host/kernel.h"
#include "probes/backend/host/mapped_memory.h"
#include "probes/backend/host/poison.h"
#include "probes/catalogue/catalogue.h"
#include "probes/catalogue/memory_programs.h"
#include "probes/goldens/golden_set.h"
#include "tests/bench/comparison.h"
#include "tests/bench/memory_limit.h"
#include "tests/bench/peak_loops.h"

namespace assay::bench {
namespace {

// Complete verified runs of a probe, one operand set after the other.
class VerifiedRun {
 public:
  VerifiedRun(const probes::GoldenTable& table, std::unique_ptr<probes::host::Kernel> kernel)
      : table_(table), kernel_(std::move(kernel)) {}

  double operator()() {
    const uint32_t set = next_++ % static_cast<uint32_t>(table_.digests.size());
    kernel_->prepare(set);
    const std::span<uint64_t> output = kernel_->output();
    capture_.begin(kernel_->steps(), output.size());
    probes::host::fill_with(kPoison, output);
    for (uint32_t step = 0; step < kernel_->steps(); ++step) {
      kernel_->step(step);
      capture_.add(output, kPoison);
    }
    if (capture_.digest() != table_.digests[set])
      fail(fmt::format("operand set {} differs from its golden: the rate is worth nothing", set));
    return kernel_->work_per_run();
  }

 private:
  static constexpr uint64_t kPoison = 0xDEADBEEFDEADBEEF;
  static constexpr uint64_t kKeptBytes = uint64_t{8} << 20;  // as the frame does
  const probes::GoldenTable& table_;
  std::unique_ptr<probes::host::Kernel> kernel_;
  probes::host::Capture capture_{kKeptBytes};
  uint32_t next_ = 0;
};

Work verified(const probes::GoldenSet& goldens, std::string_view id, const probes::host::KernelEntry* entry) {
  const ProbeSpec* probe = probes::find_probe(id);
  const probes::GoldenTable* table = probe == nullptr ? nullptr : goldens.find(probe->ref);
  if (table == nullptr) fail(fmt::format("{}: no golden", id));
  std::unique_ptr<probes::host::Kernel> kernel = entry == nullptr ? nullptr : entry->make({});
  if (kernel == nullptr) fail(fmt::format("{}: cannot run here", id));
  const auto run = std::make_shared<VerifiedRun>(*table, std::move(kernel));
  return [run] { return (*run)(); };
}

Work verified(const probes::GoldenSet& goldens, std::string_view id) { return verified(goldens, id, probes::host::best_kernel(id)); }

// A matrix probe by each of the instructions made for it that this CPU has, beside the peak of that very instruction.
void compare_matrix(const probes::GoldenSet& goldens, std::string_view id, probes::host::Variant variant, const Work& peak, double seconds) {
  for (const auto& entry : probes::host::kernels()) {
    if (entry.probe_id != id || entry.variant != variant || !probes::host::is_supported(entry)) continue;
    compare(fmt::format("{}/{}", id, to_string(variant)), "Gop/s", verified(goldens, id, &entry), peak, seconds);
  }
}

// A memory probe reads, checks and writes every byte in each pass but the first, which only writes, and the last, which only reads. The
// limit does so in every pass, on as much memory of the same kind, with stores past the caches; probes that stay in the caches stand beside a
// loop with ordinary stores as well, which has no digest to compute.
void compare_memory(const probes::GoldenSet& goldens, const probes::memory::Program& program, Stores stores, double seconds) {
  constexpr uint64_t kBytesATurn = uint64_t{1} << 20;
  const probes::host::MappedMemory memory(program.bytes());
  if (memory.empty()) fail("no memory");
  const uint64_t passes = std::max<uint64_t>(1, kBytesATurn / program.bytes());
  uint64_t word = 0x0123456789ABCDEF;
  std::ranges::fill(memory.words(), word);
  const Work limit = [&] {
    uint64_t wrong = 0;
    for (uint64_t pass = 0; pass < passes; ++pass) {
      word = ~word;
      wrong |= verify_and_store(memory.words(), word, stores);
    }
    if (wrong != 0) fail("the memory of the limit loop reads back wrong");
    return static_cast<double>(passes * program.bytes());
  };
  const std::string name = fmt::format("{}{}", program.id, stores == Stores::kPlain ? "/in_caches" : "");
  compare(name, "GB/s", verified(goldens, program.id), limit, seconds);
}

// The passes of a probe, in its order and with its stores, over as much memory, and nothing else: no patterns, no digest. Gives the bytes that were read
// and found right.
class SamePasses {
 public:
  explicit SamePasses(const probes::memory::Program& program)
      : program_(program), passes_(probes::memory::passes_of(program)), memory_(program.bytes()) {
    if (memory_.empty()) fail("no memory");
  }

  double operator()() {
    double read = 0;
    for (const probes::memory::Pass& pass : passes_) {
      Sweep how;
      how.reads = pass.reads.has_value();
      how.writes = pass.writes.has_value();
      how.streamed = program_.stores == probes::memory::Stores::kStreamed;
      how.down = pass.order == probes::memory::Order::kDown;
      if (pass.order == probes::memory::Order::kStrided) how.line_bits = static_cast<uint32_t>(std::countr_zero(program_.lines()));
      how.turn = pass.turn;
      how.expected = word_;
      if (how.writes) how.word = word_ = ~word_;
      if (sweep(memory_.words(), how) != 0) fail("the memory of the limit loop reads back wrong");
      if (how.reads) read += static_cast<double>(program_.bytes());
    }
    return read;
  }

 private:
  const probes::memory::Program& program_;
  const std::vector<probes::memory::Pass> passes_;
  const probes::host::MappedMemory memory_;
  uint64_t word_ = 0x0123456789ABCDEF;
};

void compare_passes(const probes::GoldenSet& goldens, const probes::memory::Program& program, double seconds) {
  const auto limit = std::make_shared<SamePasses>(program);
  compare(fmt::format("{}/same_passes", program.id), "GB/s", verified(goldens, program.id), [limit] { return (*limit)(); }, seconds);
}

int run(double seconds) {
  const char* source = std::getenv("ASSAY_SOURCE_DIR");
  const auto goldens =
      probes::GoldenSet::load(std::filesystem::path(source == nullptr ? "." : source) / "probes" / "goldens");
  if (!goldens.ok()) fail(goldens.error().message);
  constexpr uint32_t kIterations = 100'000;
  compare(
      "gemm.fp64.grid", "GFLOP/s", verified(*goldens, "gemm.fp64.grid"), [] { return fma_peak_f64(kIterations); },
      seconds);
  compare(
      "gemm.fp32.grid", "GFLOP/s", verified(*goldens, "gemm.fp32.grid"), [] { return fma_peak_f32(kIterations); },
      seconds);
  using probes::host::Variant;
  constexpr uint32_t kTiles = 5'000;
  compare_matrix(*goldens, "gemm.bf16.grid", Variant::kAvx512Bf16, [] { return dot_peak_bf16(kIterations); }, seconds);
  compare_matrix(*goldens, "gemm.bf16.grid", Variant::kAmx, [] { return tile_peak_bf16(kTiles); }, seconds);
  compare_matrix(*goldens, "gemm.int8.grid", Variant::kAvx512Vnni, [] { return dot_peak_int8(kIterations); }, seconds);
  compare_matrix(*goldens, "gemm.int8.grid", Variant::kAmx, [] { return tile_peak_int8(kTiles); }, seconds);

  for (const probes::memory::Program& program : probes::memory::programs()) {
    compare_memory(*goldens, program, Stores::kStreamed, seconds);
    compare_passes(*goldens, program, seconds);
    if (program.stores == probes::memory::Stores::kPlain) compare_memory(*goldens, program, Stores::kPlain, seconds);
  }
  return 0;
}

}  // namespace
}  // namespace assay::bench

int main(int argc, char** argv) {
  double seconds = 3;
  if (argc > 1) {
    const auto given = assay::parse_f64(argv[1]);
    if (!given.ok() || !(*given > 0) || argc > 2) {
      fmt::print(stderr, "usage: bench_probes [SECONDS]\n");
      return 64;
    }
    seconds = *given;
  }
  return assay::bench::run(seconds);
}
