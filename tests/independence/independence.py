#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the committed goldens against references and kernels built by other compilers, at other optimisation levels, for another
architecture, and run by an emulated CPU. Every build must agree on a sample of operand sets; a tool that is missing is a visible skip.

  independence.py [--sets N] [--probe ID] [--quick --tool FILE] [--markdown] [--only NAME]

--quick   builds nothing: the emulated CPUs run the kernels of FILE, the assay-golden of the build at hand; the slow references are left out
Exit code 0 all agree, 1 a difference, 77 nothing could be run."""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "independence"
FINE, FINDING, SKIPPED = 0, 1, 77
# name, compiler, flags of everything, target; kernels get the same level after their own flags.
BUILDS = [
    ("g++ -O0", "g++", "-O0", None),
    ("g++ -O3", "g++", "-O3", None),
    ("clang++ -O1", "clang++-19", "-O1", None),
    ("clang++ -O3", "clang++-19", "-O3", None),
    ("g++ -O2, aarch64", "aarch64-linux-gnu-g++", "-O2", "aarch64"),
    ("g++ -O0, aarch64", "aarch64-linux-gnu-g++", "-O0", "aarch64"),
]
EMULATED = [("qemu -cpu max", ["qemu-x86_64", "-cpu", "max"]), ("qemu -cpu Nehalem", ["qemu-x86_64", "-cpu", "Nehalem"])]
# qemu computes the sine, cosine and tangent of the 80-bit unit in FP64: 53 bits of mantissa, where the probe wants 62 (probes/catalogue/x87_atan.h).
EMULATOR_LIMITS = ("x87.atan.chain/",)
ARM = ["qemu-aarch64", "-cpu", "max", "-L", "/usr/aarch64-linux-gnu"]


def say(text):
    print(text, file=sys.stderr, flush=True)


def header_only_fmt():
    """A CMake package that gives fmt from its headers alone: there is no library of it for another architecture here."""
    folder = BUILD / "fmt"
    include = folder / "include"
    include.mkdir(parents=True, exist_ok=True)
    if not (include / "fmt").exists():
        (include / "fmt").symlink_to("/usr/include/fmt")
    (folder / "fmt-config.cmake").write_text(
        "add_library(fmt::fmt INTERFACE IMPORTED)\n"
        f"set_target_properties(fmt::fmt PROPERTIES INTERFACE_INCLUDE_DIRECTORIES {include} INTERFACE_COMPILE_DEFINITIONS FMT_HEADER_ONLY=1)\n"
    )
    (folder / "fmt-config-version.cmake").write_text("set(PACKAGE_VERSION 9.1.0)\nset(PACKAGE_VERSION_COMPATIBLE TRUE)\n")
    return folder


def build(name, compiler, flags, target):
    """The path of assay-golden made by that compiler."""
    folder = BUILD / "".join(c if c.isalnum() else "_" for c in name)
    configure = ["cmake", "-S", str(ROOT), "-B", str(folder), "-G", "Ninja", "-DASSAY_PROBES_ONLY=ON", "-DASSAY_TESTS=OFF",
                 "-DCMAKE_BUILD_TYPE=None", f"-DCMAKE_CXX_COMPILER={compiler}", f"-DCMAKE_CXX_FLAGS={flags}", f"-DASSAY_KERNEL_FLAGS={flags}"]
    if target:
        configure += ["-DCMAKE_SYSTEM_NAME=Linux", f"-DCMAKE_SYSTEM_PROCESSOR={target}", f"-Dfmt_DIR={header_only_fmt()}"]
    for command in (configure, ["cmake", "--build", str(folder), "--target", "assay-golden"]):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            say(done.stdout[-4000:])
            raise SystemExit(f"independence: {name} does not build")
    return folder / "bin" / "assay-golden"


def verify(prefix, tool, options):
    """(code, runs and variants in words, findings)."""
    command = [*prefix, str(tool), "verify", str(ROOT / "probes/goldens"), "--sets", str(options.sets)]
    if not options.quick:
        command.append("--references")
    if options.probe:
        command += ["--probe", options.probe]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "LC_ALL": "C"})
    words = done.stderr.strip().split("\n")[-2:]
    return done.returncode, words, done.stdout.strip().split("\n") if done.stdout.strip() else []


def first_line(command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout.split("\n")[0].strip()


class Table:
    def __init__(self):
        self.rows, self.worst, self.ran = [], FINE, 0

    def skip(self, name, missing):
        say(f"{name}: SKIPPED, {missing} is not installed")
        self.rows.append((name, f"skipped: no {missing}", "", ""))

    def run(self, name, by, prefix, tool, options, limits=()):
        code, words, findings = verify(prefix, tool, options)
        known = [one for one in findings if one.startswith(limits) and "the reference gives" not in one] if limits else []
        findings = [one for one in findings if one not in known]
        if known:
            say(f"{name}: {len(known)} differences that the emulator is known for, the first: {known[0]}")
            code = FINDING if findings else FINE
        self.ran += 1
        variants = words[0].removeprefix("variants: ") if len(words) == 2 else ""
        result = "all agree" if code == 0 else "DIFFERS" if findings else f"failed with {code}"
        say(f"{name}: {result}: {'; '.join(words)}")
        for finding in findings[:10]:
            say(f"  {finding}")
        self.rows.append((name, by, variants, f"{result}: {words[-1]}"))
        if code != 0:
            self.worst = FINDING


def full(table, options):
    native = None
    for name, compiler, flags, target in BUILDS:
        if options.only and options.only not in name:
            continue
        missing = next((one for one in (compiler, *(ARM[:1] if target else [])) if shutil.which(one) is None), None)
        if missing:
            table.skip(name, missing)
            continue
        tool = build(name, compiler, flags, target)
        native = native if target or native else tool
        table.run(name, first_line([compiler, "--version"]), ARM if target else [], tool, options)
    if native and not options.only:
        emulated(table, native, options)


def emulated(table, tool, options):
    for name, command in EMULATED:
        if shutil.which(command[0]) is None:
            table.skip(name, command[0])
        else:
            table.run(name, first_line([command[0], "--version"]), command, tool, options, EMULATOR_LIMITS)


def markdown(table, options):
    print("| build or CPU | made by | probes by variant | result |\n|---|---|---|---|")
    for row in table.rows:
        print("| " + " | ".join(row) + " |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sets", type=int, default=8)
    parser.add_argument("--probe", default="")
    parser.add_argument("--only", default="")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--tool", type=pathlib.Path)
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    table = Table()
    if options.quick and not options.tool.exists():
        say(f"no {options.tool}: build assay-golden there first")
    elif options.quick:
        emulated(table, options.tool, options)
    else:
        full(table, options)
    if options.markdown:
        markdown(table, options)
    if table.ran == 0:
        say("ALL TESTS SKIPPED: no other compiler or emulator could be used")
        return SKIPPED
    return table.worst


if __name__ == "__main__":
    sys.exit(main())
