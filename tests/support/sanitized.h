// SPDX-License-Identifier: Apache-2.0
// Whether this build looks for mistakes of the program: then tests that go over much data take a sample, and the release build goes over all.
#pragma once

namespace assay::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace assay::test
