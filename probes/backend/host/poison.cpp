// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/poison.h"

#include <algorithm>
#include <cstring>

#include "common/base/digest.h"
#include "common/base/random.h"

namespace assay::probes::host {

uint64_t poison_of(uint64_t request_id, uint32_t unit, uint32_t run) {
  uint64_t state = request_id ^ (uint64_t{unit} << 32 | run) * Digest64::kMultiplier;
  return split_mix64(state);
}

void fill_with(uint64_t poison, std::span<uint64_t> words) {
  constexpr size_t kFirst = 64;
  constexpr size_t kMost = 512;
  std::fill_n(words.begin(), std::min(kFirst, words.size()), poison);
  for (size_t done = kFirst; done < words.size();) {
    const size_t count = std::min({done, kMost, words.size() - done});
    std::memcpy(words.data() + done, words.data(), count * sizeof(uint64_t));
    done += count;
  }
}

}  // namespace assay::probes::host
