# SPDX-License-Identifier: Apache-2.0
# Runs a translated kernel: blocks of warps of 32 lanes on one arena of memory. A warp takes the lanes with the smallest place in the program first
# (so they meet again behind a branch); lanes that wait for others let those go on; warps take turns.
import array
import traceback

import native
from clusters import Cluster
from c_text import Unable
from reader import PtxError
from tensor_memory import TensorMemory
from translate import EXIT, HIDDEN, PARAMETERS_AT, Translator

GLOBAL_AT = 0x10000
GUARD = 256           # bytes around every buffer that nobody may write
GUARD_BYTE = 0xA5
TURN_SEGMENTS, TURN_INSTRUCTIONS = 4096, 200000  # of a warp before the next one goes on


class Trapped(PtxError):
    """The kernel ran into trap or brkpt."""


class Machine:
    """One launch. Make it, place buffers with `allocate`, then `run`. Sizes in bytes, addresses are places in the arena. `engine` is "native" (machine
    code where there is a compiler, kept in folder `cache` where one is given) or "python"; `engine` says afterwards what ran."""

    trapped = Trapped

    def __init__(self, module, kernel_name, grid=(1, 1, 1), block=(32, 1, 1), dynamic_shared=0, inexact_sums=False, limit=None, engine="native", cache=None,
                 cluster=1):
        if kernel_name not in module.kernels:
            raise PtxError(f"no kernel '{kernel_name}': the file has {', '.join(sorted(module.kernels)) or 'none'}")
        self.module, self.kernel, self.grid, self.block = module, module.kernels[kernel_name], grid, block
        self.dynamic_shared, self.inexact_sums, self.limit = dynamic_shared, inexact_sums, limit
        if grid[0] % cluster:
            raise PtxError(f"a grid of {grid[0]} blocks in clusters of {cluster}")
        self.cluster, self.tensor_memories = cluster, {}
        self.top, self.buffers, self.image = GLOBAL_AT, {}, []
        self.instructions, self.ticks = 0, 0
        self.smids, self.nsmid = None, None
        self.engine, self.cache = engine if engine == "python" or native.compiler() else "python, for there is no C compiler", cache
        self.addresses = {v.name: self.allocate(v.name, v.size, v.data, v.align) for v in module.variables.values() if v.space in ("global", "const")}

    def allocate(self, name, size, data=b"", align=256):
        """The address of a new buffer, zero where data does not reach."""
        align = max(align, 16)
        at = (self.top + GUARD + align - 1) // align * align
        self.buffers[name] = (at, size)
        self.image.append((at, bytes(data)[:size]))
        self.top = at + size
        return at

    def _shared_layout(self):
        """Offsets of the kernel's shared and local variables, and the bytes of each space."""
        shared, local, at, depot, dynamic = {}, {}, 0, 0, []
        everything = [*self.kernel.variables.values(), *(v for v in self.module.variables.values() if v.space == "shared")]
        for v in everything:
            if v.space == "local":
                depot = (depot + v.align - 1) // v.align * v.align
                local[v.name] = depot
                depot += v.size
            elif v.size == 0:
                dynamic.append(v)
            else:
                at = (at + v.align - 1) // v.align * v.align
                shared[v.name] = at
                at += v.size
        at = (at + 15) // 16 * 16
        for v in dynamic:
            shared[v.name] = at
        return shared, local, at + self.dynamic_shared, depot

    def _lay_out(self, shared_bytes, local_bytes, blocks, lanes):
        """Makes the arena: buffers between guards, then shared memory of each block, then local memory of each lane."""
        end = self.top + GUARD
        self.shared_at = (end + 1023) // 1024 * 1024
        self.shared_step = (shared_bytes + 1023) // 1024 * 1024 + 1024
        self.local_at = self.shared_at + self.shared_step * blocks
        self.local_step = (local_bytes + 15) // 16 * 16 + 16
        self.arena = bytearray(self.local_at + self.local_step * blocks * lanes + 1024)
        self.guards, at = [], GLOBAL_AT
        for start, size in sorted(self.buffers.values()):
            self.guards.append((at, start))
            at = start + size
        self.guards.append((at, self.shared_at))
        for low, high in self.guards:
            self.arena[low:high] = bytes([GUARD_BYTE]) * (high - low)
        for start, data in self.image:
            self.arena[start:start + len(data)] = data
        whole = memoryview(self.arena)
        whole = whole[:len(self.arena) // 8 * 8]
        self.views = {"M1": whole, "M2": whole.cast("H"), "M4": whole.cast("I"), "M8": whole.cast("Q")}

    def half(self, at):
        return self.views["M2"][at >> 1]

    def put_half(self, at, value):
        self.views["M2"][at >> 1] = value

    def piece(self, at, length):
        """Bytes of the arena."""
        if not 0 <= at <= len(self.arena) - length:
            raise PtxError(f"memory access outside of all memory at {at:#x}")
        return self.arena[at:at + length]

    def tensor_memory(self, shared):
        """Of the block whose shared memory begins there."""
        if shared not in self.tensor_memories:
            self.tensor_memories[shared] = TensorMemory()
        return self.tensor_memories[shared]

    def clock(self):
        self.ticks += 8
        return self.ticks + self.instructions // 32

    def run(self, parameters):
        """Runs to the end; `parameters` are the bytes of the kernel's parameter space. Read buffers with `read`."""
        if len(parameters) != self.kernel.parameter_bytes:
            raise PtxError(f"kernel {self.kernel.name} takes {self.kernel.parameter_bytes} bytes of parameters, not {len(parameters)}")
        if len(parameters) > GLOBAL_AT - PARAMETERS_AT:
            raise PtxError(f"{len(parameters)} bytes of parameters are too many")
        self._resolve_symbols()
        shared, local, shared_bytes, local_bytes = self._shared_layout()
        blocks = self.grid[0] * self.grid[1] * self.grid[2]
        lanes = self.block[0] * self.block[1] * self.block[2]
        if not 1 <= lanes <= 1024:
            raise PtxError(f"a block of {lanes} lanes")
        self._lay_out(shared_bytes, local_bytes, blocks, lanes)
        self.arena[PARAMETERS_AT:PARAMETERS_AT + len(parameters)] = parameters
        translator = Translator(self.kernel, self.addresses, shared, local, self.shared_step)
        translator.space.update(self.views, clock=self.clock, timer=self.clock, unaligned=_unaligned, trapped=_trapped)
        self.segments = translator.segments()
        self.place, self.shared_bytes = translator.place, shared_bytes
        self._make_native(translator)
        waiting = [Block(self, number, lanes) for number in range(blocks)]
        for first in range(0, blocks, self.cluster):
            together = Cluster(waiting[first:first + self.cluster])
            for block in together.blocks:
                block.cluster = together
        while waiting:
            before = self.instructions
            waiting = [one for one in waiting if not one.turn()]
            if waiting and self.instructions == before:
                raise PtxError("no lane can go on: " + "; ".join(one.where() for one in waiting)[:400])
            if self.limit is not None and self.instructions > self.limit:
                raise PtxError(f"more than {self.limit} instructions of lanes: " + "; ".join(one.where() for one in waiting)[:400])
        self._check_guards()

    def _make_native(self, translator):
        """Gives every segment that lanes run alone its machine code."""
        if self.engine != "native":
            return
        try:
            made = native.Native(self, translator, self.cache)
        except Unable as error:
            self.engine = f"python, for machine code does not know {error}"
            return
        for segment in self.segments:
            if not segment.collective:
                segment.run = made.run

    def _resolve_symbols(self):
        for variable in self.module.variables.values():
            if variable.space in ("global", "const"):
                at = self.addresses[variable.name]
                for offset, size, name in variable.symbols:
                    if name not in self.addresses:
                        raise PtxError(f"variable {variable.name} holds the address of '{name}', which is unknown")
                    self.image.append((at + offset, self.addresses[name].to_bytes(size, "little")))

    def _check_guards(self):
        for low, high in self.guards:
            if self.arena.count(GUARD_BYTE, low, high) != high - low:
                at = next(i for i in range(low, high) if self.arena[i] != GUARD_BYTE)
                near = min(self.buffers.items(), key=lambda item: min(abs(at - item[1][0]), abs(at - item[1][0] - item[1][1])))[0]
                raise PtxError(f"the kernel wrote outside of its buffers, at {at:#x}, near buffer '{near}'")

    def read(self, name, offset=0, length=None):
        at, size = self.buffers[name]
        return bytes(self.arena[at + offset:at + (size if length is None else offset + length)])


def _unaligned(at, size):
    raise PtxError(f"address {at:#x} is not aligned to {size} bytes")


def _trapped(line):
    raise Trapped(f"line {line}: trap")


def _placed(error, segment):
    """The PTX line where generated code failed."""
    origin = getattr(segment.run, "__globals__", {}).get("__lines__", [])
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename.startswith("<segment") and frame.lineno <= len(origin):
            return origin[frame.lineno - 1]
    return segment.last.line if segment.last else segment.first_line


class Block:
    def __init__(self, machine, number, lanes):
        self.machine, self.number = machine, number
        self.live = lanes
        self.barriers = {}  # number -> [(warp, lane, value)]
        self.warps = [Warp(self, first // 32, range(first, min(first + 32, lanes))) for first in range(0, lanes, 32)]

    def turn(self):
        """Lets every warp go on for a while; true when all are done."""
        for warp in self.warps:
            warp.turn()
        return all(not warp.alive for warp in self.warps)

    def arrive(self, collective, warp, lane):
        """A lane at a barrier of the block; all that wait are let go when enough have come."""
        state = warp.states[lane]
        number = collective.number(state)
        come = self.barriers.setdefault(number, [])
        come.append((warp, lane, bool(collective.value(state)), collective))
        if collective.arrive_only:
            warp.where[lane] += 1
        else:
            warp.asleep.add(lane)
        self.settle(number, collective.count(state) if collective.count else None)

    def settle(self, number, count):
        come = self.barriers[number]
        wanted = count if count is not None else self.live
        if len(come) < wanted:
            return
        truths = [value for _, _, value, c in come if not c.arrive_only]
        for warp, lane, _, collective in come:
            if collective.arrive_only:
                continue
            if collective.target is not None:
                how = collective.reduction
                warp.states[lane][collective.target] = sum(truths) if how == "popc" else all(truths) if how == "and" else any(truths)
            warp.asleep.discard(lane)
            warp.where[lane] += 1
        self.barriers[number] = []

    def left(self):
        """A lane has ended: barriers of all lanes may be complete now."""
        self.live -= 1
        self.cluster.settle()
        for number, come in list(self.barriers.items()):
            if come and all(c.count is None for _, _, _, c in come):
                self.settle(number, None)

    def where(self):
        segments = self.machine.segments
        places = sorted({segments[w.where[lane]].last.line if segments[w.where[lane]].last else segments[w.where[lane]].first_line
                         for w in self.warps for lane in w.alive})
        return f"block {self.number} has lanes at lines {places}"


class Warp:
    def __init__(self, block, number, threads):
        self.block, self.machine, self.number = block, block.machine, number
        self.states = native.LaneStates([self._state(thread) for thread in threads])
        self.where = array.array("I", [0] * len(self.states))
        self.alive = list(range(len(self.states)))
        self.asleep = set()  # lanes at a barrier of the block

    def _state(self, thread):
        m, n = self.machine, self.block.number
        lane, (bx, by, _), (gx, gy, _) = thread % 32, m.block, m.grid
        lanes = m.block[0] * by * m.block[2]
        smid = m.smids[n] if m.smids else n
        values = {"s_tid_x": thread % bx, "s_tid_y": thread // bx % by, "s_tid_z": thread // (bx * by), "s_ctaid_x": n % gx, "s_ctaid_y": n // gx % gy,
                  "s_ctaid_z": n // (gx * gy), "s_laneid": lane, "s_warpid": self.number, "s_nwarpid": 64, "s_smid": smid,
                  "s_nsmid": m.nsmid or max([*(m.smids or [0]), m.grid[0] * gy * m.grid[2] - 1]) + 1, "s_gridid": 0, "s_lanemask_eq": 1 << lane,
                  "s_lanemask_lt": (1 << lane) - 1, "s_lanemask_le": (2 << lane) - 1, "s_lanemask_gt": 0xFFFFFFFF & -(2 << lane),
                  "s_lanemask_ge": 0xFFFFFFFF & -(1 << lane), "s_dynamic_smem_size": m.dynamic_shared, "s_total_smem_size": m.shared_bytes, "cc": 0,
                  "s_cluster_ctarank": n % m.cluster, "s_cluster_nctarank": m.cluster}
        for i, axis in enumerate("xyz"):
            values[f"s_ntid_{axis}"], values[f"s_nctaid_{axis}"] = m.block[i], m.grid[i]
        values["sbase"] = m.shared_at + m.shared_step * n
        values["send"] = values["sbase"] + m.shared_step
        values["lbase"] = m.local_at + m.local_step * (n * lanes + thread)
        values["lend"] = values["lbase"] + m.local_step
        state = [0] * len(m.place)
        for name in HIDDEN:
            state[m.place[name]] = values[name]
        return state

    def _groups(self):
        """Lanes that can go on, by place, the earliest first."""
        found = {}
        for lane in self.alive:
            if lane not in self.asleep:
                found.setdefault(self.where[lane], []).append(lane)
        return sorted(found.items())

    def turn(self):
        stop = self.machine.instructions + TURN_INSTRUCTIONS
        for count in range(TURN_SEGMENTS):
            if self.machine.instructions > stop:
                return
            groups = self._groups()
            if count % 64 == 63:  # spinning lanes must not keep the others from what they wait for
                groups = groups[::-1]
            if not any(self._advance(place, lanes) for place, lanes in groups):
                return

    def _advance(self, place, lanes):
        """Runs one segment for lanes that are at it; false when they have to wait."""
        segment = self.machine.segments[place]
        try:
            if segment.collective:
                return self._together(segment, lanes)
            self.machine.instructions += segment.run(self.states, lanes, self.where)
        except (IndexError, ValueError, TypeError, UnboundLocalError, OverflowError, PtxError) as error:
            words = str(error) if isinstance(error, PtxError) else f"memory access outside of all memory ({error})" if isinstance(error, IndexError) else repr(error)
            kind = type(error) if isinstance(error, PtxError) else PtxError
            raise kind(words if words.startswith("line ") else f"line {_placed(error, segment)}: {words}") from error
        if max(self.where) >= EXIT:
            self._end(lanes)
        return True

    def _end(self, lanes):
        gone = [lane for lane in lanes if self.where[lane] >= EXIT]
        self.alive = [lane for lane in self.alive if self.where[lane] < EXIT]
        for _ in gone:
            self.block.left()

    def _together(self, segment, lanes):
        collective = segment.collective
        if collective.guard:
            place, negated = collective.guard
            skipping = [lane for lane in lanes if bool(self.states[lane][place]) == negated]
            for lane in skipping:
                self.where[lane] += 1
            lanes = [lane for lane in lanes if lane not in skipping]
            if not lanes:
                return True
        if collective.kind == "block":
            self.machine.instructions += len(lanes)
            for lane in lanes:
                self.block.arrive(collective, self, lane)
            return True
        if collective.kind == "cluster":
            self.machine.instructions += len(lanes)
            for lane in lanes:
                (self.block.cluster.arrive if collective.arrive_only else self.block.cluster.wait)(self, lane)
            return True
        if collective.needs is not None:
            mask = collective.needs(self.states[lanes[0]])
            if not mask >> lanes[0] & 1:
                raise PtxError(f"line {segment.last.line}: lane {lanes[0]} is not in its own mask {mask:#x}")
            missing = [lane for lane in self.alive if mask >> lane & 1 and lane not in lanes]
            if missing:
                return False
            lanes = [lane for lane in lanes if mask >> lane & 1]
        self.machine.instructions += len(lanes)
        collective.act(self.states, lanes, self.machine)
        for lane in lanes:
            self.where[lane] += 1
        if max(self.where[lane] for lane in lanes) >= len(self.machine.segments):
            raise PtxError(f"line {segment.last.line}: the kernel ends without ret")
        return True
