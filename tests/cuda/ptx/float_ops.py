# SPDX-License-Identifier: Apache-2.0
# Floating-point instructions, conversions, comparisons and selections of one lane as Python text; the arithmetic itself is in ieee.py and
# conversions.py. Approximate instructions (ex2.approx, div.full, ...) are not here: no golden depends on them.
import conversions
import ieee
from integer_ops import TABLE as INTEGER, as_number, signed, width
from reader import PtxError

TABLE = {}
FLOATS = ("f16", "bf16", "f32", "f64")
_PAIRS = {"f16x2": "f16", "bf16x2": "bf16", "f32x2": "f32"}


def op(*names):
    def keep(function):
        for name in names:
            TABLE[name] = function
        return function
    return keep


def mode_of(parts):
    return next((p for p in parts if p in ieee.MODES), "rn")


def is_float(kind):
    return kind in FLOATS or kind in _PAIRS


def _apply(gen, ins, name, function, count):
    """destination = function of `count` sources, for one value or for the two halves of a register."""
    kind = ins.parts[-1]
    called = gen.bind(function, name)
    sources = [gen.src(o, kind) for o in ins.operands[1:1 + count]]
    if kind not in _PAIRS:
        return [f"{gen.dst(ins)} = {called}({', '.join(sources)})"]
    bits = conversions.WIDTH[_PAIRS[kind]]
    mask, lines = (1 << bits) - 1, [f"t{i} = {s}" for i, s in enumerate(sources)]
    low, high = (f"{called}({', '.join(f't{i} >> {shift} & {mask}' for i in range(count))})" for shift in (0, bits))
    return [*lines, f"{gen.dst(ins)} = {low} | {high} << {bits}"]


def _saturated(name, function):
    one = 0x3F800000 if name == "f32" else 0x3C00 if name == "f16" else 0x3F80
    k = ieee.constants(name)

    def clamp(*sources):
        bits = function(*sources)
        return 0 if bits & k["SIGN"] or bits & k["ABS"] > k["INF"] else min(bits, one)
    return clamp


def _rectified(name, function):
    k = ieee.constants(name)

    def clamp(*sources):
        bits = function(*sources)
        return k["NAN"] if bits & k["ABS"] > k["INF"] else 0 if bits & k["SIGN"] else bits
    return clamp


@op("add", "sub", "mul", "fma", "mad", "div", "sqrt", "rcp")
def arithmetic(gen, ins):
    kind, what = ins.parts[-1], ins.parts[0]
    if not is_float(kind):
        if what in INTEGER:
            return INTEGER[what](gen, ins)
        raise PtxError(f"line {ins.line}: unknown form '{ins.text}'")
    if "approx" in ins.parts or "full" in ins.parts:
        raise PtxError(f"line {ins.line}: '{'.'.join(ins.parts)}' is approximate: its result is no golden of exact arithmetic")
    name, mode, ftz = _PAIRS.get(kind, kind), mode_of(ins.parts), "ftz" in ins.parts
    if what == "rcp":
        divide, one = ieee.operation("div", name, mode, ftz), (ieee.constants(name)["EM"] >> 1) << ieee.constants(name)["M"]
        return _apply(gen, ins, f"rcp_{name}_{mode}_{ftz}", lambda a: divide(one, a), 1)
    function = ieee.operation({"mad": "fma"}.get(what, what), name, mode, ftz)
    label = f"{what}_{name}_{mode}_{ftz}"
    for word, wrap in (("sat", _saturated), ("relu", _rectified)):
        if word in ins.parts:
            function, label = wrap(name, function), f"{label}_{word}"
    return _apply(gen, ins, label, function, {"fma": 3, "mad": 3, "sqrt": 1}.get(what, 2))


@op("neg", "abs")
def sign_change(gen, ins):
    kind, what = ins.parts[-1], ins.parts[0]
    if not is_float(kind):
        return INTEGER[what](gen, ins)
    name = _PAIRS.get(kind, kind)
    k, ftz = ieee.constants(name), "ftz" in ins.parts

    def change(bits):
        if ftz and not bits & k["INF"]:
            bits &= k["SIGN"]
        return bits ^ k["SIGN"] if what == "neg" else bits & k["ABS"]
    return _apply(gen, ins, f"{what}_{name}_{ftz}", change, 1)


@op("copysign")
def copy_sign(gen, ins):
    k = ieee.constants(ins.parts[-1])
    sign, value = (gen.src(o, ins.parts[-1]) for o in ins.operands[1:3])
    return [f"{gen.dst(ins)} = ({sign}) & {k['SIGN']} | ({value}) & {k['ABS']}"]


def _extreme(name, what, nan_wins, ftz):
    k, key = ieee.constants(name), ieee.order(name, ftz)

    def pick(a, b):
        if ftz:
            a, b = (x if x & k["INF"] else x & k["SIGN"] for x in (a, b))
        x, y = key(a), key(b)
        if x is None or y is None:
            if nan_wins or (x is None and y is None):
                return k["NAN"]
            return b if x is None else a
        if x == y:  # of zeros of both signs, -0 is the smaller
            return a | b if what == "min" else a & b
        return (a if x < y else b) if what == "min" else (a if x > y else b)
    return pick


@op("min", "max")
def extreme(gen, ins):
    kind, what = ins.parts[-1], ins.parts[0]
    if not is_float(kind):
        return INTEGER[what](gen, ins)
    if "xorsign" in ins.parts or len(ins.operands) != 3:
        raise PtxError(f"line {ins.line}: unknown form '{ins.text}'")
    name, nan, ftz = _PAIRS.get(kind, kind), "NaN" in ins.parts, "ftz" in ins.parts
    return _apply(gen, ins, f"{what}_{name}_{nan}_{ftz}", _extreme(name, what, nan, ftz), 2)


@op("testp")
def test_property(gen, ins):
    name, what = ins.parts[-1], ins.parts[1]
    k = ieee.constants(name)

    def test(bits):
        a = bits & k["ABS"]
        return {"finite": a < k["INF"], "infinite": a == k["INF"], "number": a <= k["INF"], "notanumber": a > k["INF"],
                "normal": k["HID"] <= a < k["INF"], "subnormal": 0 < a < k["HID"]}[what]
    return [f"{gen.dst(ins)} = {gen.bind(test, f'testp_{what}_{name}')}({gen.src(ins.operands[1], name)})"]


_SIGNS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "lo": "<", "ls": "<=", "hi": ">", "hs": ">="}
_ORDERED = {"eq": lambda a, b: a == b, "ne": lambda a, b: a != b, "lt": lambda a, b: a < b, "le": lambda a, b: a <= b, "gt": lambda a, b: a > b,
            "ge": lambda a, b: a >= b}


def _float_comparison(name, what, ftz):
    key = ieee.order(name, ftz)

    def compare(a, b):
        x, y = key(a), key(b)
        if x is None or y is None:
            return what == "nan" or what.endswith("u") and what != "num"
        return what == "num" or what != "nan" and _ORDERED[what[:2]](x, y)
    return compare


def comparison(gen, ins, kind):
    """Python text of the truth of a setp, set or the like."""
    what = ins.parts[1]
    a, b = ins.operands[1:3]
    if kind in FLOATS:
        ftz = "ftz" in ins.parts
        name = gen.bind(_float_comparison(kind, what, ftz), f"cmp_{what}_{kind}_{ftz}")
        return f"{name}({gen.src(a, kind)}, {gen.src(b, kind)})"
    if what not in _SIGNS:
        raise PtxError(f"line {ins.line}: unknown comparison '{ins.text}'")
    as_unsigned = kind[0] == "b" or what in ("lo", "ls", "hi", "hs")
    x, y = (as_number(gen, o, "u" + kind[1:] if as_unsigned else kind) for o in (a, b))
    return f"{x} {_SIGNS[what]} {y}"


@op("setp")
def set_predicate(gen, ins):
    kind = ins.parts[-1]
    if kind in _PAIRS:
        raise PtxError(f"line {ins.line}: unknown form '{ins.text}'")
    lines = [f"t = {comparison(gen, ins, kind)}"]
    first, _, second = ins.operands[0].partition("|")
    joined = next((p for p in ins.parts[2:] if p in ("and", "or", "xor")), None)
    values = ["t", "not t"]
    if joined:
        other = gen.src(ins.operands[3], "pred")
        values = [f"{other} != t" if joined == "xor" else f"{other} {joined} t", f"{other} == t" if joined == "xor" else f"{other} {joined} not t"]
    values = [f"bool({v})" for v in values]
    if second:
        return [*lines, f"u = {values[1]}", f"{gen.name(first)} = {values[0]}", f"{gen.name(second)} = u"]
    return [*lines, f"{gen.name(first)} = {values[0] if joined else 't'}"]


@op("set")
def set_register(gen, ins):
    kind, to = ins.parts[-1], ins.parts[-2]
    if to not in ("u32", "s32", "f32") or any(p in ins.parts for p in ("and", "or", "xor")):
        raise PtxError(f"line {ins.line}: unknown form '{ins.text}'")
    return [f"{gen.dst(ins)} = {0x3F800000 if to == 'f32' else 0xFFFFFFFF} if {comparison(gen, ins, kind)} else 0"]


@op("selp")
def select(gen, ins):
    kind = ins.parts[-1]
    a, b = (gen.src(o, kind) for o in ins.operands[1:3])
    return [f"{gen.dst(ins)} = {a} if {gen.src(ins.operands[3], 'pred')} else {b}"]


@op("slct")
def select_by_sign(gen, ins):
    kind, by = ins.parts[-2], ins.parts[-1]
    a, b = (gen.src(o, kind) for o in ins.operands[1:3])
    truth = f"{signed(gen.src(ins.operands[3], by), 32)} >= 0"
    if by == "f32":
        compare = gen.bind(_float_comparison("f32", "ge", "ftz" in ins.parts), f"cmp_ge_f32_{'ftz' in ins.parts}")
        truth = f"{compare}({gen.src(ins.operands[3], by)}, 0)"
    return [f"{gen.dst(ins)} = {a} if {truth} else {b}"]


def _cvt_options(parts):
    return {"ftz": "ftz" in parts, "sat": "sat" in parts, "relu": "relu" in parts, "satfinite": "satfinite" in parts}


def _cvt_function(ins, to, source):
    """A function from bits to bits, of one value."""
    parts, options = ins.parts, _cvt_options(ins.parts)
    integral = next((p for p in parts if p in ("rni", "rzi", "rmi", "rpi")), None)
    floating = {*FLOATS, *ieee.FORMATS}
    if to in floating and source in floating:
        if to == source and integral:
            return conversions.float_to_integral(to, integral, options["ftz"], options["sat"])
        return conversions.float_to_float(source, to, "rna" if "rna" in parts else mode_of(parts), **options)
    if to in floating:
        return conversions.int_to_float(to, width(source), source[0] == "s", mode_of(parts))
    if integral is None:
        raise PtxError(f"line {ins.line}: a conversion to an integer without a rounding '{ins.text}'")
    return conversions.float_to_int(source, width(to), to[0] == "s", integral, options["ftz"])


@op("cvt")
def convert(gen, ins):
    to, source = ins.parts[-2], ins.parts[-1]
    if to.endswith(("x2", "x4")) or source.endswith("x2"):
        return _convert_pair(gen, ins, to, source)
    if "rs" in ins.parts:
        raise PtxError(f"line {ins.line}: stochastic rounding is not known here '{ins.text}'")
    if not is_float(to) and not is_float(source) and to != "tf32":
        return _convert_integer(gen, ins, to, source)
    name = gen.bind(_cvt_function(ins, to, source), "cvt_" + "_".join(ins.parts[1:]))
    value = f"{name}({gen.src(ins.operands[1], 'b32' if source == 'tf32' else source)})"
    register = gen.register_bits(ins.operands[0])
    if to[0] == "s" and register > width(to):
        value = f"{signed(value, width(to))} & {(1 << register) - 1}"
    return [f"{gen.dst(ins)} = {value}"]


def _convert_integer(gen, ins, to, source):
    register = gen.register_bits(ins.operands[0])
    value = as_number(gen, ins.operands[1], source)
    if "sat" in ins.parts:
        low, high = (-(1 << width(to) - 1), (1 << width(to) - 1) - 1) if to[0] == "s" else (0, (1 << width(to)) - 1)
        return [f"{gen.dst(ins)} = min(max({value}, {low}), {high}) & {(1 << register) - 1}"]
    if width(source) <= width(to) and source[0] != "s":
        return [f"{gen.dst(ins)} = {value}"]
    value = f"{value} & {gen.mask(to)}"
    if to[0] == "s" and register > width(to):
        value = f"{signed('(' + value + ')', width(to))} & {(1 << register) - 1}"
    return [f"{gen.dst(ins)} = {value}"]


def _convert_pair(gen, ins, to, source):
    """d = {a high, b low} from two registers, or a pair from a pair (e4m3x2 and its kin to f16x2)."""
    if to.endswith("x4"):
        raise PtxError(f"line {ins.line}: unknown form '{ins.text}'")
    one = to[:-2]
    bits = conversions.WIDTH[one] if one != "e3m2" and one != "e2m3" else 8
    if source.endswith("x2"):
        part = source[:-2]
        part_bits = 8 if part in ("e3m2", "e2m3") else conversions.WIDTH[part]
        name = gen.bind(_cvt_function(ins, one, part), "cvt_" + "_".join(ins.parts[1:]))
        mask = (1 << conversions.WIDTH[part]) - 1
        return [f"t = {gen.src(ins.operands[1], 'b%d' % (2 * part_bits))}",
                f"{gen.dst(ins)} = {name}(t & {mask}) | {name}(t >> {part_bits} & {mask}) << {bits}"]
    name = gen.bind(_cvt_function(ins, one, source), "cvt_" + "_".join(ins.parts[1:]))
    high, low = (gen.src(o, source) for o in ins.operands[1:3])
    return [f"{gen.dst(ins)} = {name}({low}) | {name}({high}) << {bits}"]
