// SPDX-License-Identifier: Apache-2.0
#include "common/crypto/signed_manifest.h"

#include <fmt/format.h>

#include <set>

#include "common/base/parse.h"
#include "common/crypto/hash.h"
#include "common/crypto/signing.h"

namespace assay::crypto {
namespace {

constexpr size_t kSumDigits = 64;

Status check_line(std::string_view line, const std::map<std::string, std::string>& files,
                  std::set<std::string, std::less<>>& seen) {
  if (line.size() < kSumDigits + 3 || line.substr(kSumDigits, 2) != "  ") {
    return make_error(ErrorCode::kCorrupt, fmt::format("manifest line '{}' is not 'sha256  file'", line.substr(0, 80)));
  }
  const std::string name(line.substr(kSumDigits + 2));
  const auto file = files.find(name);
  if (file == files.end())
    return make_error(ErrorCode::kCorrupt, fmt::format("{}: named by the manifest, but missing", name));
  if (sha256_hex(file->second) != line.substr(0, kSumDigits)) {
    return make_error(ErrorCode::kCorrupt, fmt::format("{}: content differs from the signed manifest", name));
  }
  seen.insert(name);
  return {};
}

}  // namespace

Status verify_manifest(std::string_view manifest, std::string_view signature_hex, std::string_view public_hex,
                       const std::map<std::string, std::string>& files) {
  if (signature_hex.empty()) return make_error(ErrorCode::kPermission, "the manifest is not signed");
  if (auto signed_right = verify_signature(public_hex, manifest, signature_hex); !signed_right) {
    return make_error(ErrorCode::kPermission, fmt::format("the manifest's signature is not of the trusted key: {}",
                                                          signed_right.error().message));
  }
  std::set<std::string, std::less<>> seen;
  for (const std::string_view line : split(manifest, '\n')) {
    if (!line.empty()) TRY(check_line(line, files, seen));
  }
  for (const auto& [name, content] : files) {
    if (!seen.contains(name))
      return make_error(ErrorCode::kCorrupt, fmt::format("{}: not listed in the signed manifest", name));
  }
  return {};
}

}  // namespace assay::crypto
