# SPDX-License-Identifier: Apache-2.0
# cvt between floating-point formats and integers: rounding, saturation, .ftz, .relu, .satfinite, on bit patterns.
import ieee

WIDTH = {"f16": 16, "bf16": 16, "f32": 32, "f64": 64, "tf32": 32, "e4m3": 8, "e5m2": 8, "e3m2": 6, "e2m3": 6, "e2m1": 4}
# Largest finite value and what an overflow or NaN becomes with .satfinite (PTX ISA, cvt): all narrow formats saturate.
_NARROW_MAX = {"e4m3": 0x7E, "e5m2": 0x7B, "e3m2": 0x1F, "e2m3": 0x1F, "e2m1": 0x7}
_NARROW_NAN = {"e4m3": 0x7F, "e5m2": 0x7F, "e3m2": 0x1F, "e2m3": 0x1F, "e2m1": 0x7}


def _round_to(to, s, m, e, mode):
    """A finite value to the bits of any format, without looking at overflow of formats that have no infinity."""
    if to in _NARROW_MAX and to != "e5m2":
        return _round_narrow(to, s, m, e)
    if to == "tf32":
        return _round_tf32(s, m, e, mode)
    return ieee.operation("rnd", to, mode)(s, m, e)


def _round_tf32(s, m, e, mode):
    if mode == "rna":  # ties away: half a unit of the last place is added to the magnitude, the rest dropped
        lsb = max(e + m.bit_length() - 11, -126 - 10)
        if lsb > e:
            m, e = (m + (1 << (lsb - e - 1))) >> (lsb - e), lsb
        mode = "rz"
    bits = ieee.operation("rnd", "tf32", mode)(s, m, e)
    return (bits & 0x3FFFF) << 13 | (bits >> 18) << 31


def _round_narrow(to, s, m, e):
    """Nearest, ties to even; the formats whose largest exponent carries numbers."""
    k = ieee.constants(to)
    lsb = max(e + m.bit_length() - 1 - k["M"], k["EMIN"])
    sh = lsb - e
    q = m << -sh if sh <= 0 else (m + (1 << (sh - 1)) - 1 + (m >> sh & 1)) >> sh
    return min(q + ((lsb - k["EMIN"]) << k["M"]), _NARROW_MAX[to]) | s << k["SB"]


def float_to_float(source, to, mode="rn", ftz=False, sat=False, relu=False, satfinite=False):
    """A function from bits of `source` to bits of `to`."""
    sign_at = ieee.constants(to)["SB"] if to != "tf32" else 31
    nan = _NARROW_NAN.get(to, ieee.NANS.get(to, 0x7FFFFFFF))
    inf = ieee.constants(to)["INF"] if to != "tf32" else 0x7F800000
    largest = _NARROW_MAX.get(to, 0x7F7FE000 if to == "tf32" else inf - 1)
    tiny = ieee.constants(source)["HID"] if ftz and source == "f32" else 0
    absolute = ieee.constants(source)["ABS"]
    one = (ieee.constants(to)["EM"] >> 1) << ieee.constants(to)["M"] if to in ieee.NANS else 0
    flush_out = ieee.constants(to)["HID"] if ftz and to == "f32" else 0

    def convert(bits):
        s, m, e = ieee.decode(source, bits)
        if m == "nan":
            return 0 if sat else nan
        if m == 0 or bits & absolute < tiny:
            out = s << sign_at
        elif m == "inf":
            out = (largest if satfinite else inf) | s << sign_at
        else:
            out = _round_to(to, s, m, e, mode)
            if satfinite and out & ~(1 << sign_at) >= inf and to not in ("e4m3", "e3m2", "e2m3", "e2m1"):
                out = largest | s << sign_at
            if flush_out and out & ~(1 << sign_at) < flush_out:
                out = s << sign_at
        if relu and s:
            return 0
        if sat:
            return 0 if s else min(out, one)
        return out
    return convert


def float_to_integral(name, mode, ftz=False, sat=False):
    """cvt.rni and its kin within one format: to an integer in floating point, the sign of a zero kept."""
    k, tiny = ieee.constants(name), ieee.constants(name)["HID"] if ftz and name == "f32" else 0

    def convert(bits):
        s, m, e = ieee.decode(name, bits)
        if m == "nan":
            return 0 if sat else ieee.NANS[name]
        if m == "inf" or m == 0:
            out = bits
        elif bits & k["ABS"] < tiny:
            out = bits & k["SIGN"]
        else:
            n = round_integer(s, m, e, mode)
            out = ieee.operation("rnd", name)(s, abs(n), 0) if n else s << k["SB"]
        return (0 if s else min(out, (k["EM"] >> 1) << k["M"])) if sat else out
    return convert


def round_integer(s, m, e, mode):
    """The signed integer nearest in the way of rni, rzi, rmi, rpi."""
    if e >= 0:
        n = m << e
    elif mode == "rni":
        n = (m + (1 << (-e - 1)) - 1 + (m >> -e & 1)) >> -e
    elif (mode == "rmi" and s) or (mode == "rpi" and not s):
        n = (m + (1 << -e) - 1) >> -e
    else:
        n = m >> -e
    return -n if s else n


def float_to_int(source, width, signed, mode, ftz=False):
    """Saturates always; a NaN is 0 (and 0x8000... of a 64-bit result), as PTX states for cvt."""
    low, high = (-(1 << (width - 1)), (1 << (width - 1)) - 1) if signed else (0, (1 << width) - 1)
    mask, tiny, absolute = (1 << width) - 1, ieee.constants(source)["HID"] if ftz and source == "f32" else 0, ieee.constants(source)["ABS"]

    def convert(bits):
        s, m, e = ieee.decode(source, bits)
        if m == "nan":
            return 1 << 63 if width == 64 else 0
        if m == "inf":
            return (low if s else high) & mask
        if bits & absolute < tiny:
            return 0
        n = round_integer(s, m, e, mode)
        return (low if n < low else high if n > high else n) & mask
    return convert


def int_to_float(to, width, signed, mode="rn"):
    rnd = ieee.operation("rnd", to, mode)

    def convert(value):
        if signed and value >> (width - 1):
            return rnd(1, (1 << width) - value, 0)
        return rnd(0, value, 0) if value else 0
    return convert
