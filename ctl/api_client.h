// SPDX-License-Identifier: Apache-2.0
// The collector's HTTP API as assayctl sees it: a call gives the JSON document of a success, or an error that names the next step.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "ctl/settings.h"

namespace assay::ctl {

// One owner, one thread. A test gives its own.
class Api {
 public:
  virtual ~Api() = default;
  // The body of a 2xx answer. kPermission for 401 and 403, kNotFound for 404, kConflict for 409, kInvalid for 400, kUnavailable for 5xx, 429 and
  // no answer at all; the server's own words are in the message.
  virtual Result<std::string> call(std::string_view method, const std::string& target, const std::string& body) = 0;

  Result<std::string> get(const std::string& target) { return call("GET", target, ""); }
  Result<std::string> post(const std::string& target, const std::string& body) { return call("POST", target, body); }
  Result<std::string> remove(const std::string& target) { return call("DELETE", target, ""); }
};

// A client for the collector of the settings; does not connect yet. kInvalid (a config error) when the URL, CA, certificate or token cannot be used.
Result<std::unique_ptr<Api>> make_api(const Settings& settings);

// The CA fingerprint a token ends in: "assay1.<kind letter>.<id>.<secret>.<CA fingerprint>". kPermission for anything else; the message does
// not repeat the token.
Result<std::string> fingerprint_of_token(std::string_view token);

// The error an HTTP status other than 2xx stands for.
Error error_of_answer(int status, std::string_view body, std::string_view url);

}  // namespace assay::ctl
