// SPDX-License-Identifier: Apache-2.0
// Needs more registers than ptxas_report_test.py lets it have: the negative control of the report.
extern "C" __global__ void spilling(const float* in, float* out, int turns) {
  float value[64];
#pragma unroll
  for (int i = 0; i < 64; ++i) {
    value[i] = in[i * 32 + threadIdx.x];
  }
  for (int turn = 0; turn < turns; ++turn) {
#pragma unroll
    for (int i = 0; i < 64; ++i) {
      value[i] = value[i] * value[(i + 1) % 64] + 1.0F;
    }
  }
#pragma unroll
  for (int i = 0; i < 64; ++i) {
    out[i * 32 + threadIdx.x] = value[i];
  }
}
