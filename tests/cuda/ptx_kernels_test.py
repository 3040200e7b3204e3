#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Kernels that nvcc compiled, run by the interpreter, each against the same computation written a second time here.
import pathlib
import random
import struct
import sys
import unittest
from fractions import Fraction

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "ptx")]
import ieee  # noqa: E402
import reader  # noqa: E402
from compiler import compiled, needs_nvcc  # noqa: E402
from machine import Machine, Trapped  # noqa: E402

TARGETS = ("compute_75", "compute_90")
M32, M64 = 0xFFFFFFFF, (1 << 64) - 1


def words(data, form):
    return [one for one, in struct.iter_unpack("<" + form, data)]


def run(module, kernel, data, form, out_bytes, scalars=(), lanes=32, engine="native"):
    machine = Machine(module, kernel, block=(lanes, 1, 1), engine=engine)
    source = machine.allocate("in", len(data) * struct.calcsize(form), struct.pack(f"<{len(data)}{form}", *data))
    target = machine.allocate("out", out_bytes)
    machine.run(struct.pack("<QQ", source, target) + struct.pack(f"<{len(scalars)}I", *scalars))
    return machine.read("out")


def f32(value):
    """The nearest FP32 number of a rational, as bits."""
    return ieee.from_fraction("f32", value)


def mixed(u, steps):
    table, w = (3, 1, 4, 1, 5, 9, 2, 6), u << 32 | u ^ M32
    for step in range(steps):
        low = w & M32
        pick = lambda n, u=u, low=low: ((low << 32 | u).to_bytes(8, "little"))[n]  # noqa: E731
        permuted = int.from_bytes(bytes(pick(n) for n in (7, 0, 2, 5)), "little")
        u = (permuted + bin(u).count("1") * 7 + (32 - u.bit_length()) + int(f"{u:032b}"[::-1], 2)) & M32
        w = (w * 0x9E3779B97F4A7C15 + (w * w >> 64) + table[step & 7]) & M64
        both, n = (w >> 32) << 32 | u, u & 31
        u ^= (both << n) >> 32 & M32
        signed = u - (1 << 32) if u >> 31 else u
        dot = sum(((u >> 8 * i & 255) ^ 128) * y - 128 * y for i, y in enumerate((-128, 127, -1, 1)))
        u = (signed + dot) & M32
        signed = u - (1 << 32) if u >> 31 else u
        u = (u & 0xF0F0F0F0) ^ (~u & w & M32) ^ (signed * -77 >> 32 & M32)
        if u & 3 == 1:
            u = u // 7 + u % 13
        if u == 0x12345678:
            break
    return u


@needs_nvcc
class Kernels(unittest.TestCase):
    engine = "native"

    def ran(self, *what, **how):
        return run(*what, **how, engine=self.engine)

    def modules(self, source="mixed.cu", targets=TARGETS):
        for target in targets:
            with self.subTest(target=target):
                yield reader.parse(compiled(source, "ptx", target)[0].read_text())

    def test_fma_chain_in_double_precision(self):
        data = [random.Random(1).getrandbits(64) ^ i * 0x123456789ABCDEF for i in range(32)]
        for module in self.modules():
            wanted = []
            for u in data:
                for _ in range(21):
                    x = ieee.to_fraction("f64", u & 0x80FFFFFFFFFFFFFF | 0x3F00000000000000)
                    u = (u + ieee.from_fraction("f64", x * x + Fraction(3, 4))) & M64
                    u = (u << 24 | u >> 40) & M64
                wanted.append(u)
            self.assertEqual(words(self.ran(module, "fma_chain", data, "Q", 256, [21]), "Q"), wanted)

    def test_fma_division_and_root_in_single_precision(self):
        data = [random.Random(2).getrandbits(32) * (i + 1) & M32 for i in range(32)]
        for module in self.modules():
            wanted = []
            for u in data:
                for _ in range(10):
                    x = ieee.to_fraction("f32", u & 0x81FFFFFF | 0x3E000000)
                    third = ieee.to_fraction("f32", f32(x / 3))
                    u = (u + f32(x * x + third)) & M32
                    root = struct.unpack("<I", struct.pack("<f", float(abs(x)) ** 0.5))[0]
                    u = (u + root) & M32
                    u = (u << 11 | u >> 21) & M32
                wanted.append(u)
            self.assertEqual(words(self.ran(module, "fma_chain_f32", data, "I", 128, [10]), "I"), wanted)

    def test_integer_mix(self):
        data = [random.Random(3).getrandbits(32) ^ i << 20 for i in range(32)]
        for module in self.modules():
            self.assertEqual(words(self.ran(module, "int_mix", data, "I", 128, [60]), "I"), [mixed(u, 60) for u in data])

    def test_divergence_shared_memory_and_shuffles(self):
        data = [i + 1 for i in range(128)]
        turns = []
        for n in data:
            count = 0
            while n != 1 and count < 40:
                n, count = 3 * n + 1 if n & 1 else n // 2, count + 1
            turns.append(count)
        odd = sum(1 << lane for lane in range(32) if turns[lane] & 1)
        for module in self.modules():
            self.assertEqual(words(self.ran(module, "reduce", data, "I", 12, lanes=128), "I"), [sum(turns), odd, sum(turns)])

    def test_blocks_barriers_and_votes_of_a_grid(self):
        for module in self.modules("together.cu", ("compute_90",)):
            machine = Machine(module, "together", grid=(3, 1, 1), block=(64, 1, 1), dynamic_shared=512, engine=self.engine)
            machine.smids, machine.nsmid = [5, 0, 9], 12
            out = machine.allocate("out", 4 * 8 * 3)
            machine.run(struct.pack("<Q", out))
            got = words(machine.read("out"), "I")
            for block, smid in enumerate((5, 0, 9)):
                self.assertEqual(got[8 * block:8 * block + 8], [smid, 12, 1, sum(range(64)), 63 - 1, 7, 0xAAAAAAAA, sum(range(16))])

    def test_blocks_of_a_cluster_reach_each_other(self):
        for module in self.modules("together.cu", ("compute_90",)):
            machine = Machine(module, "exchange", grid=(4, 1, 1), block=(64, 1, 1), engine=self.engine, cluster=2)
            out = machine.allocate("out", 4 * 8)
            machine.run(struct.pack("<Q", out))
            self.assertEqual(words(machine.read("out"), "I"), [101, 1000, 100, 1010, 103, 1020, 102, 1030])
            with self.assertRaisesRegex(reader.PtxError, "a grid of 3 blocks in clusters of 2"):
                Machine(module, "exchange", grid=(3, 1, 1), cluster=2)

    def test_refuses_what_it_must(self):
        for module in self.modules("together.cu", ("compute_90",)):
            for kernel, words_said in (("writes_outside", "outside of its buffers"), ("stops", "trap"), ("unaligned", "not aligned"), ("far_away", "outside of all memory"),
                                       ("never_meets", "no lane can go on"), ("spins", "more than")):
                with self.subTest(kernel=kernel):
                    machine = Machine(module, kernel, block=(64, 1, 1), limit=2_000_000, engine=self.engine)
                    out = machine.allocate("out", 64)
                    with self.assertRaisesRegex(reader.PtxError, words_said) as caught:
                        machine.run(struct.pack("<Q", out))
                    self.assertEqual(isinstance(caught.exception, Trapped), kernel == "stops")
                    if kernel in ("stops", "unaligned", "far_away"):
                        self.assertRegex(str(caught.exception), r"^line \d+: ")

    def test_an_unknown_instruction_is_named_with_its_line(self):
        text = ".version 8.0\n.target sm_90\n.address_size 64\n.visible .entry k()\n{\n.reg .f32 %f<3>;\nex2.approx.f32 %f1, %f2;\nret;\n}\n"
        with self.assertRaisesRegex(reader.PtxError, r"line 7: unknown instruction 'ex2.approx.f32"):
            Machine(reader.parse(text), "k").run(b"")


class KernelsInPython(Kernels):
    engine = "python"


if __name__ == "__main__":
    unittest.main()
