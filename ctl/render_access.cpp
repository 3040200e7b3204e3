// SPDX-License-Identifier: Apache-2.0
// Tokens and certificates: who may speak to the collector.
#include <fmt/format.h>

#include "ctl/page_text.h"
#include "ctl/render.h"

namespace assay::ctl {
namespace {

// Expiry, marked when it is past.
Cell expiry_cell(std::optional<int64_t> unix_ms, const View& view) {
  const bool past = unix_ms && *unix_ms <= to_unix_ms(view.now);
  return {past ? "expired " + ago(unix_ms, view.now) : ago(unix_ms, view.now), past ? Tone::kWarning : Tone::kPlain};
}

}  // namespace

Result<Page> render_tokens(std::string_view json, const View& view) {
  const JsonValue document = TRY(parse_json_object(json));
  Table table({{"ID"}, {"KIND"}, {"NAME", Align::kLeft, true}, {"NODE", Align::kLeft, true}, {"CREATED", Align::kRight}, {"EXPIRES", Align::kRight}, {"USED"}});
  for (const JsonValue& token : document.list("tokens")) {
    table.add({token.text_or("id", kAbsent), token.text_or("kind", kAbsent), token.text_or("name", kAbsent), token.text_or("node", kAbsent),
               ago(token.integer("created_unix_ms"), view.now), expiry_cell(token.integer("expires_unix_ms"), view),
               token.flag("used") ? "yes" : "no"});
  }
  return Page{table.text(view.width_columns, view.color), ExitCode::kFine};
}

Result<Page> render_new_token(std::string_view json, const View& view) {
  static_cast<void>(view);
  const JsonValue document = TRY(parse_json_object(json));
  const auto token = document.text("token");
  if (!token) return make_error(ErrorCode::kCorrupt, "the collector's answer has no token in it");
  return Page{*token + "\n", ExitCode::kFine};
}

Result<Page> render_certificates(std::string_view json, const View& view) {
  const JsonValue document = TRY(parse_json_object(json));
  Table table({{"SERIAL"}, {"NAME", Align::kLeft, true}, {"ROLE"}, {"EXPIRES", Align::kRight}, {"REVOKED"}});
  for (const JsonValue& certificate : document.list("certificates")) {
    const bool revoked = certificate.flag("revoked");
    table.add({certificate.text_or("serial", kAbsent), certificate.text_or("name", kAbsent), certificate.text_or("role", kAbsent),
               expiry_cell(certificate.integer("not_after_unix_ms"), view), {revoked ? "yes" : "no", revoked ? Tone::kWarning : Tone::kPlain}});
  }
  return Page{table.text(view.width_columns, view.color), ExitCode::kFine};
}

}  // namespace assay::ctl
