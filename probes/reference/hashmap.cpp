// SPDX-License-Identifier: Apache-2.0
#include "probes/catalogue/hashmap.h"

#include <map>
#include <vector>

#include "probes/reference/families.h"

namespace assay::probes::reference {
namespace {

uint64_t rotate_left(uint64_t word, unsigned by) { return word << by | word >> (64 - by); }

uint64_t look_up(const std::map<uint64_t, uint64_t>& map, uint64_t key) {
  const auto entry = map.find(key);
  return entry == map.end() ? ~key : entry->second;
}

}  // namespace

Status hashmap_mix(uint32_t operand_set, const StepSink& sink) {
  using namespace hashmap;
  std::vector<uint64_t> params(kParamWords);
  Walk walk = operands(operand_set, params);
  std::map<uint64_t, uint64_t> map;
  for (uint32_t i = 0; i < kPresentAtFirst; ++i) map[params[i]] = rotate_left(params[i], 17);
  for (uint32_t step = 0; step < kSteps; ++step) {
    for (uint32_t i = 0; i < kOperations; ++i) {
      const uint64_t w = params[kKeys + i % kOps] + walk.cursor;
      const uint64_t key = params[(w >> 32) % kKeys];
      const uint64_t found = look_up(map, key);
      if (w % 8 < 3) map[key] = rotate_left(w, 23) ^ found;
      if (w % 8 == 7) map.erase(key);
      walk.cursor = rotate_left(walk.cursor + found, 24);
      walk.digest = rotate_left(walk.digest + rotate_left(found, 32), 40);
    }
    std::vector<uint64_t> output;
    for (uint32_t i = 0; i < kKeys; ++i) output.push_back(look_up(map, params[i]));
    output.push_back(walk.cursor);
    output.push_back(walk.digest);
    sink(step, output);
  }
  return {};
}

}  // namespace assay::probes::reference
