// SPDX-License-Identifier: Apache-2.0
#include "probes/runner/replay_answer.h"

#include <array>

#include <fmt/format.h>

#include "common/base/random.h"

namespace assay::probes {
namespace {

Error malformed(std::string_view what) { return make_error(ErrorCode::kInvalid, fmt::format("the answer {}", what)); }

// A reader of the few forms of JSON that an answer may have. The runner has no JSON library, and trusts no more than it needs.
class AnswerText {
 public:
  explicit AnswerText(std::string_view text) : rest_(text) {}

  bool take(char wanted) {
    skip_space();
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // A string of printable ASCII without escapes.
  std::optional<std::string> string() {
    if (!take('"')) return std::nullopt;
    std::string value;
    while (!rest_.empty() && rest_.front() != '"') {
      const char c = rest_.front();
      if (c < 0x20 || c > 0x7E || c == '\\') return std::nullopt;
      value.push_back(c);
      rest_.remove_prefix(1);
    }
    if (!take_raw('"')) return std::nullopt;
    return value;
  }
  bool at_end() {
    skip_space();
    return rest_.empty();
  }

 private:
  bool take_raw(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void skip_space() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\n' || rest_.front() == '\t' || rest_.front() == '\r')) rest_.remove_prefix(1);
  }
  std::string_view rest_;
};

Result<std::vector<Digest>> take_digests(AnswerText& text) {
  std::vector<Digest> digests;
  if (!text.take('[')) return malformed("has no list of digests");
  do {
    const auto hex = text.string();
    if (!hex) return malformed("has a digest that is no text");
    auto digest = parse_digest(*hex);
    if (!digest) return malformed("has a digest that is not 32 lower-case hexadecimal digits");
    if (digests.size() == kReplayDigests) return malformed(fmt::format("has more than {} digests", kReplayDigests));
    digests.push_back(*digest);
  } while (text.take(','));
  if (!text.take(']')) return malformed("has a list that does not end");
  return digests;
}

}  // namespace

std::string question_line(const ReplayQuestion& question) {
  const uint64_t seed = seed_from(question.replay.id, uint64_t{question.replay.version} << 32 | question.operand_set);
  return fmt::format(R"({{"replay":"{}","version":{},"operand_set":{},"unit":{},"cpu":{},"seed":"{:016x}","budget_ms":{}}})"
                     "\n",
                     question.replay.id, question.replay.version, question.operand_set, question.unit, question.cpu, seed, question.budget_ms);
}

Result<ReplayAnswer> parse_answer(std::string_view bytes) {
  if (bytes.size() > kReplayAnswerBytes) return malformed(fmt::format("is longer than {} bytes", kReplayAnswerBytes));
  AnswerText text(bytes);
  if (!text.take('{')) return malformed("is no JSON object");
  const auto key = text.string();
  if (!key || !text.take(':')) return malformed("has no field");
  ReplayAnswer answer;
  if (*key == "digests") {
    answer.digests = TRY(take_digests(text));
  } else if (*key == "inconclusive") {
    answer.inconclusive = text.string();
    if (!answer.inconclusive) return malformed("gives no reason as plain text");
  } else {
    return malformed("must have one field, digests or inconclusive");
  }
  if (!text.take('}') || !text.at_end()) return malformed("does not end after its field");
  return answer;
}

Digest digest_of(const ReplayAnswer& answer) {
  Digest128 all;
  for (const Digest& digest : answer.digests) {
    const std::array<uint64_t, 2> words{digest.high, digest.low};
    all.add(words);
  }
  return all.value();
}

}  // namespace assay::probes
