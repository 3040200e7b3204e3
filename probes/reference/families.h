// SPDX-License-Identifier: Apache-2.0
// One reference a family; the definitions are in probes/catalogue/<family>.h. reference.h is what others call.
#pragma once

#include <cstdint>
#include <string_view>

#include "common/base/result.h"
#include "probes/reference/reference.h"

namespace assay::probes::reference {

Status gemm_f64_grid(uint32_t operand_set, const StepSink& sink);
Status gemm_f32_grid(uint32_t operand_set, const StepSink& sink);
// Any probe of probes/catalogue/gemm_grid.h.
Status gemm_grid_product(std::string_view probe_id, uint32_t operand_set, const StepSink& sink);
// Any probe of probes/catalogue/gemm_random.h, by the emulator of its matrix unit.
Status gemm_random_product(std::string_view probe_id, uint32_t operand_set, const StepSink& sink);
Status fma_f64_chain(uint32_t operand_set, const StepSink& sink);
Status fma_f32_chain(uint32_t operand_set, const StepSink& sink);
Status int_mul_chain(uint32_t operand_set, const StepSink& sink);
Status device_atomics_cells(uint32_t operand_set, const StepSink& sink);
Status div_f64_chain(uint32_t operand_set, const StepSink& sink);
Status div_f32_chain(uint32_t operand_set, const StepSink& sink);
Status addmul_f64_chain(uint32_t operand_set, const StepSink& sink);
Status addmul_f32_chain(uint32_t operand_set, const StepSink& sink);
Status x87_arith_chain(uint32_t operand_set, const StepSink& sink);
Status transformer_step(uint32_t operand_set, const StepSink& sink);
Status x87_atan_chain(uint32_t operand_set, const StepSink& sink);
Status minmax_chain(uint32_t operand_set, const StepSink& sink);
Status cvt_table(uint32_t operand_set, const StepSink& sink);
Status crc32c_chain(uint32_t operand_set, const StepSink& sink);
Status aes_chain(uint32_t operand_set, const StepSink& sink);
Status shuffle_perm(uint32_t operand_set, const StepSink& sink);
Status int_div_chain(uint32_t operand_set, const StepSink& sink);
Status int_alu_chain(uint32_t operand_set, const StepSink& sink);
Status int_bits_chain(uint32_t operand_set, const StepSink& sink);
Status int_mul32_chain(uint32_t operand_set, const StepSink& sink);
Status clmul_chain(uint32_t operand_set, const StepSink& sink);
Status gather_scatter(uint32_t operand_set, const StepSink& sink);
Status mask_ops(uint32_t operand_set, const StepSink& sink);
Status sha256_chain(uint32_t operand_set, const StepSink& sink);
Status chacha20_chain(uint32_t operand_set, const StepSink& sink);
Status logistic_f64(uint32_t operand_set, const StepSink& sink);
Status sort_merge(uint32_t operand_set, const StepSink& sink);
Status hashmap_mix(uint32_t operand_set, const StepSink& sink);
Status interp_mix(uint32_t operand_set, const StepSink& sink);
Status zlib_roundtrip(uint32_t operand_set, const StepSink& sink);
// Any of the memory probes (memory_programs.h).
Status memory_program(std::string_view id, uint32_t operand_set, const StepSink& sink);
Status int_bytes_chain(uint32_t operand_set, const StepSink& sink);
Status int_mul52_chain(uint32_t operand_set, const StepSink& sink);
Status cross_hop(uint32_t operand_set, const StepSink& sink);
Status cross_atomics(uint32_t operand_set, const StepSink& sink);
Status cross_lock(uint32_t operand_set, const StepSink& sink);
Status cross_pingpong(uint32_t operand_set, const StepSink& sink);
Status l2_read(uint32_t operand_set, const StepSink& sink);
Status copy_to_device(uint32_t operand_set, const StepSink& sink);
Status copy_from_device(uint32_t operand_set, const StepSink& sink);
Status dsmem_exchange(uint32_t operand_set, const StepSink& sink);
Status atomic_mix(uint32_t operand_set, const StepSink& sink);
Status cross_litmus(uint32_t operand_set, const StepSink& sink);

}  // namespace assay::probes::reference
