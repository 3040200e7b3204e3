// SPDX-License-Identifier: Apache-2.0
#include "probes/goldens/golden_set.h"

#include <fmt/format.h>

#include "common/base/file.h"
#include "common/base/parse.h"
#include "common/model/limits.h"
#include "probes/goldens/golden_file.h"

namespace assay::probes {
namespace {

constexpr std::string_view kSuffix = ".golden";
constexpr size_t kSha256Digits = 64;

// The file name of a manifest line, "64 hexadecimal digits, two spaces, name"; kCorrupt otherwise. Names are plain: no
// folder.
Result<std::string> manifest_name(std::string_view line, const std::string& where) {
  const bool long_enough = line.size() > kSha256Digits + 2 + kSuffix.size();
  const std::string_view hash = line.substr(0, kSha256Digits);
  if (!long_enough || hash.find_first_not_of("0123456789abcdef") != std::string_view::npos ||
      line.substr(kSha256Digits, 2) != "  ") {
    return make_error(ErrorCode::kCorrupt, where + ": expected \"SHA256  FILE\" as sha256sum prints it");
  }
  const std::string_view name = line.substr(kSha256Digits + 2);
  if (!name.ends_with(kSuffix) || name.find('/') != std::string_view::npos || name.front() == '.') {
    return make_error(ErrorCode::kCorrupt, fmt::format("{}: \"{}\" is not the name of a golden file", where, name));
  }
  return std::string(name);
}

}  // namespace

Digest hash_of(const std::vector<Digest>& digests) {
  Digest128 hash(0x676F6C64);  // "gold"
  for (const Digest& digest : digests) {
    hash.add(digest.high);
    hash.add(digest.low);
  }
  return hash.value();
}

Result<GoldenSet> GoldenSet::load(const std::filesystem::path& folder) {
  GoldenSet set;
  const std::filesystem::path manifest_path = folder / "MANIFEST";
  set.manifest_ = TRY(read_file(manifest_path, limits::kGoldenFileBytes));
  size_t number = 0;
  for (std::string_view rest = set.manifest_; !rest.empty();) {
    const size_t end = rest.find('\n');
    const std::string where = fmt::format("{}:{}", manifest_path.string(), ++number);
    if (end == std::string_view::npos) return make_error(ErrorCode::kCorrupt, where + ": the last line is cut off");
    const std::string name = TRY(manifest_name(rest.substr(0, end), where));
    rest.remove_prefix(end + 1);
    if (set.files_.contains(name))
      return make_error(ErrorCode::kCorrupt, fmt::format("{}: {} comes twice", where, name));
    auto text = read_file(folder / name, limits::kGoldenFileBytes);
    if (!text.ok()) return text.error().in(where);
    auto golden = parse_golden((folder / name).string(), *text);
    if (!golden.ok()) return golden.error();
    if (golden_file_name(golden->probe) != name) {
      return make_error(ErrorCode::kCorrupt, fmt::format("{}: holds {}; the name must be {}", (folder / name).string(),
                                                         to_string(golden->probe), golden_file_name(golden->probe)));
    }
    const Digest hash = hash_of(golden->digests);
    set.tables_[golden->probe] = {std::move(golden->digests), hash};
    set.files_[name] = std::move(*text);
  }
  if (set.files_.empty()) {
    return make_error(ErrorCode::kCorrupt,
                      manifest_path.string() + ": names no golden file; install the goldens again");
  }
  const auto signature = read_file(folder / "MANIFEST.sig", 1024);
  if (signature.ok()) {
    set.signature_ = std::string(trim(*signature));
  } else if (signature.error().code != ErrorCode::kNotFound) {
    return signature.error();
  }
  return set;
}

const GoldenTable* GoldenSet::find(const ProbeRef& probe) const {
  const auto found = tables_.find(probe);
  return found == tables_.end() ? nullptr : &found->second;
}

std::optional<Digest> GoldenSet::find(const ProbeRef& probe, uint32_t operand_set) const {
  const GoldenTable* table = find(probe);
  if (table == nullptr || operand_set >= table->digests.size()) return std::nullopt;
  return table->digests[operand_set];
}

}  // namespace assay::probes
