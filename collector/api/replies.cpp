// SPDX-License-Identifier: Apache-2.0
#include "collector/api/replies.h"

#include "collector/api/json_writer.h"

namespace assay::collector {
namespace {

int status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalid: return 400;
    case ErrorCode::kNotFound: return 404;
    case ErrorCode::kPermission: return 403;
    case ErrorCode::kConflict: return 409;
    case ErrorCode::kLimit: return 413;
    case ErrorCode::kUnavailable:
    case ErrorCode::kTimeout:
    case ErrorCode::kCorrupt: return 503;
    case ErrorCode::kUnsupported:
    case ErrorCode::kInternal: return 500;
  }
  return 500;
}

}  // namespace

net::Response json_reply(std::string body) {
  body.push_back('\n');
  return {200, "application/json", std::move(body), {{"Cache-Control", "no-store"}}};
}

net::Response text_reply(int status, std::string body, std::string_view content_type) {
  return {status, std::string(content_type), std::move(body), {{"Cache-Control", "no-store"}}};
}

net::Response error_reply(int status, std::string_view code, std::string_view message) {
  JsonWriter json;
  json.begin_object().begin_object("error").text("code", code).text("message", message).end_object().end_object();
  net::Response response = json_reply(json.take());
  response.status = status;
  return response;
}

net::Response error_reply(const Error& error) { return error_reply(status_of(error.code), to_string(error.code), error.message); }

}  // namespace assay::collector
