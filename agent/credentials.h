// SPDX-License-Identifier: Apache-2.0
// The agent's certificate and key on disk, and the token that buys the first one.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/crypto/identity.h"

namespace assay::agent {

// What an agent shows, and whom it trusts.
struct Credentials {
  crypto::Identity identity;
  std::string ca_pem;
};

// `assay1.<kind>.<id>.<secret>.<CA fingerprint>` (docs/reference/api.md). `text` is the whole token; it never reaches a log, the id may.
struct EnrolToken {
  std::string text;
  std::string id;
  std::string ca_fingerprint;   // 64 lower-case hexadecimal digits
};
// kInvalid when it is not an enrolment token; the message does not contain it.
Result<EnrolToken> parse_enrol_token(std::string_view text);
Result<EnrolToken> read_enrol_token(const std::filesystem::path& file);

// agent.key (0600), agent.pem and ca.pem in the state directory. Replacing them survives a kill at any point: the new ones are complete under
// other names before the first old one goes, and load() finishes what was begun.
Result<std::optional<Credentials>> load_credentials(const std::filesystem::path& directory);
Status save_credentials(const std::filesystem::path& directory, const Credentials& credentials);

// When a certificate is to be renewed: when a third of its lifetime is left. The lifetime counts from when it was issued, five minutes after
// not_before (crypto::Authority dates certificates back for clocks that are slow); a certificate that short of life would else be due at once.
WallTime renewal_time(const crypto::CertificateFacts& facts);

}  // namespace assay::agent
