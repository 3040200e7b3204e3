# SPDX-License-Identifier: Apache-2.0
# Runs the straight pieces of a kernel as machine code of the host: C text made by c_text.py from the very text that Python would run, compiled by the
# host's compiler. A lane runs from piece to piece until it meets an instruction that lanes do together, the end, or its budget; those instructions, the
# scheduler and every rarer operation stay in Python. Without a compiler, or for a kernel with a form that c_text.py does not know, all is Python.
import array
import ctypes
import hashlib
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile

from c_text import CText, U64, Unable
from integer_ops import width
from reader import PtxError
from translate import EXIT, HIDDEN

BUDGET = 20000  # instructions of a lane before others go on
_PRELUDE = pathlib.Path(__file__).resolve().parent / "native.h"
OPTIONS = ["-O1", "-std=gnu17", "-w", "-fwrapv", "-ffp-contract=off", "-fno-strict-aliasing", "-fPIC", "-shared"]
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_uint64, ctypes.c_uint64, ctypes.c_uint64, ctypes.c_uint64, ctypes.c_uint64)
_FINE, _OUTSIDE, _UNALIGNED, _TRAPPED, _CALLED = range(5)
_CALLS = 64


class _Run(ctypes.Structure):
    _fields_ = [("memory", ctypes.c_void_p), *((name, ctypes.c_uint64) for name in ("bytes", "instructions", "ticks", "code", "line", "address", "size")),
                ("call", _CALLBACK * _CALLS)]


def compiler():
    """The words of its command, [] where there is none: $CC, or the first on PATH."""
    found = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    return shlex.split(os.environ.get("CC", "")) or ([found] if found else [])


class LaneStates(list):
    """Registers of the lanes of a warp: rows of one array, so that machine code and Python see the same words."""

    def __init__(self, rows):
        self.words = array.array("Q", [int(value) for row in rows for value in row])
        whole, count = memoryview(self.words), len(rows[0])
        super().__init__(whole[i * count:(i + 1) * count] for i in range(len(rows)))


def _bounds(kernel):
    def of(name):
        if name in kernel.registers:
            kind = kernel.registers[name]
            if kind == "b128":
                raise Unable("a register of 128 bits")
            return 0, (1 << width(kind)) - 1
        return (0, 1) if name == "cc" else (0, U64 >> 8) if name in HIDDEN else None
    return of


def _segment_text(segment, segments, bounds, functions, place):
    text, lines = CText(bounds, functions), [f"s{segment.index}: {{"]
    names = sorted(n for n in segment.reads | segment.writes if bounds(n) is not None)
    for name in names:
        lines.append(f"u64 {name} = S[{place[name]}];" if name in segment.reads else f"u64 {name} = 0;")
    lines.append(f"place = {segment.index};")
    for ins, python in segment.body:
        lines += text.statements(python, ins.line)
    lines += [f"S[{place[name]}] = {name};" for name in sorted(segment.writes & segment.live_out)]
    lines.append(f"done += {segment.size};")
    lines += _ending(segment, segments)
    return [*lines, "}"]


def _jump(segment, to, segments):
    if to == EXIT or segments[to].collective:
        return f"{{ place = {to}; goto stopped; }}"
    return f"{{ place = {to}; if (done > {BUDGET}) goto stopped; goto s{to}; }}" if to <= segment.index else f"goto s{to};"


def _ending(segment, segments):
    ins, jumps = segment.last, [_jump(segment, to, segments) for to in segment.next]
    if ins is None or (ins.guard is None and ins.parts[0] != "brx"):
        return [jumps[0]]
    taken = [jumps[0]]
    if ins.parts[0] == "brx":
        targets = jumps[:-1] if ins.guard else jumps
        taken = [f"switch ({ins.operands[0]}) {{", *(f"case {i}: {jump}" for i, jump in enumerate(targets)), f"default: FAIL(OUTSIDE, {ins.line}, {ins.operands[0]}, 1); }}"]
    if ins.guard is None:
        return taken
    return [f"if ({'!' if ins.guard[1] else ''}{ins.guard[0]}) {{", *taken, "}", jumps[-1]]


def c_source(kernel, segments, place, space):
    """(C text, [(name, arguments)] of functions that Python computes, in the order of Run.call)."""
    bounds, functions, body = _bounds(kernel), {}, []
    plain = [one for one in segments if not one.collective]
    for segment in plain:
        body += _segment_text(segment, segments, bounds, functions, place)
    known = set(re.findall(r"\b(f_\w+)\(", _PRELUDE.read_text().replace("##name##", "f64"))) | set(
        re.findall(r"\b(f_\w+)\(", _PRELUDE.read_text().replace("##name##", "f32")))
    called = sorted(name for name in functions if name not in known)
    if len(called) > _CALLS or any(name not in space for name in called):
        raise Unable(f"{len(called)} functions of Python")
    calls = []
    for i, name in enumerate(called):
        arguments = [f"x{k}" for k in range(functions[name])]
        calls.append(f"#define {name}({', '.join(arguments)}) run->call[{i}]({', '.join(arguments + ['0'] * (4 - len(arguments)))})")
    head = [f'#include "{_PRELUDE}"', *calls, "u64 advance(struct Run* run, u64* states, u64 stride, uint32_t* where, const uint8_t* lanes, u64 count) {",
            "u64 all = 0, done = 0; uint32_t place = 0;", "for (u64 i = 0; i < count; ++i) {", "u64* S = states + stride * lanes[i];", "done = 0; place = where[lanes[i]];",
            "switch (place) {", *(f"case {one.index}: goto s{one.index};" for one in plain), "default: goto stopped; }"]
    tail = ["stopped: where[lanes[i]] = place; all += done; run->instructions += done;", "}", "return all;", "failed: return all + done;", "}"]
    return "\n".join([*head, *body, *tail]) + "\n", [(name, functions[name]) for name in called]


def _library(source, cache):
    """The compiled text, kept in folder `cache` under its digest where one is given."""
    digest = hashlib.sha256(source.encode() + _PRELUDE.read_bytes() + " ".join(OPTIONS).encode()).hexdigest()[:32]
    folder = pathlib.Path(cache) if cache else pathlib.Path(tempfile.mkdtemp(prefix="assay-ptx-"))
    folder.mkdir(parents=True, exist_ok=True)
    built = folder / f"{digest}.so"
    try:
        if not built.exists():
            with tempfile.TemporaryDirectory(dir=folder) as work:
                text, new = pathlib.Path(work) / "kernel.c", pathlib.Path(work) / "kernel.so"
                text.write_text(source)
                done = subprocess.run([*compiler(), *OPTIONS, "-o", str(new), str(text), "-lm"], capture_output=True, text=True, check=False)
                if done.returncode != 0:
                    raise PtxError(f"{compiler()[0]} refused the C text of a kernel: {done.stderr.strip()[:400]}")
                new.rename(built)
        return ctypes.CDLL(str(built))
    finally:
        if not cache:
            shutil.rmtree(folder)


class Native:
    """Machine code of a kernel's segments: `run(states, lanes, where)` as a segment's own, over LaneStates and an array of places."""

    def __init__(self, machine, translator, cache=None):
        source, called = c_source(machine.kernel, machine.segments, translator.place, translator.space)
        self.machine, self.stride, self.failure = machine, len(translator.place), None
        self.advance = _library(source, cache).advance
        self.advance.restype = ctypes.c_uint64
        self.advance.argtypes = [ctypes.POINTER(_Run), ctypes.c_void_p, ctypes.c_uint64, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint64]
        self.keep = [_CALLBACK(self._guarded(translator.space[name], count)) for name, count in called]
        self.memory = (ctypes.c_char * len(machine.arena)).from_buffer(machine.arena)
        self.run_state = _Run(memory=ctypes.addressof(self.memory), bytes=len(machine.arena) // 8 * 8)
        for i, one in enumerate(self.keep):
            self.run_state.call[i] = one

    def _guarded(self, function, count):
        def call(a, b, c, d):
            try:
                return int(function(*(a, b, c, d)[:count])) & U64
            except Exception as error:  # noqa: BLE001  what a callback raises would be lost
                self.failure, self.run_state.code = error, _CALLED
                return 0
        return call

    def run(self, states, lanes, where):
        state = self.run_state
        state.instructions, state.ticks, state.code = self.machine.instructions, self.machine.ticks, _FINE
        done = self.advance(state, states.words.buffer_info()[0], self.stride, where.buffer_info()[0], bytes(lanes), len(lanes))
        self.machine.ticks = state.ticks
        if state.code == _FINE:
            return done
        words = {_OUTSIDE: "memory access outside of all memory", _UNALIGNED: f"address {state.address:#x} is not aligned to {state.size} bytes", _TRAPPED: "trap",
                 _CALLED: f"{self.failure}"}[state.code]
        kind = self.machine.trapped if state.code == _TRAPPED else PtxError
        raise kind(f"line {state.line}: {words}")
