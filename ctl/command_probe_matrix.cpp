// SPDX-License-Identifier: Apache-2.0
#include "ctl/commands.h"
#include "ctl/run_matrix.h"

namespace assay::ctl {

void add_probe_matrix_command(CommandNode probe) {
  const auto options = std::make_shared<MatrixOptions>();
  CommandNode matrix = probe.add("matrix", "plant every shape of fault in every probe and count what is found; exit 0 all, 1 something missed");
  matrix.text("--probe", options->probe, "only this probe");
  matrix.text("--variant", options->variant, "only this variant");
  matrix.text("--fault", options->fault, "only this fault: clean, bit_flip, …, one_in_n");
  matrix.count("--trials", options->trials, "trials of each fault in each variant of each probe (10); hangs and crashes a fifth of that");
  matrix.number("--seed", options->seed, "what places, bits and operand sets follow from (1)");
  matrix.number("--unit", options->unit, "only on this unit (core); default: all of the socket in turn");
  matrix.number("--cpu-socket", options->socket, "which CPU socket (0)");
  matrix.flag("--markdown", options->markdown, "print the page that is published");
  matrix.does([options](Invocation& invocation) { return run_matrix(invocation, *options); });
}

}  // namespace assay::ctl
