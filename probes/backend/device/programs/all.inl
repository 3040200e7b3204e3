// SPDX-License-Identifier: Apache-2.0
// Every portable program with its frame, for includers that want all in one: before it come a dialect, digest.inl, inject.inl and frame.inl, and
// ASSAY_ENTRY, the quoted name of the file that is included after each (a kernel around <program>_run, or a row of a table). May be included again.

#include "probes/backend/device/programs/fma_fp64.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/fma_fp32.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/div_fp64.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/div_fp32.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/addmul_fp64.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/addmul_fp32.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/logistic.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/cvt.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/minmax.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/int_mul.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/int_alu.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/int_mul32.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/int_div.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/int_bits.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/clmul.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/mask.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/crc32c.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/sha256.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/chacha20.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/shuffle.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/aes.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/gather.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/gemm_fp64.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/gemm_fp32.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/grid_fp8.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/grid_4x4.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/grid_16x4.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/grid_8.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/grid_int.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/march_l1.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/march_l2.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/march.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/march_l3.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/walking.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/march_team.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/atomics.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/march_device.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/copy_h2d.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/copy_d2h.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/transformer.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"

#include "probes/backend/device/programs/sfu_approx.inl"
#include "probes/backend/device/programs/team_run.inl"
#include ASSAY_ENTRY
#include "probes/backend/device/programs/end_program.inl"
