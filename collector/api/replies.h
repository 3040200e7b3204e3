// SPDX-License-Identifier: Apache-2.0
// Answers in the shapes every route shares: JSON, and errors as docs/reference/api.md has them.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/net/http.h"

namespace assay::collector {

net::Response json_reply(std::string body);
net::Response text_reply(int status, std::string body, std::string_view content_type = "text/plain; charset=utf-8");
// {"error":{"code":..,"message":..}} with the given status.
net::Response error_reply(int status, std::string_view code, std::string_view message);
// The status that goes with the error's code.
net::Response error_reply(const Error& error);

}  // namespace assay::collector
