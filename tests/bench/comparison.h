// SPDX-License-Identifier: Apache-2.0
// What every benchmark of probes prints: a verified rate beside a limit that was measured in the same minutes. One thread.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

namespace assay::bench {

// "bench_x: what", and the process ends with code 2: a rate that is not what it says is worth nothing.
[[noreturn]] void fail(std::string_view what);

// A piece of work that gives how much it did (operations or bytes).
using Work = std::function<double()>;

// Work per second over at least `window_s`.
double rate(const Work& work, double window_s);

// The quickest of some ways to do the same, each tried for some moments; at least one way.
Work quickest_of(const std::vector<Work>& ways);

// A JSON line: name, value and limit in 1e9 of `unit`, ratio. Probe and limit run in turn for `seconds`, so that neighbours and clocks disturb them
// alike; the best window of each counts.
void compare(std::string_view name, std::string_view unit, const Work& probe, const Work& limit, double seconds);

}  // namespace assay::bench
