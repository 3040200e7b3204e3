// SPDX-License-Identifier: Apache-2.0
#include "collector/identity/enrolment.h"

#include <fmt/format.h>

#include "common/crypto/identity.h"
#include "common/model/device.h"

namespace assay::collector {
namespace {

Status check_request_name(const std::string& csr_pem, const std::string& name) {
  const auto requested = crypto::request_name(csr_pem);
  if (!requested.ok()) return requested.error().in("csr_pem");
  if (*requested != name) {
    return make_error(ErrorCode::kInvalid, fmt::format("the signing request is for another name than {}; make a new one", name));
  }
  return {};
}

}  // namespace

Status check_enrolment(const TokenEntry& token, const EnrolRequest& request, bool node_is_live) {
  if (token.kind != TokenKind::kEnrol) {
    return make_error(ErrorCode::kPermission, fmt::format("this is a token of kind {}; a node needs one of kind enrol", to_string(token.kind)));
  }
  if (!is_valid_name(request.node)) {
    return make_error(ErrorCode::kInvalid, "the node name must have 1 to 128 characters of letters, digits and ._:- and not begin with - or .");
  }
  if (!token.name.empty() && token.name != request.node) {
    return make_error(ErrorCode::kPermission, fmt::format("the token is for node {} only; ask for one for {}", token.name, request.node));
  }
  if (token.used) return make_error(ErrorCode::kPermission, "the token was used before; ask an administrator for a new one");
  if (node_is_live && token.name.empty()) {
    return make_error(ErrorCode::kConflict, fmt::format("node {} is enrolled already; to enrol it again use a token made for it: "
                                                        "assayctl token create --kind enrol --node {}",
                                                        request.node, request.node));
  }
  return check_request_name(request.csr_pem, request.node);
}

Status check_renewal(const std::string& name, const std::string& csr_pem) { return check_request_name(csr_pem, name); }

}  // namespace assay::collector
