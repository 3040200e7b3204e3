// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/device/arrival.h"

#include "common/base/check.h"

namespace assay::probes::device {

Digest digest_of(std::span<const uint64_t> outputs) {
  Digest128 digest;
  digest.add(outputs);
  return digest.value();
}

bool take_arrival(AssayRun& run, std::span<const uint64_t> arrived) {
  const Digest sent{run.high, run.low};
  const Digest seen = digest_of(arrived);
  run.high = seen.high;
  run.low = seen.low;
  return seen != sent;
}

std::vector<AssayRecord> arrival_records(const ProgramShape& shape, const Digest& sent, std::span<const uint64_t> arrived, std::span<const uint64_t> again,
                                         size_t limit) {
  ASSAY_CHECK(arrived.size() == again.size() && arrived.size() == shape.run_words());
  std::vector<AssayRecord> records;
  if (digest_of(again) != sent) return records;
  for (size_t i = 0; i < arrived.size() && records.size() < limit; ++i) {
    if (arrived[i] == again[i]) continue;
    AssayRecord& record = records.emplace_back();
    record.step = static_cast<uint32_t>(i / shape.out_words);
    record.word = static_cast<uint32_t>(i % shape.out_words);
    record.expected = again[i];
    record.actual = arrived[i];
    record.reread = again[i];
  }
  return records;
}

}  // namespace assay::probes::device
