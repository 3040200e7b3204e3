# SPDX-License-Identifier: Apache-2.0
# Reads what `nvcc -Xptxas -v` says: registers, shared memory and spills of every kernel and architecture; and judges spills.
import re


class LogError(Exception):
    """The log has nothing that can be judged, or an allowance cannot be read."""


class Usage:
    """registers per lane; bytes of static shared memory of a block; bytes of stack, spill stores and spill loads per lane."""

    def __init__(self, kernel, architecture):
        self.kernel, self.architecture = kernel, architecture
        self.registers, self.shared, self.stack, self.spill_stores, self.spill_loads = None, 0, 0, 0, 0

    def spills(self):
        return self.spill_stores + self.spill_loads


_ENTRY = re.compile(r"Compiling entry function '([^']+)' for '([^']+)'")
_PROPERTIES = re.compile(r"Function properties for '?([\w$.]+)'?")
_SPILLS = re.compile(r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads")
_USED = re.compile(r"Used (\d+) registers")
_SHARED = re.compile(r"(\d+)(?:\+\d+)? bytes smem")


def read_log(text):
    """Usages in the order of the log. Functions that a kernel calls count their spills towards that kernel."""
    found, current = [], None
    for line in text.split("\n"):
        if match := _ENTRY.search(line):
            current = Usage(*match.groups())
            found.append(current)
        elif current is not None and (match := _SPILLS.search(line)):
            current.stack = max(current.stack, int(match.group(1)))
            current.spill_stores += int(match.group(2))
            current.spill_loads += int(match.group(3))
        elif current is not None and (match := _USED.search(line)):
            current.registers = int(match.group(1))
            if shared := _SHARED.search(line):
                current.shared = int(shared.group(1))
    unfinished = [one.kernel for one in found if one.registers is None]
    if not found or unfinished:
        raise LogError("no kernel in it: compile with -Xptxas -v" if not found else f"cut short: no registers of {', '.join(unfinished)}")
    return found


def read_allowances(text):
    """[(kernel pattern, architecture pattern, bytes, reason)] of lines `kernel | architecture | bytes | reason`."""
    found = []
    for number, row in enumerate(text.split("\n"), 1):
        if row.strip() and not row.lstrip().startswith("#"):
            fields = [field.strip() for field in row.split("|")]
            if len(fields) != 4 or not all(fields) or not fields[2].isdigit():
                raise LogError(f"line {number} of the allowances: wanted are 'kernel | architecture | bytes | reason', all filled")
            found.append((fields[0], fields[1], int(fields[2]), fields[3]))
    return found
