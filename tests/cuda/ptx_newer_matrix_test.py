#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Block-scaled mma.sync, wgmma and tcgen05 of the interpreter. Operands are laid out here by the PTX ISA's own formulas and multiplied as rationals; what
# the instructions must refuse is refused.
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
from machine import Machine  # noqa: E402
from ptx_matrix_test import a4, a8, b4, b8, c_place  # noqa: E402

# kernel: formats of A and B, bits of an element in a register, k, maps, scales a line, format of scales, byte, pair and thread that hold them (samples/scaled.cu)
SCALED = {"mxfp6": ("e2m3", "e3m2", 8, 32, a8, b8, 1, "ue8m0", 3, 1, 2), "mxfp4": ("e2m1", "e2m1", 4, 64, a4, b4, 2, "ue8m0", 2, 0, 3),
          "nvfp4": ("e2m1", "e2m1", 4, 64, a4, b4, 4, "ue4m3", 0, 1, 1)}
IMAGE = 8192


def packed(codes, place, bits, count):
    out = b""
    for lane in range(32):
        total = 0
        for i in range(count):
            row, column = place(lane >> 2, lane & 3, i)
            total |= codes[row][column] << bits * i
        out += total.to_bytes(count * bits // 8, "little")
    return out


def scale_value(kind, code):
    return Fraction(2) ** (code - 127) if kind == "ue8m0" else ieee.to_fraction("e4m3", code)


def run(module, kernel, buffers, parameters, lanes=32):
    """Bytes of the last buffer; parameters are addresses of buffers by number, or bytes."""
    machine = Machine(module, kernel, block=(lanes, 1, 1))
    places = [machine.allocate(f"b{i}", len(data), data) for i, data in enumerate(buffers)]
    machine.run(b"".join(struct.pack("<Q", places[one]) if isinstance(one, int) else one for one in parameters))
    return machine.read(f"b{len(buffers) - 1}")


@needs_nvcc
class Scaled(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.module = reader.parse(compiled("scaled.cu", "ptx", "compute_120a")[0].read_text())

    def launch(self, kernel, broken_scale=None):
        a_kind, b_kind, bits, k, a_map, b_map, count, scale_kind, byte, pair, thread = SCALED[kernel]
        source, width = random.Random(kernel), {"e2m1": 4, "e2m3": 6, "e3m2": 6}[a_kind]
        a = [[source.getrandbits(width) for _ in range(k)] for _ in range(16)]
        b = [[source.getrandbits(width) for _ in range(8)] for _ in range(k)]
        c = [[source.randrange(-8, 8) for _ in range(8)] for _ in range(16)]
        codes = [125, 127, 128] if scale_kind == "ue8m0" else [0x30, 0x38, 0x3C]
        of_rows, of_columns = ([[source.choice(codes) for _ in range(count)] for _ in range(lines)] for lines in (16, 8))
        if broken_scale is not None:
            of_rows[11][0] = broken_scale
        words_a, words_b = ([source.getrandbits(32) for _ in range(32)] for _ in range(2))  # junk where no scale is

        def put(words, lane, scales):
            for i, code in enumerate(scales):
                at = 8 * (byte + i)
                words[lane] = words[lane] & ~(255 << at) | code << at
        for row in range(16):
            put(words_a, 4 * (row % 8) + 2 * pair + row // 8, of_rows[row])
        for column in range(8):
            put(words_b, 4 * column + thread, of_columns[column])
        block = k // count
        wanted = [[c[i][j] + sum(ieee.to_fraction(a_kind, a[i][x]) * scale_value(scale_kind, of_rows[i][x // block]) * ieee.to_fraction(b_kind, b[x][j]) *
                                 scale_value(scale_kind, of_columns[j][x // block]) for x in range(k)) for j in range(8)] for i in range(16)]
        data = [packed(a, a_map, bits, k // 2), packed(b, b_map, bits, k // 4), packed([[ieee.from_fraction("f32", Fraction(v)) for v in row] for row in c], c_place, 32, 4),
                struct.pack("<32I", *words_a), struct.pack("<32I", *words_b), bytes(512)]
        return run(self.module, kernel, data, range(6)), packed([[ieee.from_fraction("f32", v) for v in row] for row in wanted], c_place, 32, 4)

    def test_tiles(self):
        for kernel in SCALED:
            with self.subTest(kernel=kernel):
                got, wanted = self.launch(kernel)
                self.assertEqual(got, wanted)

    def test_a_scale_that_is_no_number_is_refused(self):
        with self.assertRaisesRegex(reader.PtxError, r"line \d+: the scale 0xff of ue8m0 is no number"):
            self.launch("mxfp4", 0xFF)


def image_of(parts):
    """Shared memory with FP16 matrices [lines][16] in it: (matrix, start, leading, stride) each; the rest is junk, of small numbers."""
    image = bytearray(byte & 0x3F for byte in random.Random(3).randbytes(IMAGE))
    for matrix, start, leading, stride in parts:
        for line, values in enumerate(matrix):
            for x, value in enumerate(values):
                at = start + line // 8 * stride + line % 8 * 16 + x // 8 * leading + x % 8 * 2
                image[at:at + 2] = struct.pack("<e", value)
    return bytes(image)


def descriptor(start, leading, stride, top=0):
    return start >> 4 | leading >> 4 << 16 | stride >> 4 << 32 | top << 46


@needs_nvcc
class FromSharedMemory(unittest.TestCase):
    A_AT, A_LEADING, A_STRIDE, B_AT, B_LEADING, B_STRIDE = 512, 2304, 144, 5120, 128, 256

    def operands(self, lines):
        source = random.Random(lines)
        a = [[source.randint(-20, 20) for _ in range(16)] for _ in range(lines)]
        b = [[source.randint(-20, 20) for _ in range(16)] for _ in range(8)]
        product = [[sum(x * y for x, y in zip(a[i], b[j])) for j in range(8)] for i in range(lines)]
        return image_of([(a, self.A_AT, self.A_LEADING, self.A_STRIDE), (b, self.B_AT, self.B_LEADING, self.B_STRIDE)]), product

    def descriptors(self, top=0):
        return descriptor(self.A_AT, self.A_LEADING, self.A_STRIDE, top), descriptor(self.B_AT, self.B_LEADING, self.B_STRIDE, top)

    def wgmma(self, keep, a, b):
        image, product = self.operands(64)
        module = reader.parse(compiled("warpgroup.cu", "ptx", "compute_90a")[0].read_text())
        return struct.unpack("<512f", run(module, "wgmma_f16", [image, bytes(2048)], [0, struct.pack("<QQI4x", a, b, keep), 1], 128)), product

    def test_wgmma(self):
        for keep in (0, 1):
            got, product = self.wgmma(keep, *self.descriptors())
            for lane in range(128):
                for i in range(4):
                    row, column = lane // 32 * 16 + lane % 32 // 4 + 8 * (i // 2), lane % 4 * 2 + i % 2
                    self.assertEqual(got[4 * lane + i], product[row][column] + keep * (i + 1))

    def test_wgmma_refuses_a_swizzled_layout(self):
        with self.assertRaisesRegex(reader.PtxError, "of another layout than K-major without swizzling"):
            self.wgmma(1, *self.descriptors(1 << 16))

    def tcgen05(self, instruction, top=1):
        image, product = self.operands(128)
        module = reader.parse(compiled("tensor_memory.cu", "ptx", "compute_100a")[0].read_text())
        a, b = self.descriptors(top)
        return struct.unpack("<1024f", run(module, "tcgen05_f16", [image, bytes(4096)], [0, struct.pack("<QQI4x", a, b, instruction), 1], 128)), product

    def test_tcgen05(self):
        got, product = self.tcgen05(1 << 4 | 8 >> 3 << 17 | 128 >> 4 << 24)
        self.assertEqual(list(got), [row + product[row][column] for row in range(128) for column in range(8)])

    def test_tcgen05_refuses_what_it_does_not_know(self):
        for bits, top, words in ((1 << 4 | 1 << 17 | 4 << 24, 1, "instruction descriptor"), (1 << 4 | 1 << 15 | 1 << 17 | 8 << 24, 1, "instruction descriptor"),
                                 (1 << 4 | 1 << 17 | 8 << 24, 0, "of another layout"), (1 << 4 | 5 << 17 | 8 << 24, 1, "columns 0 to 39 of tensor memory are not allocated")):
            with self.assertRaisesRegex(reader.PtxError, words):
                self.tcgen05(bits, top)


if __name__ == "__main__":
    unittest.main()
