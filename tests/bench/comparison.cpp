// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/comparison.h"

#include <errno.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace assay::bench {
namespace {

constexpr double kWindowS = 0.04;

double now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

void fail(std::string_view what) {
  fmt::print(stderr, "{}: {}\n", program_invocation_short_name, what);
  std::exit(2);
}

double rate(const Work& work, double window_s) {
  const double start = now_s();
  double done = 0;
  double elapsed = 0;
  do {
    done += work();
    elapsed = now_s() - start;
  } while (elapsed < window_s);
  return done / elapsed;
}

Work quickest_of(const std::vector<Work>& ways) {
  constexpr int kRounds = 5;   // in turn: a neighbour that comes and goes must not choose
  std::vector<double> best(ways.size());
  for (int round = 0; round < kRounds; ++round) {
    for (size_t way = 0; way < ways.size(); ++way) best[way] = std::max(best[way], rate(ways[way], kWindowS / 2));
  }
  const auto quickest = std::ranges::max_element(best);
  if (quickest == best.end() || !(*quickest > 0)) fail("a limit that does nothing is none");
  return ways[static_cast<size_t>(quickest - best.begin())];
}

void compare(std::string_view name, std::string_view unit, const Work& probe, const Work& limit, double seconds) {
  double best_probe = 0;
  double best_limit = 0;
  const double end = now_s() + seconds;
  do {
    best_limit = std::max(best_limit, rate(limit, kWindowS));
    best_probe = std::max(best_probe, rate(probe, kWindowS));
  } while (now_s() < end);
  fmt::print("{{\"name\":\"{}\",\"value\":{:.2f},\"unit\":\"{}\",\"limit\":{:.2f},\"ratio\":{:.3f}}}\n", name, best_probe * 1e-9, unit, best_limit * 1e-9,
             best_probe / best_limit);
  std::fflush(stdout);
}

}  // namespace assay::bench
