// SPDX-License-Identifier: Apache-2.0
// Shared memory of the other block of a cluster of two (PTX ISA, "mapa", "barrier.cluster"; compute capability 9.0 on). The kernel keeps both blocks
// alive until both are done; in between neither waits for the other, so a deadline of one cannot hang the other.
#pragma once

#include "probes/backend/cuda/seat.cuh"

ASSAY_FN assay_u32 assay_peer_address(const assay_u64* mine) {
  assay_u32 rank = 0;
  asm("mov.u32 %0, %%cluster_ctarank;" : "=r"(rank));
  assay_u32 address = 0;
  const assay_u32 local = static_cast<assay_u32>(__cvta_generic_to_shared(mine));
  asm("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(address) : "r"(local), "r"(rank ^ 1u));
  return address;
}
ASSAY_FN void assay_peer_store(const assay_u64* mine, assay_u64 value) {
  asm volatile("st.shared::cluster.u64 [%0], %1;" ::"r"(assay_peer_address(mine)), "l"(value) : "memory");
}
ASSAY_FN assay_u64 assay_peer_load(const assay_u64* mine) {
  assay_u64 value = 0;
  asm volatile("ld.shared::cluster.u64 %0, [%1];" : "=l"(value) : "r"(assay_peer_address(mine)) : "memory");
  return value;
}
ASSAY_FN void assay_cluster_barrier() {
  asm volatile("barrier.cluster.arrive.aligned;" ::: "memory");
  asm volatile("barrier.cluster.wait.aligned;" ::: "memory");
}

#define ASSAY_PEER_STORE(mine, value) assay_peer_store(mine, value)
#define ASSAY_PEER_LOAD(mine) assay_peer_load(mine)
#define ASSAY_PEER_FENCE() asm volatile("fence.acq_rel.cluster;" ::: "memory")
