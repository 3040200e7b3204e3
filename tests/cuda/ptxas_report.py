#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Registers, shared memory and spills of kernels from logs of nvcc -Xptxas -v (tests/cuda/README.md, "Resources"); any spill fails that no allowance explains.

  ptxas_report.py [--allow FILE] [--markdown] [--measured FILE.json] LOG...

--allow     lines `kernel | architecture | bytes | reason`
--markdown  writes the table of docs/measured to standard output
--measured  {"kernel on architecture": {"device": "H200, driver 580, 2026-12-01", "rate": "60.1 TFLOP/s", "share": "90 %"}}
Exit code 0 fine, 1 a spill, 2 a file that cannot be read."""
import argparse
import fnmatch
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "sass"))
from ptxas_log import LogError, read_allowances, read_log  # noqa: E402

NOT_RUN = "not run on silicon"


def unexplained(usages, allowances):
    """Lines about spills that are more than allowed, and about allowances that allow nothing."""
    found = []
    used = set()
    for one in usages:
        allowed = 0
        for index, (kernel, architecture, size, _) in enumerate(allowances):
            if one.spills() and fnmatch.fnmatchcase(one.kernel, kernel) and fnmatch.fnmatchcase(one.architecture, architecture):
                allowed = max(allowed, size)
                used.add(index)
        if one.spills() > allowed:
            found.append(f"{one.kernel} on {one.architecture} spills {one.spill_stores} bytes to memory and {one.spill_loads} back, allowed are {allowed}")
    found += [f"the allowance for {kernel} on {architecture} is not needed: take it out" for i, (kernel, architecture, _, _) in enumerate(allowances) if i not in used]
    return found


def architecture_order(usage):
    digits = "".join(c for c in usage.architecture if c.isdigit())
    return usage.kernel, int(digits or 0), usage.architecture


def markdown(usages, measured):
    rows = ["| kernel | architecture | compiles | registers | shared, bytes | spills, bytes | ran on a device | verified rate | share of ceiling |",
            "|---|---|---|---|---|---|---|---|---|"]
    for one in sorted(usages, key=architecture_order):
        seen = measured.get(f"{one.kernel} on {one.architecture}", {})
        rows.append(f"| `{one.kernel}` | {one.architecture} | yes | {one.registers} | {one.shared} | {one.spills()} | " +
                    " | ".join(seen.get(field, NOT_RUN) for field in ("device", "rate", "share")) + " |")
    return "\n".join(rows)


def registers(usages):
    """A line a kernel, a column an architecture: registers of a lane, and what is spilled where anything is; "-" where no image has the kernel."""
    architectures = sorted({one.architecture for one in usages}, key=lambda name: (int("".join(c for c in name if c.isdigit()) or 0), name))
    cells = {(one.kernel, one.architecture): f"{one.registers}, spills {one.spills()}" if one.spills() else str(one.registers) for one in usages}
    rows = ["| kernel | " + " | ".join(architectures) + " |", "|---" * (len(architectures) + 1) + "|"]
    for kernel in sorted({one.kernel for one in usages}):
        rows.append(f"| `{kernel}` | " + " | ".join(cells.get((kernel, architecture), "-") for architecture in architectures) + " |")
    return "\n".join(rows)


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--allow", type=pathlib.Path)
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--registers", action="store_true")
    parser.add_argument("--measured", type=pathlib.Path)
    parser.add_argument("logs", nargs="+", type=pathlib.Path)
    options = parser.parse_args(arguments)
    usages = []
    try:
        for log in options.logs:
            if log.name.endswith(".ptx.log"):
                continue  # of an image of PTX, which ptxas has not seen
            try:
                usages += read_log(log.read_text())
            except LogError as error:
                raise LogError(f"{log}: {error}") from None
        allowances = read_allowances(options.allow.read_text()) if options.allow else []
        measured = json.loads(options.measured.read_text()) if options.measured else {}
    except (LogError, OSError, ValueError) as error:
        print(f"ptxas_report: {error}", file=sys.stderr)
        return 2
    if options.markdown:
        print(markdown(usages, measured))
    if options.registers:
        print(registers(usages))
    bad = unexplained(usages, allowances)
    for line in bad:
        print(f"ptxas_report: {line}", file=sys.stderr)
    print(f"ptxas_report: {len(usages)} kernels, {sum(1 for one in usages if one.spills())} with spills", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
