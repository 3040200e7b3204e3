// SPDX-License-Identifier: Apache-2.0
#include "probes/reference/reference.h"

#include <fmt/format.h>

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
#include "probes/catalogue/sha256.h"
#include "probes/catalogue/shuffle.h"
#include "probes/catalogue/sort.h"
#include "probes/catalogue/transformer.h"
#include "probes/catalogue/x87.h"
#include "probes/catalogue/x87_atan.h"
#include "probes/catalogue/zlib.h"
#include "probes/reference/families.h"

namespace assay::probes::reference {
namespace {

struct Entry {
  std::string_view probe_id;
  Status (*run)(uint32_t operand_set, const StepSink& sink);
};

constexpr Entry kEntries[] = {
    {gemm::kIdF64, gemm_f64_grid}, {gemm::kIdF32, gemm_f32_grid}, {fma::kIdF64, fma_f64_chain},
    {fma::kIdF32, fma_f32_chain},  {int_mul::kId, int_mul_chain}, {div::kIdF64, div_f64_chain},
    {crc32c::kId, crc32c_chain},   {aes::kId, aes_chain},         {shuffle::kId, shuffle_perm},
    {int_div::kId, int_div_chain},
    {int_alu::kId, int_alu_chain},
    {int_bits::kId, int_bits_chain},
    {int_mul32::kId, int_mul32_chain},
    {clmul::kId, clmul_chain},
    {gather::kId, gather_scatter},
    {mask::kId, mask_ops},
    {div::kIdF32, div_f32_chain},
    {addmul::kIdF64, addmul_f64_chain},
    {addmul::kIdF32, addmul_f32_chain},
    {x87::kIdArith, x87_arith_chain},
    {transformer::kId, transformer_step},
    {sha256::kId, sha256_chain},
    {chacha20::kId, chacha20_chain},
    {logistic::kId, logistic_f64},
    {sort::kId, sort_merge},
    {hashmap::kId, hashmap_mix},
    {interp::kId, interp_mix},
    {zlib::kId, zlib_roundtrip},
    {x87_atan::kId, x87_atan_chain},
    {minmax::kId, minmax_chain},
    {cvt::kId, cvt_table},
    {int_bytes::kId, int_bytes_chain},
    {int_mul52::kId, int_mul52_chain},
    {hop::kId, cross_hop},
    {atomics::kId, cross_atomics},
    {lock::kId, cross_lock},
    {pingpong::kId, cross_pingpong},
    {paths::kIdL2Read, l2_read},
    {paths::kIdCopyToDevice, copy_to_device},
    {paths::kIdCopyToHost, copy_from_device},
    {paths::kIdCopyToPeer, copy_from_device},
    {paths::kIdExchange, dsmem_exchange},
    {paths::kIdAtomicMix, atomic_mix},
    {litmus::kId, cross_litmus},
    {device_atomics::kId, device_atomics_cells},
};

}  // namespace

Status run(std::string_view probe_id, uint32_t operand_set, const StepSink& sink) {
  if (memory::find_program(probe_id) != nullptr) return memory_program(probe_id, operand_set, sink);
  for (const Entry& entry : kEntries) {
    if (entry.probe_id == probe_id) return entry.run(operand_set, sink);
  }
  for (const gemm_grid::Kind& kind : gemm_grid::kKinds) {
    if (kind.id == probe_id) return gemm_grid_product(probe_id, operand_set, sink);
  }
  if (gemm_random::find_kind(probe_id) != nullptr) return gemm_random_product(probe_id, operand_set, sink);
  return make_error(ErrorCode::kNotFound, fmt::format("{}: no reference; add one in probes/reference", probe_id));
}

Result<Digest> digest(std::string_view probe_id, uint32_t operand_set) {
  Digest128 digest;
  const Status done =
      run(probe_id, operand_set, [&](uint32_t, std::span<const uint64_t> output) { digest.add(output); });
  if (!done) return done.error();
  return digest.value();
}

}  // namespace assay::probes::reference
