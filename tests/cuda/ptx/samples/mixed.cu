// SPDX-License-Identifier: Apache-2.0
// Kernels for the PTX interpreter's own tests (ptx_kernels_test.py computes each of them a second way).
#include <cstdint>

__constant__ uint32_t kTable[8] = {3, 1, 4, 1, 5, 9, 2, 6};

// The FP64 FMA chain of fma.fp64.chain in small: every lane its own chain, through bits.
extern "C" __global__ void fma_chain(const uint64_t* in, uint64_t* out, uint32_t steps) {
  const uint32_t i = threadIdx.x;
  uint64_t u = in[i];
  for (uint32_t step = 0; step < steps; ++step) {
    const double x = __longlong_as_double(static_cast<long long>((u & 0x80FFFFFFFFFFFFFFull) | 0x3F00000000000000ull));
    const uint64_t bits = static_cast<uint64_t>(__double_as_longlong(__fma_rn(x, x, 0.75)));
    u = u + bits;
    u = (u << 24) | (u >> 40);
  }
  out[i] = u;
}

extern "C" __global__ void fma_chain_f32(const uint32_t* in, uint32_t* out, uint32_t steps) {
  const uint32_t i = threadIdx.x;
  uint32_t u = in[i];
  for (uint32_t step = 0; step < steps; ++step) {
    const float x = __uint_as_float((u & 0x81FFFFFFu) | 0x3E000000u);
    u += __float_as_uint(__fmaf_rn(x, x, __fdiv_rn(x, 3.0F)));
    u += __float_as_uint(__fsqrt_rn(fabsf(x)));
    u = (u << 11) | (u >> 21);
  }
  out[i] = u;
}

extern "C" __global__ void int_mix(const uint32_t* in, uint32_t* out, uint32_t steps) {
  const uint32_t i = threadIdx.x;
  uint32_t u = in[i];
  uint64_t w = (static_cast<uint64_t>(u) << 32) | ~u;
  for (uint32_t step = 0; step < steps; ++step) {
    u = __byte_perm(u, static_cast<uint32_t>(w), 0x5207) + __popc(u) * 7u + __clz(static_cast<int>(u)) + __brev(u);
    w = w * 0x9E3779B97F4A7C15ull + __umul64hi(w, w) + kTable[step & 7];
    u ^= __funnelshift_l(u, static_cast<uint32_t>(w >> 32), u & 31);
    u = static_cast<uint32_t>(__dp4a(static_cast<int>(u), 0x01FF7F80, static_cast<int>(u)));
    u = (u & 0xF0F0F0F0u) ^ (~u & static_cast<uint32_t>(w)) ^ __mulhi(static_cast<int>(u), -77);
    if ((u & 3u) == 1u) {
      u = u / 7u + u % 13u;
    }
    if (u == 0x12345678u) {
      break;
    }
  }
  out[i] = u;
}

// Block sum through shared memory, with lanes that leave a loop at different times, then a butterfly in the first warp.
extern "C" __global__ void reduce(const uint32_t* in, uint32_t* out) {
  __shared__ uint32_t sums[128];
  const uint32_t i = threadIdx.x;
  uint32_t n = in[i];
  uint32_t turns = 0;
  while (n != 1 && turns < 40) {
    if ((n & 1u) != 0) {
      n = 3 * n + 1;
    } else {
      n /= 2;
    }
    ++turns;
  }
  sums[i] = turns;
  __syncthreads();
  for (uint32_t half = blockDim.x / 2; half >= 32; half /= 2) {
    if (i < half) {
      sums[i] += sums[i + half];
    }
    __syncthreads();
  }
  if (i < 32) {
    uint32_t sum = sums[i];
    for (int mask = 16; mask > 0; mask /= 2) {
      sum += __shfl_xor_sync(0xFFFFFFFFu, sum, mask);
    }
    const uint32_t odd = __ballot_sync(0xFFFFFFFFu, (turns & 1u) != 0);
    if (i == 0) {
      out[0] = sum;
      out[1] = odd;
    }
  }
  atomicAdd(out + 2, turns);
}
