# SPDX-License-Identifier: Apache-2.0
# Operands of wgmma and tcgen05.mma in shared memory, as a matrix descriptor names them (PTX ISA, "Matrix descriptor format", "Shared memory descriptor"), and
# wgmma itself. Known is what is K-major and not swizzled: core matrices of 8 lines by 16 bytes, `leading` bytes from one to the next along k, `stride` bytes
# from 8 lines to the next 8. An instruction takes 32 bytes along k.
#
# wgmma is asynchronous; here a warp does its 16 rows of the product at once, so that fences, commits and waits have nothing left to do. That a program waits
# before it overwrites operands is not told, as with other races.
import re

import exact_sums
from exact_sums import BITS, decoded
from reader import PtxError

K_BYTES, CORE_LINES, CORE_BYTES = 32, 8, 16
_SIX = ("e3m2", "e2m3")  # 16 in 12 bytes, then four of nothing ("Packing formats of tcgen05.mma")


def address_of(made, operand, ins):
    """A function from a lane's state to the address that [register + offset] is, in the instruction's own space."""
    match = re.fullmatch(r"\[\s*([%\w$]+)\s*(?:\+\s*(-?\w+))?\s*\]", operand)
    if not match:
        raise PtxError(f"line {ins.line}: cannot read the address '{operand}'")
    base, offset = made.reader(match.group(1), "u64"), int(match.group(2) or "0", 0)
    return lambda state: base(state) + offset


class Descriptor:
    """`fixed`: what bits 46 to 63 must be: no swizzling, no base offset, and the version."""

    def __init__(self, bits, fixed, ins):
        if bits >> 46 != fixed:
            raise PtxError(f"line {ins.line}: a descriptor {bits:#x} of another layout than K-major without swizzling in '{ins.text}'")
        self.start, self.leading, self.stride = ((bits >> at & 0x3FFF) << 4 for at in (0, 16, 32))

    def lines(self, machine, shared, first, count, kind):
        """Numbers of lines first .. first + count - 1, from shared memory that begins at `shared`."""
        found = []
        for line in range(first, first + count):
            at = shared + self.start + line // CORE_LINES * self.stride + line % CORE_LINES * CORE_BYTES
            found.append([*numbers(machine.piece(at, CORE_BYTES), kind), *numbers(machine.piece(at + self.leading, CORE_BYTES), kind)])
        return found


def numbers(data, kind):
    """Those in 16 bytes."""
    if kind in _SIX:  # as bytes, the way of registers
        word = int.from_bytes(data[:12], "little")
        return decoded(kind, sum((word >> 6 * i & 63) << 8 * i for i in range(16)), 128)
    return decoded(kind, int.from_bytes(data, "little"), 128)


def bind_wgmma(made, ins):
    """The act(states, lanes, machine) of a wgmma instruction, done by one warp of the four."""
    if ins.parts[1] in ("fence", "commit_group", "wait_group"):
        return lambda *_: None
    shape = re.fullmatch(r"m64n(\d+)k(\d+)", ins.parts[4]) if len(ins.parts) == 8 else None
    if ins.parts[1] != "mma_async" or not shape or len(ins.operands) < 4 or isinstance(ins.operands[1], list):
        raise PtxError(f"line {ins.line}: unknown matrix instruction '{ins.text}'")
    columns, k, (to, a_kind, b_kind) = int(shape.group(1)), int(shape.group(2)), ins.parts[5:]
    if BITS.get(a_kind) != BITS.get(b_kind) or k * BITS[a_kind] != 8 * K_BYTES or to not in ("f32", "s32") or columns % 8:
        raise PtxError(f"line {ins.line}: unknown shape '{ins.text}'")
    if [one for one in ins.operands[4:6] if one != "1"] or [one for one in ins.operands[6:8] if one != "0"]:
        raise PtxError(f"line {ins.line}: a negation or a transposition is not known here '{ins.text}'")
    sums = [(made.reader(one), made.writer(one)) for one in ins.operands[0]]
    if len(sums) != columns // 2:
        raise PtxError(f"line {ins.line}: {len(sums)} accumulators where the shape has {columns // 2} in '{ins.text}'")
    (a, b), keep = (made.reader(one, "b64") for one in ins.operands[1:3]), made.reader(ins.operands[3], "pred")
    warp, shared, add = made.reader_of("s_warpid"), made.reader_of("sbase"), exact_sums.accumulator(to, False, ins)

    def act(states, lanes, machine):
        first = states[lanes[0]]
        if len({(a(states[lane]), b(states[lane]), bool(keep(states[lane]))) for lane in lanes}) != 1:
            raise PtxError(f"line {ins.line}: lanes of a warp have different descriptors in '{ins.text}'")
        rows = Descriptor(a(first), 0, ins).lines(machine, shared(first), 16 * (warp(first) % 4), 16, a_kind)
        others = Descriptor(b(first), 0, ins).lines(machine, shared(first), 0, columns, b_kind)
        products, exponent = exact_sums.products(exact_sums.whole(rows), exact_sums.whole(others))
        for lane in lanes:
            g, t, state = lane >> 2, lane & 3, states[lane]
            for i, (read, target) in enumerate(sums):
                old = read(state) if keep(state) else 0
                state[target] = add(old, products[g + 8 * (i >> 1 & 1)][8 * (i >> 2) + 2 * t + (i & 1)], exponent, machine)
    return act
