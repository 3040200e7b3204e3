// SPDX-License-Identifier: Apache-2.0
// The collector's own certificate: kept in the state directory, renewed before it runs out and when the names change.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/crypto/identity.h"

namespace assay::collector {

struct ServerIdentity {
  crypto::Identity identity;
  WallTime not_after;
};

// Lifetime of the server's certificate; renewed when a third of it is left.
inline constexpr Duration kServerCertificateLifetime = std::chrono::hours{90 * 24};

// The certificate in <state_dir>/server.pem and server.key (0600) while it is of this authority, of these hosts and has more
// than a third of its time; else a new one, written there. Errors when the files cannot be written.
Result<ServerIdentity> current_server_identity(const crypto::Authority& authority, const std::filesystem::path& state_dir,
                                               const std::vector<std::string>& hosts, WallTime now);

}  // namespace assay::collector
