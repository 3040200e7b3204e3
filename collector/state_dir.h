// SPDX-License-Identifier: Apache-2.0
// The state directory: one collector at a time, and every secret the installation has.
#pragma once

#include <filesystem>
#include <string>

#include "collector/store/store.h"
#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/result.h"
#include "common/crypto/identity.h"
#include "common/crypto/signing.h"

namespace assay::collector {

// What lies there: lock, ca/, signing.key, collector.db, server.*, admin.token.
struct StateDir {
  std::filesystem::path path;
  UniqueFd lock;                    // held for the life of the process
  crypto::Authority authority;
  crypto::SigningKey signing_key;
};

// Opens the directory (created with mode 0700 when missing), takes its lock, and opens or makes the CA and the signing key.
// kConflict when another collector runs on it.
Result<StateDir> open_state_dir(const std::filesystem::path& path, WallTime now);

std::filesystem::path database_path(const std::filesystem::path& state_dir);
std::filesystem::path admin_token_path(const std::filesystem::path& state_dir);

// Makes an administrator's token when none is good any more, and writes it to admin.token (0600): the first start, and the way
// back in for whoever has the machine when all tokens have run out. True when one was made.
Result<bool> ensure_admin_token(const StateDir& state, Store& store, WallTime now);

}  // namespace assay::collector
