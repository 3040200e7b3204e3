// SPDX-License-Identifier: Apache-2.0
#include "probes/goldens/golden_file.h"

#include <fmt/format.h>

#include <optional>

#include "common/base/parse.h"
#include "common/model/limits.h"

namespace assay::probes {
namespace {

// Walks the lines of one file and knows where it is, for messages.
class Lines {
 public:
  Lines(std::string_view name, std::string_view text) : name_(name), rest_(text) {}

  // The next line without its end; absent at the end of the text.
  std::optional<std::string_view> next() {
    if (rest_.empty()) return std::nullopt;
    ++number_;
    const size_t end = rest_.find('\n');
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    return line;
  }
  Error error(std::string_view what) const {
    return make_error(ErrorCode::kInvalid, fmt::format("{}:{}: {}", name_, number_, what));
  }

 private:
  std::string_view name_;
  std::string_view rest_;
  size_t number_ = 0;
};

struct Header {
  std::optional<std::string> probe, version, tier, sets, builder, definition;
};

std::optional<std::string>* field(Header& header, std::string_view key) {
  if (key == "probe") return &header.probe;
  if (key == "version") return &header.version;
  if (key == "tier") return &header.tier;
  if (key == "sets") return &header.sets;
  if (key == "builder") return &header.builder;
  if (key == "definition") return &header.definition;
  return nullptr;
}

Result<Header> parse_header(Lines& lines) {
  if (lines.next() != kGoldenFirstLine) {
    return lines.error(fmt::format("the first line must be \"{}\"", kGoldenFirstLine));
  }
  Header header;
  for (;;) {
    const std::optional<std::string_view> line = lines.next();
    if (!line) return lines.error("the file ends before its digests");
    if (line->empty()) break;
    const size_t colon = line->find(": ");
    if (colon == std::string_view::npos) return lines.error("a header line reads \"key: value\"");
    std::optional<std::string>* slot = field(header, line->substr(0, colon));
    if (slot == nullptr) return lines.error(fmt::format("unknown key \"{}\"", line->substr(0, colon)));
    if (slot->has_value()) return lines.error(fmt::format("key \"{}\" comes twice", line->substr(0, colon)));
    *slot = std::string(line->substr(colon + 2));
  }
  if (!header.probe || !header.version || !header.tier || !header.sets || !header.builder || !header.definition) {
    return lines.error("the header needs probe, version, tier, sets, builder and definition");
  }
  return header;
}

}  // namespace

std::string golden_file_name(const ProbeRef& probe) {
  return fmt::format("{}.v{}.golden", probe.id, probe.version);
}

std::string format_golden(const GoldenFile& golden) {
  std::string text = fmt::format("{}\nprobe: {}\nversion: {}\ntier: {}\nsets: {}\nbuilder: {}\ndefinition: {}\n\n",
                                 kGoldenFirstLine, golden.probe.id, golden.probe.version, to_string(golden.tier),
                                 golden.digests.size(), golden.builder, golden.definition);
  for (size_t set = 0; set < golden.digests.size(); ++set) {
    text += fmt::format("{} {}\n", set, to_hex(golden.digests[set]));
  }
  return text;
}

Result<GoldenFile> parse_golden(std::string_view name, std::string_view text) {
  Lines lines(name, text);
  const Header header = TRY(parse_header(lines));
  GoldenFile golden;
  const auto version = parse_u64(*header.version);
  const auto sets = parse_u64(*header.sets);
  const auto tier = parse_golden_tier(*header.tier);
  if (!is_valid_probe_id(*header.probe)) return lines.error(fmt::format("\"{}\" is not a probe id", *header.probe));
  if (!version.ok() || *version == 0 || *version > UINT32_MAX)
    return lines.error("the version must be a number from 1");
  if (!sets.ok() || *sets == 0 || *sets > limits::kOperandSetsPerProbe) {
    return lines.error(fmt::format("sets must be 1..{}", limits::kOperandSetsPerProbe));
  }
  if (!tier.ok()) return lines.error(tier.error().message);
  golden.probe = {*header.probe, static_cast<uint32_t>(*version)};
  golden.tier = *tier;
  golden.builder = *header.builder;
  golden.definition = *header.definition;
  for (uint64_t set = 0; set < *sets; ++set) {
    const std::optional<std::string_view> line = lines.next();
    if (!line) return lines.error(fmt::format("the file ends after {} of {} digests", set, *sets));
    const size_t space = line->find(' ');
    const std::string_view number = line->substr(0, space);
    if (space == std::string_view::npos || number != std::to_string(set)) {
      return lines.error(fmt::format("expected \"{} DIGEST\"", set));
    }
    const auto digest = parse_digest(line->substr(space + 1));
    if (!digest.ok()) return lines.error(digest.error().message);
    golden.digests.push_back(*digest);
  }
  if (lines.next()) return lines.error(fmt::format("more lines than the {} digests announced", *sets));
  return golden;
}

}  // namespace assay::probes
