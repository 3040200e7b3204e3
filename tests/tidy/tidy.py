#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Checks the rules of the house that a compiler does not: arrows between folders, lengths, banned calls, wording, links, and the
# files other tools read. A rule first has to find its own planted violations (canaries), so that a rule that cannot fail is found.
#
#   tests/tidy/tidy.py            all rules on this tree
#   tests/tidy/tidy.py NAME...    some of them
#   tests/tidy/tidy.py --list     their names, one a line
#
# Exit codes: 0 clean, 1 something was found (or a canary was not), 64 usage, 77 a tool that the rule needs is not installed.
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from rules import ALL  # noqa: E402
from tree import MissingTool, Tree  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXIT_FOUND, EXIT_USAGE, EXIT_SKIPPED = 1, 64, 77


def blind_canaries(rule):
    """Names of planted violations that the rule does not see."""
    return [name for name, files in rule.canaries().items() if not rule.check(Tree.of(files))]


def false_alarms(rule):
    """Findings in files that are right."""
    return [(name, found) for name, files in rule.fine().items() for found in rule.check(Tree.of(files))]


def run(rule, tree):
    """Prints what is wrong; the number of findings."""
    count = 0
    for name in blind_canaries(rule):
        print(f"tidy: {rule.name}: the planted violation '{name}' was not found: the rule is blind")
        count += 1
    for name, found in false_alarms(rule):
        print(f"tidy: {rule.name}: false alarm on '{name}': {found}")
        count += 1
    for found in rule.check(tree):
        print(f"{found.path}:{found.line}: {found.text} [{rule.name}]")
        count += 1
    return count


def main(arguments):
    if arguments == ["--list"]:
        print("\n".join(rule.name for rule in ALL))
        return 0
    unknown = [name for name in arguments if name not in {rule.name for rule in ALL}]
    if unknown:
        print(f"tidy: no rule is called {', '.join(unknown)}; --list names them", file=sys.stderr)
        return EXIT_USAGE
    chosen = [rule for rule in ALL if not arguments or rule.name in arguments]
    tree = Tree.load(ROOT)
    failed, skipped = 0, 0
    for rule in chosen:
        try:
            count = run(rule, tree)
        except MissingTool as missing:
            print(f"tidy: {rule.name}: SKIPPED: {missing} is not installed; ./dev check installs it")
            skipped += 1
            continue
        failed += count > 0
        print(f"tidy: {rule.name}: {f'{count} found' if count else 'clean'}")
    if failed:
        return EXIT_FOUND
    return EXIT_SKIPPED if skipped == len(chosen) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
