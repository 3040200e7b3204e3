# SPDX-License-Identifier: Apache-2.0
# Holds histograms against a table of rules: lines of `kernel pattern | architectures | must have | must not have | why`, patterns as in a shell, opcodes
# separated by spaces; OP>=N asks for at least N. Every rule for an architecture must meet a kernel, so that a rename cannot make a rule idle.
import fnmatch
import re

from cubin import known_names


class RuleError(Exception):
    """A line of the table that cannot be read; names the line."""


class UnitRule:
    def __init__(self, line, kernels, architectures, present, absent, why):
        self.line, self.kernels, self.architectures, self.present, self.absent, self.why = line, kernels, architectures, present, absent, why

    def meets(self, kernel, architecture):
        return fnmatch.fnmatchcase(kernel, self.kernels) and self.is_for(architecture)

    def is_for(self, architecture):
        return any(fnmatch.fnmatchcase(architecture, one) for one in self.architectures)


def _opcodes(text, line):
    found, known = {}, known_names()
    for word in text.split():
        name, _, least = word.partition(">=")
        if name not in known and not re.fullmatch(r"0x[0-9a-f]{3}", name):
            raise RuleError(f"line {line}: unknown opcode '{name}': cubin.py has the names")
        if least and not least.isdigit():
            raise RuleError(f"line {line}: '{word}' has no number behind >=")
        found[name] = int(least or 1)
    return found


def read_rules(text):
    rules = []
    for number, row in enumerate(text.split("\n"), 1):
        if not row.strip() or row.lstrip().startswith("#"):
            continue
        fields = [field.strip() for field in row.split("|")]
        if len(fields) != 5 or not all((fields[0], fields[1], fields[2] or fields[3], fields[4])):
            raise RuleError(f"line {number}: wanted are 'kernel | architectures | must have | must not have | why', the last filled")
        rules.append(UnitRule(number, fields[0], fields[1].split(), _opcodes(fields[2], number), _opcodes(fields[3], number), fields[4]))
    return rules


def violations(rules, architecture, histograms):
    """Lines that say which kernel has what it must not have, or lacks what it must have."""
    found = []
    for rule in rules:
        if not rule.is_for(architecture):
            continue
        kernels = [kernel for kernel in sorted(histograms) if rule.meets(kernel, architecture)]
        if not kernels:
            found.append(f"rule of line {rule.line} ({rule.kernels}) meets no kernel of {architecture}")
        for kernel in kernels:
            counts = histograms[kernel]
            for name, least in rule.present.items():
                if counts[name] < least:
                    found.append(f"{kernel} on {architecture} has {counts[name]} {name}, wanted are at least {least}: {rule.why}")
            for name in rule.absent:
                if counts[name]:
                    found.append(f"{kernel} on {architecture} has {counts[name]} {name}, wanted is none: {rule.why}")
    return found


def unruled(rules, architecture, histograms):
    """Kernels that no rule is for: nothing is known of what they run on."""
    return [f"no rule is for {kernel} of {architecture}" for kernel in sorted(histograms) if not any(rule.meets(kernel, architecture) for rule in rules)]
