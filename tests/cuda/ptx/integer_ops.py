# SPDX-License-Identifier: Apache-2.0
# Integer and logic instructions of one lane as Python text. Registers hold unsigned numbers below 2**width; predicates are bool.
from reader import PtxError

TABLE = {}


def op(*names):
    def keep(function):
        for name in names:
            TABLE[name] = function
        return function
    return keep


def width(kind):
    return {"pred": 1}.get(kind) or int("".join(c for c in kind[1:] if c.isdigit()))


def signed(text, bits):
    return f"(({text} ^ {1 << (bits - 1)}) - {1 << (bits - 1)})"


def as_number(gen, operand, kind):
    """The mathematical value of an operand of type u32, s64 and so on."""
    text = gen.src(operand, kind)
    return signed(text, width(kind)) if kind[0] == "s" else text


def _packed(kind):
    return kind in ("u16x2", "s16x2")


@op("add", "sub")
def add_sub(gen, ins):
    sign, kind = "+" if ins.parts[0] == "add" else "-", ins.parts[-1]
    if _packed(kind):
        return _halves(gen, ins, lambda a, b: f"{a} {sign} {b}")
    a, b = gen.src(ins.operands[1], kind), gen.src(ins.operands[2], kind)
    bits, mask = width(kind), gen.mask(kind)
    if "sat" in ins.parts:
        value = f"{signed(a, bits)} {sign} {signed(b, bits)}"
        return [f"{gen.dst(ins)} = min(max({value}, {-(1 << bits - 1)}), {(1 << bits - 1) - 1}) & {mask}"]
    if "cc" in ins.parts:
        carry = f"(t >> {bits}) & 1"
        return [f"t = {a} {sign} {b}", f"cc = {carry}", f"{gen.dst(ins)} = t & {mask}"]
    return [f"{gen.dst(ins)} = ({a} {sign} {b}) & {mask}"]


def _halves(gen, ins, combine):
    a, b, s = gen.src(ins.operands[1], "b32"), gen.src(ins.operands[2], "b32"), ins.parts[-1][0] == "s"
    lines = [f"t = {a}", f"u = {b}"]
    parts = []
    for shift in (0, 16):
        x, y = f"(t >> {shift} & 65535)", f"(u >> {shift} & 65535)"
        parts.append(f"(({combine(signed(x, 16) if s else x, signed(y, 16) if s else y)}) & 65535) << {shift}")
    return [*lines, f"{gen.dst(ins)} = {' | '.join(parts)}"]


@op("addc", "subc")
def add_with_carry(gen, ins):
    sign, kind = "+" if ins.parts[0] == "addc" else "-", ins.parts[-1]
    a, b = gen.src(ins.operands[1], kind), gen.src(ins.operands[2], kind)
    lines = [f"t = {a} {sign} {b} {sign} cc"]
    if "cc" in ins.parts:
        lines.append(f"cc = (t >> {width(kind)}) & 1")
    return [*lines, f"{gen.dst(ins)} = t & {gen.mask(kind)}"]


@op("mul", "mad", "madc")
def multiply(gen, ins):
    kind, what = ins.parts[-1], ins.parts[1]
    if what not in ("lo", "hi", "wide"):
        raise PtxError(f"line {ins.line}: unknown form of multiplication '{ins.text}'")
    bits, low_only = width(kind), what == "lo"
    a, b = (gen.src(o, kind) if low_only else as_number(gen, o, kind) for o in ins.operands[1:3])
    value, mask, out = f"{a} * {b}", gen.mask(kind), bits
    if what == "wide":
        mask, out = (1 << 2 * bits) - 1, 2 * bits
    if what == "hi":
        value = f"({value} >> {bits})"
    if ins.parts[0] == "mul":
        return [f"{gen.dst(ins)} = {value} & {mask}"]
    c = gen.src(ins.operands[3], ("u%d" % out))
    if "sat" in ins.parts:
        total = f"{value} + {signed(c, out)}"
        return [f"{gen.dst(ins)} = min(max({total}, {-(1 << out - 1)}), {(1 << out - 1) - 1}) & {mask}"]
    if "cc" in ins.parts or ins.parts[0] == "madc":
        lines = [f"t = ({value} & {mask}) + {c}" + (" + cc" if ins.parts[0] == "madc" else "")]
        if "cc" in ins.parts:
            lines.append(f"cc = (t >> {out}) & 1")
        return [*lines, f"{gen.dst(ins)} = t & {mask}"]
    return [f"{gen.dst(ins)} = ({value} + {c}) & {mask}"]


@op("mul24", "mad24")
def multiply24(gen, ins):
    kind, high = ins.parts[-1], ins.parts[1] == "hi"
    a, b = (f"({gen.src(o, kind)} & 0xFFFFFF)" for o in ins.operands[1:3])
    if kind[0] == "s":
        a, b = signed(a, 24), signed(b, 24)
    value = f"({a} * {b}{' >> 16' if high else ''})"
    if ins.parts[0] == "mad24":
        value = f"({value} + {gen.src(ins.operands[3], kind)})"
    return [f"{gen.dst(ins)} = {value} & {gen.mask(kind)}"]


@op("sad")
def sum_of_difference(gen, ins):
    kind = ins.parts[-1]
    a, b = (as_number(gen, o, kind) for o in ins.operands[1:3])
    return [f"{gen.dst(ins)} = (abs({a} - {b}) + {gen.src(ins.operands[3], kind)}) & {gen.mask(kind)}"]


@op("div", "rem")
def divide(gen, ins):
    kind = ins.parts[-1]
    a, b = (as_number(gen, o, kind) for o in ins.operands[1:3])
    function = gen.bind(_quotient if ins.parts[0] == "div" else _remainder, ins.parts[0])
    return [f"{gen.dst(ins)} = {function}({a}, {b}) & {gen.mask(kind)}"]


def _quotient(a, b):
    if b == 0:
        return -1  # unspecified by PTX; all ones is what the devices' division gives
    q = abs(a) // abs(b)
    return -q if (a < 0) != (b < 0) else q


def _remainder(a, b):
    return a if b == 0 else a - b * _quotient(a, b)


@op("abs", "neg")
def absolute(gen, ins):
    kind = ins.parts[-1]
    a = signed(gen.src(ins.operands[1], kind), width(kind))
    return [f"{gen.dst(ins)} = {'abs' if ins.parts[0] == 'abs' else '-'}({a}) & {gen.mask(kind)}"]


@op("min", "max")
def smaller(gen, ins):
    kind, what = ins.parts[-1], ins.parts[0]
    relu = (lambda text: f"max(0, {text})") if "relu" in ins.parts else (lambda text: text)
    if _packed(kind):
        return _halves(gen, ins, lambda a, b: relu(f"{what}({a}, {b})"))
    a, b = (as_number(gen, o, kind) for o in ins.operands[1:3])
    return [f"{gen.dst(ins)} = {relu(f'{what}({a}, {b})')} & {gen.mask(kind)}"]


@op("and", "or", "xor")
def logic(gen, ins):
    kind, sign = ins.parts[-1], {"and": "&", "or": "|", "xor": "^"}[ins.parts[0]]
    return [f"{gen.dst(ins)} = {gen.src(ins.operands[1], kind)} {sign} {gen.src(ins.operands[2], kind)}"]


@op("not")
def invert(gen, ins):
    kind = ins.parts[-1]
    if kind == "pred":
        return [f"{gen.dst(ins)} = not {gen.src(ins.operands[1], kind)}"]
    return [f"{gen.dst(ins)} = {gen.src(ins.operands[1], kind)} ^ {gen.mask(kind)}"]


@op("cnot")
def logical_not(gen, ins):
    return [f"{gen.dst(ins)} = 0 if {gen.src(ins.operands[1], ins.parts[-1])} else 1"]


@op("lop3")
def lop3(gen, ins):
    if ins.parts[1] != "b32":
        raise PtxError(f"line {ins.line}: unknown form '{ins.text}'")
    a, b, c = (gen.src(o, "b32") for o in ins.operands[1:4])
    table = int(ins.operands[4], 0)
    terms = []
    for k in range(8):
        if table >> k & 1:
            terms.append("(" + " & ".join(x if k & bit else f"~{x}" for x, bit in (("t", 4), ("u", 2), ("v", 1))) + ")")
    return [f"t = {a}", f"u = {b}", f"v = {c}", f"{gen.dst(ins)} = ({' | '.join(terms) or '0'}) & 0xFFFFFFFF"]


@op("shl", "shr")
def shift(gen, ins):
    kind = ins.parts[-1]
    bits, amount = width(kind), gen.src(ins.operands[2], "u32")
    amount = str(min(int(amount), bits)) if amount.isdigit() else f"min({amount}, {bits})"
    if ins.parts[0] == "shl":
        return [f"{gen.dst(ins)} = {gen.src(ins.operands[1], kind)} << {amount} & {gen.mask(kind)}"]
    if kind[0] == "s":
        return [f"{gen.dst(ins)} = {as_number(gen, ins.operands[1], kind)} >> {amount} & {gen.mask(kind)}"]
    return [f"{gen.dst(ins)} = {gen.src(ins.operands[1], kind)} >> {amount}"]


@op("shf")
def funnel(gen, ins):
    low, high, amount = (gen.src(o, "b32") for o in ins.operands[1:4])
    amount = f"({amount} & 31)" if ins.parts[2] == "wrap" else f"min({amount}, 32)"
    both = f"({high} << 32 | {low})"
    if ins.parts[1] == "l":
        return [f"{gen.dst(ins)} = {both} << {amount} >> 32 & 0xFFFFFFFF"]
    return [f"{gen.dst(ins)} = {both} >> {amount} & 0xFFFFFFFF"]


def _permute(a, b, selector):
    both, out = b << 32 | a, 0
    for i in range(4):
        s = selector >> 4 * i & 15
        byte = both >> 8 * (s & 7) & 255
        if s & 8:
            byte = 255 if byte & 128 else 0
        out |= byte << 8 * i
    return out


@op("prmt")
def permute(gen, ins):
    if ins.parts[1] != "b32":
        raise PtxError(f"line {ins.line}: unknown mode of prmt '{ins.text}'")
    a, b, selector = (gen.src(o, "b32") for o in ins.operands[1:4])
    if selector.isdigit() and not int(selector) & 0x8888:  # the usual case: bytes known when the text is made
        places = [int(selector) >> 4 * i & 7 for i in range(4)]
        terms = [f"({'t' if p < 4 else 'u'} >> {8 * (p & 3)} & 255) << {8 * i}" for i, p in enumerate(places)]
        return [f"t = {a}", f"u = {b}", f"{gen.dst(ins)} = {' | '.join(terms)}"]
    return [f"{gen.dst(ins)} = {gen.bind(_permute, 'prmt')}({a}, {b}, {selector})"]


def _bfe(bits, is_signed):
    def extract(a, position, length):
        position, length = position & 255, length & 255
        value = a >> position & ((1 << length) - 1)
        if is_signed and length:
            top = min(position + length - 1, bits - 1)
            if a >> top & 1:
                value |= -1 << min(length, max(bits - position, 0))
        return value & ((1 << bits) - 1)
    return extract


@op("bfe")
def bit_field_extract(gen, ins):
    kind = ins.parts[-1]
    a, position, length = gen.src(ins.operands[1], kind), *(gen.src(o, "u32") for o in ins.operands[2:4])
    return [f"{gen.dst(ins)} = {gen.bind(_bfe(width(kind), kind[0] == 's'), 'bfe_' + kind)}({a}, {position}, {length})"]


def _bfi(bits):
    def insert(a, b, position, length):
        position, length = position & 255, length & 255
        mask = ((1 << length) - 1) << position & ((1 << bits) - 1)
        return b & ~mask | a << position & mask
    return insert


@op("bfi")
def bit_field_insert(gen, ins):
    kind = ins.parts[-1]
    a, b = (gen.src(o, kind) for o in ins.operands[1:3])
    position, length = (gen.src(o, "u32") for o in ins.operands[3:5])
    if position.isdigit() and length.isdigit():
        mask = ((1 << (int(length) & 255)) - 1) << (int(position) & 255) & int(gen.mask(kind))
        return [f"{gen.dst(ins)} = {b} & {int(gen.mask(kind)) & ~mask} | {a} << {int(position) & 255} & {mask}"]
    return [f"{gen.dst(ins)} = {gen.bind(_bfi(width(kind)), 'bfi_' + kind)}({a}, {b}, {position}, {length})"]


@op("popc")
def population(gen, ins):
    return [f"{gen.dst(ins)} = {gen.paren(ins.operands[1], ins.parts[-1])}.bit_count()"]


@op("clz")
def leading_zeros(gen, ins):
    return [f"{gen.dst(ins)} = {width(ins.parts[-1])} - {gen.paren(ins.operands[1], ins.parts[-1])}.bit_length()"]


def _reverse(bits):
    def reverse(a):
        return int(format(a, f"0{bits}b")[::-1], 2)
    return reverse


@op("brev")
def bit_reverse(gen, ins):
    kind = ins.parts[-1]
    return [f"{gen.dst(ins)} = {gen.bind(_reverse(width(kind)), 'brev_' + kind)}({gen.src(ins.operands[1], kind)})"]


def _find(bits, is_signed, shift_amount):
    def find(a):
        if is_signed and a >> (bits - 1):
            a ^= (1 << bits) - 1
        if a == 0:
            return 0xFFFFFFFF
        place = a.bit_length() - 1
        return bits - 1 - place if shift_amount else place
    return find


@op("bfind")
def find_leading(gen, ins):
    kind, amount = ins.parts[-1], "shiftamt" in ins.parts
    function = gen.bind(_find(width(kind), kind[0] == "s", amount), f"bfind_{kind}_{amount}")
    return [f"{gen.dst(ins)} = {function}({gen.src(ins.operands[1], kind)})"]


def _dot(a_signed, b_signed, a_bits, count, b_offset):
    def dot(a, b, c):
        for i in range(count):
            x, y = a >> a_bits * i & ((1 << a_bits) - 1), b >> 8 * (i + b_offset) & 255
            c += (x - (1 << a_bits) if a_signed and x >> (a_bits - 1) else x) * (y - 256 if b_signed and y & 128 else y)
        return c & 0xFFFFFFFF
    return dot


@op("dp4a", "dp2a")
def dot_product(gen, ins):
    first, second = ins.parts[-2][0] == "s", ins.parts[-1][0] == "s"
    if ins.parts[0] == "dp4a":
        function = gen.bind(_dot(first, second, 8, 4, 0), f"dp4a_{first}_{second}")
    else:
        offset = 2 if ins.parts[1] == "hi" else 0
        function = gen.bind(_dot(first, second, 16, 2, offset), f"dp2a_{first}_{second}_{offset}")
    a, b, c = (gen.src(o, "b32") for o in ins.operands[1:4])
    return [f"{gen.dst(ins)} = {function}({a}, {b}, {c})"]


@op("szext")
def sign_extend(gen, ins):
    is_signed, clamp = ins.parts[-1] == "s32", ins.parts[1] == "clamp"

    def extend(a, n):
        n = min(n, 32) if clamp else n & 31
        value = a & ((1 << n) - 1)
        return (value | -1 << n) & 0xFFFFFFFF if is_signed and n and value >> (n - 1) else value
    name = gen.bind(extend, f"szext_{is_signed}_{clamp}")
    return [f"{gen.dst(ins)} = {name}({gen.src(ins.operands[1], 'b32')}, {gen.src(ins.operands[2], 'b32')})"]


@op("bmsk")
def bit_mask(gen, ins):
    a, b = (gen.src(o, "b32") for o in ins.operands[1:3])
    a, b = (f"min({x}, 32)" if ins.parts[1] == "clamp" else f"({x} & 31)" for x in (a, b))
    return [f"{gen.dst(ins)} = ((1 << {b}) - 1) << {a} & 0xFFFFFFFF"]
