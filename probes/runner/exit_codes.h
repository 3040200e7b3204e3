// SPDX-License-Identifier: Apache-2.0
// How assay-probe-runner ends (docs/reference/runner-protocol.md); the numbers are those of all our programs and of sysexits.
#pragma once

namespace assay::probes {

inline constexpr int kExitFine = 0;
inline constexpr int kExitFinding = 1;        // self-test: a probe mismatched
inline constexpr int kExitUnsure = 2;         // self-test: a probe could not be measured; discover: nothing found
inline constexpr int kExitUsage = 64;
inline constexpr int kExitData = 65;          // a request that is none
inline constexpr int kExitUnavailable = 69;   // the socket broke, or a file cannot be read
inline constexpr int kExitSpent = 69;         // answered, and this process can use its device no more
inline constexpr int kExitStuck = 70;         // told to stop, and the probe did not come back

}  // namespace assay::probes
