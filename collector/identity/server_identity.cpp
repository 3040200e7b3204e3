// SPDX-License-Identifier: Apache-2.0
#include "collector/identity/server_identity.h"

#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/base/file.h"
#include "common/model/limits.h"

namespace assay::collector {
namespace {

// What the certificate on disk was made for: another CA or other hosts make it stale.
std::string purpose(const crypto::Authority& authority, const std::vector<std::string>& hosts) {
  return fmt::format("{}\n{}\n", authority.fingerprint(), fmt::join(hosts, "\n"));
}

std::optional<ServerIdentity> stored(const std::filesystem::path& state_dir, std::string_view wanted_purpose, WallTime now) {
  const auto key = read_file(state_dir / "server.key", limits::kCertificateBytes);
  const auto certificate = read_file(state_dir / "server.pem", limits::kCertificateBytes);
  const auto made_for = read_file(state_dir / "server.hosts", limits::kConfigBytes);
  if (!key.ok() || !certificate.ok() || !made_for.ok() || *made_for != wanted_purpose) return std::nullopt;
  const auto facts = crypto::read_certificate(*certificate);
  if (!facts.ok() || facts->not_before > now || facts->not_after - now < kServerCertificateLifetime / 3) return std::nullopt;
  return ServerIdentity{{*key, *certificate}, facts->not_after};
}

}  // namespace

Result<ServerIdentity> current_server_identity(const crypto::Authority& authority, const std::filesystem::path& state_dir,
                                               const std::vector<std::string>& hosts, WallTime now) {
  const std::string wanted_purpose = purpose(authority, hosts);
  if (auto found = stored(state_dir, wanted_purpose, now)) return *found;
  crypto::Identity identity = TRY(authority.issue_server("assay-collector", hosts, now, kServerCertificateLifetime));
  // The purpose goes last: files of two generations are never taken for a pair.
  TRY(write_file_atomic(state_dir / "server.hosts", "", 0600));
  TRY(write_file_atomic(state_dir / "server.key", identity.key_pem, 0600));
  TRY(write_file_atomic(state_dir / "server.pem", identity.certificate_pem, 0644));
  TRY(write_file_atomic(state_dir / "server.hosts", wanted_purpose, 0600));
  const crypto::CertificateFacts facts = TRY(crypto::read_certificate(identity.certificate_pem));
  return ServerIdentity{std::move(identity), facts.not_after};
}

}  // namespace assay::collector
