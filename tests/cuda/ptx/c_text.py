# SPDX-License-Identifier: Apache-2.0
# C text of the Python text that the operation tables make (translate.py): one meaning of every instruction, two ways to run it. Python's whole numbers have
# no width; here each expression carries the bounds of its value and gets the narrowest C type that holds them, so that nothing is cut off unseen. What
# only matters modulo 2**64 (below a mask) is computed in 64 bits.
import ast
import re

import conversions

U64 = (1 << 64) - 1
_TYPES = (("u64", 0, U64), ("i64", -(1 << 63), (1 << 63) - 1), ("i128", -(1 << 127), (1 << 127) - 1), ("u128", 0, (1 << 128) - 1))
_RING = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^"}
_COMPARE = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_CELLS = {"M1": 1, "M2": 2, "M4": 4, "M8": 8}


class Unable(Exception):
    """The text has a form that is not known here; the kernel then runs in Python alone."""


def type_of(low, high):
    for name, least, most in _TYPES:
        if least <= low and high <= most:
            return name
    raise Unable(f"a value from {low} to {high}")


def literal(value):
    if -(1 << 63) < value <= U64:
        return f"{value}ULL" if value >= 0 else f"({value}LL)"
    type_of(value, value)
    return f"((i128)((u128){value >> 64 & U64}ULL << 64 | {value & U64}ULL))"


class Value:
    """C text of the type that its bounds ask for."""

    def __init__(self, text, low, high):
        self.text, self.low, self.high, self.type = text, low, high, type_of(low, high)

    def to(self, kind):
        return self.text if kind == self.type else f"(({kind}){self.text})"


class CText:
    """Statements of one segment. `bounds` gives (low, high) of a register's name; `line` is the PTX line that failures name."""

    def __init__(self, bounds, functions):
        self.bounds, self.functions, self.temporaries, self.count, self.line = bounds, functions, {}, 0, 0

    # Statements.
    def statements(self, lines, line):
        """C lines of an instruction's Python lines."""
        self.line = line
        return [text for node in ast.parse("\n".join(lines)).body for text in self._statement(node)]

    def _statement(self, node):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            return self._assign(node.targets[0], node.value)
        if isinstance(node, ast.AugAssign):
            return self._assign(node.target, ast.BinOp(ast.Name(node.target.id), node.op, node.value))
        if isinstance(node, ast.If) and not node.orelse:
            condition, before = self._truth(node.test), dict(self.temporaries)
            inner = [text for one in node.body for text in self._statement(one)]
            self.temporaries = before
            return [f"if ({condition}) {{", *inner, "}"]
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name):
            return self._stop(node.value)
        raise Unable(ast.dump(node)[:200])

    def _stop(self, call):
        if call.func.id == "unaligned":
            return [f"FAIL(UNALIGNED, {self.line}, {self.low(call.args[0])}, {self.low(call.args[1])});"]
        if call.func.id == "trapped":
            return [f"FAIL(TRAPPED, {self.line}, 0, 0);"]
        raise Unable(f"a call of {call.func.id}")

    def _assign(self, target, value):
        if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.expr) and target.value.id in _CELLS and not isinstance(target.slice, ast.Slice):
            return [f"STORE({_CELLS[target.value.id]}, {self.low(target.slice)}, {self.low(value)}, {self.line});"]
        if not isinstance(target, ast.Name):
            raise Unable(ast.dump(target)[:200])
        if self.bounds(target.id) is not None:
            made = self.exact(value)
            if made.low < 0 or made.high > U64:
                raise Unable(f"{target.id} = a value from {made.low} to {made.high}")
            return [f"{target.id} = {made.to('u64')};"]
        made = self.exact(value)
        self.count += 1
        name = f"{target.id}_{self.count}"
        self.temporaries[target.id] = Value(name, made.low, made.high)
        return [f"{made.type} {name} = {made.text};"]

    # Expressions: exactly, modulo 2**64, and as truths.
    def exact(self, node):
        return getattr(self, "_exact_" + type(node).__name__, self._unknown)(node)

    def low(self, node):
        """u64 text of the value modulo 2**64."""
        if isinstance(node, ast.Constant):
            return literal(int(node.value) & U64)
        if isinstance(node, ast.BinOp) and type(node.op) in _RING:
            return f"({self.low(node.left)} {_RING[type(node.op)]} {self.low(node.right)})"
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.LShift):
            return f"shl_u64({self.low(node.left)}, {self.low(node.right)})"
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Invert, ast.USub)):
            return f"({'~' if isinstance(node.op, ast.Invert) else '-'}{self.low(node.operand)})"
        if isinstance(node, ast.IfExp):
            return f"({self._truth(node.test)} ? {self.low(node.body)} : {self.low(node.orelse)})"
        return self.exact(node).to("u64")

    def _truth(self, node):
        if isinstance(node, ast.Compare):
            return self._compare(node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return f"(!{self._truth(node.operand)})"
        return f"({self.exact(node).text} != 0)"

    @staticmethod
    def _unknown(node):
        raise Unable(ast.dump(node)[:200])

    @staticmethod
    def _exact_Constant(node):
        return Value(literal(int(node.value)), int(node.value), int(node.value))

    def _exact_Name(self, node):
        if node.id in self.temporaries:
            return self.temporaries[node.id]
        bounds = self.bounds(node.id)
        if bounds is None:
            raise Unable(f"a name '{node.id}'")
        return Value(node.id, *bounds)

    def _exact_BinOp(self, node):
        if isinstance(node.op, (ast.LShift, ast.RShift)):
            return self._shift(node)
        if type(node.op) not in _RING:
            raise Unable(ast.dump(node)[:200])
        a, b, sign = self.exact(node.left), self.exact(node.right), _RING[type(node.op)]
        low, high = _ring_bounds(sign, a, b)
        kind = type_of(low, high)
        if kind == "u64":
            return Value(f"({self.low(node.left)} {sign} {self.low(node.right)})", low, high)
        return Value(f"({a.to(kind)} {sign} {b.to(kind)})", low, high)

    def _shift(self, node):
        a, n = self.exact(node.left), self.exact(node.right)
        if n.low < 0 or n.high > 128:
            raise Unable(f"a shift by {n.low} to {n.high}")
        if isinstance(node.op, ast.LShift):
            low, high = min(a.low << n.high, a.low << n.low), max(a.high << n.high, a.high << n.low)
            kind = type_of(low, high)
            return Value(f"shl_{kind}({a.to(kind)}, {n.to('u64')})", low, high)
        low, high = min(a.low >> n.high, a.low >> n.low), max(a.high >> n.high, a.high >> n.low)
        made = Value("", low, high)
        return Value(f"(({made.type})shr_{a.type}({a.text}, {n.to('u64')}))", low, high)

    def _exact_UnaryOp(self, node):
        if isinstance(node.op, ast.Not):
            return Value(f"((u64){self._truth(node)})", 0, 1)
        a = self.exact(node.operand)
        low, high = (~a.high, ~a.low) if isinstance(node.op, ast.Invert) else (-a.high, -a.low)
        kind = type_of(low, high)
        return Value(f"({'~' if isinstance(node.op, ast.Invert) else '-'}{a.to(kind)})", low, high)

    def _compare(self, node):
        values, terms = [self.exact(one) for one in (node.left, *node.comparators)], []
        for a, op, b in zip(values, node.ops, values[1:]):
            kind = type_of(min(a.low, b.low), max(a.high, b.high))
            terms.append(f"{a.to(kind)} {_COMPARE[type(op)]} {b.to(kind)}")
        return f"({' && '.join(terms)})"

    def _exact_Compare(self, node):
        return Value(f"((u64){self._compare(node)})", 0, 1)

    def _exact_BoolOp(self, node):
        sign = " && " if isinstance(node.op, ast.And) else " || "
        if any(self.exact(one).high > 1 for one in node.values):
            raise Unable("and, or of numbers")
        return Value(f"((u64)({sign.join(self._truth(one) for one in node.values)}))", 0, 1)

    def _exact_IfExp(self, node):
        a, b = self.exact(node.body), self.exact(node.orelse)
        low, high = min(a.low, b.low), max(a.high, b.high)
        kind = type_of(low, high)
        return Value(f"({self._truth(node.test)} ? {a.to(kind)} : {b.to(kind)})", low, high)

    def _exact_Subscript(self, node):
        if isinstance(node.slice, ast.Slice) or node.value.id not in _CELLS:
            raise Unable(ast.dump(node)[:200])
        size = _CELLS[node.value.id]
        return Value(f"LOAD({size}, {self.low(node.slice)}, {self.line})", 0, (1 << 8 * size) - 1)

    def _exact_Call(self, node):
        if isinstance(node.func, ast.Attribute):
            a = self.exact(node.func.value)
            if a.type != "u64" or node.func.attr not in ("bit_count", "bit_length"):
                raise Unable(ast.dump(node)[:200])
            return Value(f"{node.func.attr}({a.text})", 0, a.high.bit_length())
        name = node.func.id
        if name == "bool":
            return Value(f"((u64){self._truth(node.args[0])})", 0, 1)
        if name in ("clock", "timer"):
            return Value("CLOCK()", 0, U64)
        values = [self.exact(one) for one in node.args]
        if name == "abs":
            a = values[0]
            high = max(abs(a.low), abs(a.high))
            kind = type_of(min(a.low, -high), high)
            return Value(f"(({type_of(0, high)})abs_{kind}({a.to(kind)}))", 0, high)
        if name in ("min", "max") and len(values) == 2:
            pick = min if name == "min" else max
            low, high = pick(v.low for v in values), pick(v.high for v in values)
            kind = type_of(min(v.low for v in values), max(v.high for v in values))
            return Value(f"(({type_of(low, high)}){name}_{kind}({values[0].to(kind)}, {values[1].to(kind)}))", low, high)
        return self._call(name, values)

    def _call(self, name, values):
        if name in ("f_div", "f_rem"):
            if any(v.type == "u128" for v in values):
                raise Unable(f"{name} of 128 bits")
            most = max(max(abs(v.low), abs(v.high)) for v in values) + 1
            return Value(f"{name}({values[0].to('i128')}, {values[1].to('i128')})", -most, most) if type_of(-most, most) == "i128" else \
                Value(f"((i64){name}({values[0].to('i128')}, {values[1].to('i128')}))", -most, most)
        if not name.startswith("f_") or any(v.type != "u64" for v in values):
            raise Unable(f"a call of {name}")
        self.functions[name] = len(values)
        return Value(f"CALL({self.line}, {name}({', '.join(v.text for v in values)}))", 0, (1 << result_bits(name)) - 1)


def _ring_bounds(sign, a, b):
    if sign in "+-":
        return (a.low + b.low, a.high + b.high) if sign == "+" else (a.low - b.high, a.high - b.low)
    if sign == "*":
        corners = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
        return min(corners), max(corners)
    if a.low >= 0 and b.low >= 0:
        return 0, min(a.high, b.high) if sign == "&" else (1 << max(a.high.bit_length(), b.high.bit_length())) - 1
    if sign == "&" and (a.low >= 0 or b.low >= 0):
        return 0, a.high if a.low >= 0 else b.high
    bits = max(v.bit_length() for one in (a, b) for v in (one.low, one.high))
    return -(1 << bits), (1 << bits) - 1


def result_bits(name):
    """Of a function that the operation tables bind (Translator.bind)."""
    words = name.split("_")[1:]
    if words[0] in ("cmp", "testp"):
        return 1
    if words[0] == "cvt":
        to = re.sub(r"x2$", "", words[-2])
        return conversions.WIDTH.get(to) or int(re.sub(r"\D", "", to))
    if len(words) > 1 and words[1] in conversions.WIDTH:
        return conversions.WIDTH[words[1]]
    return 64
