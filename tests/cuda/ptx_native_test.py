#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# The two engines of the interpreter against each other: every instruction of a list, on random and on edge words, as machine code and as Python; and the
# bounds that c_text.py keeps, on random expressions.
import ast
import ctypes
import pathlib
import random
import struct
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "ptx")]
import native  # noqa: E402
import reader  # noqa: E402
from c_text import CText, U64, Unable  # noqa: E402
from machine import Machine  # noqa: E402

needs_compiler = unittest.skipUnless(native.compiler(), "no C compiler: put cc on PATH or name it in CC")

# $r, $d, $h, $p: where a result of 32, 64, 16 bits or a truth goes; a b c, A B C, h g: words of 32, 64 and 16 bits; p, q: truths.
INSTRUCTIONS = """
add.s32 $r, a, b | sub.u32 $r, a, b | add.u64 $d, A, B | sub.s64 $d, A, -5 | add.sat.s32 $r, a, b | sub.sat.s32 $r, a, b | add.u16 $h, h, g
mul.lo.s32 $r, a, b | mul.hi.s32 $r, a, b | mul.hi.u32 $r, a, b | mul.wide.s32 $d, a, b | mul.wide.u32 $d, a, b | mul.lo.u64 $d, A, B | mul.hi.u64 $d, A, B
mul.hi.s64 $d, A, B | mul.lo.s16 $h, h, g | mad.lo.s32 $r, a, b, c | mad.hi.u32 $r, a, b, c | mad.wide.s32 $d, a, b, C | mad.lo.u64 $d, A, B, C | mad.hi.s64 $d, A, B, C
mul24.lo.u32 $r, a, b | mul24.hi.s32 $r, a, b | mad24.lo.s32 $r, a, b, c | sad.u32 $r, a, b, c | sad.s32 $r, a, b, c | div.s32 $r, a, b | rem.s32 $r, a, b
div.u64 $d, A, B | rem.u64 $d, A, B | div.s64 $d, A, B | rem.s64 $d, A, B | abs.s32 $r, a | neg.s64 $d, A | min.s32 $r, a, b | max.u32 $r, a, b | min.s64 $d, A, B
and.b32 $r, a, b | or.b64 $d, A, B | xor.b32 $r, a, 0x55AA | not.b64 $d, A | cnot.b32 $r, a | not.pred $p, p | and.pred $p, p, q | xor.pred $p, p, q
lop3.b32 $r, a, b, c, 0x96 | lop3.b32 $r, a, b, c, 0x00 | lop3.b32 $r, a, b, c, 0x7F | shl.b32 $r, a, b | shl.b32 $r, a, 5 | shl.b64 $d, A, b | shr.s32 $r, a, b
shr.u32 $r, a, 31 | shr.s64 $d, A, b | shr.u64 $d, A, 7 | shl.b64 $d, A, 64 | shf.l.wrap.b32 $r, a, b, c | shf.r.clamp.b32 $r, a, b, c | prmt.b32 $r, a, b, 0x5140
prmt.b32 $r, a, b, c | bfe.u32 $r, a, b, c | bfe.s32 $r, a, 3, 9 | bfe.s64 $d, A, 40, 30 | bfi.b32 $r, a, b, 7, 12 | bfi.b64 $d, A, B, a, b | popc.b32 $r, a
popc.b64 $r, A | clz.b32 $r, a | clz.b64 $r, A | brev.b32 $r, a | brev.b64 $d, A | bfind.u32 $r, a | bfind.s64 $r, A | bfind.shiftamt.u32 $r, a
dp4a.s32.u32 $r, a, b, c | dp4a.u32.u32 $r, a, b, c | dp2a.lo.s32.s32 $r, a, b, c | bmsk.clamp.b32 $r, a, b | szext.wrap.s32 $r, a, b
setp.lt.s32 $p, a, b | setp.ge.u64 $p, A, B | setp.ne.and.b32 $p, a, b, p | setp.hi.u32 $p, a, b | setp.lt.f64 $p, A, B | setp.geu.f32 $p, a, b | setp.nan.f64 $p, A, B
setp.eq.f32 $p, a, b | setp.le.f32 $p, a, b | setp.gt.f64 $p, A, B | selp.b64 $d, A, B, p | set.lt.u32.s32 $r, a, b | slct.b32.s32 $r, a, b, c
cvt.u32.u64 $r, A | cvt.s64.s32 $d, a | cvt.s32.s8 $r, a | cvt.u16.u32 $h, a | cvt.sat.s16.s32 $r, a | cvt.rn.f32.s32 $r, a | cvt.rn.f64.u64 $d, A
cvt.rni.s32.f32 $r, a | cvt.rzi.s64.f64 $d, A | cvt.rn.f32.f64 $r, A | cvt.f64.f32 $d, a | cvt.rn.f16.f32 $h, a | cvt.f32.f16 $r, h | cvt.rn.bf16x2.f32 $r, a, b
fma.rn.f32 $r, a, b, c | fma.rn.f64 $d, A, B, C | fma.rz.f32 $r, a, b, c | fma.rn.ftz.f32 $r, a, b, c | add.rn.f32 $r, a, b | add.rn.f64 $d, A, B | sub.rn.f64 $d, A, B
sub.rn.f32 $r, a, b | mul.rn.f32 $r, a, b | mul.rn.f64 $d, A, B | div.rn.f32 $r, a, b | div.rn.f64 $d, A, B | sqrt.rn.f32 $r, a | sqrt.rn.f64 $d, A | rcp.rn.f32 $r, a
neg.f32 $r, a | neg.f64 $d, A | abs.f64 $d, A | min.f32 $r, a, b | max.f64 $d, A, B | fma.rn.f16x2 $r, a, b, c | add.rn.bf16x2 $r, a, b | fma.rn.relu.bf16 $h, h, g, h
mov.b64 $d, {a, b} | cvt.u32.u64 $r, A | add.cc.u32 $r, a, b | addc.u32 $r, a, b | sub.cc.u64 $d, A, B | subc.u64 $d, A, B | madc.hi.u32 $r, a, b, c | copysign.f32 $r, a, b
""".replace("\n", " | ").split(" | ")
EDGES = [0, 1, 2, 31, 32, 33, 63, 64, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0x3F800000, 0x7F800000, 0x7FC00000, 0x80000000, 0x7FFFFFFF, 0xFFFFFFFF, 0x00000001_00000001, 0x3FF0000000000000,
         0x7FF0000000000000, 0x7FF8000000000001, 0x8000000000000000, 0x7FFFFFFFFFFFFFFF, U64, 0x0000000000400000, 0x000FFFFFFFFFFFFF, 0x41E0000000000000, 0xC3E0000000000000]
_NAMES = {"a": "%r1", "b": "%r2", "c": "%r3", "A": "%d1", "B": "%d2", "C": "%d3", "h": "%h1", "g": "%h2", "p": "%p1", "q": "%p2"}


def kernel_text(instructions):
    """A kernel that does each instruction on the three words of its lane and stores each result as a word, one row of 32 an instruction."""
    lines = [".version 8.8", ".target sm_90", ".address_size 64", ".visible .entry k(.param .u64 in, .param .u64 out)", "{",
             ".reg .b16 %h<4>;", ".reg .b32 %r<6>;", ".reg .b64 %d<9>;", ".reg .pred %p<4>;", "mov.u32 %r5, %tid.x;", "ld.param.u64 %d7, [in];",
             "ld.param.u64 %d8, [out];", "mul.wide.u32 %d6, %r5, 24;", "add.s64 %d7, %d7, %d6;", "mul.wide.u32 %d6, %r5, 8;", "add.s64 %d8, %d8, %d6;",
             "ld.global.u64 %d1, [%d7];", "ld.global.u64 %d2, [%d7+8];", "ld.global.u64 %d3, [%d7+16];", "cvt.u32.u64 %r1, %d1;", "cvt.u32.u64 %r2, %d2;",
             "cvt.u32.u64 %r3, %d3;", "cvt.u16.u64 %h1, %d1;", "cvt.u16.u64 %h2, %d2;", "setp.lt.u32 %p1, %r1, %r2;", "setp.lt.u64 %p2, %d2, %d3;"]
    after = {"$r": ["cvt.u64.u32 %d5, %r4;"], "$d": ["mov.u64 %d5, %d4;"], "$h": ["cvt.u64.u16 %d5, %h3;"], "$p": ["selp.b64 %d5, 1, 0, %p3;"]}
    register = {"$r": "%r4", "$d": "%d4", "$h": "%h3", "$p": "%p3"}
    for row, text in enumerate(instructions):
        opcode, rest = text.split(" ", 1)
        to = rest[:2]
        operands = "".join(_NAMES.get(word, word) if word else "" for word in _split_words(rest[2:]))
        lines += [f"{opcode} {register[to]}{operands};", *after[to], f"st.global.u64 [%d8+{256 * row}], %d5;"]
    return "\n".join([*lines, "ret;", "}", ""])


def _split_words(text):
    word, found = "", []
    for letter in text:
        if letter.isalnum():
            word += letter
        else:
            found += [word, letter]
            word = ""
    return [*found, word]


@needs_compiler
class Engines(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cache = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.cache.cleanup)

    def results(self, engine, words, instructions):
        machine = Machine(reader.parse(kernel_text(instructions)), "k", engine=engine, cache=self.cache.name)
        source, out = machine.allocate("in", 8 * len(words), struct.pack(f"<{len(words)}Q", *words)), machine.allocate("out", 256 * len(instructions))
        machine.run(struct.pack("<QQ", source, out))
        self.assertEqual(machine.engine, engine)
        return machine.read("out"), machine.instructions

    def test_every_instruction_gives_the_same(self):
        source, wanted = random.Random(4), [one.strip() for one in INSTRUCTIONS if one.strip()]
        for turn in range(12):
            words = [source.choice(EDGES) if source.random() < (0.7 if turn % 2 else 0.2) else source.getrandbits(64) for _ in range(96)]
            (machine_code, count), (python, same_count) = (self.results(engine, words, wanted) for engine in ("native", "python"))
            self.assertEqual(count, same_count)
            for row, text in enumerate(wanted):
                a, b = machine_code[256 * row:256 * row + 256], python[256 * row:256 * row + 256]
                if a != b:
                    lane = next(i for i in range(32) if a[8 * i:8 * i + 8] != b[8 * i:8 * i + 8])
                    self.fail(f"{text} of {[hex(w) for w in words[3 * lane:3 * lane + 3]]}: machine code gave {a[8 * lane:8 * lane + 8][::-1].hex()}, "
                              f"Python {b[8 * lane:8 * lane + 8][::-1].hex()}")

    def test_a_function_that_raises_is_told_with_its_line(self):
        module = reader.parse(kernel_text(["brev.b64 $d, A"]))
        machine = Machine(module, "k")
        source, out = machine.allocate("in", 8 * 96), machine.allocate("out", 256)
        import integer_ops  # noqa: PLC0415

        def broken(_bits):
            def reverse(_word):
                raise ValueError("as the test wants")
            return reverse
        kept, integer_ops._reverse = integer_ops._reverse, broken
        try:
            with self.assertRaisesRegex(reader.PtxError, r"line 27: as the test wants"):
                machine.run(struct.pack("<QQ", source, out))
        finally:
            integer_ops._reverse = kept


def expression(source, depth):
    """Python text like that of the operation tables, over x (8 bits), y (32), z (64)."""
    if depth == 0:
        return source.choice(["x", "y", "z", "x", str(source.choice(EDGES)), str(source.randrange(64))])
    a, b = expression(source, depth - 1), expression(source, source.randrange(depth))
    return source.choice([f"({a} + {b})", f"({a} - {b})", f"({a} * {b})", f"({a} & {b})", f"({a} | {b})", f"({a} ^ {b})", f"({a} << (x & 15))", f"({a} >> (x & 63))",
                          f"(~{a})", f"(-{a})", f"({a} if {b} < {a} else {b})", f"min({a}, {b})", f"max({a}, {b})", f"abs({a})", f"(({a}) & {(1 << source.randrange(1, 65)) - 1})",
                          f"({a} == {b})", f"(not {a})"])


@needs_compiler
class Expressions(unittest.TestCase):
    def test_c_text_has_the_value_and_the_bounds_of_the_python_text(self):
        source, functions, texts, skipped = random.Random(6), [], [], 0
        bounds = {"x": (0, 255), "y": (0, (1 << 32) - 1), "z": (0, U64)}.get
        while len(texts) < 400:
            text = expression(source, source.randrange(1, 5))
            try:
                made = CText(bounds, {}).exact(ast.parse(text, mode="eval").body)
                low = CText(bounds, {}).low(ast.parse(text, mode="eval").body)
            except Unable:
                skipped += 1
                continue
            functions.append(f"void e{len(texts)}(u64 x, u64 y, u64 z, u64* out) {{ i128 v = (i128){made.text}; out[0] = (u64)v; out[1] = (u64)(v >> 64); out[2] = {low}; }}")
            texts.append((text, made))
        self.assertLess(skipped, 4000)
        with tempfile.TemporaryDirectory() as folder:
            file, library = pathlib.Path(folder) / "e.c", pathlib.Path(folder) / "e.so"
            file.write_text('#include "' + str(HERE / "ptx" / "native.h") + '"\n' + "\n".join(functions))
            subprocess.run([*native.compiler(), *native.OPTIONS, "-o", str(library), str(file), "-lm"], check=True)
            loaded, out = ctypes.CDLL(str(library)), (ctypes.c_uint64 * 3)()
        for i, (text, made) in enumerate(texts):
            for _ in range(8):
                x, y, z = source.randrange(256), source.choice([source.getrandbits(32), source.choice(EDGES) & 0xFFFFFFFF]), source.choice([source.getrandbits(64), source.choice(EDGES)])
                wanted = int(eval(text, {"x": x, "y": y, "z": z}))  # noqa: S307
                getattr(loaded, f"e{i}")(*(ctypes.c_uint64(v) for v in (x, y, z)), out)
                self.assertTrue(made.low <= wanted <= made.high, f"{text} of {x}, {y}, {z} is {wanted}, bounds are {made.low} .. {made.high}")
                self.assertEqual((out[0] | out[1] << 64, out[2]), (wanted & (1 << 128) - 1, wanted & U64), f"{text} of {x}, {y}, {z}: {made.text}")


if __name__ == "__main__":
    unittest.main()
