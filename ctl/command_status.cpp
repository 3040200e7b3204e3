// SPDX-License-Identifier: Apache-2.0
#include "ctl/commands.h"
#include "ctl/render.h"

namespace assay::ctl {

void add_status_command(CommandNode root) {
  CommandNode status = root.add("status", "the fleet in one glance; exit 1 with findings, 2 when it cannot tell");
  status.does([](Invocation& invocation) { return invocation.show("/v1/status", render_status); });
}

}  // namespace assay::ctl
