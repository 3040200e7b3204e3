# SPDX-License-Identifier: Apache-2.0
# Instructions that lanes do together: barriers, votes, shuffles, matches, reductions, and through matrix_ops.py the matrix ones. Each says which lanes must have
# come (needs) and what happens then (act). Lanes are numbers 0..31 of a warp.
import matrix_ops
import shared_matrices
import tensor_memory
from reader import PtxError

WARP = 0xFFFFFFFF
TABLE = {"bar", "barrier", "shfl", "vote", "match", "redux", "activemask", "elect", "mma", "ldmatrix", "stmatrix", "wgmma", "tcgen05"}


class Collective:
    """kind "warp": needs(state) is the mask of lanes that must have come (None: those that have), act(states, lanes, machine) what happens; kind "cluster": arrive_only; kind "block":
    number(state), count(state) or None, arrive_only, reduction, value(state) and target of a barrier of the block. guard: (place, negated) or None."""

    def __init__(self, gen, ins):
        self.ins, self.guard, self.place = ins, None, gen.place
        self.reads, self.writes = set(), set()
        if ins.guard:
            self.reads.add(ins.guard[0])
            self.guard = (gen.place[ins.guard[0]], ins.guard[1])
        self.gen = gen

    def reader(self, operand, kind="b32"):
        """A function from a lane's state to an operand's value."""
        if operand.startswith("!"):
            inner = self.reader(operand[1:], kind)
            return lambda state: not inner(state)
        if operand in self.gen.kernel.registers:
            self.reads.add(operand)
            at = self.place[operand]
            return lambda state: state[at]
        if operand.startswith("%"):
            name = self.gen.src(operand, kind)
            if name not in self.place:
                raise PtxError(f"line {self.ins.line}: '{operand}' cannot be read here")
            self.reads.add(name)
            at = self.place[name]
            return lambda state: state[at]
        value = int(self.gen.src(operand, kind))
        return lambda state: value

    def reader_of(self, name):
        """The same of one of the names every lane has."""
        self.reads.add(name)
        at = self.place[name]
        return lambda state: state[at]

    def writer(self, operand):
        if operand == "_":
            return None
        name = self.gen.name(operand)
        self.writes.add(name)
        return self.place[name]


def bind(gen, ins):
    """The Collective of an instruction: with .act(states, lanes, machine) or .barrier."""
    made = Collective(gen, ins)
    try:
        _BINDERS.get(ins.parts[0], _matrix)(made, ins)
    except (KeyError, IndexError, ValueError) as error:
        raise PtxError(f"line {ins.line}: unknown form ({error!r}) in '{ins.text}'") from None
    except PtxError as error:
        raise PtxError(str(error) if str(error).startswith("line ") else f"line {ins.line}: {error} in '{ins.text}'") from None
    return made


def _matrix(made, ins):
    made.kind, made.needs = "warp", lambda state: WARP
    made.act = matrix_ops.bind(made, ins)


def _warpgroup(made, ins):
    made.kind, made.needs = "warp", lambda state: WARP
    made.act = shared_matrices.bind_wgmma(made, ins)


def _fifth_generation(made, ins):
    """What warps do together says so; a multiplication and a commit are of those lanes that come."""
    made.kind, made.needs = "warp", (lambda state: WARP) if "sync" in ins.parts else None
    made.act = tensor_memory.bind(made, ins)


def _barrier(made, ins):
    words = [p for p in ins.parts[1:] if p not in ("cta", "aligned")]
    if words and words[0] == "warp":
        mask = made.reader(ins.operands[0])
        made.kind, made.needs, made.act = "warp", mask, lambda *_: None
        return
    if words[0] == "cluster":
        made.kind, made.arrive_only = "cluster", words[1] == "arrive"
        if words[1] not in ("arrive", "wait"):
            raise PtxError(f"line {ins.line}: unknown barrier '{ins.text}'")
        return
    if not words or words[0] not in ("sync", "arrive", "red"):
        raise PtxError(f"line {ins.line}: unknown barrier '{ins.text}'")
    made.kind, made.arrive_only, made.reduction, made.target = "block", words[0] == "arrive", None, None
    operands = list(ins.operands)
    made.value = lambda state: False
    if words[0] == "red":
        made.reduction = words[1]
        made.value = made.reader(operands.pop(), "pred")
        made.target = made.writer(operands.pop(0))
    made.number = made.reader(operands[0])
    made.count = made.reader(operands[1]) if len(operands) > 1 else None


def _vote(made, ins):
    what = ins.parts[2]
    value, mask, target = made.reader(ins.operands[1], "pred"), made.reader(ins.operands[2]), made.writer(ins.operands[0])

    def act(states, lanes, _machine):
        truths = [bool(value(states[lane])) for lane in lanes]
        result = {"all": all(truths), "any": any(truths), "uni": all(truths) or not any(truths),
                  "ballot": sum(1 << lane for lane, truth in zip(lanes, truths) if truth)}[what]
        for lane in lanes:
            states[lane][target] = result
    if ins.parts[1] != "sync" or what not in ("all", "any", "uni", "ballot"):
        raise PtxError(f"line {ins.line}: unknown vote '{ins.text}'")
    made.kind, made.needs, made.act = "warp", mask, act


def _shuffle(made, ins):
    if ins.parts[1] != "sync":
        raise PtxError(f"line {ins.line}: unknown shuffle '{ins.text}'")
    how = ins.parts[2]
    target, _, predicate = ins.operands[0].partition("|")
    target, predicate = made.writer(target), made.writer(predicate) if predicate else None
    value, by, bounds, mask = (made.reader(o) for o in ins.operands[1:5])

    def source_of(lane, state):
        b, c = by(state) & 31, bounds(state)
        clamp, segment = c & 31, c >> 8 & 31
        low = lane & segment
        high = low | clamp & ~segment & 31
        if how == "up":
            return lane - b, lane - b >= high
        if how == "down":
            return lane + b, lane + b <= high
        if how == "bfly":
            return lane ^ b, lane ^ b <= high
        j = low | b & ~segment & 31
        return j, j <= high

    def act(states, lanes, _machine):
        taken = []
        for lane in lanes:
            j, valid = source_of(lane, states[lane])
            if valid and j not in lanes:
                raise PtxError(f"line {ins.line}: lane {lane} reads from lane {j}, which takes no part in '{ins.text}'")
            taken.append((value(states[j if valid else lane]), valid))
        for lane, (word, valid) in zip(lanes, taken):
            if target is not None:
                states[lane][target] = word
            if predicate is not None:
                states[lane][predicate] = valid
    if how not in ("up", "down", "bfly", "idx"):
        raise PtxError(f"line {ins.line}: unknown shuffle '{ins.text}'")
    made.kind, made.needs, made.act = "warp", mask, act


def _match(made, ins):
    target, _, predicate = ins.operands[0].partition("|")
    target, predicate = made.writer(target), made.writer(predicate) if predicate else None
    value, mask = made.reader(ins.operands[1], ins.parts[-1]), made.reader(ins.operands[2])

    def act(states, lanes, _machine):
        words = [value(states[lane]) for lane in lanes]
        for lane, word in zip(lanes, words):
            same = sum(1 << other for other, w in zip(lanes, words) if w == word)
            alike = len(set(words)) == 1
            states[lane][target] = same if ins.parts[1] == "any" or alike else 0
            if predicate is not None:
                states[lane][predicate] = alike
    made.kind, made.needs, made.act = "warp", mask, act


def _reduce(made, ins):
    what, kind = ins.parts[2], ins.parts[-1]
    target, value, mask = made.writer(ins.operands[0]), made.reader(ins.operands[1]), made.reader(ins.operands[2])
    if kind not in ("u32", "s32", "b32") or what not in ("add", "min", "max", "and", "or", "xor"):
        raise PtxError(f"line {ins.line}: unknown reduction '{ins.text}'")

    def act(states, lanes, _machine):
        words = [value(states[lane]) for lane in lanes]
        if kind == "s32":
            words = [(w ^ 1 << 31) - (1 << 31) for w in words]
        total = words[0]
        for word in words[1:]:
            total = {"add": total + word, "min": min(total, word), "max": max(total, word), "and": total & word, "or": total | word,
                     "xor": total ^ word}[what]
        for lane in lanes:
            states[lane][target] = total & 0xFFFFFFFF
    made.kind, made.needs, made.act = "warp", mask, act


def _active(made, ins):
    target = made.writer(ins.operands[0])

    def act(states, lanes, _machine):
        for lane in lanes:
            states[lane][target] = sum(1 << one for one in lanes)
    made.kind, made.needs, made.act = "warp", None, act


def _elect(made, ins):
    target, _, predicate = ins.operands[0].partition("|")
    target, predicate, mask = made.writer(target), made.writer(predicate), made.reader(ins.operands[1])

    def act(states, lanes, _machine):
        for lane in lanes:
            if target is not None:
                states[lane][target] = lanes[0]
            states[lane][predicate] = lane == lanes[0]
    made.kind, made.needs, made.act = "warp", mask, act


_BINDERS = {"bar": _barrier, "barrier": _barrier, "vote": _vote, "shfl": _shuffle, "match": _match, "redux": _reduce, "activemask": _active, "elect": _elect, "wgmma": _warpgroup, "tcgen05": _fifth_generation}
