// SPDX-License-Identifier: Apache-2.0
// Randomness for secrets, and comparison that does not leak where two secrets differ.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace assay::crypto {

// From the operating system's generator; aborts when there is none, for nothing secret may be predictable.
std::string random_bytes(size_t count);
std::string random_hex(size_t bytes);
bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace assay::crypto
