// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/catalogue.h"

#include <vector>

#include "probes/catalogue/addmul.h"
#include "probes/catalogue/aes.h"
#include "probes/catalogue/atomics.h"
#include "probes/catalogue/chacha20.h"
#include "probes/catalogue/clmul.h"
#include "probes/catalogue/crc32c.h"
#include "probes/catalogue/cvt.h"
#include "probes/catalogue/device_atomics.h"
#include "probes/catalogue/div.h"
#include "probes/catalogue/fma.h"
#include "probes/catalogue/gather.h"
#include "probes/catalogue/gemm.h"
#include "probes/catalogue/gemm_grid.h"
#include "probes/catalogue/gemm_random.h"
#include "probes/catalogue/hashmap.h"
#include "probes/catalogue/hop.h"
#include "probes/catalogue/int_alu.h"
#include "probes/catalogue/int_bits.h"
#include "probes/catalogue/int_bytes.h"
#include "probes/catalogue/int_div.h"
#include "probes/catalogue/int_mul.h"
#include "probes/catalogue/int_mul32.h"
#include "probes/catalogue/int_mul52.h"
#include "probes/catalogue/interp.h"
#include "probes/catalogue/litmus.h"
#include "probes/catalogue/lock.h"
#include "probes/catalogue/logistic.h"
#include "probes/catalogue/mask.h"
#include "probes/catalogue/memory_programs.h"
#include "probes/catalogue/minmax.h"
#include "probes/catalogue/paths.h"
#include "probes/catalogue/pingpong.h"
#include "probes/catalogue/sfu.h"
#include "probes/catalogue/sha256.h"
#include "probes/catalogue/shuffle.h"
#include "probes/catalogue/sort.h"
#include "probes/catalogue/transformer.h"
#include "probes/catalogue/x87.h"
#include "probes/catalogue/x87_atan.h"
#include "probes/catalogue/zlib.h"

namespace assay::probes {
namespace {

ProbeSpec spec(std::string_view id, uint32_t version, std::string_view family, std::string_view precision,
               std::string_view exercises, uint32_t weight, uint64_t memory_bytes) {
  ProbeSpec result;
  result.ref = {std::string(id), version};
  result.family = family;
  result.precision = precision;
  result.exercises = exercises;
  result.weight = weight;
  result.memory_bytes = memory_bytes;
  return result;
}

// The probes of gemm_grid.h.
ProbeSpec grid(std::string_view id, std::string_view exercises, uint32_t weight) {
  return spec(id, gemm_grid::kind_of(id).version, "gemm_grid", gemm_grid::kind_of(id).precision, exercises, weight, 1024 * 1024);
}

// A probe of gemm_random.h.
ProbeSpec random_product(const gemm_random::Kind& kind, std::string_view exercises) {
  ProbeSpec result = spec(kind.id, gemm_random::kVersion, "gemm_random", kind.precision, exercises, 2, 1024 * 1024);
  result.tier = GoldenTier::kT1Emulated;
  return result;
}

// sfu.h: nobody has a golden of it.
ProbeSpec approximations(uint64_t memory_bytes) {
  ProbeSpec result = spec(sfu::kId, sfu::kVersion, "sfu", "fp32", "special function unit: approximate 1/x, 1/sqrt, log2, 2^x, sine, cosine", 2, memory_bytes);
  result.tier = GoldenTier::kT3Quorum;
  result.operand_sets = sfu::kOperandSets;
  return result;
}

constexpr uint64_t kSmall = 16 * 1024;  // operands and state of a chain
constexpr uint64_t kTeam = 512 * 1024;  // what up to four threads share and their stacks touch

std::vector<ProbeSpec> matrix_products() {
  return {
      spec(gemm::kIdF64, gemm::kVersion, "gemm", "fp64", "FP64 fused multiply-add units, exponent and mantissa paths", 4, 1024 * 1024),
      spec(gemm::kIdF32, gemm::kVersion, "gemm", "fp32", "FP32 fused multiply-add units, exponent and mantissa paths", 4, 1024 * 1024),
      grid("gemm.tf32.grid", "TF32 matrix units; FP32 fused multiply-add where there are none", 2),
      grid("gemm.fp16.grid", "FP16 matrix units; conversion from FP16 and FP32 fused multiply-add", 2),
      grid("gemm.bf16.grid", "BF16 matrix units and dot products", 4),
      grid("gemm.e4m3.grid", "FP8 e4m3 matrix units; decoding and FP32 fused multiply-add where there are none", 2),
      grid("gemm.e5m2.grid", "FP8 e5m2 matrix units; decoding and FP32 fused multiply-add where there are none", 2),
      grid("gemm.int8.grid", "INT8 matrix units and dot products", 4),
      grid("gemm.int4.grid", "INT4 matrix units; unpacking and integer dot products where there are none", 1),
      grid("gemm.mxfp6.grid", "block-scaled FP6 matrix units; decoding and FP32 fused multiply-add otherwise", 1),
      grid("gemm.mxfp4.grid", "block-scaled FP4 matrix units; decoding and FP32 fused multiply-add otherwise", 1),
      grid("gemm.nvfp4.grid", "FP4 matrix units with e4m3 scales; decoding and FP32 fused multiply-add otherwise", 1),
      random_product(*gemm_random::find_kind(gemm_random::kIdBf16), "BF16 dot products, alignment and rounding on ordinary operands"),
  };
}

std::vector<ProbeSpec> arithmetic() {
  return {
      spec(fma::kIdF64, fma::kVersion, "fma", "fp64", "FP64 fused multiply-add, full mantissas and rounding", 3, kSmall),
      spec(fma::kIdF32, fma::kVersion, "fma", "fp32", "FP32 fused multiply-add, full mantissas and rounding", 3, kSmall),
      spec(div::kIdF64, div::kVersion, "div", "fp64", "FP64 division and square root", 2, kSmall),
      spec(div::kIdF32, div::kVersion, "div", "fp32", "FP32 division and square root", 2, kSmall),
      spec(addmul::kIdF64, addmul::kVersion, "addmul", "fp64", "FP64 adders and multipliers, nothing fused", 2, kSmall),
      spec(addmul::kIdF32, addmul::kVersion, "addmul", "fp32", "FP32 adders and multipliers, nothing fused", 2, kSmall),
      spec(cvt::kId, cvt::kVersion, "cvt", "mixed", "conversions between FP16, BF16, FP32, FP64 and integers", 2, kSmall),
      spec(minmax::kId, minmax::kVersion, "minmax", "mixed", "minima, maxima, comparisons, masks and blends", 2, kSmall),
      spec(transformer::kId, transformer::kVersion, "transformer", "fp32", "FP32 arithmetic of training: FMA, divide, root, moves", 3, 256 * 1024),
      spec(x87::kIdArith, x87::kVersion, "x87", "fp80", "80-bit x87 arithmetic unit", 1, kSmall),
      spec(x87_atan::kId, x87_atan::kVersion, "x87", "fp80", "80-bit x87 functions: sine, cosine, tangent, arctangent, logarithm, power", 1, kSmall),
      spec(logistic::kId, logistic::kVersion, "logistic", "fp64", "FP64 multiply, subtract and fused multiply-add in dependent orbits", 2, kSmall),
  };
}

std::vector<ProbeSpec> integers() {
  return {
      spec(int_mul::kId, int_mul::kVersion, "int_mul", "int64", "64-bit integer multiplier, low and high half", 2, kSmall),
      spec(int_div::kId, int_div::kVersion, "int_div", "int64", "integer divider, 32-bit, 64-bit and 128 by 64, signed and unsigned", 2, kSmall),
      spec(int_alu::kId, int_alu::kVersion, "int_alu", "int64", "integer sums with carry, shifts, logic, counts, conditional moves", 2, kSmall),
      spec(int_bits::kId, int_bits::kVersion, "int_bits", "int64", "bits gathered and scattered by masks, cuts of words", 2, kSmall),
      spec(int_mul32::kId, int_mul32::kVersion, "int_mul32", "int32", "multipliers of 8, 16 and 32 bits, saturating sums, packing", 2, kSmall),
      spec(clmul::kId, clmul::kVersion, "clmul", "bytes", "carry-less multiplier", 2, kSmall),
      spec(mask::kId, mask::kVersion, "mask", "bytes", "comparisons into masks, mask registers, masked moves of lanes", 2, kSmall),
      spec(int_bytes::kId, int_bytes::kVersion, "int_bytes", "bytes", "byte permutations, bit fields, byte compress and expand, counts", 2, kSmall),
      spec(int_mul52::kId, int_mul52::kVersion, "int_mul52", "int64", "52-bit multiply-add, low and high half", 2, kSmall),
  };
}

std::vector<ProbeSpec> moves_and_workloads() {
  return {
      spec(crc32c::kId, crc32c::kVersion, "crc32c", "bytes", "CRC32 instruction, loads from the first-level cache", 2, 32 * 1024),
      spec(aes::kId, aes::kVersion, "aes", "bytes", "AES round and key instructions", 2, kSmall),
      spec(shuffle::kId, shuffle::kVersion, "shuffle", "bytes", "byte and lane permutations of vector registers", 3, kSmall),
      spec(gather::kId, gather::kVersion, "gather", "bytes", "gathers and scatters through the first-level cache", 2, 32 * 1024),
      spec(sha256::kId, sha256::kVersion, "sha256", "bytes", "SHA instructions, 32-bit rotates and additions", 2, kSmall),
      spec(chacha20::kId, chacha20::kVersion, "chacha20", "bytes", "32-bit vector additions, logic, rotates and byte permutes", 2, kSmall),
      spec(sort::kId, sort::kVersion, "sort", "int64", "branch prediction on data, comparisons, moves in the first-level cache", 2, 64 * 1024),
      spec(hashmap::kId, hashmap::kVersion, "hashmap", "int64", "dependent loads and stores by computed indices, branches on data", 2, 160 * 1024),
      spec(interp::kId, interp::kVersion, "interp", "int64", "front end, indirect branches, store forwarding, integer units", 2, kSmall),
      spec(zlib::kId, zlib::kVersion, "zlib", "bytes",
          "byte loads and stores, string matching, code tables, checksums, as a library does them", 2, 1280 * 1024),
  };
}

std::vector<ProbeSpec> between_cpus() {
  return {
      spec(hop::kId, hop::kVersion, "hop", "int64", "results handed from CPU to CPU, each checked by the next", 2, kTeam),
      spec(atomics::kId, atomics::kVersion, "atomics", "int64", "atomic read-modify-write between CPUs", 1, kTeam),
      spec(lock::kId, lock::kVersion, "lock", "int64", "locks and order of stores between CPUs", 1, kTeam),
      spec(pingpong::kId, pingpong::kVersion, "pingpong", "bytes", "cache lines written by several CPUs at once", 1, kTeam),
      spec(litmus::kId, litmus::kVersion, "litmus", "int64", "memory ordering and coherence between CPUs", 1, kTeam),
  };
}

std::vector<ProbeSpec> ways_of_accelerators() {
  constexpr uint64_t kBytes = paths::kParamWords * 8 + kSmall;
  constexpr uint64_t kSentBytes = paths::kSentWords * paths::kSteps * 8 + kSmall;
  return {
      spec(paths::kIdL2Read, paths::kVersion, "paths", "bytes", "the cache that all units share, and the crossbar to it", 2, kBytes),
      spec(paths::kIdCopyToDevice, paths::kVersion, "paths", "bytes", "copy engine and bus, from the host's memory", 1, kBytes),
      spec(paths::kIdCopyToHost, paths::kVersion, "paths", "bytes", "copy engine and bus, to the host's memory", 1, kSentBytes),
      spec(paths::kIdCopyToPeer, paths::kVersion, "paths", "bytes", "copy engine and the link to another device", 1, kSentBytes),
      spec(paths::kIdExchange, paths::kVersion, "paths", "bytes", "shared memory of another unit of the cluster, and the network to it", 2, kBytes),
      spec(paths::kIdAtomicMix, paths::kVersion, "paths", "int64", "atomic units of the cache that all units share", 1, kBytes),
  };
}

// One for each program of memory_programs.h.
std::vector<ProbeSpec> memories() {
  std::vector<ProbeSpec> all;
  for (const memory::Program& program : memory::programs()) {
    all.push_back(spec(program.id, program.version, "memory", "bytes", program.exercises, program.weight, program.bytes() + kSmall + 64 * 1024));
  }
  return all;
}

}  // namespace

std::span<const ProbeSpec> catalogue() {
  static const std::vector<ProbeSpec> kAll = [] {
    std::vector<ProbeSpec> all;
    for (const auto group : {matrix_products, arithmetic, integers, moves_and_workloads, memories, between_cpus}) {
      for (ProbeSpec& probe : group()) all.push_back(std::move(probe));
    }
    return all;
  }();
  return kAll;
}

std::span<const ProbeSpec> device_catalogue() {
  static const std::vector<ProbeSpec> kTable = [] {
    std::vector<ProbeSpec> table;
    for (const gemm_random::Kind& kind : gemm_random::kKinds) {
      if (kind.id == gemm_random::kIdBf16) continue;
      table.push_back(random_product(kind, "alignment, truncation and rounding of the matrix unit"));
    }
    for (const memory::Program& program : memory::device_programs()) {
      table.push_back(spec(program.id, program.version, "memory", "bytes", program.exercises, program.weight, program.bytes() + kSmall));
    }
    table.push_back(spec(device_atomics::kId, device_atomics::kVersion, "device_atomics", "int64",
                         "atomic units of the caches: sums, minima, maxima, logic, compare and swap", 2, kSmall));
    table.push_back(approximations(kSmall));
    for (ProbeSpec& way : ways_of_accelerators()) table.push_back(std::move(way));
    return table;
  }();
  return kTable;
}

std::span<const ProbeSpec> all_probes() {
  static const std::vector<ProbeSpec> kAll = [] {
    std::vector<ProbeSpec> all(catalogue().begin(), catalogue().end());
    all.insert(all.end(), device_catalogue().begin(), device_catalogue().end());
    return all;
  }();
  return kAll;
}

const ProbeSpec* find_probe(std::string_view id) {
  for (const ProbeSpec& probe : all_probes()) {
    if (probe.ref.id == id) return &probe;
  }
  return nullptr;
}

}  // namespace assay::probes
