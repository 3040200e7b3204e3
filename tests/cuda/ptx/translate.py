# SPDX-License-Identifier: Apache-2.0
# Turns a kernel into segments: straight pieces of code, each a Python function that runs a piece for a list of lanes, one lane after the other, and says
# where each lane goes on. Instructions that lanes do together (collectives.py) are segments of their own. Within a segment lanes do not see each other's
# order, as on devices with independent thread scheduling.
import re

import collectives
import float_ops
import integer_ops
import memory_ops
from integer_ops import width
from reader import Instruction, PtxError

EXIT = 1 << 30
LOOP_TURNS = 256  # of a segment that jumps to itself, before the scheduler looks again
PARAMETERS_AT = 0x1000
_CLOCKS = {"%clock": "clock() & 0xFFFFFFFF", "%clock64": "clock()", "%clock_hi": "clock() >> 32", "%globaltimer": "timer()",
           "%globaltimer_lo": "timer() & 0xFFFFFFFF", "%globaltimer_hi": "timer() >> 32"}
CONSTANT_SPECIALS = [f"{name}.{axis}" for name in ("%tid", "%ntid", "%ctaid", "%nctaid") for axis in "xyz"] + [
    "%laneid", "%warpid", "%nwarpid", "%smid", "%nsmid", "%gridid", "%lanemask_eq", "%lanemask_le", "%lanemask_lt", "%lanemask_ge", "%lanemask_gt",
    "%dynamic_smem_size", "%total_smem_size", "%cluster_ctarank", "%cluster_nctarank"]
HIDDEN = ["sbase", "send", "lbase", "lend", "cc"] + ["s_" + re.sub(r"\W", "_", name[1:]) for name in CONSTANT_SPECIALS]
_NAMES = re.compile(r"\b(?:r_\w+|s_\w+|cc|sbase|send|lbase|lend)\b")
_WRITTEN = re.compile(r"\s*(r_\w+|cc) = ")
_OPERATIONS = {**integer_ops.TABLE, **memory_ops.TABLE, **float_ops.TABLE}


class Segment:
    def __init__(self, index, first_line):
        self.index, self.first_line = index, first_line
        self.body = []          # (instruction, lines)
        self.collective = None  # a function of collectives.py
        self.last = None        # the branch that ends it
        self.next = []          # indices, EXIT
        self.reads, self.writes, self.live_out = set(), set(), set()
        self.run = None
        self.size = 0


class Translator:
    """`addresses` gives places of module variables; `shared` and `local` offsets of those of the kernel; `shared_step` bytes from a block's shared memory to
    the next one's."""

    def __init__(self, kernel, addresses, shared, local, shared_step=0):
        self.shared_step = shared_step
        self.kernel, self.addresses, self.offsets = kernel, {**addresses}, {**shared, **local}
        for name, (offset, _) in kernel.parameters.items():
            self.addresses[name] = PARAMETERS_AT + offset
        self.space, self.place = {}, {}
        for name in [*HIDDEN, *kernel.registers]:
            self.place[name] = len(self.place)

    # What the operation tables ask for.
    def bind(self, function, name):
        name = "f_" + re.sub(r"\W", "_", name)
        self.space.setdefault(name, function)
        return name

    @staticmethod
    def mask(kind):
        return str((1 << width(kind)) - 1)

    def register_bits(self, name):
        return width(self.kernel.registers[name]) if name in self.kernel.registers else 64

    def name(self, operand):
        if operand in self.kernel.registers or operand == "_":
            return operand if operand != "_" else "sink"
        raise PtxError(f"'{operand}' is no register")

    def dst(self, ins):
        return self.name(ins.operands[0])

    @staticmethod
    def hidden(name):
        return name

    def paren(self, operand, kind):
        return f"({self.src(operand, kind)})"

    def src(self, operand, kind):
        if isinstance(operand, list):
            raise PtxError("a vector where one value is expected")
        if operand.startswith("!"):
            return f"(not {self.src(operand[1:], kind)})"
        if operand in self.kernel.registers:
            bits = width(self.kernel.registers[operand])
            return f"({operand} & {self.mask(kind)})" if bits > width(kind) else operand
        if operand in _CLOCKS:
            return f"({_CLOCKS[operand]})"
        if operand in CONSTANT_SPECIALS:
            return "s_" + re.sub(r"\W", "_", operand[1:])
        number = self.constant(operand)
        if number is None:
            raise PtxError(f"unknown operand '{operand}'")
        return str(number & ((1 << width(kind)) - 1))

    def constant(self, operand):
        """The value of a literal or an address known now, or None."""
        if re.fullmatch(r"0[fFdD][0-9a-fA-F]+", operand):
            return int(operand[2:], 16)
        if re.fullmatch(r"-?(0[xX][0-9a-fA-F]+|\d+)U?", operand):
            return int(operand.rstrip("U"), 0)
        if operand == "WARP_SZ":
            return 32
        match = re.fullmatch(r"([\w$]+)(?:\s*\+\s*(-?\d+))?", operand)
        for table in (self.offsets, self.addresses):
            if match and match.group(1) in table:
                return table[match.group(1)] + int(match.group(2) or 0)
        return None

    # Segments.
    def segments(self):
        found, labels, current = [], {}, None
        for ins in self.kernel.code:
            if isinstance(ins, str):
                if current is None or current.body or current.last:
                    current = self._begin(found, ins)
                labels[ins] = current.index
                continue
            if current is None or current.last or current.collective:
                current = self._begin(found, ins)
            if ins.parts[0] in collectives.TABLE:
                if current.body:
                    current = self._begin(found, ins)
                current.collective, current.size = collectives.bind(self, ins), 1
                current.body.append((ins, []))
                current.last = ins
            elif ins.parts[0] in ("bra", "brx", "ret", "exit"):
                current.last = ins
                current.size += 1
            else:
                current.body.append((ins, self._lines(ins)))
                current.size += 1
        if not found:
            raise PtxError(f"kernel {self.kernel.name} has no code")
        for segment in found:
            self._connect(segment, labels, len(found))
        self._liveness(found)
        for segment in found:
            if not segment.collective:
                segment.run = self._function(segment, labels)
        return found

    @staticmethod
    def _begin(found, ins):
        found.append(Segment(len(found), ins.line if isinstance(ins, Instruction) else 0))
        return found[-1]

    def _lines(self, ins):
        operation = _OPERATIONS.get(ins.parts[0])
        if operation is None:
            raise PtxError(f"line {ins.line}: unknown instruction '{ins.text}'")
        try:
            lines = operation(self, ins)
        except (PtxError, KeyError, IndexError, ValueError) as error:
            words = str(error) if isinstance(error, PtxError) else f"unknown form ({error!r})"
            raise PtxError(words if words.startswith("line ") else f"line {ins.line}: {words} in '{ins.text}'") from None
        if ins.guard and lines:
            register, negated = ins.guard
            return [f"if {'not ' if negated else ''}{register}:", *("    " + line for line in lines)]
        return lines

    def _connect(self, segment, labels, count):
        after = segment.index + 1 if segment.index + 1 < count else EXIT
        ins = segment.last
        if ins is None or segment.collective:
            segment.next = [after]
        elif ins.parts[0] == "bra":
            if ins.operands[0] not in labels:
                raise PtxError(f"line {ins.line}: no label '{ins.operands[0]}'")
            segment.next = [labels[ins.operands[0]]] + ([after] if ins.guard else [])
        elif ins.parts[0] == "brx":
            segment.next = [labels[one] for one in self.kernel.tables[ins.operands[1]]] + ([after] if ins.guard else [])
        else:
            segment.next = [EXIT] + ([after] if ins.guard else [])

    def _liveness(self, segments):
        for segment in segments:
            written = set()
            if segment.collective:
                segment.reads = segment.collective.reads
                segment.writes = segment.collective.writes
                continue
            for ins, lines in segment.body:
                names, to = set(), set()
                for line in lines:
                    match = _WRITTEN.match(line)
                    rest = line[match.end():] if match else line
                    to |= {match.group(1)} if match else set()
                    names |= set(_NAMES.findall(rest))
                if ins.guard:
                    names |= to
                # An instruction of several lines may read what its own first lines wrote; taking it as read before is harmless.
                segment.reads |= names - written
                written |= to
            if segment.last is not None:
                operands = [segment.last.guard[0]] if segment.last.guard else []
                operands += [segment.last.operands[0]] if segment.last.parts[0] == "brx" else []
                segment.reads |= set(operands) - written
            segment.writes = written
        live_in = [set(segment.reads) for segment in segments]
        changed = True
        while changed:
            changed = False
            for segment in reversed(segments):
                out = set().union(*(live_in[n] for n in segment.next if n != EXIT))
                if out != segment.live_out:
                    segment.live_out, changed = out, True
                    live_in[segment.index] = segment.reads | (out - segment.writes if not segment.collective else out)

    def _function(self, segment, labels):
        """The Python function of a segment: run(states, lanes, where) returns how many instructions lanes did."""
        kept = sorted(segment.writes & segment.live_out)
        loop = segment.index in segment.next
        source, origin = ["def run(states, lanes, where):", "    done = 0", "    for lane in lanes:", "        S = states[lane]"], []
        loaded = sorted(segment.reads | (set(kept) if loop else set()))
        source += [f"        {name} = S[{self.place[name]}]" for name in loaded]
        pad = "        "
        if loop:
            source += [f"{pad}left = {LOOP_TURNS}", f"{pad}while True:"]
            pad += "    "
        origin += [segment.first_line] * len(source)
        for ins, lines in segment.body:
            source += [pad + line for line in lines]
            origin += [ins.line] * len(lines)
        ending = [f"done += {segment.size}", *self._ending(segment, labels, loop)]
        source += [pad + line for line in ending]
        source += [f"        S[{self.place[name]}] = {name}" for name in kept]
        source += ["        where[lane] = to", "    return done"]
        origin += [segment.last.line if segment.last else segment.first_line] * (len(source) - len(origin))
        file = f"<segment {segment.index} of {self.kernel.name}>"
        space = dict(self.space, __lines__=origin)
        exec(compile("\n".join(source) + "\n", file, "exec"), space)  # noqa: S102
        segment.source = "\n".join(source)
        return space["run"]

    @staticmethod
    def _ending(segment, labels, loop):
        ins = segment.last
        if ins is None:
            lines = [f"to = {segment.next[0]}"]
        elif ins.parts[0] == "brx":
            targets = segment.next[:-1] if ins.guard else segment.next
            lines = [f"to = ({', '.join(map(str, targets))},)[{ins.operands[0]}]"]
            if ins.guard:
                lines = [lines[0] + f" if {'not ' if ins.guard[1] else ''}{ins.guard[0]} else {segment.next[-1]}"]
        elif ins.guard:
            lines = [f"to = {segment.next[0]} if {'not ' if ins.guard[1] else ''}{ins.guard[0]} else {segment.next[1]}"]
        else:
            lines = [f"to = {segment.next[0]}"]
        if loop:
            lines += [f"if to != {segment.index}: break", "left -= 1", "if not left: break"]
        return lines
