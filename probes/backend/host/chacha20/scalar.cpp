// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/chacha20/variants.h"
#include "probes/catalogue/chacha20.h"

namespace assay::probes::host {
namespace {

struct OneBlock {
  using Register = uint32_t;
  static constexpr uint32_t kLanes = 1;
  static Register load(const uint64_t* from, uint32_t lane) {
    return static_cast<uint32_t>(from[lane / 2] >> (32 * (lane % 2)));
  }
  static void store(uint64_t* to, uint32_t lane, Register value) {
    const uint32_t shift = 32 * (lane % 2);
    to[lane / 2] = (to[lane / 2] & ~(uint64_t{0xFFFFFFFF} << shift)) | static_cast<uint64_t>(value) << shift;
  }
  static Register add(Register a, Register b) { return a + b; }
  template <int kBy>
  static Register roll(Register a, Register b) {
    return (a ^ b) << kBy | (a ^ b) >> (32 - kBy);
  }
};

#include "probes/backend/host/chacha20/chain.inl"

}  // namespace

void chacha20_scalar(uint64_t* state, const uint64_t* params, uint32_t) {
  chacha20_blocks<OneBlock>(state, params);
}

}  // namespace assay::probes::host
