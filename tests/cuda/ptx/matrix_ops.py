# SPDX-License-Identifier: Apache-2.0
# mma.sync, ldmatrix and stmatrix on a warp. Fragments follow the PTX ISA's tables ("Matrix Fragments for mma"): lane l has g = l / 4 and t = l % 4; register
# r of A holds row g + 8 * (r & 1), columns e * t + 4 * e * (r >> 1) + 0..e-1 with e elements a register; C holds rows g, g + 8, columns 2 * t, 2 * t + 1.
#
# Sums: integers wrap or saturate as PTX says; floating point is summed exactly and rounded once. Hardware may round between, in an order it does not
# tell, so a sum that is not exact is an error unless the machine was told to take it (machine.inexact_sums): goldens of tier T0 never need it.
import re
from fractions import Fraction

import conversions
import ieee
from reader import PtxError

_BITS = {"f16": 16, "bf16": 16, "tf32": 32, "f64": 64, "s8": 8, "u8": 8, "s4": 4, "u4": 4, "b1": 1, "e4m3": 8, "e5m2": 8, "e3m2": 8, "e2m3": 8, "e2m1": 8}
_SHAPES = {("f64", 8, 8, 4), ("f64", 16, 8, 4), ("f64", 16, 8, 8), ("f64", 16, 8, 16), ("tf32", 16, 8, 4), ("tf32", 16, 8, 8), ("bf16", 16, 8, 8), ("bf16", 16, 8, 16),
           ("f16", 16, 8, 8), ("f16", 16, 8, 16), ("i8", 8, 8, 16), ("i8", 16, 8, 16), ("i8", 16, 8, 32), ("i4", 8, 8, 32), ("i4", 16, 8, 32), ("i4", 16, 8, 64),
           ("f8", 16, 8, 16), ("f8", 16, 8, 32)}
_FAMILY = {"s8": "i8", "u8": "i8", "s4": "i4", "u4": "i4", "e4m3": "f8", "e5m2": "f8", "e3m2": "f8", "e2m3": "f8", "e2m1": "f8"}


class _Values(dict):
    """Bits of a format to an exact number, remembered: narrow formats have few values."""

    def __init__(self, kind):
        super().__init__()
        self.kind = kind

    def __missing__(self, bits):
        kind = self.kind
        if kind[0] in "su":
            width = _BITS[kind]
            value = bits - (1 << width) if kind[0] == "s" and bits >> (width - 1) else bits
        elif kind == "tf32":
            value = ieee.to_fraction("f32", bits & 0xFFFFE000)
        elif kind == "e2m1":  # in bits 2 to 5 of its byte
            value = ieee.to_fraction(kind, bits >> 2 & 15)
        else:
            value = ieee.to_fraction(kind, bits & 63 if kind in ("e3m2", "e2m3") else bits)
        if len(self) < 1 << 16:
            self[bits] = value
        return value


_VALUES = {kind: _Values(kind) for kind in _BITS}


def _elements(word, bits):
    count = max(32 // bits, 1)
    return [word >> bits * i & ((1 << bits) - 1) for i in range(count)]


def _gather(states, readers, kind, rows, columns, is_b):
    """Matrix of exact numbers; B comes transposed: [column][row]."""
    bits, matrix = _BITS[kind], [[0] * columns for _ in range(rows)]
    e, values = max(32 // bits, 1), _VALUES[kind]
    for lane in range(32):
        g, t = lane >> 2, lane & 3
        for r, read in enumerate(readers):
            if is_b:
                row, column = g, e * t + 4 * e * r
            elif rows == 8:
                row, column = g, e * t + 4 * e * r
            else:
                row, column = g + 8 * (r & 1), e * t + 4 * e * (r >> 1)
            for i, element in enumerate(_elements(read(states[lane]), bits)):
                matrix[row][column + i] = values[element]
    return matrix


def _accumulator(kind, saturate, machine, text, line):
    """old bits, exact product sum, whether C and all products are negative zeros -> new bits."""
    if kind == "s32":
        def add(old, total):
            value = (old ^ 1 << 31) - (1 << 31) + total
            if saturate:
                value = max(-(1 << 31), min(value, (1 << 31) - 1))
            return value & 0xFFFFFFFF
        return add
    k = ieee.constants(kind)

    def accumulate(old, total):
        value = ieee.to_fraction(kind, old) + total
        bits, exact = conversions.exact_sum_bits(kind, value, int(old == k["SIGN"] and total == 0))
        if not exact and not machine.inexact_sums:
            raise PtxError(f"line {line}: a sum that is not exact in '{text}': its result depends on the order the hardware adds in")
        return bits
    return accumulate


def bind(made, ins):
    """The act(states, lanes, machine) of a matrix instruction."""
    if ins.parts[0] != "mma":
        return _bind_move(made, ins)
    shape = next((re.fullmatch(r"m(\d+)n(\d+)k(\d+)", p) for p in ins.parts if re.fullmatch(r"m\d+n\d+k\d+", p)), None)
    kinds = [p for p in ins.parts[2:] if p in _BITS or p in ("f32", "s32", "f16", "f64")]
    if shape is None or len(kinds) != 4 or "sp" in ins.parts or "block_scale" in ins.parts or "xor" in ins.parts or "and" in ins.parts:
        raise PtxError(f"line {ins.line}: unknown matrix instruction '{ins.text}'")
    m, n, k = map(int, shape.groups())
    to, a_kind, b_kind, _ = kinds
    if (_FAMILY.get(a_kind, a_kind), m, n, k) not in _SHAPES:
        raise PtxError(f"line {ins.line}: unknown shape '{ins.text}'")
    targets = [made.writer(o) for o in _list(ins.operands[0])]
    a, b, c = ([made.reader(o, "b64" if to == "f64" else "b32") for o in _list(group)] for group in ins.operands[1:4])
    _check_counts(ins, m, n, k, a_kind, to, len(a), len(b), len(c), len(targets))
    return _multiplier(ins, (m, n, k), (to, a_kind, b_kind), (targets, a, b, c))


def _list(operand):
    return operand if isinstance(operand, list) else [operand]


def _check_counts(ins, m, n, k, a_kind, to, *counts):
    per_register = max(32 // _BITS[a_kind], 1)
    accumulators = m * n // 32 // (2 if to == "f16" else 1)
    wanted = (m * k // 32 // per_register, k * n // 32 // per_register, accumulators, accumulators)
    if counts != wanted:
        raise PtxError(f"line {ins.line}: {counts} registers of A, B, C, D where the shape has {wanted} in '{ins.text}'")


def _multiplier(ins, shape, kinds, registers):
    (m, n, k), (to, a_kind, b_kind), (targets, a, b, c) = shape, kinds, registers
    halves = to == "f16"

    def act(states, lanes, machine):
        del lanes
        accumulate = _accumulator(to, "satfinite" in ins.parts, machine, ins.text, ins.line)
        rows = _gather(states, a, a_kind, m, k, False)
        columns = _gather(states, b, b_kind, n, k, True)
        memory = {}
        for lane in range(32):
            g, t, old = lane >> 2, lane & 3, [read(states[lane]) for read in c]
            new = []
            for i, word in enumerate([part for w in old for part in (w & 65535, w >> 16)] if halves else old):
                row, column = g + 8 * (i >> 1), 2 * t + (i & 1)
                total = sum(x * y for x, y in zip(rows[row], columns[column]) if x and y)
                new.append(accumulate(word, total if isinstance(total, int) else Fraction(total)))
            memory[lane] = [new[i] | new[i + 1] << 16 for i in range(0, len(new), 2)] if halves else new
        for lane, words in memory.items():
            for target, word in zip(targets, words):
                states[lane][target] = word
    return act


def _bind_move(made, ins):
    """ldmatrix and stmatrix of 8x8 tiles of 16-bit elements: lane 8 * i + r gives the address of row r of tile i."""
    count = next((int(p[1]) for p in ins.parts if p in ("x1", "x2", "x4")), 0)
    if not count or "m8n8" not in ins.parts or ins.parts[-1] != "b16" or not any(p.startswith("shared") for p in ins.parts):
        raise PtxError(f"line {ins.line}: unknown form '{ins.text}'")
    loads, flip = ins.parts[0] == "ldmatrix", "trans" in ins.parts
    group, where = (ins.operands[0], ins.operands[1]) if loads else (ins.operands[1], ins.operands[0])
    match = re.fullmatch(r"\[\s*([%\w$]+)\s*(?:\+\s*(-?\w+))?\s*\]", where)
    base, offset, start = made.reader(match.group(1), "u64"), int(match.group(2) or "0", 0), made.reader_of("sbase")
    registers = [made.writer(o) if loads else made.reader(o) for o in _list(group)]

    def act(states, lanes, machine):
        del lanes
        for tile in range(count):
            at = [start(states[8 * tile + r]) + base(states[8 * tile + r]) + offset for r in range(8)]
            for place in at:
                if place & 15:
                    raise PtxError(f"line {ins.line}: a row that is not aligned to 16 bytes in '{ins.text}'")
            for lane in range(32):
                g, t = lane >> 2, lane & 3
                cells = [at[2 * t + i] + 2 * g if flip else at[g] + 4 * t + 2 * i for i in (0, 1)]
                if loads:
                    states[lane][registers[tile]] = machine.half(cells[0]) | machine.half(cells[1]) << 16
                else:
                    word = registers[tile](states[lane])
                    machine.put_half(cells[0], word & 65535)
                    machine.put_half(cells[1], word >> 16)
    return act
