// SPDX-License-Identifier: Apache-2.0
#include "agent/credentials.h"

#include <algorithm>
#include <array>
#include <system_error>

#include <fmt/format.h>

#include "common/base/file.h"
#include "common/base/parse.h"
#include "common/model/limits.h"

namespace assay::agent {
namespace {

namespace fs = std::filesystem;

// In the order in which a replacement takes effect: the certificate last, for it says that the set is complete.
constexpr std::array<const char*, 3> kFiles = {"agent.key", "ca.pem", "agent.pem"};

fs::path fresh(const fs::path& path) { return path.string() + ".new"; }

// Finishes a replacement whose certificate was written, drops one whose certificate was not.
Status settle_replacement(const fs::path& directory) {
  std::error_code problem;
  const bool complete = fs::exists(fresh(directory / kFiles.back()), problem);
  for (const char* name : kFiles) {
    const fs::path path = directory / name;
    if (!fs::exists(fresh(path), problem)) continue;
    if (complete) {
      fs::rename(fresh(path), path, problem);
    } else {
      fs::remove(fresh(path), problem);
    }
    if (problem) return make_error(ErrorCode::kUnavailable, fmt::format("{}: {}", path.string(), problem.message()));
  }
  return {};
}

bool is_hex(std::string_view text, size_t digits) {
  return text.size() == digits && std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

Result<EnrolToken> parse_enrol_token(std::string_view text) {
  text = trim(text);
  const auto parts = split(text, '.');
  const bool shape = parts.size() == 5 && parts[0] == "assay1" && !parts[2].empty() && !parts[3].empty() && is_hex(parts[4], 64);
  if (!shape) return make_error(ErrorCode::kInvalid, "this is not a token of this product; make one with assayctl token create --kind enrol");
  if (parts[1] != "e") return make_error(ErrorCode::kInvalid, "this token is not for enrolment; make one with assayctl token create --kind enrol");
  return EnrolToken{std::string(text), std::string(parts[2]), std::string(parts[4])};
}

Result<EnrolToken> read_enrol_token(const fs::path& file) {
  constexpr size_t kTokenBytes = 4096;
  const auto text = read_file(file, kTokenBytes);
  if (!text.ok()) return text.error();
  auto token = parse_enrol_token(*text);
  if (!token.ok()) return token.error().in(file.string());
  return token;
}

Result<std::optional<Credentials>> load_credentials(const fs::path& directory) {
  TRY(settle_replacement(directory));
  std::error_code problem;
  if (!fs::exists(directory / "agent.pem", problem)) return std::optional<Credentials>();
  Credentials credentials;
  credentials.identity.key_pem = TRY(read_file(directory / "agent.key", limits::kCertificateBytes));
  credentials.identity.certificate_pem = TRY(read_file(directory / "agent.pem", limits::kCertificateBytes));
  credentials.ca_pem = TRY(read_file(directory / "ca.pem", limits::kCertificateBytes));
  return std::optional<Credentials>(std::move(credentials));
}

Status save_credentials(const fs::path& directory, const Credentials& credentials) {
  TRY(write_file_atomic(fresh(directory / "agent.key"), credentials.identity.key_pem, 0600));
  TRY(write_file_atomic(fresh(directory / "ca.pem"), credentials.ca_pem, 0644));
  TRY(write_file_atomic(fresh(directory / "agent.pem"), credentials.identity.certificate_pem, 0644));
  return settle_replacement(directory);
}

WallTime renewal_time(const crypto::CertificateFacts& facts) {
  constexpr std::chrono::minutes kDatedBack{5};  // crypto::Authority::issue
  const WallTime issued = std::min<WallTime>(facts.not_before + kDatedBack, facts.not_after);
  return facts.not_after - (facts.not_after - issued) / 3;
}

}  // namespace assay::agent
