#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# mma.sync and ldmatrix of the interpreter. Matrices are laid out here by the PTX ISA's own formulas, written per format, and multiplied as integers.
import pathlib
import random
import struct
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "ptx")]
import ieee  # noqa: E402
import reader  # noqa: E402
from compiler import compiled, needs_nvcc  # noqa: E402
from machine import Machine  # noqa: E402


# (row, column) of element i of A and of B in lane (g, t): "Matrix Fragments for mma.m16n8kK" of the PTX ISA.
def a16(g, t, i):
    return g if i < 2 or 4 <= i < 6 else g + 8, 2 * t + (i & 1) + (8 if i >= 4 else 0)


def b16(g, t, i):
    return 2 * t + (i & 1) + (8 if i >= 2 else 0), g


def a_tf32(g, t, i):
    return g if i in (0, 2) else g + 8, t if i < 2 else t + 4


def b_tf32(g, t, i):
    return t if i == 0 else t + 4, g


def a8(g, t, i):
    return g if i < 4 or 8 <= i < 12 else g + 8, 4 * t + (i & 3) + (16 if i >= 8 else 0)


def b8(g, t, i):
    return 4 * t + (i & 3) + (16 if i >= 4 else 0), g


def a4(g, t, i):
    return g if i < 8 or 16 <= i < 24 else g + 8, 8 * t + (i & 7) + (32 if i >= 16 else 0)


def b4(g, t, i):
    return 8 * t + (i & 7) + (32 if i >= 8 else 0), g


def c_place(g, t, i):
    return g if i < 2 else g + 8, 2 * t + (i & 1)


# kernel: format, bits of an element, k, the two maps, largest small integer used
CASES = {
    "mma_f16": ("f16", 16, 16, a16, b16, 8), "mma_bf16": ("bf16", 16, 16, a16, b16, 8), "mma_tf32": ("f32", 32, 8, a_tf32, b_tf32, 8),
    "mma_s8": (None, 8, 32, a8, b8, 127), "mma_s4": (None, 4, 64, a4, b4, 7), "mma_e4m3": ("e4m3", 8, 32, a8, b8, 8), "mma_e5m2": ("e5m2", 8, 32, a8, b8, 4),
}


def code(kind, bits, value):
    return value & (1 << bits) - 1 if kind is None else ieee.from_fraction(kind, value)


def pack(matrix, place, kind, bits, count):
    """Registers of all lanes, as bytes: `count` elements a lane."""
    out = b""
    for lane in range(32):
        total = 0
        for i in range(count):
            row, column = place(lane >> 2, lane & 3, i)
            total |= code(kind, bits, matrix[row][column]) << bits * i
        out += total.to_bytes(count * bits // 8, "little")
    return out


def launch(module, kernel, inputs, out_bytes):
    machine = Machine(module, kernel)
    places = [machine.allocate(f"in{i}", len(data), data) for i, data in enumerate(inputs)]
    places.append(machine.allocate("out", out_bytes))
    machine.run(struct.pack(f"<{len(places)}Q", *places))
    return machine.read("out")


@needs_nvcc
class Matrices(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.module = reader.parse(compiled("matrix.cu", "ptx", "compute_90")[0].read_text())

    def test_tiles(self):
        source = random.Random(9)
        for kernel, (kind, bits, k, a_map, b_map, top) in CASES.items():
            with self.subTest(kernel=kernel):
                a = [[source.randint(-top, top) for _ in range(k)] for _ in range(16)]
                b = [[source.randint(-top, top) for _ in range(8)] for _ in range(k)]
                c = [[source.randint(-1000, 1000) for _ in range(8)] for _ in range(16)]
                word = (None, 32) if kind is None else ("f32", 32)
                data = [pack(a, a_map, kind, bits, 16 * k // 32), pack(b, b_map, kind, bits, 8 * k // 32), pack(c, c_place, *word, 4)]
                product = [[c[i][j] + sum(a[i][x] * b[x][j] for x in range(k)) for j in range(8)] for i in range(16)]
                self.assertEqual(launch(self.module, kernel, data, 512), pack(product, c_place, *word, 4))

    def test_double_precision_tile(self):
        source = random.Random(10)
        a = [[source.randint(-999, 999) for _ in range(4)] for _ in range(8)]
        b = [[source.randint(-999, 999) for _ in range(8)] for _ in range(4)]
        c = [[source.randint(-999, 999) for _ in range(8)] for _ in range(8)]
        lanes = [(lane >> 2, lane & 3) for lane in range(32)]
        data = [struct.pack("<32d", *(a[g][t] for g, t in lanes)), struct.pack("<32d", *(b[t][g] for g, t in lanes)),
                struct.pack("<64d", *(c[g][2 * t + i] for g, t in lanes for i in (0, 1)))]
        wanted = [c[g][2 * t + i] + sum(a[g][x] * b[x][2 * t + i] for x in range(4)) for g, t in lanes for i in (0, 1)]
        self.assertEqual(launch(self.module, "mma_f64", data, 512), struct.pack("<64d", *wanted))

    def test_a_sum_that_is_not_exact_is_refused(self):
        ones = struct.pack("<2e", 1.0, 1.0)
        tiny = struct.pack("<f", 2.0 ** -30)
        with self.assertRaisesRegex(reader.PtxError, r"line \d+: a sum that is not exact"):
            launch(self.module, "mma_f16", [ones * 128, ones * 64, tiny * 128], 512)

    def test_load_matrix(self):
        halves = [0x100 * i + j for i in range(32) for j in range(8)]
        got = struct.unpack("<512H", launch(self.module, "load_matrix", [struct.pack("<256H", *halves)], 1024))
        for lane in range(32):
            g, t = lane >> 2, lane & 3
            for tile in range(4):
                for i in (0, 1):
                    self.assertEqual(got[16 * lane + 2 * tile + i], 0x100 * (8 * tile + g) + 2 * t + i)
                    self.assertEqual(got[16 * lane + 8 + 2 * tile + i], 0x100 * (8 * tile + 2 * t + i) + g)


if __name__ == "__main__":
    unittest.main()
