// SPDX-License-Identifier: Apache-2.0
// The rules of who may get a certificate, apart from any store or socket.
#pragma once

#include <string>

#include "collector/identity/token_book.h"
#include "common/base/result.h"

namespace assay::collector {

struct EnrolRequest {
  std::string token;
  std::string node;
  std::string csr_pem;
};

// Whether the node may be enrolled with a token that was found good (TokenBook::check). `node_is_live`: it holds a certificate
// that is still good, so only a token made for this very node may replace it; anything else would let any token holder take
// over a node. kPermission, kInvalid or kConflict with the next step otherwise.
Status check_enrolment(const TokenEntry& token, const EnrolRequest& request, bool node_is_live);

// Whether an agent of that name may renew with the request: only for its own name.
Status check_renewal(const std::string& name, const std::string& csr_pem);

}  // namespace assay::collector
