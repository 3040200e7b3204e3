// SPDX-License-Identifier: Apache-2.0
// The explicit table of subcommands: each function adds one group.
#pragma once

#include "ctl/command_tree.h"

namespace assay::ctl {

void add_status_command(CommandNode root);
void add_device_commands(CommandNode root);
void add_quarantine_commands(CommandNode root);
void add_incident_commands(CommandNode root);
void add_probe_commands(CommandNode root);
void add_probe_matrix_command(CommandNode probe);   // of add_probe_commands
void add_golden_commands(CommandNode root);
void add_token_commands(CommandNode root);
void add_certificate_commands(CommandNode root);
void add_audit_commands(CommandNode root);
void add_breaker_commands(CommandNode root);
void add_events_command(CommandNode root);
void add_top_command(CommandNode root);
void add_wait_command(CommandNode root);
void add_node_commands(CommandNode root);

}  // namespace assay::ctl
