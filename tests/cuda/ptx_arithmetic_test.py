#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# The interpreter's arithmetic against exact rationals: every format and rounding mode, on random numbers and on the edges.
import pathlib
import random
import struct
import sys
import unittest
from fractions import Fraction

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "ptx"))
import conversions  # noqa: E402
import ieee  # noqa: E402

FORMATS = ("f16", "bf16", "f32", "f64")


def edges(name):
    k = ieee.constants(name)
    one = (k["EM"] >> 1) << k["M"]
    positive = [0, 1, 2, 3, k["HID"] - 1, k["HID"], k["HID"] + 1, one, one + 1, one - 1, one + (1 << k["M"] >> 1), k["INF"] - 1, k["INF"] - 2, k["INF"] - k["HID"]]
    return [p | s for p in positive for s in (0, k["SIGN"])]


def numbers(name, source, count):
    k = ieee.constants(name)
    found = edges(name)
    while len(found) < count:
        bits = source.getrandbits(k["SB"] + 1)
        if source.random() < 0.6:  # near one, so that sums interfere
            bits = bits & (k["SIGN"] | k["MM"]) | ((k["EM"] >> 1) + source.randrange(-4, 5)) << k["M"]
        if bits & k["ABS"] < k["INF"]:
            found.append(bits)
    return found


def nearest(name, value, mode):
    """Rounds by search among neighbours: nothing in common with ieee.rnd but the format's table of values."""
    k = ieee.constants(name)
    low, high = 0, k["INF"]  # bits order as magnitudes do; the infinity stands for 2**(largest exponent + 1)
    magnitude = abs(value)

    def of(bits):
        return ieee.to_fraction(name, bits) if bits < k["INF"] else Fraction(2) ** (k["EM"] >> 1) * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if of(middle) <= magnitude else (low, middle)
    if magnitude >= of(k["INF"]):
        low = high = k["INF"]
    negative = value < 0
    if magnitude == of(low) and low < k["INF"]:
        chosen = low
    elif mode == "rn":
        middle = (of(low) + of(high)) / 2
        chosen = high if magnitude > middle or (magnitude == middle and low & 1) or low == k["INF"] else low
    elif mode == "rz" or (mode == "rm") != negative:
        chosen = min(low, k["INF"] - 1)
    else:
        chosen = high
    return chosen | (k["SIGN"] if negative else 0)


class Arithmetic(unittest.TestCase):
    def check(self, name, what, mode, got, exact, operands):
        if exact != 0:
            self.assertEqual(got, nearest(name, exact, mode), f"{what}.{mode}.{name} of {[hex(o) for o in operands]}")
        else:
            self.assertEqual(got & ieee.constants(name)["ABS"], 0, f"{what}.{mode}.{name} of {[hex(o) for o in operands]}")

    def test_rounds_like_exact_rationals(self):
        source = random.Random(4)
        for name in FORMATS:
            pool = numbers(name, source, 400)
            for mode in ieee.MODES:
                f = {what: ieee.operation(what, name, mode) for what in ("fma", "add", "sub", "mul", "div", "sqrt")}
                for _ in range(100):
                    a, b, c = (source.choice(pool) for _ in range(3))
                    x, y, z = (ieee.to_fraction(name, bits) for bits in (a, b, c))
                    self.check(name, "fma", mode, f["fma"](a, b, c), x * y + z, (a, b, c))
                    self.check(name, "add", mode, f["add"](a, b), x + y, (a, b))
                    self.check(name, "sub", mode, f["sub"](a, b), x - y, (a, b))
                    self.check(name, "mul", mode, f["mul"](a, b), x * y, (a, b))
                    if y:
                        self.check(name, "div", mode, f["div"](a, b), x / y, (a, b))

    def test_square_roots_lie_between_their_neighbours(self):
        source = random.Random(5)
        for name in FORMATS:
            for mode in ieee.MODES:
                sqrt = ieee.operation("sqrt", name, mode)
                for a in (bits for bits in numbers(name, source, 120) if bits and not bits & ieee.constants(name)["SIGN"]):
                    x, got = ieee.to_fraction(name, a), sqrt(a)
                    y = ieee.to_fraction(name, got)
                    below, above = ieee.to_fraction(name, got - 1), ieee.to_fraction(name, got + 1)
                    low, high = {"rn": ((below + y) / 2, (y + above) / 2), "rz": (y, above), "rm": (y, above), "rp": (below, y)}[mode]
                    self.assertTrue(low * low <= x <= high * high, f"sqrt.{mode}.{name} of {a:#x}")
                    if y * y == x:
                        continue
                    self.assertTrue(mode == "rn" or low * low < x < high * high, f"sqrt.{mode}.{name} of {a:#x}")

    def test_agrees_with_the_processor(self):
        source = random.Random(6)

        def of(bits):
            return struct.unpack("<d", struct.pack("<Q", bits))[0]

        def bits_of(value):
            return struct.unpack("<Q", struct.pack("<d", value))[0]
        pool = numbers("f64", source, 300)
        for _ in range(3000):
            a, b = source.choice(pool), source.choice(pool)
            self.assertEqual(ieee.operation("add", "f64")(a, b), bits_of(of(a) + of(b)))
            self.assertEqual(ieee.operation("mul", "f64")(a, b), bits_of(of(a) * of(b)))
            self.assertEqual(conversions.float_to_float("f64", "f32")(a), struct.unpack("<I", struct.pack("<f", of(a)))[0]
                             if abs(of(a)) < 3.4028235e38 else 0x7F800000 | (a >> 63) << 31)

    def test_zeros_infinities_and_nans(self):
        for name in FORMATS:
            k = ieee.constants(name)
            one, inf, minus, nan = (k["EM"] >> 1) << k["M"], k["INF"], k["SIGN"], k["NAN"]
            for mode in ieee.MODES:
                add, mul, div, fma, sqrt = (ieee.operation(what, name, mode) for what in ("add", "mul", "div", "fma", "sqrt"))
                self.assertEqual(add(one, one | minus), minus if mode == "rm" else 0)
                self.assertEqual(add(minus, minus), minus)
                self.assertEqual(mul(minus, one), minus)
                self.assertEqual(add(inf, inf | minus), nan)
                self.assertEqual(mul(inf, 0), nan)
                self.assertEqual(fma(inf, one, inf | minus), nan)
                self.assertEqual(fma(one, one, nan), nan)
                self.assertEqual(fma(inf, one | minus, one), inf | minus)
                self.assertEqual(div(one | minus, 0), inf | minus)
                self.assertEqual(div(0, 0), nan)
                self.assertEqual(div(one, inf | minus), minus)
                self.assertEqual(sqrt(one | minus), nan)
                self.assertEqual(sqrt(minus), minus)
                biggest = inf - 1
                self.assertEqual(add(biggest, biggest), biggest if mode in ("rz", "rm") else inf)

    def test_flushes_subnormal_numbers(self):
        add, mul = (ieee.operation(what, "f32", "rn", True) for what in ("add", "mul"))
        self.assertEqual(add(0x00000001, 0x80000001), 0)
        self.assertEqual(add(0x80000001, 0x80000002), 0x80000000)
        self.assertEqual(add(0x007FFFFF, 0x3F800000), 0x3F800000)
        self.assertEqual(mul(0x00800000, 0xBF000000), 0x80000000)
        self.assertEqual(ieee.operation("mul", "f32")(0x00800000, 0xBF000000), 0x80400000)


class Conversions(unittest.TestCase):
    def test_narrow_formats_take_the_nearest_value(self):
        source = random.Random(7)
        largest = {"e4m3": 0x7E, "e5m2": 0x7B, "e3m2": 0x1F, "e2m3": 0x1F, "e2m1": 7}
        for name, top in largest.items():
            table = [(ieee.to_fraction(name, bits), bits) for bits in range(top + 1)]
            convert = conversions.float_to_float("f32", name, satfinite=True)
            sign_at = ieee.constants(name)["SB"]
            samples = [struct.unpack("<f", struct.pack("<f", source.uniform(-1, 1) * 2.0 ** source.randrange(-18, 17)))[0] for _ in range(1500)]
            samples += [float((a + b) / 2) for (a, _), (b, _) in zip(table, table[1:])] + [1e30, -1e30]
            for value in samples:
                exact = abs(Fraction(value))
                best = min(table, key=lambda pair, exact=exact: (abs(pair[0] - exact), pair[1] & 1))[1]
                self.assertEqual(convert(struct.unpack("<I", struct.pack("<f", value))[0]), best | (value < 0) << sign_at, f"{value} to {name}")
        self.assertEqual(conversions.float_to_float("f32", "e4m3", satfinite=True)(0x7FC00000), 0x7F)

    def test_integers(self):
        to_s32 = conversions.float_to_int("f32", 32, True, "rzi")
        self.assertEqual([to_s32(struct.unpack("<I", struct.pack("<f", v))[0]) for v in (1.9, -1.9, 3e9, -3e9, float("nan"))],
                         [1, 0xFFFFFFFF, 0x7FFFFFFF, 0x80000000, 0])
        nearest_even = conversions.float_to_int("f64", 32, True, "rni")
        self.assertEqual([nearest_even(struct.unpack("<Q", struct.pack("<d", v))[0]) for v in (0.5, 1.5, 2.5, -0.5, -1.5)], [0, 2, 2, 0, 0xFFFFFFFE])
        to_f32 = conversions.int_to_float("f32", 64, False)
        source = random.Random(8)
        for _ in range(500):
            value = source.getrandbits(source.randrange(1, 65))
            self.assertEqual(to_f32(value), nearest("f32", Fraction(value), "rn") if value else 0)

    def test_tf32_ties_go_away_from_zero(self):
        convert = conversions.float_to_float("f32", "tf32", "rna")
        self.assertEqual(convert(0x3F801000), 0x3F802000)
        self.assertEqual(convert(0x3F800FFF), 0x3F800000)
        self.assertEqual(convert(0xBF803000), 0xBF804000)


if __name__ == "__main__":
    unittest.main()
