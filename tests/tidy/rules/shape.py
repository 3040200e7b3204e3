# SPDX-License-Identifier: Apache-2.0
# Sizes of files and functions, names of files, and how a file opens.
import pathlib
import re

from cpp_text import SUFFIXES, scan
from tree import Finding, Rule

SOURCE_LINES, TEST_LINES, FUNCTION_LINES, ARCHITECTURE_LINES = 800, 1000, 70, 250
_COUNTED = (*SUFFIXES, ".py", ".sh", ".proto", ".cmake")


class Lengths(Rule):
    name = "lengths"

    def check(self, tree):
        found = []
        for path, text in sorted(tree.matching(*_COUNTED).items()):
            lines = text.count("\n")
            limit = TEST_LINES if path.startswith("tests/") else SOURCE_LINES
            if lines > limit:
                found.append(Finding(path, limit, f"{lines} lines, at most {limit}: this file has more than one idea"))
        for path, text in sorted(tree.matching(*SUFFIXES).items()):
            for function in scan(text)[0]:
                lines = function.last_line - function.first_line + 1
                if lines > FUNCTION_LINES:
                    found.append(Finding(path, function.first_line, f"a function of {lines} lines, at most {FUNCTION_LINES}: {function.head[:60]}"))
        lines = tree.texts.get("ARCHITECTURE.md", "").count("\n")
        if lines > ARCHITECTURE_LINES:
            found.append(Finding("ARCHITECTURE.md", lines, f"{lines} lines, at most {ARCHITECTURE_LINES}"))
        return found

    def canaries(self):
        body = "  x();\n" * 70
        return {
            "long source": {"agent/a.cpp": "\n" * 801},
            "long test": {"tests/unit/a_test.cpp": "\n" * 1001},
            "long function": {"agent/a.cpp": f"namespace assay {{\nint f(int a) {{\n{body}}}\n}}\n"},
            "long member function in a class": {"agent/a.h": f"class A {{\n public:\n  void f() const {{\n{body}}}\n}};\n"},
            "long constructor with braces in its list": {"agent/a.cpp": f"A::A(int b) : b_{{b}}, c_(0) {{\n{body}}}\n"},
            "long test case": {"tests/unit/a_test.cpp": f"TEST(A, B) {{\n{body}}}\n"},
            "long architecture": {"ARCHITECTURE.md": "\n" * 251},
        }

    def fine(self):
        body = "  x();\n" * 60
        return {"two functions in a long namespace": {"agent/a.cpp": f"namespace assay {{\nint f() {{\n{body}}}\nint g() {{\n{body}}}\n}}\n"}}


_POOR_WORDS = {"util", "utils", "misc", "helper", "helpers", "manager"}


class FileNames(Rule):
    name = "file_names"

    def check(self, tree):
        found = []
        for path in sorted(tree.matching(*SUFFIXES, ".py", ".sh", ".proto", ".cmake", ".toml")):
            stem = pathlib.Path(path).stem
            words = set(re.split(r"[_.\-]", stem.lower()))
            if words & _POOR_WORDS or stem.startswith("common_"):
                found.append(Finding(path, 1, f"'{stem}' does not say what the file is about"))
            if path.endswith(SUFFIXES) and not re.fullmatch(r"[a-z0-9_]+", stem):
                found.append(Finding(path, 1, "source files are called in snake_case"))
        return found

    def canaries(self):
        return {name: {f"agent/{name}": ""} for name in ("util.h", "string_utils.cpp", "spool_manager.h", "common_types.h", "Judge.cpp")}


def _comment_mark(path):
    if path.endswith((*SUFFIXES, ".proto")):
        return "//"
    name = pathlib.Path(path).name
    if name in ("CMakeLists.txt", "dev", "run") or path.endswith((".py", ".sh", ".cmake", ".toml", ".yml", ".yaml", ".service", ".conf", ".bash")):
        return "#"
    return None


class Openings(Rule):
    """One SPDX line first; a header then says in a comment what it is for, and is guarded by #pragma once."""

    name = "openings"

    def check(self, tree):
        found = []
        for path, text in sorted(tree.texts.items()):
            mark = _comment_mark(path)
            if mark is None:
                continue
            lines = text.split("\n")
            if lines[0].startswith("#!"):
                lines = lines[1:]
            if not lines or lines[0] != f"{mark} SPDX-License-Identifier: Apache-2.0":
                found.append(Finding(path, 1, f"the first line is not '{mark} SPDX-License-Identifier: Apache-2.0'"))
            elif path.endswith((".h", ".proto", ".py", ".cmake", ".service", ".yml", ".sh")) and not lines[1].startswith((mark, '"""')):
                found.append(Finding(path, 2, "the second line does not say what the file is for"))
            if path.endswith(".h") and "\n#pragma once\n" not in text:
                found.append(Finding(path, 1, "a header without #pragma once"))
        return found

    def canaries(self):
        spdx = "// SPDX-License-Identifier: Apache-2.0\n"
        return {
            "no SPDX": {"agent/a.cpp": "int x();\n"},
            "header without a purpose": {"agent/a.h": spdx + "#pragma once\n"},
            "header without a guard": {"agent/a.h": spdx + "// What it is for.\n"},
            "script without SPDX": {"tests/a.sh": "#!/bin/sh\ntrue\n"},
        }

    def fine(self):
        return {"header": {"agent/a.h": "// SPDX-License-Identifier: Apache-2.0\n// What it is for.\n#pragma once\n"}}
