# SPDX-License-Identifier: Apache-2.0
# Loads, stores, atomics, moves and address conversions of one lane as Python text. All memory is one arena: global, constant and parameter addresses
# are places in it; shared and local addresses are offsets from the lane's `sbase` and `lbase`.
import re

import ieee
from integer_ops import TABLE as INTEGER, signed, width
from reader import PtxError, TYPE_BYTES

TABLE = {}
_SPACES = {"global": "", "const": "", "param": "", "shared": "sbase", "local": "lbase", "shared_cta": "sbase", "param_entry": ""}
# An mbarrier is one word: arrivals still pending, arrivals of a phase, and the phase's parity.
MBARRIER_WIDTH, MBARRIER_PHASE = 20, 40
_VIEW = {1: ("M1", 0), 2: ("M2", 1), 4: ("M4", 2), 8: ("M8", 3)}


def op(*names):
    def keep(function):
        for name in names:
            TABLE[name] = function
        return function
    return keep


def address(gen, ins, operand, extra=0):
    """Python text of the place in the arena that [operand] names, in the space the instruction names."""
    match = re.fullmatch(r"\[\s*([%\w$.]+)\s*(?:\+\s*(-?\w+))?\s*\]", operand)
    if not match:
        raise PtxError(f"line {ins.line}: cannot read the address '{operand}'")
    base, offset = match.group(1), int(match.group(2) or "0", 0) + extra
    space = next((p for p in ins.parts[1:] if p in _SPACES), "generic")
    terms = [gen.src(base, "u64")]
    if "shared_cluster" in ins.parts:  # 32 bits, of which those behind one's own shared memory are of later blocks, those before it of earlier ones
        terms = [signed(gen.src(base, "u32"), 32), gen.hidden("sbase")]
    elif space != "generic" and _SPACES[space]:
        terms.append(gen.hidden(_SPACES[space]))
    if terms[0].isdigit():
        terms[0] = str(int(terms[0]) + offset)
    elif offset:
        terms.append(str(offset))
    return " + ".join(terms)


def _checked(gen, ins, operand, size):
    """Lines that leave the address in `a`, refused when it is not aligned."""
    return [f"a = {address(gen, ins, operand)}", f"if a & {size - 1}: unaligned(a, {size})"] if size > 1 else [f"a = {address(gen, ins, operand)}"]


def _load(size, at="a"):
    view, shift = _VIEW[size]
    return f"{view}[{at} >> {shift}]" if shift else f"M1[{at}]"


@op("ld", "ldu")
def load(gen, ins):
    kind, targets = ins.parts[-1], ins.operands[0]
    size = TYPE_BYTES[kind]
    targets = targets if isinstance(targets, list) else [targets]
    if kind == "b128":
        raise PtxError(f"line {ins.line}: unknown form '{ins.text}'")
    lines = _checked(gen, ins, ins.operands[1], size * len(targets))
    for i, target in enumerate(targets):
        value = _load(size, f"a + {i * size}" if i else "a")
        if i:
            view, shift = _VIEW[size]
            value = f"{view}[(a >> {shift}) + {i}]"
        if kind[0] == "s" and gen.register_bits(target) > 8 * size:
            value = f"{signed(value, 8 * size)} & {(1 << gen.register_bits(target)) - 1}"
        lines.append(f"{gen.name(target)} = {value}")
    return lines


@op("st")
def store(gen, ins):
    kind, sources = ins.parts[-1], ins.operands[1]
    size = TYPE_BYTES[kind]
    sources = sources if isinstance(sources, list) else [sources]
    lines = _checked(gen, ins, ins.operands[0], size * len(sources))
    view, shift = _VIEW[size]
    for i, source in enumerate(sources):
        lines.append(f"{view}[(a >> {shift}) + {i}] = {gen.src(source, kind)}" if i else f"{view}[a >> {shift}] = {gen.src(source, kind)}")
    return lines


def _atomic_value(gen, ins, what, kind, old, operand, second):
    """Text of what is stored after `old` was read."""
    if what == "exch":
        return operand
    if what == "cas":
        return f"{second} if {old} == {operand} else {old}"
    if what in ("and", "or", "xor"):
        return f"{old} {dict(zip(('and', 'or', 'xor'), '&|^'))[what]} {operand}"
    if what == "inc":
        return f"0 if {old} >= {operand} else {old} + 1"
    if what == "dec":
        return f"{operand} if {old} == 0 or {old} > {operand} else {old} - 1"
    if what == "add" and kind in ieee.NANS:
        ftz = kind == "f32" and "global" in ins.parts  # PTX: atom.add.f32 on global memory flushes subnormal numbers
        return f"{gen.bind(ieee.operation('add', kind, 'rn', ftz), f'add_{kind}_rn_{ftz}')}({old}, {operand})"
    if what == "add":
        return f"({old} + {operand}) & {gen.mask(kind)}"
    if what in ("min", "max"):
        a, b = (signed(x, width(kind)) if kind[0] == "s" else x for x in (old, operand))
        return f"{what}({a}, {b}) & {gen.mask(kind)}"
    raise PtxError(f"line {ins.line}: unknown atomic '{ins.text}'")


@op("atom", "red")
def atomic(gen, ins):
    what = next((p for p in ins.parts if p in ("exch", "cas", "and", "or", "xor", "inc", "dec", "add", "min", "max")), "?")
    kind, operands = ins.parts[-1], ins.operands if ins.parts[0] == "red" else ins.operands[1:]
    if kind not in TYPE_BYTES or kind == "b128" or isinstance(operands[1], list):
        raise PtxError(f"line {ins.line}: unknown atomic '{ins.text}'")
    size = TYPE_BYTES[kind]
    view, shift = _VIEW[size]
    second = gen.src(operands[2], kind) if what == "cas" else ""
    lines = [*_checked(gen, ins, operands[0], size), f"a >>= {shift}", f"t = {view}[a]"]
    lines.append(f"{view}[a] = {_atomic_value(gen, ins, what, kind, 't', '(' + gen.src(operands[1], kind) + ')', second)}")
    return lines if ins.parts[0] == "red" else [*lines, f"{gen.name(ins.operands[0])} = t"]


@op("mov")
def move(gen, ins):
    to, source, kind = ins.operands[0], ins.operands[1], ins.parts[-1]
    if isinstance(to, list) and isinstance(source, list):
        lines = [f"t{i} = {gen.src(s, kind)}" for i, s in enumerate(source)]
        return lines + [f"{gen.name(d)} = t{i}" for i, d in enumerate(to)]
    if isinstance(source, list):
        bits = width(kind) // len(source)
        return [f"{gen.name(to)} = " + " | ".join(f"{gen.src(s, 'b%d' % bits)} << {bits * i}" if i else gen.src(s, "b%d" % bits) for i, s in enumerate(source))]
    if isinstance(to, list):
        bits = width(kind) // len(to)
        lines = [f"t = {gen.src(source, kind)}"]
        for i, name in enumerate(to):
            lines.append(f"{gen.name(name)} = t >> {bits * i} & {(1 << bits) - 1}" if i else f"{gen.name(name)} = t & {(1 << bits) - 1}")
        return lines
    return [f"{gen.name(to)} = {gen.src(source, kind)}"]


@op("cvta")
def convert_address(gen, ins):
    space = next((p for p in ins.parts if p in _SPACES), None)
    if space is None:
        raise PtxError(f"line {ins.line}: unknown address space '{ins.text}'")
    base = _SPACES[space]
    shift = f" {'-' if 'to' in ins.parts else '+'} {gen.hidden(base)}" if base else ""
    value = gen.src(ins.operands[1], ins.parts[-1])
    return [f"{gen.dst(ins)} = ({value}{shift}) & {gen.mask(ins.parts[-1])}" if shift else f"{gen.dst(ins)} = {value}"]


@op("mapa")
def map_address(gen, ins):
    """The same place in the shared memory of block `operand 2` of the cluster."""
    kind = ins.parts[-1]
    a, rank = gen.src(ins.operands[1], kind), gen.src(ins.operands[2], "u32")
    return [f"{gen.dst(ins)} = ({a} + ({rank} - s_cluster_ctarank) * {gen.shared_step}) & {gen.mask(kind)}"]


@op("isspacep")
def is_space(gen, ins):
    space, value = ins.parts[1], gen.src(ins.operands[1], "u64")
    low, high = {"shared": ("sbase", "send"), "local": ("lbase", "lend")}.get(space, (None, None))
    if low:
        return [f"{gen.dst(ins)} = {gen.hidden(low)} <= {value} < {gen.hidden(high)}"]
    if space != "global":
        raise PtxError(f"line {ins.line}: unknown address space '{ins.text}'")
    return [f"t = {value}", f"{gen.dst(ins)} = not ({gen.hidden('sbase')} <= t < {gen.hidden('send')} or {gen.hidden('lbase')} <= t < {gen.hidden('lend')})"]


@op("cp")
def copy(gen, ins):
    """cp.async as a copy at once; commits and waits then have nothing to do."""
    if ins.parts[1] != "async" or "bulk" in ins.parts or "mbarrier" in ins.parts:
        raise PtxError(f"line {ins.line}: unknown copy '{ins.text}'")
    if any(word in ins.parts for word in ("commit_group", "wait_group", "wait_all")):
        return []
    shared = type(ins)(ins.line, None, ["cp", "shared"], [], ins.text)
    other = type(ins)(ins.line, None, ["cp", "global"], [], ins.text)
    size = int(ins.operands[2], 0)
    source_size = gen.src(ins.operands[3], "u32") if len(ins.operands) > 3 else str(size)
    return [f"a = {address(gen, shared, ins.operands[0])}", f"b = {address(gen, other, ins.operands[1])}",
            f"if (a | b) & {size - 1}: unaligned(a | b, {size})", f"t = min({source_size}, {size})",
            f"M1[a:a + {size}] = bytes(M1[b:b + t]) + bytes({size} - t)"]


@op("mbarrier")
def barrier_object(gen, ins):
    """Made ready, given up, asked whether the phase of a parity is complete; arrivals come from tcgen05.commit alone."""
    if "shared_cta" not in ins.parts and "shared" not in ins.parts:
        raise PtxError(f"line {ins.line}: unknown form '{ins.text}'")
    what = ins.parts[1]
    if what == "init":
        count = gen.src(ins.operands[1], "u32")
        return [*_checked(gen, ins, ins.operands[0], 8), f"t = {count} & {(1 << MBARRIER_WIDTH) - 1}", f"M8[a >> 3] = t | t << {MBARRIER_WIDTH}"]
    if what == "inval":
        return [*_checked(gen, ins, ins.operands[0], 8), "M8[a >> 3] = 0"]
    if what in ("try_wait", "test_wait") and "parity" in ins.parts:
        return [*_checked(gen, ins, ins.operands[1], 8), f"{gen.dst(ins)} = (M8[a >> 3] >> {MBARRIER_PHASE} & 1) != ({gen.src(ins.operands[2], 'u32')} & 1)"]
    raise PtxError(f"line {ins.line}: unknown form '{ins.text}'")


@op("membar", "fence", "prefetch", "prefetchu", "discard", "applypriority", "nanosleep", "griddepcontrol", "setmaxnreg")
def nothing(_gen, _ins):
    return []


@op("trap")
def trap(_gen, ins):
    return [f"trapped({ins.line})"]


@op("brkpt")
def breakpoint_(_gen, ins):
    return [f"trapped({ins.line})"]


assert not set(TABLE) & set(INTEGER)
