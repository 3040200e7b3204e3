// SPDX-License-Identifier: Apache-2.0
// The requests of the API that change something: each checks its body, hands one job to the writer and answers when that is
// durable. Bodies are docs/reference/api.md's.
#pragma once

#include <string>

#include "collector/api/auth.h"
#include "collector/identity/identity_service.h"
#include "collector/writer/writer.h"
#include "common/net/http.h"
#include "common/net/https_server.h"

namespace assay::collector {

struct WriteContext {
  Writer& writer;
  IdentityService& identities;
  TokenBook& tokens;
  FailureLimiter& failures;
  const Clock& clock;
};

// `parameter` is the part of the path that '*' stood for. Answers through `respond`, once, on any thread.
using Write = void (*)(WriteContext& context, const net::Request& request, const Principal& who, const std::string& parameter,
                       const net::Responder& respond);

void write_release(WriteContext& context, const net::Request& request, const Principal& who, const std::string& parameter, const net::Responder& respond);
void write_retire(WriteContext& context, const net::Request& request, const Principal& who, const std::string& parameter, const net::Responder& respond);
void write_unfreeze(WriteContext& context, const net::Request& request, const Principal& who, const std::string& parameter, const net::Responder& respond);
void write_breaker_reset(WriteContext& context, const net::Request& request, const Principal& who, const std::string& parameter, const net::Responder& respond);
void write_new_token(WriteContext& context, const net::Request& request, const Principal& who, const std::string& parameter, const net::Responder& respond);
void write_delete_token(WriteContext& context, const net::Request& request, const Principal& who, const std::string& parameter, const net::Responder& respond);
void write_revoke(WriteContext& context, const net::Request& request, const Principal& who, const std::string& parameter, const net::Responder& respond);
void write_enrol(WriteContext& context, const net::Request& request, const Principal& who, const std::string& parameter, const net::Responder& respond);
void write_renew(WriteContext& context, const net::Request& request, const Principal& who, const std::string& parameter, const net::Responder& respond);

}  // namespace assay::collector
