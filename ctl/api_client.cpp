// SPDX-License-Identifier: Apache-2.0
#include "ctl/api_client.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/base/file.h"
#include "common/base/parse.h"
#include "common/model/limits.h"
#include "common/net/https_client.h"
#include "ctl/json_value.h"
#include "ctl/text_width.h"

namespace assay::ctl {
namespace {

constexpr size_t kFingerprintDigits = 64;

class HttpsApi final : public Api {
 public:
  HttpsApi(net::HttpsClient client, std::string url, std::string authorization)
      : client_(std::move(client)), url_(std::move(url)), authorization_(std::move(authorization)) {}

  Result<std::string> call(std::string_view method, const std::string& target, const std::string& body) override {
    net::CallOptions options;
    options.method = std::string(method);
    options.target = target;
    options.authorization = authorization_;
    options.body = body;
    auto answer = client_.call(options);
    if (!answer) return explain(answer.error());
    if (answer->status < 200 || answer->status > 299) return error_of_answer(answer->status, answer->body, url_);
    return std::move(answer->body);
  }

 private:
  // The client's messages begin with the URL; here the sentence says it where it fits.
  Error explain(const Error& error) const {
    std::string_view what = error.message;
    if (what.starts_with(url_ + ": ")) what.remove_prefix(url_.size() + 2);
    switch (error.code) {
      case ErrorCode::kUnavailable:
        return make_error(error.code, fmt::format("cannot reach {}: {}; is assay-collector running?", url_, what));
      case ErrorCode::kTimeout:
        return make_error(error.code, fmt::format("{}: {}; is it busy, or --timeout too short?", url_, what));
      default: return make_error(error.code, fmt::format("{}: {}", url_, what));
    }
  }

  net::HttpsClient client_;
  std::string url_;
  std::string authorization_;
};

}  // namespace

Result<std::string> fingerprint_of_token(std::string_view token) {
  const auto fields = split(token, '.');
  const auto hexadecimal = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (fields.size() != 5 || fields[0] != "assay1" || fields[4].size() != kFingerprintDigits ||
      !std::all_of(fields[4].begin(), fields[4].end(), hexadecimal)) {
    return make_error(ErrorCode::kPermission, "the token is not one of a collector (assay1.…): copy it whole, or make a new one with assayctl token create");
  }
  return std::string(fields[4]);
}

Error error_of_answer(int status, std::string_view body, std::string_view url) {
  std::string message = fmt::format("HTTP status {}", status);
  if (const auto document = parse_json_object(body); document.ok()) {
    message = printable(document->at("error").text_or("message", message));
  }
  switch (status) {
    case 400: return make_error(ErrorCode::kInvalid, message);
    case 401:
      return make_error(ErrorCode::kPermission,
                        fmt::format("{} does not accept this identity: {}; it may have expired or been revoked: ask an admin for a new token "
                                    "(assayctl token create)", url, message));
    case 403:
      return make_error(ErrorCode::kPermission, fmt::format("not permitted: {}; use a token of a higher role (assayctl token create --kind)", message));
    case 404: return make_error(ErrorCode::kNotFound, message);
    case 409: return make_error(ErrorCode::kConflict, message);
    case 405:
    case 501: return make_error(ErrorCode::kUnsupported, fmt::format("{} cannot do this: {}; is it older than this assayctl?", url, message));
    case 413: return make_error(ErrorCode::kInvalid, message);
    case 429: return make_error(ErrorCode::kUnavailable, fmt::format("{} is asked too often: {}; try again in a minute", url, message));
    case 503: return make_error(ErrorCode::kUnavailable, fmt::format("{} cannot serve now: {}; try again shortly", url, message));
    default: return make_error(status >= 500 ? ErrorCode::kUnavailable : ErrorCode::kInternal, fmt::format("{}: {}", url, message));
  }
}

Result<std::unique_ptr<Api>> make_api(const Settings& settings) {
  if (!settings.has_identity()) {
    return make_error(ErrorCode::kInvalid,
                      "no identity to show the collector: set --token-file, ASSAY_TOKEN_FILE or ASSAY_TOKEN, or --cert and --key");
  }
  net::ClientOptions options;
  options.url = settings.collector_url;
  options.timeout = settings.timeout;
  options.reply_bytes = limits::kHttpReplyBytes;
  if (!settings.ca_file.empty()) {
    options.ca_pem = TRY(read_file(settings.ca_file, limits::kCertificateBytes));
  } else if (!settings.token.empty()) {
    options.ca_fingerprint = TRY(fingerprint_of_token(settings.token));
  } else {
    return make_error(ErrorCode::kInvalid, "a client certificate alone does not say whom to trust: give the collector's CA with --ca");
  }
  if (!settings.certificate_file.empty()) {
    crypto::Identity identity;
    identity.certificate_pem = TRY(read_file(settings.certificate_file, limits::kCertificateBytes));
    identity.key_pem = TRY(read_file(settings.key_file, limits::kCertificateBytes));
    options.identity = std::move(identity);
  }
  auto client = TRY(net::HttpsClient::make(std::move(options)));
  const std::string authorization = settings.token.empty() ? "" : "Bearer " + settings.token;
  return std::unique_ptr<Api>(std::make_unique<HttpsApi>(std::move(client), settings.collector_url, authorization));
}

}  // namespace assay::ctl
