#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts opcodes of cubins and holds them against rules (tests/cuda/README.md, "Units").

  check_units.py --show FILE...                         one line a kernel
  check_units.py --rules TABLE ARCHITECTURE=FILE|FOLDER...     e.g. sm_90a=build/assay_90a.cubin; of a folder that nvcc kept all *.cubin,
                                                               under sm_XX without a letter

Exit code 0 all as wanted, 1 a kernel uses another unit or none that is known, 2 a file that cannot be read."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "sass"))
from cubin import OPCODES, CubinError, capability, cubins, histograms  # noqa: E402
from units import RuleError, read_rules, unruled, violations  # noqa: E402


def show(files):
    for file in files:
        for name, data in cubins(file):
            for kernel, counts in sorted(histograms(data, name).items()):
                total = sum(count for op, count in counts.items() if op in OPCODES.values() or "." not in op)
                print(f"{name}: {kernel}: {total} instructions: " + " ".join(f"{op}={n}" for op, n in counts.most_common()))
    return 0


def cubin_files(named):
    """[(architecture, file)] of an argument."""
    architecture, _, file = named.partition("=")
    if file:
        return [(architecture, file)]
    if not pathlib.Path(named).is_dir():
        raise RuleError(f"'{named}': wanted is ARCHITECTURE=FILE, or a folder")
    kept = sorted(pathlib.Path(named).glob("*.cubin"))
    if not kept:
        raise RuleError(f"'{named}' has no *.cubin: make it with nvcc --keep --keep-dir")
    return [(f"sm_{capability(file.read_bytes())}", file) for file in kept]


def check(table, files):
    rules, bad = read_rules(pathlib.Path(table).read_text()), 0
    merged = {}
    for architecture, file in [pair for one in files for pair in cubin_files(one)]:
        for name, data in cubins(file):
            merged.setdefault(architecture, {}).update(histograms(data, name))
    for architecture, kernels in sorted(merged.items()):
        for line in [*violations(rules, architecture, kernels), *unruled(rules, architecture, kernels)]:
            print(f"check_units: {line}")
            bad += 1
        print(f"check_units: {architecture}: {len(kernels)} kernels held against {sum(rule.is_for(architecture) for rule in rules)} rules")
    return 1 if bad else 0


def main(arguments):
    try:
        if arguments[:1] == ["--show"] and len(arguments) > 1:
            return show(arguments[1:])
        if arguments[:1] == ["--rules"] and len(arguments) > 2:
            return check(arguments[1], arguments[2:])
    except (CubinError, RuleError, OSError) as error:
        print(f"check_units: {error}", file=sys.stderr)
        return 2
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
