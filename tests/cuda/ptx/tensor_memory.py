# SPDX-License-Identifier: Apache-2.0
# tcgen05: tensor memory of a block (128 lanes by 512 columns of 32 bits), its loads and stores, and the multiplication that one lane starts (PTX ISA,
# "TensorCore 5th generation family instructions"). Known is what one block does alone (cta_group::1): m = 128, where row r of the sums is lane r; operands
# from shared memory (shared_matrices.py); block scales from tensor memory, of line r in lane r mod 32 and column r / 32 of theirs, the same in each quarter
# of the lanes. All is done at once: fences and waits have nothing left to do, a commit arrives at its mbarrier (memory_ops.py).
import exact_sums
from exact_sums import decoded
from matrix_ops import scale_blocks
from memory_ops import MBARRIER_PHASE, MBARRIER_WIDTH
from reader import PtxError
from shared_matrices import Descriptor, address_of

LANES, COLUMNS, ROWS, LEAST = 128, 512, 128, 32
_FORMATS = {"kind_f16": {0: "f16", 1: "bf16"}, "kind_tf32": {2: "tf32"}, "kind_f8f6f4": {0: "e4m3", 1: "e5m2", 3: "e2m3", 4: "e3m2"}, "kind_i8": {0: "u8", 1: "s8"},
            "kind_mxf8f6f4": {0: "e4m3", 1: "e5m2", 3: "e2m3", 4: "e3m2"}, "kind_mxf4": {1: "e2m1_packed"}, "kind_mxf4nvf4": {1: "e2m1_packed"}}
# Scales of a line, for an instruction.
_SCALES = {"scale_vec_1X": 1, "scale_vec_2X": 2, "scale_vec_4X": 4}


class TensorMemory:
    def __init__(self):
        self.cells, self.held = [[None] * COLUMNS for _ in range(LANES)], {}

    def allocate(self, count):
        if count < LEAST or count & (count - 1) or count > COLUMNS:
            raise PtxError(f"{count} columns of tensor memory: a power of two from {LEAST} on is wanted")
        at = 0
        while any(at < begin + size and begin < at + count for begin, size in self.held.items()):
            at += LEAST
        if at + count > COLUMNS:
            raise PtxError(f"{count} columns of tensor memory are not free: the device would wait for ever")
        self.held[at] = count
        return at

    def free(self, at, count):
        if self.held.pop(at, None) != count:
            raise PtxError(f"{count} columns of tensor memory at {at} were not allocated so")

    def place(self, address, lane, columns):
        """(row of cells, first column), refused outside of what is allocated."""
        row, column = (address >> 16) + lane, address & 0xFFFF
        if row >= LANES or not any(begin <= column and column + columns <= begin + size for begin, size in self.held.items()):
            raise PtxError(f"lane {row}, columns {column} to {column + columns - 1} of tensor memory are not allocated")
        return self.cells[row], column

    def read(self, address, lane, columns):
        cells, column = self.place(address, lane, columns)
        found = cells[column:column + columns]
        if None in found:
            raise PtxError(f"column {column + found.index(None)} of lane {(address >> 16) + lane} of tensor memory was never written")
        return found


def bind(made, ins):
    """The act(states, lanes, machine) of a tcgen05 instruction."""
    what = ins.parts[1]
    if what.startswith(("fence", "wait")) or what == "relinquish_alloc_permit":
        return lambda *_: None
    if "cta_group_2" in ins.parts or what not in ("alloc", "dealloc", "st", "ld", "mma", "commit"):
        raise PtxError(f"line {ins.line}: unknown form '{ins.text}'")
    return {"alloc": _alloc, "dealloc": _dealloc, "st": _move, "ld": _move, "mma": _multiply, "commit": _commit}[what](made, ins, made.reader_of("sbase"))


def _alloc(made, ins, shared):
    where, count = address_of(made, ins.operands[0], ins), made.reader(ins.operands[1])

    def act(states, lanes, machine):
        first = states[lanes[0]]
        at = machine.tensor_memory(shared(first)).allocate(count(first))
        machine.views["M4"][(shared(first) + where(first)) >> 2] = at
    return act


def _dealloc(made, ins, shared):
    where, count = made.reader(ins.operands[0]), made.reader(ins.operands[1])

    def act(states, lanes, machine):
        first = states[lanes[0]]
        machine.tensor_memory(shared(first)).free(where(first), count(first))
    return act


def _move(made, ins, shared):
    stores = ins.parts[1] == "st"
    where, group = (ins.operands[0], ins.operands[1]) if stores else (ins.operands[1], ins.operands[0])
    group = group if isinstance(group, list) else [group]
    if "32x32b" not in ins.parts or f"x{len(group)}" not in ins.parts or ins.parts[-1] != "b32":
        raise PtxError(f"line {ins.line}: unknown form '{ins.text}'")
    address, warp = address_of(made, where, ins), made.reader_of("s_warpid")
    registers = [made.reader(one) if stores else made.writer(one) for one in group]

    def act(states, lanes, machine):
        memory = machine.tensor_memory(shared(states[lanes[0]]))
        for lane in lanes:
            state = states[lane]
            if address(state) >> 16 != warp(state) % 4 * 32:
                raise PtxError(f"line {ins.line}: warp {warp(state)} reaches for lanes of another one in '{ins.text}'")
            if stores:
                cells, column = memory.place(address(state), lane, len(registers))
                cells[column:column + len(registers)] = [read(state) for read in registers]
            else:
                for target, word in zip(registers, memory.read(address(state), lane, len(registers))):
                    state[target] = word
    return act


def _commit(made, ins, shared):
    where = address_of(made, ins.operands[0], ins)
    if "multicast_cluster" in ins.parts or "mbarrier_arrive_one" not in ins.parts:
        raise PtxError(f"line {ins.line}: unknown form '{ins.text}'")

    def act(states, lanes, machine):
        for lane in lanes:
            cell = (shared(states[lane]) + where(states[lane])) >> 3
            word, mask = machine.views["M8"][cell], (1 << MBARRIER_WIDTH) - 1
            count, pending = word >> MBARRIER_WIDTH & mask, (word & mask) - 1
            if pending < 0:
                raise PtxError(f"line {ins.line}: an mbarrier that was not made ready in '{ins.text}'")
            if pending == 0:  # the phase is complete, the next one begins
                word, pending = word ^ 1 << MBARRIER_PHASE, count
            machine.views["M8"][cell] = word & ~mask | pending
    return act


class _Instruction:
    """An instruction descriptor (PTX ISA, "Instruction descriptor"), for kinds with scales or without."""

    def __init__(self, bits, kind, scaled, ins):
        formats = _FORMATS[kind]
        a, b = bits >> 7 & 7, bits >> 10 & 7
        self.columns, rows = (bits >> 17 & 63) * 8, (bits >> 24 & 31) * 16
        forbidden = 0b1111 << 13 | 0b1111 | (0 if scaled else 0b11 << 30)  # sparsity, saturation, negation, transposition, shift
        if bits & forbidden or a not in formats or b not in formats or rows != ROWS or not self.columns:
            raise PtxError(f"line {ins.line}: the instruction descriptor {bits:#x} is of a form that is not known here in '{ins.text}'")
        self.a_kind, self.b_kind = formats[a], formats[b]
        if scaled:
            self.to, self.scale_kind = "f32", "ue8m0" if bits >> 23 & 1 else "ue4m3"
            self.first_byte = (bits >> 29 & 3, bits >> 4 & 3)
        else:
            self.to = {1: "f32", 2: "s32"}.get(bits >> 4 & 3)
            if self.to != ("s32" if kind == "kind_i8" else "f32"):
                raise PtxError(f"line {ins.line}: sums of another format than 32 bits are not known here in '{ins.text}'")


def _multiply(made, ins, shared):
    kind = next((part for part in ins.parts if part.startswith("kind_")), "")
    scale_count = next((count for part, count in _SCALES.items() if part in ins.parts), 0)
    if kind not in _FORMATS or ("block_scale" in ins.parts) != bool(scale_count) or len(ins.operands) != (7 if scale_count else 5) or "ws" in ins.parts:
        raise PtxError(f"line {ins.line}: unknown matrix instruction '{ins.text}'")
    sums = address_of(made, ins.operands[0], ins)
    a, b, descriptor = (made.reader(one, width) for one, width in zip(ins.operands[1:4], ("b64", "b64", "b32")))
    scales = [address_of(made, one, ins) for one in ins.operands[4:6]] if scale_count else []
    keep = made.reader(ins.operands[-1], "pred")

    def act(states, lanes, machine):
        for state in (states[lane] for lane in lanes):
            memory, how = machine.tensor_memory(shared(state)), _Instruction(descriptor(state), kind, scale_count, ins)
            rows = Descriptor(a(state), 1, ins).lines(machine, shared(state), 0, ROWS, how.a_kind)
            columns = Descriptor(b(state), 1, ins).lines(machine, shared(state), 0, how.columns, how.b_kind)
            for side, (lines, where) in enumerate(zip((rows, columns), scales)):
                for number, line in enumerate(lines):
                    scale_blocks(line, _scales_of(memory, where(state), number, how, side, scale_count, ins), len(line) // scale_count)
            products, exponent = exact_sums.products(exact_sums.whole(rows), exact_sums.whole(columns))
            add = exact_sums.accumulator(how.to, False, ins)
            for row, line in enumerate(products):
                old = memory.read(sums(state), row, how.columns) if keep(state) else [0] * how.columns
                cells, column = memory.place(sums(state), row, how.columns)
                cells[column:column + how.columns] = [add(word, total, exponent, machine) for word, total in zip(old, line)]
    return act


def _scales_of(memory, address, line, how, side, count, ins):
    words = {memory.read(address + line // 32, quarter * 32 + line % 32, 1)[0] for quarter in range(4)}
    if len(words) != 1:
        raise PtxError(f"line {ins.line}: the scales of line {line} are not the same in the quarters of tensor memory in '{ins.text}'")
    word, first = words.pop(), how.first_byte[side]
    if first % count or first + count > 4:
        raise PtxError(f"line {ins.line}: byte {first} cannot be the first of {count} scales in '{ins.text}'")
    return decoded(how.scale_kind, word >> 8 * first & (1 << 8 * count) - 1, 8 * count)
