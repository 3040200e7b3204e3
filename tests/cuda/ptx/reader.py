# SPDX-License-Identifier: Apache-2.0
# Reads PTX text: module variables, kernels with their parameters, and each kernel's statements with registers renamed per scope. No meaning of
# instructions is known here; what cannot be read is an error that names the line.
import re

TYPE_BYTES = {"b8": 1, "u8": 1, "s8": 1, "b16": 2, "u16": 2, "s16": 2, "f16": 2, "bf16": 2, "b32": 4, "u32": 4, "s32": 4, "f32": 4, "f16x2": 4, "b64": 8,
              "u64": 8, "s64": 8, "f64": 8, "b128": 16, "pred": 1}


class PtxError(Exception):
    """One line that names the place in the PTX and what is wrong."""


class Instruction:
    """`guard` is (register, negated) or None; operands are text, a vector is a list of texts."""

    __slots__ = ("line", "guard", "parts", "operands", "text")

    def __init__(self, line, guard, parts, operands, text):
        self.line, self.guard, self.parts, self.operands, self.text = line, guard, parts, operands, text


class Kernel:
    def __init__(self, name, line):
        self.name, self.line = name, line
        self.parameters = {}  # name -> (offset, bytes)
        self.parameter_bytes = 0
        self.registers = {}   # renamed register -> type
        self.code = []        # Instruction, or a label (str)
        self.tables = {}      # label of .branchtargets -> labels
        self.variables = {}   # .shared and .local declared inside
        self.max_lanes = None


class Variable:
    def __init__(self, space, name, align, size, data, symbols):
        self.space, self.name, self.align, self.size, self.data, self.symbols = space, name, align, size, data, symbols


class Module:
    def __init__(self):
        self.kernels, self.variables, self.target = {}, {}, ""


_VARIABLE = re.compile(r"\.(global|const|shared|local)\s+(?:\.attribute\([^)]*\)\s*)?(?:\.align\s+(\d+)\s+)?\.(\w+)\s+([\w$]+)\s*((?:\[[^\]]*\])*)\s*(?:=\s*(.*))?$", re.DOTALL)
_LABEL = re.compile(r"\s*([\w$]+)\s*:(?!:)")
_REGISTER = re.compile(r"\.reg\s+(?:\.v[24]\s+)?\.(\w+)\s+(.*)$", re.DOTALL)
_MARK = re.compile(r"[;{}]")
_SPACE = re.compile(r"\s*")
_BRACES = re.compile(r"[{}]")
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)


def _without_comments(text):
    return _COMMENT.sub(lambda m: "\n" * m.group(0).count("\n"), text)


def variable_of(text, line):
    """A .global, .const, .shared or .local declaration, without its semicolon."""
    text = re.sub(r"^\.(visible|extern|weak|common)\s+", "", text.strip())
    match = _VARIABLE.match(text)
    if not match:
        raise PtxError(f"line {line}: cannot read the declaration '{text[:60]}'")
    space, align, kind, name, dimensions, values = match.groups()
    unit, count = TYPE_BYTES[kind], 1
    for number in re.findall(r"\[\s*(\d*)\s*\]", dimensions):
        count *= int(number) if number else 0
    data, symbols = bytearray(unit * count), []
    for index, value in enumerate(re.findall(r"[^\s{},]+", values or "")):
        number = _literal(value)
        if number is None:
            symbols.append((index * unit, unit, re.sub(r"^generic\((.*)\)$", r"\1", value)))
        else:
            data[index * unit:(index + 1) * unit] = (number & (1 << 8 * unit) - 1).to_bytes(unit, "little")
    return Variable(space, name, int(align or unit), unit * count, bytes(data), symbols)


def _literal(text):
    if re.fullmatch(r"-?(0[xX][0-9a-fA-F]+|\d+)U?", text):
        return int(text.rstrip("U"), 0)
    if re.fullmatch(r"0[fFdD][0-9a-fA-F]+", text):
        return int(text[2:], 16)
    return None


def split_operands(text):
    """Operands at the top level; {a, b} becomes a list, [..] and (..) stay text."""
    found, depth, start = [], 0, 0
    for at, letter in enumerate(text + ","):
        if letter in "{[(":
            depth += 1
        elif letter in "}])":
            depth -= 1
        elif letter == "," and depth == 0:
            piece = text[start:at].strip()
            start = at + 1
            if piece:
                found.append([p.strip() for p in piece[1:-1].split(",")] if piece.startswith("{") else piece)
    return found


class _Body:
    """Statements of one kernel; scopes give registers of the same name different names."""

    def __init__(self, kernel):
        self.kernel, self.scopes, self.count = kernel, [{}], 0

    def declare(self, text, line):
        match = _REGISTER.match(text)
        if not match:
            raise PtxError(f"line {line}: cannot read '{text[:60]}'")
        for name in match.group(2).split(","):
            ranged = re.fullmatch(r"([%\w$]+)<(\d+)>", name.strip())
            for one in [f"{ranged.group(1)}{i}" for i in range(int(ranged.group(2)))] if ranged else [name.strip()]:
                plain = re.sub(r"\W", "_", one.lstrip("%"))
                renamed = f"r_{plain}" if len(self.scopes) <= 1 else f"r_{plain}_s{self.count}"
                self.scopes[-1][one] = renamed
                self.kernel.registers[renamed] = match.group(1)

    def renamed(self, operand):
        if isinstance(operand, list):
            return [self.renamed(one) for one in operand]

        def swap(match):
            for scope in reversed(self.scopes):
                if match.group(0) in scope:
                    return scope[match.group(0)]
            return match.group(0)
        return re.sub(r"%?[\w$]+", swap, operand)

    def statement(self, text, line):
        guard = None
        match = re.match(r"@(!?)\s*([%\w$]+)\s+", text)
        if match:
            guard = (self.renamed(match.group(2)), match.group(1) == "!")
            text = text[match.end():]
        words = re.match(r"([a-z0-9_.:A-Z]+)\s*(.*)$", text, re.DOTALL)
        if not words:
            raise PtxError(f"line {line}: cannot read '{text[:60]}'")
        operands = [self.renamed(one) for one in split_operands(" ".join(words.group(2).split()))]
        self.kernel.code.append(Instruction(line, guard, words.group(1).replace("::", "_").split("."), operands, " ".join(text.split())))

    def directive(self, text, line):
        if text.startswith(".reg"):
            self.declare(text, line)
        elif text.startswith((".shared", ".local")):
            variable = variable_of(text, line)
            self.kernel.variables[variable.name] = variable
        elif text.startswith(".branchtargets"):
            last = self.kernel.code.pop()
            self.kernel.tables[last] = [one.strip() for one in text[len(".branchtargets"):].split(",")]
        elif not text.startswith((".pragma", ".loc", ".file", ".callprototype")):
            raise PtxError(f"line {line}: unknown directive '{text[:60]}'")


def _read_body(kernel, text, at, line):
    """From behind the opening brace to behind the closing one."""
    body, buffer, begun = _Body(kernel), "", line
    while True:
        if not buffer.strip():
            label = _LABEL.match(text, at)
            if label:
                line += text.count("\n", at, label.end())
                kernel.code.append(label.group(1))
                at, buffer = label.end(), ""
                continue
            if re.match(r"\s*\.loc\b", text[at:at + 60]):
                end = text.index("\n", text.index(".loc", at))
                line, at = line + text.count("\n", at, end), end
                continue
        mark = _MARK.search(text, at)
        if not mark:
            raise PtxError(f"line {kernel.line}: kernel {kernel.name} has no end")
        piece, letter = text[at:mark.start()], mark.group(0)
        if not buffer.strip() and piece.strip():
            begun = line + piece[:len(piece) - len(piece.lstrip())].count("\n")
        line, at = line + piece.count("\n"), mark.end()
        buffer += piece
        blank = not buffer.strip()
        if letter == ";":
            if not blank:
                statement = buffer.strip()
                (body.directive if statement.startswith(".") else body.statement)(statement, begun)
            buffer = ""
        elif letter == "{" and blank:
            body.count += 1
            body.scopes.append({})
        elif letter == "}" and blank:
            body.scopes.pop()
            if not body.scopes:
                return at, line
        else:
            buffer += letter


def _read_parameters(kernel, text):
    at = 0
    for piece in text.split(","):
        match = re.match(r"\s*\.param\s+(?:\.align\s+(\d+)\s+)?\.(\w+)\s+(?:\.ptr\s*(?:\.\w+\s*)*(?:\.align\s+\d+\s+)?)?([\w$]+)\s*(?:\[(\d+)\])?\s*$", piece)
        if not match:
            if piece.strip():
                raise PtxError(f"line {kernel.line}: cannot read the parameter '{piece.strip()}'")
            continue
        size = TYPE_BYTES[match.group(2)] * int(match.group(4) or 1)
        align = int(match.group(1) or TYPE_BYTES[match.group(2)])
        at = (at + align - 1) // align * align
        kernel.parameters[match.group(3)] = (at, size)
        at += size
    kernel.parameter_bytes = at


_TOP = re.compile(r"\s*(?:(\.version|\.target|\.address_size|\.file|\.loc)\b([^\n]*)\n"
                  r"|((?:\.visible\s+|\.weak\s+|\.extern\s+)*)\.(entry|func)\b"
                  r"|((?:\.visible\s+|\.weak\s+|\.extern\s+|\.common\s+)*\.(?:global|const|shared)\b[^;]*);"
                  r"|(\.section\b[^{]*\{[^}]*\}))")


def parse(text, only=None):
    """A Module of PTX text, or the part of it that kernel `only` needs. Functions that are no kernels are left out: calling one is an error where it
    is called."""
    text, at, module = _without_comments(text), 0, Module()
    counted, line = 0, 1
    while True:
        at = _SPACE.match(text, at).end()
        if at == len(text):
            return module
        line, counted = line + text.count("\n", counted, at), at
        match = _TOP.match(text, at)
        if not match:
            raise PtxError(f"line {line}: cannot read '{text[at:at + 60].strip()}'")
        at = match.end()
        if match.group(1) == ".target":
            module.target = match.group(2).strip()
        elif match.group(4):
            at = _read_function(module, text, at, match.group(4), line, only)
        elif match.group(5):
            variable = variable_of(re.sub(r"^(\.(visible|weak|extern|common)\s+)+", "", match.group(5)), line)
            module.variables[variable.name] = variable


def _behind(text, opening, kernel):
    """The place behind the brace that closes the one at `opening`."""
    depth = 0
    for match in _BRACES.finditer(text, opening):
        depth += 1 if match.group(0) == "{" else -1
        if depth == 0:
            return match.end()
    raise PtxError(f"line {kernel.line}: function {kernel.name} has no end")


def _read_function(module, text, at, kind, line, only):
    opening, semicolon = text.find("{", at), text.find(";", at)
    if kind == "func" and 0 <= semicolon and (opening < 0 or semicolon < opening):
        return semicolon + 1  # a declaration
    head = re.match(r"\s*(?:\([^)]*\)\s*)?([\w$]+)\s*(?:\(([^)]*)\))?", text[at:opening])
    kernel = Kernel(head.group(1), line)
    if kind == "func" or only not in (None, kernel.name):
        return _behind(text, opening, kernel)
    _read_parameters(kernel, head.group(2) or "")
    module.kernels[kernel.name] = kernel
    end, _ = _read_body(kernel, text, opening + 1, line + text.count("\n", at, opening))
    return end
