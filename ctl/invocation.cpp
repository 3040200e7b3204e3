// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "ctl/command.h"
#include "ctl/text_width.h"

namespace assay::ctl {

View Invocation::view() const {
  View view;
  view.width_columns = shell_.console.columns();
  view.color = shell_.console.out_is_terminal() && settings_.color_allowed;
  view.now = shell_.clock.now().wall;
  return view;
}

Result<Api*> Invocation::api() {
  if (!api_) {
    auto made = shell_.connect(settings_);
    if (!made) {
      config_error_ = made.error().code != ErrorCode::kPermission;
      return made.error();
    }
    api_ = std::move(made).value();
  }
  return api_.get();
}

Result<ExitCode> Invocation::show(const std::string& target, const Renderer& renderer) {
  Api* collector = TRY(api());
  const std::string document = TRY(collector->get(target));
  return show_document(document, renderer);
}

Result<ExitCode> Invocation::show_document(const std::string& document, const Renderer& renderer) {
  const Page page = TRY(renderer(document, view()));
  if (json()) {
    console().out(document.ends_with('\n') ? document : document + "\n");
  } else {
    console().out(page.text);
  }
  return page.exit;
}

void Invocation::note(std::string_view text) { console().err(fmt::format("assayctl: {}\n", printable(text))); }

}  // namespace assay::ctl
