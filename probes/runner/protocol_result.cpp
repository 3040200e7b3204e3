// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "probes/runner/protocol.h"
#include "probes/runner/protocol_fields.h"

namespace assay::probes {
namespace {

Error invalid(std::string_view what) { return make_error(ErrorCode::kInvalid, fmt::format("runner result: {}", what)); }

void put_record(ByteWriter& out, const MismatchRecord& record) {
  out.u32(record.operand_set);
  out.u32(record.step);
  out.u64(record.word_index);
  out.u32(record.lane);
  out.u64(record.expected);
  out.u64(record.actual);
  out.u64(record.reread);
  out.u32(record.cpu_before);
  out.u32(record.cpu_after);
}

MismatchRecord take_record(ByteReader& in) {
  MismatchRecord record;
  record.operand_set = in.u32();
  record.step = in.u32();
  record.word_index = in.u64();
  record.lane = in.u32();
  record.expected = in.u64();
  record.actual = in.u64();
  record.reread = in.u64();
  record.cpu_before = in.u32();
  record.cpu_after = in.u32();
  return record;
}

void put_unit(ByteWriter& out, const UnitRun& unit, const RunResult& whole) {
  const UnitResult& result = unit.result;
  out.u32(result.unit);
  out.u32(result.first_set);
  out.u32(result.set_count);
  out.u32(result.runs);
  out.u32(result.mismatches);
  out.u8(static_cast<uint8_t>(result.outcome));
  out.u8(static_cast<uint8_t>(result.reason));
  put_digest(out, result.fold);
  put_duration(out, result.busy);
  out.u32(static_cast<uint32_t>(result.records.size()));
  for (const MismatchRecord& record : result.records) put_record(out, record);
  put_digests(out, unit.digests);
  put_digest(out, unit.seal.value_or(seal_of(unit, whole.id, whole.synthetic)));
}

UnitRun take_unit(ByteReader& in, uint32_t digest_limit) {
  UnitRun unit;
  UnitResult& result = unit.result;
  result.unit = in.u32();
  result.first_set = in.u32();
  result.set_count = in.u32();
  result.runs = in.u32();
  result.mismatches = in.u32();
  result.outcome = in.enumerator(Outcome::kInconclusive);
  result.reason = in.enumerator(kLastInconclusive);
  result.fold = take_digest(in);
  result.busy = take_duration(in);
  const uint32_t records = in.count(limits::kMismatchRecordsPerUnit);
  for (uint32_t i = 0; i < records && in.ok(); ++i) result.records.push_back(take_record(in));
  unit.digests = take_digests(in, digest_limit);
  unit.seal = take_digest(in);
  return unit;
}

// What must hold between the fields of a unit's result, so that nothing downstream meets a match without a run.
Status check(const UnitResult& result) {
  const bool inconclusive = result.outcome == Outcome::kInconclusive;
  if (inconclusive != (result.reason != Inconclusive::kNone)) return invalid("reason and outcome do not go together");
  if (result.outcome == Outcome::kMatch && (result.runs == 0 || result.mismatches != 0)) return invalid("a match without a run or with mismatches");
  if (result.outcome == Outcome::kMismatch && result.mismatches == 0) return invalid("a mismatch without one");
  if (result.mismatches > result.runs) return invalid("more mismatches than runs");
  if (result.set_count == 0 || result.set_count > limits::kOperandSetsPerProbe) return invalid("set_count is out of range");
  if (result.unit >= limits::kUnitsPerDevice || result.first_set >= limits::kOperandSetsPerProbe) return invalid("unit or set out of range");
  if (result.busy < Duration::zero()) return invalid("negative time");
  return {};
}

}  // namespace

std::string encode(const RunResult& result) {
  ByteWriter out;
  put_header(out, MessageKind::kResult);
  out.u64(result.id);
  out.text(result.variant);
  put_flag(out, result.golden_rehash_ok);
  out.u32(static_cast<uint32_t>(result.units.size()));
  for (const UnitRun& unit : result.units) put_unit(out, unit, result);
  put_duration(out, result.took);
  out.text(std::string_view(result.detail).substr(0, limits::kTextChars));
  out.u8(static_cast<uint8_t>(result.synthetic));
  return out.take();
}

Result<RunResult> decode_result(std::string_view bytes) {
  ByteReader in(bytes);
  TRY(take_header(in, MessageKind::kResult));
  RunResult result;
  result.id = in.u64();
  result.variant = in.text(kVariantChars);
  result.golden_rehash_ok = take_flag(in);
  const uint32_t units = in.count(limits::kUnitsPerDevice);
  for (uint32_t i = 0; i < units && in.ok(); ++i) result.units.push_back(take_unit(in, digests_kept(units)));
  result.took = take_duration(in);
  result.detail = in.text(limits::kTextChars);
  result.synthetic = in.enumerator(Synthetic::kDrill);
  if (!in.complete()) return invalid("cut short, too long, or a field is out of range");
  if (!is_valid_variant(result.variant)) return invalid("the variant is not a lower-case word");
  if (result.took < Duration::zero()) return invalid("negative time");
  for (UnitRun& unit : result.units) {
    TRY(check(unit.result));
    if (unit.seal != seal_of(unit, result.id, result.synthetic)) return invalid("a unit's result changed after it was judged");
    unit.seal.reset();
  }
  return result;
}

Digest seal_of(const UnitRun& unit, uint64_t request_id, Synthetic synthetic) {
  const UnitResult& result = unit.result;
  Digest128 digest(0x7365616C);  // "seal"
  const std::array<uint64_t, 11> words = {request_id, static_cast<uint64_t>(synthetic), result.unit, result.first_set, result.set_count, result.runs,
                                          result.mismatches, static_cast<uint64_t>(result.outcome), static_cast<uint64_t>(result.reason), result.fold.high,
                                          result.fold.low};
  digest.add(words);
  for (const Digest& one : unit.digests) {
    digest.add(one.high);
    digest.add(one.low);
  }
  return digest.value();
}

bool could_vote(const RunResult& result) {
  return std::ranges::count_if(result.units, [](const UnitRun& unit) { return unit.result.runs > 0; }) >= std::ptrdiff_t{kMinVoters};
}

}  // namespace assay::probes
