# SPDX-License-Identifier: Apache-2.0
# Products and sums of matrix instructions, exactly: a number is (m, e), m times 2**e with whole m of any sign.
#
# Integers wrap or saturate as PTX says; floating point is summed exactly and rounded once. Hardware may round between, in an order it does not tell, so a sum
# that is not exact is an error unless the machine was told to take it (machine.inexact_sums): goldens of tier T0 never need it.
from operator import mul

import ieee
from reader import PtxError

BITS = {"f16": 16, "bf16": 16, "tf32": 32, "f64": 64, "s8": 8, "u8": 8, "s4": 4, "u4": 4, "b1": 1, "e4m3": 8, "e5m2": 8, "e3m2": 8, "e2m3": 8, "e2m1": 8,
        "e2m1_packed": 4, "ue8m0": 8, "ue4m3": 8}
_REMEMBERED = 1 << 18  # words


def _decode(kind, bits):
    if kind[0] in "su":
        if kind in ("ue8m0", "ue4m3"):
            return _decode_scale(kind, bits)
        width = BITS[kind]
        return (bits - (1 << width) if kind[0] == "s" and bits >> (width - 1) else bits), 0
    if kind == "tf32":
        kind, bits = "f32", bits & 0xFFFFE000
    elif kind == "e2m1":  # in bits 2 to 5 of its byte
        bits = bits >> 2 & 15
    elif kind == "e2m1_packed":
        kind = "e2m1"
    elif kind in ("e3m2", "e2m3"):
        bits &= 63
    s, m, e = ieee.decode(kind, bits)
    if isinstance(m, str):
        raise PtxError(f"{bits:#x} of {kind} is no number")
    return (-m if s else m), e


def _decode_scale(kind, bits):
    if bits == 0xFF or (kind == "ue4m3" and bits & 0x7F == 0x7F):
        raise PtxError(f"the scale {bits:#x} of {kind} is no number")
    if kind == "ue8m0":
        return 1, bits - 127
    _, m, e = ieee.decode("e4m3", bits & 0x7F)
    return m, e


class _Decoded(dict):
    """(format, bits of a register or a piece of memory) to its numbers, the lowest first; operands come again and again."""

    def __missing__(self, key):
        kind, word, width = key
        bits = BITS[kind]
        found = tuple(_decode(kind, word >> at & (1 << bits) - 1) for at in range(0, width, bits))
        if len(self) < _REMEMBERED:
            self[key] = found
        return found


_DECODED = _Decoded()


def decoded(kind, word, width):
    """The numbers in a word of so many bits."""
    return _DECODED[kind, word, width]


def whole(lines):
    """Lines of numbers as whole ones, and the exponent they share."""
    exponent = min((e for line in lines for m, e in line if m), default=0)
    return [[m << (e - exponent) if m else 0 for m, e in line] for line in lines], exponent


def products(rows, columns):
    """Whole sums of products [row][column] and the exponent they share, of two results of whole()."""
    (a, a_exponent), (b, b_exponent) = rows, columns
    known = {}  # the programs of tcgen05 have each row twice
    for row in map(tuple, a):
        if row not in known:
            known[row] = [sum(map(mul, row, column)) for column in b]
    return [known[tuple(row)] for row in a], a_exponent + b_exponent


def accumulator(kind, saturate, ins):
    """add(old bits, whole product sum, its exponent, machine) -> new bits."""
    if kind == "s32":
        def add(old, total, _exponent, _machine):
            value = (old ^ 1 << 31) - (1 << 31) + total
            if saturate:
                value = max(-(1 << 31), min(value, (1 << 31) - 1))
            return value & 0xFFFFFFFF
        return add
    k, rounded = ieee.constants(kind), ieee.operation("rnd", kind)

    def accumulate(old, total, exponent, machine):
        s, m, e = old >> k["SB"], old & k["MM"], old >> k["M"] & k["EM"]
        if e == k["EM"]:
            raise PtxError(f"line {ins.line}: the accumulator {old:#x} is no number in '{ins.text}'")
        m, e = (m | k["HID"], e + k["EMIN"] - 1) if e else (m, k["EMIN"])
        if total:
            least = e if e < exponent else exponent
            value = ((-m if s else m) << (e - least)) + (total << (exponent - least))
        else:
            value, least = -m if s else m, e
        if value == 0:
            return k["SIGN"] if old == k["SIGN"] and total == 0 else 0
        size = abs(value)
        bits = rounded(int(value < 0), size, least)
        low = (size & -size).bit_length() - 1
        exact = size.bit_length() - low <= k["M"] + 1 and least + low >= k["EMIN"] and bits & k["ABS"] < k["INF"]
        if not exact and not machine.inexact_sums:
            raise PtxError(f"line {ins.line}: a sum that is not exact in '{ins.text}': its result depends on the order the hardware adds in")
        return bits
    return accumulate
