# SPDX-License-Identifier: Apache-2.0
# Just enough understanding of C++ text for the rules: comments and literals blanked, functions and namespace-scope statements found.
import re
from dataclasses import dataclass

SUFFIXES = (".h", ".cpp", ".cu", ".cuh")
_BLANK = re.compile(
    r'R"(?P<d>[^(\s]{0,16})\((?:.|\n)*?\)(?P=d)"'      # raw strings
    r'|"(?:\\.|[^"\\\n])*"'                             # strings
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'"            # characters, not digit separators
    r"|//[^\n]*|/\*(?:.|\n)*?\*/")


def code_of(text):
    """The text with comments and the inside of literals blanked; every line stays where it is."""
    def blank(match):
        found = match.group(0)
        keep = found[0] if found[0] in "\"'" else " "
        return keep + re.sub(r"[^\n]", " ", found[1:-1]) + keep if len(found) > 1 else " "
    return _BLANK.sub(blank, text)


def without_directives(code):
    """Preprocessor lines blanked, continuation lines included."""
    lines, inside = [], False
    for line in code.split("\n"):
        inside = inside or line.lstrip().startswith("#")
        lines.append("" if inside else line)
        inside = inside and line.rstrip().endswith("\\")
    return "\n".join(lines)


@dataclass(frozen=True)
class Function:
    head: str           # all before its opening brace, on one line
    first_line: int
    last_line: int
    body: str


@dataclass(frozen=True)
class Statement:
    """A statement outside functions and types that ends in a semicolon."""
    text: str
    line: int


_NOT_A_FUNCTION = re.compile(r"^(if|for|while|switch|do|else|return|case|using|static_assert)\b")
_TYPE = re.compile(r"^(template\s*<.*>\s*(requires\s.*)?)?(typedef\s+)?(class|struct|union|enum)\b")
_OPEN_INITIALISERS = re.compile(r"\)\s*(noexcept(\s*\([^)]*\))?)?\s*:(?!:).*[\w>]$")


def _kind(head):
    """What a brace after this text opens: namespace, type, function, or other (an initialiser)."""
    head = re.sub(r"\[\[[^\]]*\]\]", "", head).strip()
    if re.match(r"^(inline\s+)?namespace\b", head) or re.match(r'^extern\s*"\s*"$', head):
        return "namespace"
    if _TYPE.match(head) and "(" not in re.sub(r"(alignas|decltype)\s*\([^)]*\)", "", head):
        return "type"
    if "(" not in head or _NOT_A_FUNCTION.match(head) or head.endswith("=") or _OPEN_INITIALISERS.search(head):
        return "other"
    before = head.split("(")[0]
    return "other" if "=" in re.sub(r"operator\s*[=!<>+*/-]*=+", "", before) else "function"


def _closers(code):
    """The position of the closing brace by the position of its opening one."""
    pairs, open_braces = {}, []
    for match in re.finditer(r"[{}]", code):
        if match.group() == "{":
            open_braces.append(match.start())
        elif open_braces:
            pairs[open_braces.pop()] = match.start()
    return pairs


def scan(text):
    """(functions, statements) of a file."""
    code = without_directives(code_of(text))
    closers = _closers(code)
    functions, statements = [], []
    start, rounds, scopes, i = 0, 0, [], 0
    while i < len(code):
        char = code[i]
        if char == "(":
            rounds += 1
        elif char == ")":
            rounds = max(0, rounds - 1)
        elif char == "{":
            head = " ".join(code[start:i].split())
            kind = "other" if rounds else _kind(head)
            end = closers.get(i, len(code) - 1)
            if kind in ("namespace", "type"):
                scopes.append(kind)
                start = i + 1
            else:
                if kind == "function":
                    first = start + len(code[start:i]) - len(code[start:i].lstrip())
                    functions.append(Function(head, line_of(code, first), line_of(code, end), code[i:end]))
                    start = end + 1
                i = end
        elif char == "}":
            if scopes:
                scopes.pop()
            start = i + 1
        elif char == ";" and not rounds:
            statement = " ".join(code[start:i].split())
            if statement and "type" not in scopes:
                first = start + len(code[start:i]) - len(code[start:i].lstrip())
                statements.append(Statement(statement, line_of(code, first)))
            start = i + 1
        elif char == ":" and "type" in scopes and re.search(r"\b(public|private|protected)\s*$", code[start:i]):
            start = i + 1
        i += 1
    return functions, statements


def line_of(text, position):
    return text.count("\n", 0, position) + 1
