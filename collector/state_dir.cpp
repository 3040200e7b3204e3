// SPDX-License-Identifier: Apache-2.0
#include "collector/state_dir.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "collector/identity/identity_service.h"
#include "collector/store/reader.h"

namespace assay::collector {
namespace {

constexpr Duration kFirstTokenLifetime = std::chrono::hours{365 * 24};   // it lies in a file that only the collector's user can read

}  // namespace

std::filesystem::path database_path(const std::filesystem::path& state_dir) { return state_dir / "collector.db"; }
std::filesystem::path admin_token_path(const std::filesystem::path& state_dir) { return state_dir / "admin.token"; }

Result<StateDir> open_state_dir(const std::filesystem::path& path, WallTime now) {
  TRY(make_directory(path, 0700));
  auto lock = lock_file(path / "lock");
  if (!lock.ok()) {
    if (lock.error().code != ErrorCode::kConflict) return lock.error();
    return make_error(ErrorCode::kConflict, path.string() + ": another collector runs on this state directory; stop it first");
  }
  TRY(make_directory(path / "ca", 0700));
  auto authority = TRY(crypto::Authority::open_or_create(path / "ca", now));
  auto signing_key = TRY(crypto::SigningKey::load_or_create(path / "signing.key"));
  return StateDir{path, std::move(*lock), std::move(authority), std::move(signing_key)};
}

Result<bool> ensure_admin_token(const StateDir& state, Store& store, WallTime now) {
  {
    StoreReader reader = TRY(StoreReader::open(store.path()));
    const auto rows = TRY(reader.tokens(std::numeric_limits<int32_t>::max()));
    if (std::any_of(rows.begin(), rows.end(), [&](const TokenRow& row) { return row.kind == "admin" && row.expires > now; })) return false;
  }
  const NewToken token = prepare_token({TokenKind::kAdmin, {}, "first admin", kFirstTokenLifetime, "collector"}, state.authority, now);
  // The file first: if we die in between, the next start finds no good token and makes another.
  TRY(write_file_atomic(admin_token_path(state.path), token.text + "\n", 0600));
  Store::Transaction transaction = TRY(store.begin());
  TRY(transaction.add_token(token.row));
  TRY(transaction.commit());
  return true;
}

}  // namespace assay::collector
