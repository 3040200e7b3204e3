// SPDX-License-Identifier: Apache-2.0
#include "common/model/device_state.h"
#include "ctl/commands.h"
#include "ctl/query.h"
#include "ctl/render.h"

namespace assay::ctl {
namespace {

struct DeviceOptions {
  std::string id;
  std::string state;
  std::string node;
  std::optional<uint64_t> limit;
};

Result<ExitCode> list_devices(Invocation& invocation, const DeviceOptions& options) {
  if (!options.state.empty()) TRY(parse_device_state(options.state));
  Target target("/v1/devices");
  target.query("state", options.state).query("node", options.node).query("limit", options.limit);
  return invocation.show(target.text(), render_devices);
}

}  // namespace

void add_device_commands(CommandNode root) {
  const auto options = std::make_shared<DeviceOptions>();
  CommandNode device = root.add("device", "devices: accelerators and CPU sockets");

  CommandNode list = device.add("list", "every device with its runs, coverage and state");
  list.text("--state", options->state, "only devices in this state (in_service, suspect, quarantined, …)");
  list.text("--node", options->node, "only devices of this node");
  list.count("--limit", options->limit, "at most so many (1000)");
  list.does([options](Invocation& invocation) { return list_devices(invocation, *options); });

  CommandNode show = device.add("show", "one device: measurements, probes, incidents, history");
  show.required_text("device", options->id, "id of the device");
  show.does([options](Invocation& invocation) { return invocation.show(Target("/v1/devices").segment(options->id).text(), render_device); });
}

}  // namespace assay::ctl
