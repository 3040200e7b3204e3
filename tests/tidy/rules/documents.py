# SPDX-License-Identifier: Apache-2.0
# The words of the repository: links that resolve, a changelog with a grammar, nothing left to do, no paths of somebody's machine.
import posixpath
import re

from cpp_text import line_of
from tree import Finding, Rule

_LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_CODE_PATH = re.compile(r"`((?:common|probes|agent|collector|ctl|dashboards|packaging|tests|docs|cmake|dev\.d|\.ci)/[\w./-]*)`")


def _without_fences(text):
    return _FENCE.sub(lambda m: re.sub(r"[^\n]", " ", m.group(0)), text)


def _anchors(text):
    """The anchors a Markdown viewer gives to the headings."""
    heads = re.findall(r"^#{1,6}\s+(.*?)\s*$", _without_fences(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.replace("`", "").lower()).replace(" ", "-") for head in heads}


class Links(Rule):
    """Links and paths in the documents lead somewhere. Links to other sites are not followed."""

    name = "links"

    def check(self, tree):
        found = []
        for path, text in sorted(tree.matching(".md").items()):
            clean = _without_fences(text)
            for match in _LINK.finditer(clean):
                wrong = self._wrong(tree, path, match.group(1))
                if wrong:
                    found.append(Finding(path, line_of(clean, match.start()), wrong))
            for match in _CODE_PATH.finditer(clean):
                if not tree.has(match.group(1)):
                    found.append(Finding(path, line_of(clean, match.start()), f"there is no {match.group(1)}"))
        found += self._unknown_commands(tree)
        for path, text in sorted(tree.matching(".h", ".cpp", ".proto").items()):
            for match in re.finditer(r"\bdocs/[\w./-]+\.md\b", text):
                if not path.startswith("tests/") and not tree.has(match.group(0)):
                    found.append(Finding(path, line_of(text, match.start()), f"there is no {match.group(0)}"))
        for path, text in sorted(tree.matching(".yml", under="dashboards/").items()):
            for match in re.finditer(r"runbook: (docs/[\w./-]+)(#[\w-]+)?", text):
                wrong = self._wrong(tree, "x", match.group(1) + (match.group(2) or ""))
                if wrong:
                    found.append(Finding(path, line_of(text, match.start()), wrong))
        return found

    @staticmethod
    def _unknown_commands(tree):
        """Commands of assayctl in code of the documents that docs/reference/cli.md does not list."""
        rows = re.findall(r"^\| `([a-z]+)((?: [a-z]+)?)(?=[ `])", tree.texts.get("docs/reference/cli.md", ""), re.MULTILINE)
        known = {first + second for first, second in rows}
        for path, text in sorted(tree.matching(".md", ".yml").items()):
            for match in re.finditer(r"(?<![\w/.-])assayctl ([a-z]+)((?: [a-z]+)?)(?=[^\n]*`|[^`\n]*$)", text, re.MULTILINE):
                one, two = match.group(1), match.group(1) + match.group(2)
                quoted = path.endswith(".yml") or text.count("`", 0, match.start()) % 2 == 1
                if quoted and known and one not in known and two not in known:
                    yield Finding(path, line_of(text, match.start()), f"assayctl has no '{two}' (docs/reference/cli.md)")

    @staticmethod
    def _wrong(tree, path, target):
        if re.match(r"[a-z]+:", target):
            return None
        file, _, anchor = target.partition("#")
        full = posixpath.normpath(posixpath.join(posixpath.dirname(path), file)) if file else path
        if not tree.has(full):
            return f"the link {target} leads nowhere"
        if anchor and full.endswith(".md") and anchor not in _anchors(tree.texts[full]):
            return f"{full} has no heading #{anchor}"
        return None

    def canaries(self):
        return {
            "dead link": {"docs/a.md": "[b](b.md)\n"},
            "dead anchor": {"docs/a.md": "# One\n\n[b](#two)\n"},
            "dead anchor elsewhere": {"docs/a.md": "[b](b.md#x)\n", "docs/b.md": "# Y\n"},
            "dead path in code": {"README.md": "see `agent/none.cpp`\n"},
            "dead command": {"README.md": "run `assayctl nothing here`\n", "docs/reference/cli.md": "| `status` | x |\n"},
            "dead command in a block": {"README.md": "```\nassayctl device sho X\n```\n", "docs/reference/cli.md": "| `device show DEVICE` | x |\n"},
            "dead path in a comment": {"agent/a.h": "// docs/reference/none.md\n"},
            "dead runbook": {"dashboards/prometheus/alerts.yml": "runbook: docs/operations/none.md\n"},
        }

    def fine(self):
        return {"live": {"docs/a.md": "# The `x`, of it\n[b](b.md#y-z) [c](#the-x-of-it) [d](https://example.org)\n", "docs/b.md": "## Y z\n"}}


class Changelog(Rule):
    """`## VERSION / YYYY-MM-DD` (or `/ unreleased`), then `* [KIND] component: text.`; the first heading is the version in VERSION."""

    name = "changelog"
    KINDS = ("CHANGE", "FEATURE", "ENHANCEMENT", "BUGFIX", "GOLDEN", "WIRE")
    _HEAD = re.compile(r"## (\d+\.\d+\.\d+) / (\d{4}-\d{2}-\d{2}|unreleased)")
    _ENTRY = re.compile(r"\* \[(%s)\] [a-z0-9_./, -]+: .*\." % "|".join(KINDS))

    def check(self, tree):
        text = tree.texts.get("CHANGELOG.md")
        if text is None:
            return []
        found, first = [], None
        for number, line in self._joined(text):
            if line.startswith("## "):
                head = self._HEAD.fullmatch(line)
                if not head:
                    found.append(Finding("CHANGELOG.md", number, "a release is '## VERSION / DATE' or '## VERSION / unreleased'"))
                elif first is None:
                    first = head.group(1)
            elif first and line and not self._ENTRY.fullmatch(line):
                found.append(Finding("CHANGELOG.md", number, f"an entry is '* [KIND] component: text.' with a kind of {', '.join(self.KINDS)}"))
        version = tree.texts.get("VERSION", "").strip()
        if first != version:
            found.append(Finding("CHANGELOG.md", 1, f"the first release is {first}, but VERSION says {version}"))
        return found

    @staticmethod
    def _joined(text):
        """(number, line) with indented continuation lines joined to their entry."""
        entries = []
        for number, line in enumerate(text.split("\n"), 1):
            if line.startswith("  ") and entries:
                entries[-1] = (entries[-1][0], entries[-1][1] + " " + line.strip())
            else:
                entries.append((number, line))
        return entries

    def canaries(self):
        version = {"VERSION": "1.2.3\n"}
        return {
            "other version": {**version, "CHANGELOG.md": "# Changes\n\n## 1.2.2 / unreleased\n"},
            "bad heading": {**version, "CHANGELOG.md": "## 1.2.3 / unreleased\n## 1.2\n"},
            "bad kind": {**version, "CHANGELOG.md": "## 1.2.3 / unreleased\n\n* [NEW] agent: text.\n"},
            "no full stop": {**version, "CHANGELOG.md": "## 1.2.3 / unreleased\n\n* [FEATURE] agent: text\n"},
            "no component": {**version, "CHANGELOG.md": "## 1.2.3 / unreleased\n\n* [FEATURE] text.\n"},
        }


_UNDONE = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
_MACHINE = re.compile(r"(?<![\w./~])/(?:work|root|home|Users|mnt)/[\w.-]+|/tmp/b-\w+")

_ELSEWHERE = re.compile(r"\b(DESIGN|STYLE)(\.md)?\b,? (section|sections|§)|\b(DESIGN|STYLE)\.md\b")


class Wording(Rule):
    """Nothing is left to do, and no text names a path of somebody's machine."""

    name = "wording"

    def check(self, tree):
        found = []
        for path, text in sorted(tree.texts.items()):
            if path.startswith("tests/tidy/") or path == "LICENSE":
                continue
            for match in _UNDONE.finditer(text):
                found.append(Finding(path, line_of(text, match.start()), f"'{match.group(0)}': do it, or open an issue and say nothing here"))
            for match in _ELSEWHERE.finditer(text):
                found.append(Finding(path, line_of(text, match.start()), f"'{match.group(0)}' is not in this repository: name ARCHITECTURE.md or a page of docs/"))
            for match in _MACHINE.finditer(text):
                found.append(Finding(path, line_of(text, match.start()), f"'{match.group(0)}' is a path of one machine"))
        return found

    def canaries(self):
        return {"a page elsewhere": {"agent/a.h": "// see DES" "IGN section 4\n"}, "undone": {"agent/a.cpp": "// TO" "DO: later\n"}, "machine": {"docs/a.md": "run /home/" "me/build/x\n"}}
