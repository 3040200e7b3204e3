// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "ctl/commands.h"
#include "ctl/json_writer.h"
#include "ctl/query.h"
#include "ctl/render.h"

namespace assay::ctl {
namespace {

struct CertificateOptions {
  std::string serial;
  std::string reason;
};

Result<ExitCode> revoke_certificate(Invocation& invocation, const CertificateOptions& options) {
  Api* api = TRY(invocation.api());
  const std::string body = JsonWriter().begin_object().field("reason", options.reason).end_object().take();
  const std::string answer = TRY(api->post(Target("/v1/certificates").segment(options.serial).segment("revoke").text(), body));
  return invocation.show_document(answer, [&](std::string_view, const View&) -> Result<Page> {
    return Page{fmt::format("certificate {} is revoked\n", options.serial), ExitCode::kFine};
  });
}

}  // namespace

void add_certificate_commands(CommandNode root) {
  const auto options = std::make_shared<CertificateOptions>();
  CommandNode certificate = root.add("certificate", "certificates of agents, people and tools (role admin)");
  CommandNode list = certificate.add("list", "certificates that were issued, and when they expire");
  list.does([](Invocation& invocation) { return invocation.show("/v1/certificates", render_certificates); });
  CommandNode revoke = certificate.add("revoke", "refuse a certificate from now on");
  revoke.required_text("serial", options->serial, "serial number, hexadecimal");
  revoke.required_text("--reason", options->reason, "why, in one line");
  revoke.does([options](Invocation& invocation) { return revoke_certificate(invocation, *options); });
}

}  // namespace assay::ctl
