# SPDX-License-Identifier: Apache-2.0
# mma.sync, ldmatrix and stmatrix on a warp. Fragments follow the PTX ISA's tables ("Matrix Fragments for mma"): lane l has g = l / 4 and t = l % 4; register
# r of A holds row g + 8 * (r & 1), columns e * t + 4 * e * (r >> 1) + 0..e-1 with e elements a register; C holds rows g, g + 8, columns 2 * t, 2 * t + 1.
# Block scales ("Block scaling for mma.sync") stand in one 32-bit register: of rows g and g + 8 of A in the two lanes of a pair of the quad, of column g of B
# in one lane of it; thread-id says which pair or lane, byte-id which byte the first scale is.
import re

import exact_sums
from exact_sums import BITS, decoded
from reader import PtxError
from shared_matrices import address_of

_SHAPES = {("f64", 8, 8, 4), ("f64", 16, 8, 4), ("f64", 16, 8, 8), ("f64", 16, 8, 16), ("tf32", 16, 8, 4), ("tf32", 16, 8, 8), ("bf16", 16, 8, 8), ("bf16", 16, 8, 16),
           ("f16", 16, 8, 8), ("f16", 16, 8, 16), ("i8", 8, 8, 16), ("i8", 16, 8, 16), ("i8", 16, 8, 32), ("i4", 8, 8, 32), ("i4", 16, 8, 32), ("i4", 16, 8, 64),
           ("f8", 16, 8, 16), ("f8", 16, 8, 32), ("f4", 16, 8, 64)}
_FAMILY = {"s8": "i8", "u8": "i8", "s4": "i4", "u4": "i4", "e4m3": "f8", "e5m2": "f8", "e3m2": "f8", "e2m3": "f8", "e2m1": "f8", "e2m1_packed": "f4"}
# kind of a scaled instruction: scales a line, their formats.
_SCALES = {("kind_mxf8f6f4", "scale_vec_1X"): (1, ("ue8m0",)), ("kind_mxf4", "scale_vec_2X"): (2, ("ue8m0",)), ("kind_mxf4nvf4", "scale_vec_2X"): (2, ("ue8m0",)),
           ("kind_mxf4nvf4", "scale_vec_4X"): (4, ("ue4m3", "ue8m0"))}


_KEPT = 512  # matrices of an instruction: each is multiplied with many others


def _gather(words, count, kind, rows, columns, is_b):
    """Matrix of decoded numbers from `count` registers of each lane, lane after lane; B comes transposed: [column][row]."""
    bits, matrix = BITS[kind], [[None] * columns for _ in range(rows)]
    e, width = max(32 // bits, 1), max(32, bits)
    for place, word in enumerate(words):
        lane, r = divmod(place, count)
        g, t = lane >> 2, lane & 3
        if is_b or rows == 8:
            row, column = g, e * t + 4 * e * r
        else:
            row, column = g + 8 * (r & 1), e * t + 4 * e * (r >> 1)
        matrix[row][column:column + e] = decoded(kind, word, width)
    return matrix


def bind(made, ins):
    """The act(states, lanes, machine) of a matrix instruction."""
    if ins.parts[0] != "mma":
        return _bind_move(made, ins)
    shape = next((re.fullmatch(r"m(\d+)n(\d+)k(\d+)", p) for p in ins.parts if re.fullmatch(r"m\d+n\d+k\d+", p)), None)
    kinds = [p for p in ins.parts[2:] if p in _FAMILY or p in ("f16", "bf16", "tf32", "f32", "s32", "f64")]
    if shape is None or len(kinds) != 4 or "sp" in ins.parts or "xor" in ins.parts or "and" in ins.parts:
        raise PtxError(f"line {ins.line}: unknown matrix instruction '{ins.text}'")
    m, n, k = map(int, shape.groups())
    to, a_kind, b_kind, _ = kinds
    if k == 64 and a_kind == b_kind == "e2m1":  # two in a byte, in the kinds of four bits alone
        a_kind = b_kind = "e2m1_packed"
    if (_FAMILY.get(a_kind, a_kind), m, n, k) not in _SHAPES:
        raise PtxError(f"line {ins.line}: unknown shape '{ins.text}'")
    scales = _bind_scales(made, ins, k) if "block_scale" in ins.parts else None
    if a_kind == "e2m1_packed" and scales is None:
        raise PtxError(f"line {ins.line}: unknown matrix instruction '{ins.text}'")
    targets = [made.writer(o) for o in _list(ins.operands[0])]
    a, b, c = ([made.reader(o, "b64" if to == "f64" else "b32") for o in _list(group)] for group in ins.operands[1:4])
    _check_counts(ins, m, n, k, a_kind, to, len(a), len(b), len(c), len(targets))
    return _multiplier(ins, (m, n, k), (to, a_kind, b_kind), (targets, a, b, c), scales)


def _list(operand):
    return operand if isinstance(operand, list) else [operand]


def _check_counts(ins, m, n, k, a_kind, to, *counts):
    per_register = max(32 // BITS[a_kind], 1)
    accumulators = m * n // 32 // (2 if to == "f16" else 1)
    wanted = (m * k // 32 // per_register, k * n // 32 // per_register, accumulators, accumulators)
    if counts != wanted:
        raise PtxError(f"line {ins.line}: {counts} registers of A, B, C, D where the shape has {wanted} in '{ins.text}'")


def _bind_scales(made, ins, k):
    """words_of(states, side): what says the scales of A (0) or B (1); scaled(lines, side, words): each number of lines times its block's scale."""
    kind = next((p for p in ins.parts if p.startswith("kind_")), "")
    count, formats = _SCALES.get((kind, next((p for p in ins.parts if p.startswith("scale_vec")), "")), (0, ()))
    if ins.parts[-1] not in formats or len(ins.operands) != 8:
        raise PtxError(f"line {ins.line}: unknown block scales in '{ins.text}'")
    scale_kind, block = ins.parts[-1], k // count
    words = [made.reader(_list(ins.operands[i])[0]) for i in (4, 6)]
    selectors = [[made.reader(o, "b16") for o in _list(ins.operands[i])] for i in (5, 7)]

    def words_of(states, side):
        selected = tuple(read(states[0]) for read in selectors[side])
        return (*selected, *(words[side](state) for state in states))

    def scaled(lines, side, found):
        byte, thread, *of_lanes = found
        if byte % count or byte + count > 4 or thread > (3 if side else 1):
            raise PtxError(f"line {ins.line}: byte {byte} of lanes {thread} of a quad cannot be the first of {count} scales in '{ins.text}'")
        for number, line in enumerate(lines):
            lane = number * 4 + thread if side else number % 8 * 4 + 2 * thread + number // 8
            scale_blocks(line, decoded(scale_kind, of_lanes[lane] >> 8 * byte & (1 << 8 * count) - 1, 8 * count), block)
    return words_of, scaled


def scale_blocks(numbers, scales, block):
    """Each number of a line times the scale of its block of so many."""
    for at, (factor, exponent) in zip(range(0, len(numbers), block), scales):
        numbers[at:at + block] = [(m * factor, e + exponent) for m, e in numbers[at:at + block]]


def _multiplier(ins, shape, kinds, registers, scales):
    (m, n, k), (to, a_kind, b_kind), (targets, a, b, c) = shape, kinds, registers
    halves = to == "f16"
    add, kept = exact_sums.accumulator(to, "satfinite" in ins.parts, ins), {}

    def lines_of(states, side):
        """Whole numbers of A's rows (0) or B's columns (1), and the exponent they share."""
        readers, kind, lines = (b, b_kind, n) if side else (a, a_kind, m)
        words = tuple([read(state) for state in states for read in readers])
        of_scales = scales[0](states, side) if scales else ()
        found = kept.get((side, words, of_scales))
        if found is None:
            matrix = _gather(words, len(readers), kind, lines, k, bool(side))
            if scales:
                scales[1](matrix, side, of_scales)
            found = exact_sums.whole(matrix)
            if len(kept) < _KEPT:
                kept[side, words, of_scales] = found
        return found

    def act(states, lanes, machine):
        del lanes
        products, exponent = exact_sums.products(lines_of(states, 0), lines_of(states, 1))
        memory = {}
        for lane in range(32):
            g, t, old = lane >> 2, lane & 3, [read(states[lane]) for read in c]
            new = [add(word, products[g + 8 * (i >> 1)][2 * t + (i & 1)], exponent, machine)
                   for i, word in enumerate([part for w in old for part in (w & 65535, w >> 16)] if halves else old)]
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
    address, start = address_of(made, where, ins), made.reader_of("sbase")
    registers = [made.writer(o) if loads else made.reader(o) for o in _list(group)]

    def act(states, lanes, machine):
        del lanes
        for tile in range(count):
            at = [start(states[8 * tile + r]) + address(states[8 * tile + r]) for r in range(8)]
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
