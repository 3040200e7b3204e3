// SPDX-License-Identifier: Apache-2.0
#include "ctl/incident_evidence.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>

#include <fmt/format.h>

#include "ctl/format.h"

namespace assay::ctl {
namespace {

// 64-bit words are hexadecimal strings in the API, with or without 0x.
std::optional<uint64_t> word(const JsonValue& object, std::string_view key) {
  const auto text = object.text(key);
  if (!text) return std::nullopt;
  std::string_view digits = *text;
  if (digits.starts_with("0x")) digits.remove_prefix(2);
  uint64_t value = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (problem != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::string word_text(std::optional<uint64_t> value) { return value ? fmt::format("{:016x}", *value) : kAbsent; }

std::optional<uint64_t> record_mask(const JsonValue& record) {
  if (const auto mask = word(record, "mask")) return mask;
  const auto expected = word(record, "expected");
  const auto actual = word(record, "actual");
  if (!expected || !actual) return std::nullopt;
  return *expected ^ *actual;
}

struct Tally {
  uint64_t runs = 0;
  uint64_t wrong = 0;
};

Tally tally(const std::vector<JsonValue>& steps, std::string_view rung) {
  Tally sum;
  for (const JsonValue& step : steps) {
    if (step.text_or("rung", "") != rung) continue;
    sum.runs += step.number_or_zero("runs");
    sum.wrong += step.number_or_zero("mismatches");
  }
  return sum;
}

std::string share(std::string_view who, const Tally& sum, std::string_view noun) {
  if (sum.wrong == 0) return fmt::format("{} passed {} of {} {}", who, grouped(sum.runs), grouped(sum.runs), noun);
  return fmt::format("{} failed {} of {} {}", who, grouped(sum.wrong), grouped(sum.runs), noun);
}

}  // namespace

std::string tier_meaning(std::string_view tier) {
  if (tier == "T0") return "exact on any hardware by construction; one reproduction condemns";
  if (tier == "T1") return "from an emulator of the unit, validated by quorum; one reproduction condemns";
  if (tier == "T2") return "from a pinned reference build on known-good machines; look at the peers before you act";
  if (tier == "T3") return "learned from the fleet; condemns nobody without a vote of peers";
  return "";
}

std::string evidence_in_words(const std::vector<JsonValue>& steps) {
  std::string out;
  const auto add = [&](std::string_view rung, std::string_view who, std::string_view noun) {
    const Tally sum = tally(steps, rung);
    if (sum.runs > 0) out += (out.empty() ? "" : "; ") + share(who, sum, noun);
  };
  add("same_unit", "the unit", "retests");
  add("other_units", "other units", "runs");
  add("peer_device", "peer devices", "runs");
  add("other_operands", "the unit on other operands", "runs");
  return out;
}

Cell step_result(const JsonValue& step) {
  const uint64_t runs = step.number_or_zero("runs");
  const uint64_t wrong = step.number_or_zero("mismatches");
  const std::string reason = step.text_or("reason", "none");
  if (reason != "none" && wrong == 0) return {"told nothing: " + words(reason), Tone::kWarning};
  if (step.text_or("rung", "") == "rehash_golden") {
    return wrong == 0 ? Cell("golden intact", Tone::kPlain) : Cell("golden CORRUPT", Tone::kBad);
  }
  if (wrong == 0) return runs == 0 ? Cell(kAbsent, Tone::kDim) : Cell("passed", Tone::kGood);
  return {wrong < runs ? "failed at times" : "failed", Tone::kBad};
}

Table retest_table(const std::vector<JsonValue>& steps, int64_t opened_unix_ms) {
  // The least needed columns are last: a narrow terminal cuts them off.
  Table table({{"RETEST"}, {"UNIT", Align::kRight}, {"RUNS", Align::kRight}, {"WRONG", Align::kRight}, {"RESULT"}, {"AFTER", Align::kRight},
               {"DETAIL", Align::kLeft, true}, {"TEMP", Align::kRight}, {"POWER", Align::kRight}, {"CLOCK", Align::kRight}});
  for (const JsonValue& step : steps) {
    const auto at = step.integer("at_unix_ms");
    const uint64_t wrong = step.number_or_zero("mismatches");
    table.add({step.text_or("rung", kAbsent), fmt::format("{}", step.number_or_zero("unit")), grouped(step.number_or_zero("runs")),
               {grouped(wrong), wrong > 0 ? Tone::kBad : Tone::kPlain}, step_result(step),
               at ? span_of_seconds(static_cast<double>(*at - opened_unix_ms) / 1e3) : kAbsent, step.text_or("detail", ""),
               celsius(step.real("temperature_celsius")), watts(step.real("power_watts")), hertz(step.real("clock_hertz"))});
  }
  return table;
}

Table blame_table_of(const std::vector<JsonValue>& cells) {
  struct Row {
    std::string who;
    std::array<std::string, 2> counts = {kAbsent, kAbsent};
    std::array<Tone, 2> tones = {Tone::kDim, Tone::kDim};
  };
  std::vector<Row> rows;
  for (const JsonValue& cell : cells) {
    const std::string kind = words(cell.text_or("who", kAbsent));
    const auto unit = cell.number("unit");
    const std::string who = unit ? fmt::format("{} {}", kind, *unit) : kind;
    auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& one) { return one.who == who; });
    if (row == rows.end()) row = rows.insert(rows.end(), Row{who});
    const size_t column = cell.flag("same_operands") ? 0 : 1;
    const uint64_t wrong = cell.number_or_zero("mismatches");
    row->counts[column] = fmt::format("{} of {} wrong", grouped(wrong), grouped(cell.number_or_zero("runs")));
    row->tones[column] = wrong > 0 ? Tone::kBad : Tone::kGood;
  }
  Table table({{"WHO"}, {"THIS OPERAND SET"}, {"OTHER OPERAND SETS"}});
  for (const Row& row : rows) table.add({row.who, {row.counts[0], row.tones[0]}, {row.counts[1], row.tones[1]}});
  return table;
}

std::vector<std::string> blame_in_words(const JsonValue& evidence) {
  constexpr double kRare = 0.01;
  std::vector<std::string> sentences;
  if (const auto p = evidence.real("p_everywhere")) {
    sentences.push_back(fmt::format("if every unit failed alike, this unit would stand out so much with probability {:.2g}: {}", *p,
                                    *p < kRare ? "it is this unit" : "that does not single it out"));
  }
  if (const auto p = evidence.real("p_any_operands")) {
    sentences.push_back(fmt::format("if the unit failed alike on any operands, this set would stand out so much with probability {:.2g}: {}", *p,
                                    *p < kRare ? "it takes particular operands" : "no particular operands are needed"));
  }
  return sentences;
}

std::string mask_picture(uint64_t mask) {
  std::string out;
  for (int bit = 63; bit >= 0; --bit) {
    out += (mask >> bit & 1) != 0 ? '#' : '.';
    if (bit % 8 == 0 && bit != 0) out += ' ';
  }
  return out;
}

std::string mask_lines(uint64_t first, uint64_t all) {
  if (first == 0 || first == all) return fmt::format("  63 {} 0\n", mask_picture(all));
  return fmt::format("  first  63 {} 0\n  all    63 {} 0\n", mask_picture(first), mask_picture(all));
}

uint64_t first_mask(const JsonValue& incident) {
  const auto records = incident.list("records");
  return records.empty() ? 0 : record_mask(records.front()).value_or(0);
}

uint64_t flipped_bits(const JsonValue& incident) {
  uint64_t mask = 0;
  for (const JsonValue& record : incident.list("records")) mask |= record_mask(record).value_or(0);
  for (const JsonValue& bit : incident.at("bits").list("flipped")) {
    if (const auto number = bit.as_number(); number && *number < 64) mask |= uint64_t{1} << *number;
  }
  return mask;
}

std::string bits_in_words(uint64_t mask) {
  const int count = std::popcount(mask);
  constexpr int kMostNamed = 8;
  if (count > kMostNamed) return fmt::format("{} bits", count);
  std::string out = count == 1 ? "bit " : "bits ";
  int named = 0;
  for (int bit = 0; bit < 64; ++bit) {
    if ((mask >> bit & 1) == 0) continue;
    if (named > 0) out += named + 1 == count ? " and " : ", ";
    out += fmt::format("{}", bit);
    ++named;
  }
  return count == 0 ? "no bit" : out;
}

std::string bit_fields_in_words(uint64_t mask, std::string_view precision) {
  uint64_t fraction = 0;
  uint64_t exponent = 0;
  if (precision == "fp64") {
    fraction = 0x000FFFFFFFFFFFFFULL;
    exponent = 0x7FF0000000000000ULL;
  } else if (precision == "fp32") {   // two numbers a word
    fraction = 0x007FFFFF007FFFFFULL;
    exponent = 0x7F8000007F800000ULL;
  } else {
    return "";
  }
  std::string out;
  const auto add = [&](bool there, std::string_view name) {
    if (there) out += fmt::format("{}{}", out.empty() ? "" : " and ", name);
  };
  add((mask & fraction) != 0, "fraction");
  add((mask & exponent) != 0, "exponent");
  add((mask & ~(fraction | exponent)) != 0, "sign");
  return out;
}

Table record_table(const std::vector<JsonValue>& records, size_t most) {
  Table table({{"SET", Align::kRight}, {"STEP", Align::kRight}, {"WORD", Align::kRight}, {"LANE", Align::kRight}, {"MASK"}, {"EXPECTED"}, {"ACTUAL"},
               {"READ AGAIN"}, {"CPU", Align::kRight}});
  for (size_t i = 0; i < records.size() && i < most; ++i) {
    const JsonValue& record = records[i];
    const auto reread = word(record, "reread");
    const bool right_again = reread && reread == word(record, "expected");
    const uint64_t before = record.number_or_zero("cpu_before");
    const uint64_t after = record.number_or_zero("cpu_after");
    const auto index = record.number("word_index");
    const bool whole = !index || *index == ~uint64_t{0};
    table.add({fmt::format("{}", record.number_or_zero("operand_set")), fmt::format("{}", record.number_or_zero("step")),
               whole ? "digest" : fmt::format("{}", *index), whole ? kAbsent : fmt::format("{}", record.number_or_zero("lane")),
               {word_text(record_mask(record)), Tone::kBad}, word_text(word(record, "expected")), word_text(word(record, "actual")),
               {right_again ? "right" : reread == word(record, "actual") ? "same wrong" : word_text(reread), right_again ? Tone::kWarning : Tone::kPlain},
               before == after ? fmt::format("{}", before) : fmt::format("{}>{}", before, after)});
  }
  return table;
}

}  // namespace assay::ctl
