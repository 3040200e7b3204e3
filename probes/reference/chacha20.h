// SPDX-License-Identifier: Apache-2.0
// ChaCha20 straight from RFC 8439.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace assay::probes::reference {

using ChaChaBlock = std::array<uint32_t, 16>;

// RFC 8439, section 2.1, on words a, b, c, d of the block.
void chacha_quarter_round(ChaChaBlock& block, size_t a, size_t b, size_t c, size_t d);
// RFC 8439, section 2.3: the 20 rounds, without the addition of the input that follows them there.
ChaChaBlock chacha20_rounds(ChaChaBlock block);

}  // namespace assay::probes::reference
