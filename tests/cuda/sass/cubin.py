# SPDX-License-Identifier: Apache-2.0
# Counts the opcodes of each kernel in a cubin (ELF, sm_75 and later: 128-bit instruction words, opcode in the low 9 bits) without a disassembler. Loads and
# stores of global memory are counted a second time by how far they go: LDG.GPU past the first-level cache (ld.cg), LDG.SYS past all that may be stale
# (ld.cv, volatile). Bits 77 to 80 say so; read off cubins of one such load each (units_test.py does it again).
import collections
import shutil
import struct
import subprocess
import tempfile
import pathlib

# Names as cuobjdump prints them. Read off cubins of known kernels; codes without a name are shown as numbers.
OPCODES = {
    0x023: "FFMA", 0x021: "FADD", 0x020: "FMUL", 0x02B: "DFMA", 0x029: "DADD", 0x028: "DMUL", 0x02A: "DSETP", 0x00B: "FSETP",
    0x031: "HFMA2", 0x035: "HFMA2.BF16", 0x030: "HADD2", 0x032: "HMUL2", 0x024: "IMAD", 0x025: "IMAD.WIDE", 0x027: "IMAD.HI", 0x010: "IADD3",
    0x012: "LOP3", 0x019: "SHF", 0x016: "PRMT", 0x026: "IDP", 0x109: "POPC", 0x100: "FLO", 0x101: "BREV", 0x108: "MUFU", 0x002: "MOV", 0x007: "SEL",
    0x00C: "ISETP", 0x011: "LEA", 0x017: "IMNMX", 0x03C: "HMMA", 0x037: "IMMA", 0x03F: "DMMA", 0x03D: "BMMA", 0x07A: "QMMA", 0x07F: "OMMA",
    0x1F0: "HGMMA", 0x1F1: "IGMMA", 0x1F3: "QGMMA", 0x03E: "F2FP", 0x104: "F2F", 0x105: "F2I", 0x106: "I2F", 0x181: "LDG", 0x186: "STG", 0x184: "LDS",
    0x188: "STS", 0x182: "LDC", 0x1A8: "ATOMG", 0x18E: "REDG", 0x189: "SHFL", 0x119: "S2R", 0x118: "NOP", 0x11D: "BAR", 0x147: "BRA", 0x14D: "EXIT",
    0x144: "CALL", 0x150: "RET", 0x15D: "NANOSLEEP", 0x03B: "LDSM", 0x180: "LD", 0x185: "ST", 0x1E9: "UTCBAR", 0x1ED: "STTM", 0x1EE: "LDTM",
}
# tcgen05.mma is one opcode; bits 72 and 73, and bit 63 of those of four bits, tell its kinds apart.
_TCGEN05 = 0x1EA
_TCGEN05_KINDS = {(0, 0): "UTCHMMA", (0, 1): "UTCOMMA", (1, 0): "UTCIMMA", (3, 0): "UTCQMMA"}
_SCOPED = (0x181, 0x186)
# Bits 77 to 80, before compute capability 8.0 and from it on.
_SCOPES = ({10: "GPU", 11: "SYS"}, {7: "GPU", 10: "SYS"})


class CubinError(Exception):
    """The file is no cubin this can read; names the file."""


def name_of(code):
    return OPCODES.get(code, f"0x{code:03x}")


def known_names():
    return {*OPCODES.values(), *_TCGEN05_KINDS.values(), *(f"{OPCODES[code]}.{scope}" for code in _SCOPED for scope in ("GPU", "SYS"))}


def capability(data):
    """Of the ELF header's flags: 75, 90, 120."""
    if len(data) < 64:
        raise CubinError("a cubin that is cut short")
    flags, = struct.unpack_from("<I", data, 0x30)
    return flags >> 8 & 0xFF if data[8] >= 8 else flags & 0xFF


def _count(data, at, size, scopes):
    found = collections.Counter()
    for low, high in struct.iter_unpack("<QQ", data[at:at + size]):
        code = low & 0x1FF
        found[_TCGEN05_KINDS.get((high >> 8 & 3, low >> 63), "UTC?MMA") if code == _TCGEN05 else name_of(code)] += 1
        if code in _SCOPED and (scope := scopes.get(high >> 13 & 15)):
            found[f"{name_of(code)}.{scope}"] += 1
    return found


def histograms(data, file="cubin"):
    """{kernel: Counter of opcode names} of the sections .text.<kernel>."""
    if data[:4] != b"\x7fELF" or len(data) < 64 or data[4] != 2:
        raise CubinError(f"{file} is no 64-bit ELF file: make it with nvcc -cubin -arch=sm_XX")
    if struct.unpack_from("<H", data, 18)[0] != 190:
        raise CubinError(f"{file} is ELF, but not for CUDA (machine 190)")
    try:
        start, = struct.unpack_from("<Q", data, 0x28)
        entry, count, names_at = struct.unpack_from("<HHH", data, 0x3A)
        sections = [struct.unpack_from("<IIQQQQIIQQ", data, start + i * entry) for i in range(count)]
        names = sections[names_at][4]
        found = {}
        for name_at, _, _, _, at, size, *_ in sections:
            name = data[names + name_at:data.index(b"\0", names + name_at)].decode()
            if name.startswith(".text."):
                found[name[6:]] = _count(data, at, size, _SCOPES[capability(data) >= 80])
        return found
    except (struct.error, IndexError, ValueError) as error:
        raise CubinError(f"{file} is cut short or broken: {error}") from None


def cubins(path):
    """[(name, bytes)] of a cubin, or of those in a fat binary, object or library where cuobjdump is on PATH."""
    path = pathlib.Path(path)
    data = path.read_bytes()
    if data[:4] == b"\x7fELF" and len(data) >= 20 and struct.unpack_from("<H", data, 18)[0] == 190:
        return [(path.name, data)]
    tool = shutil.which("cuobjdump")
    if tool is None:
        raise CubinError(f"{path} is no cubin, and cuobjdump, which takes cubins out of other files, is not on PATH: compile with nvcc -cubin -arch=sm_XX")
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([tool, "-xelf", "all", str(path.resolve())], cwd=folder, capture_output=True, text=True, check=False)
        found = [(one.name, one.read_bytes()) for one in sorted(pathlib.Path(folder).glob("*.cubin"))]
    if done.returncode != 0 or not found:
        raise CubinError(f"cuobjdump found no cubin in {path}: {done.stderr.strip()}")
    return found
