# SPDX-License-Identifier: Apache-2.0
# IEEE 754 arithmetic on bit patterns, exact by integers: every result is the infinitely precise one rounded once. Formats are (exponent bits, fraction
# bits); rounding modes are PTX's rn, rz, rm, rp. Values go in and come out as unsigned integers of the format's width.
#
# Choices where the PTX ISA leaves room: a NaN result is the format's canonical one (f64 too: payloads are not carried on), and .ftz flushes after rounding.
from fractions import Fraction
from math import isqrt

FORMATS = {"f16": (5, 10), "bf16": (8, 7), "f32": (8, 23), "f64": (11, 52), "tf32": (8, 10), "e4m3": (4, 3), "e5m2": (5, 2), "e3m2": (3, 2), "e2m3": (2, 3),
           "e2m1": (2, 1)}
NANS = {"f16": 0x7FFF, "bf16": 0x7FFF, "f32": 0x7FFFFFFF, "f64": 0xFFF8000000000000}
MODES = ("rn", "rz", "rm", "rp")


def constants(name):
    """What the templates below need of a format."""
    exponent, fraction = FORMATS[name]
    bias = (1 << (exponent - 1)) - 1
    sign = 1 << (exponent + fraction)
    inf = ((1 << exponent) - 1) << fraction
    return {"M": fraction, "EM": (1 << exponent) - 1, "MM": (1 << fraction) - 1, "HID": 1 << fraction, "EMIN": 1 - bias - fraction, "SB": exponent + fraction,
            "SIGN": sign, "INF": inf, "MAX": inf - 1, "NAN": NANS.get(name, inf | 1 << max(fraction - 1, 0)), "ABS": sign - 1}


# round(s, a, e): a > 0 times 2**e with sign s, to bits. An inexact operand comes with a sticky lowest bit and enough bits above it.
_ROUND = """
def rnd(s, a, e):
    lsb = e + a.bit_length() - {M1}
    if lsb < {EMIN}:
        lsb = {EMIN}
    sh = lsb - e
    if sh <= 0:
        return (s << {SB}) | (((lsb - {EMIN}) << {M}) + (a << -sh)) if ((lsb - {EMIN}) << {M}) + (a << -sh) < {INF} else over(s)
    q = {SHIFT}
    q += (lsb - {EMIN}) << {M}
    if q >= {INF}:
        return over(s)
    {FLUSH}
    return q | s << {SB}
"""
_SHIFT = {
    "rn": "(a + (1 << (sh - 1)) - 1 + ((a >> sh) & 1)) >> sh",
    "rz": "a >> sh",
    "rm": "((a + (1 << sh) - 1) >> sh) if s else (a >> sh)",
    "rp": "(a >> sh) if s else ((a + (1 << sh) - 1) >> sh)",
}
_OVER = {"rn": "{INF}", "rz": "{MAX}", "rm": "({INF} if s else {MAX})", "rp": "({MAX} if s else {INF})"}
_ARITHMETIC = """
def over(s):
    return {OVER} | s << {SB}

{ROUND}

def fma(a, b, c):
    {FLUSH3}
    ea = a >> {M} & {EM}
    eb = b >> {M} & {EM}
    ec = c >> {M} & {EM}
    if ea == {EM} or eb == {EM} or ec == {EM}:
        return special(a, b, c)
    if ea: p = a & {MM} | {HID}
    else: p = a & {MM}; ea = 1
    if eb: p *= b & {MM} | {HID}
    else: p *= b & {MM}; eb = 1
    if ec: n = c & {MM} | {HID}
    else: n = c & {MM}; ec = 1
    s = (a ^ b) >> {SB}
    d = ea + eb - ec + {EMIN1}
    e = ec + {EMIN1}
    if d >= 0: p <<= d
    else: n <<= -d; e += d
    if s == c >> {SB}:
        n += p
        if n == 0: return s << {SB}
        return rnd(s, n, e)
    n = p - n
    if n > 0: return rnd(s, n, e)
    if n: return rnd(1 - s, -n, e)
    return {ZERO}

def special(a, b, c):
    A = a & {ABS}; B = b & {ABS}; C = c & {ABS}
    if A > {INF} or B > {INF} or C > {INF}:
        return {NAN}
    if A == {INF} or B == {INF}:
        if A == 0 or B == 0: return {NAN}
        s = (a ^ b) & {SIGN}
        if C == {INF} and c & {SIGN} != s: return {NAN}
        return s | {INF}
    return c

def add(a, b):
    return fma(a, {ONE}, b)

def sub(a, b):
    return fma(a, {ONE}, b ^ {SIGN}) if b & {ABS} <= {INF} else {NAN}

def mul(a, b):
    return fma(a, b, (a ^ b) & {SIGN})

def div(a, b):
    {FLUSH2}
    A = a & {ABS}; B = b & {ABS}; s = (a ^ b) >> {SB}
    if A >= {INF} or B >= {INF}:
        if A > {INF} or B > {INF} or A == B: return {NAN}
        return s << {SB} | ({INF} if A == {INF} else 0)
    if B == 0: return {NAN} if A == 0 else s << {SB} | {INF}
    if A == 0: return s << {SB}
    ea = A >> {M}; eb = B >> {M}
    if ea: n = A & {MM} | {HID}
    else: n = A; ea = 1
    if eb: m = B & {MM} | {HID}
    else: m = B; eb = 1
    q, r = divmod(n << {GUARD}, m)
    return rnd(s, q << 1 | (r != 0), ea - eb - {GUARD1})

def sqrt(a):
    {FLUSH1}
    A = a & {ABS}
    if A > {INF} or (a >> {SB} and A): return {NAN}
    if A == 0 or A == {INF}: return a
    e = A >> {M}
    if e: n = A & {MM} | {HID}
    else: n = A; e = 1
    e += {EMIN1}
    sh = {GUARD} + {GUARD} + (e & 1)
    n <<= sh
    q = isqrt(n)
    return rnd(0, q << 1 | (q * q != n), ((e - sh) >> 1) - 1)
"""


def _flush_lines(names, ftz, indent="    "):
    return ("\n" + indent).join(f"if not {x} >> {{M}} & {{EM}}: {x} &= {{SIGN}}" for x in names) if ftz else "pass"


def _compile(name, mode, ftz):
    k = constants(name)
    k.update(M1=k["M"] + 1, EMIN1=k["EMIN"] - 1, ONE=(k["EM"] >> 1) << k["M"], GUARD=2 * k["M"] + 5, GUARD1=2 * k["M"] + 6)
    k["ZERO"] = k["SIGN"] if mode == "rm" else 0
    fill = dict(k, SHIFT=_SHIFT[mode], FLUSH=f"if q < {k['HID']}: q = 0" if ftz else "pass")
    text = _ROUND.format(**fill)
    if ftz:  # an exact subnormal is flushed as well
        text = text.replace("    if sh <= 0:\n", f"    if lsb == {k['EMIN']} and a.bit_length() + e < {k['EMIN'] + k['M'] + 1} and sh <= 0:\n        return s << {k['SB']}\n    if sh <= 0:\n")
    body = _ARITHMETIC.replace("{ROUND}", text.replace("{", "{{").replace("}", "}}")).replace("{OVER}", _OVER[mode])
    for count, names in ((3, "abc"), (2, "ab"), (1, "a")):
        body = body.replace(f"{{FLUSH{count}}}", _flush_lines(names, ftz))
    space = {"isqrt": isqrt}
    exec(compile(body.format(**k), f"<{name} {mode}>", "exec"), space)  # noqa: S102
    return space


class _Table(dict):
    def __missing__(self, key):
        self[key] = _compile(*key)
        return self[key]


_COMPILED = _Table()


def operation(what, name, mode="rn", ftz=False):
    """The function `what` (fma, add, sub, mul, div, sqrt, rnd) of a format; rnd(sign, magnitude, exponent) rounds an exact value that is not zero."""
    return _COMPILED[(name, mode, bool(ftz))][what]


def decode(name, bits):
    """(sign, magnitude, exponent) of a finite value, or the word 'inf' or 'nan' with its sign in front: (sign, 'inf', 0)."""
    k = constants(name)
    s, e, m = bits >> k["SB"] & 1, bits >> k["M"] & k["EM"], bits & k["MM"]
    if name == "e4m3":
        if bits & 0x7F == 0x7F:
            return s, "nan", 0
    elif name not in ("e3m2", "e2m3", "e2m1") and e == k["EM"]:
        return s, "nan" if m else "inf", 0
    return (s, m | k["HID"], e + k["EMIN"] - 1) if e else (s, m, k["EMIN"])


def to_fraction(name, bits):
    s, m, e = decode(name, bits)
    if isinstance(m, str):
        raise ValueError(f"{bits:#x} of {name} is no number")
    value = Fraction(m << e) if e >= 0 else Fraction(m, 1 << -e)
    return -value if s else value


def from_fraction(name, value, mode="rn", zero_sign=0, ftz=False):
    """Rounds an exact rational (also one that is no dyadic number)."""
    if value == 0:
        return zero_sign << constants(name)["SB"]
    s, a = int(value < 0), abs(value)
    shift = max(0, FORMATS[name][1] + 8 - a.numerator.bit_length() + a.denominator.bit_length())
    q, r = divmod(a.numerator << shift, a.denominator)
    return operation("rnd", name, mode, ftz)(s, q << 1 | (r != 0), -shift - 1)


def is_nan(name, bits):
    return decode(name, bits)[1] == "nan"


def order(name, ftz=False):
    """A function from bits to an integer that orders as the values do (both zeros are 0), or None of a NaN."""
    k = constants(name)
    magnitude, inf, sign, least = k["ABS"], k["INF"], k["SIGN"], k["HID"] if ftz else 0

    def key(bits):
        a = bits & magnitude
        if a > inf:
            return None
        if a < least:
            return 0
        return -a if bits & sign else a
    return key
