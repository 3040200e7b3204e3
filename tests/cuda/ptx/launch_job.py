# SPDX-License-Identifier: Apache-2.0
# One launch as JSON (README.md, "Jobs"): fills buffers and parameters, runs the kernel in the interpreter, and compares what it left with what is expected.
import hashlib
import json
import pathlib

import reader
from machine import Machine

_SIZES = {"u8": 1, "u16": 2, "u32": 4, "u64": 8}


class JobError(Exception):
    """The job itself is not in order; names the field."""


def number(value, where):
    try:
        return int(value, 0) if isinstance(value, str) else int(value)
    except (TypeError, ValueError):
        raise JobError(f"{where}: '{value}' is no whole number") from None


def _bytes_of(content, folder, addresses, where):
    """Bytes of {"hex"}, {"file"}, {"zero"}, {"u32"} and so on, {"address"} or {"struct"}; lists of numbers repeat the type."""
    if not isinstance(content, dict) or not content:
        raise JobError(f"{where}: an object like {{\"u32\": 1}} is wanted, not {content!r}")
    kind = next(iter(content))
    value = content[kind]
    if kind == "hex":
        return bytes.fromhex(value)
    if kind == "file":
        data = (folder / value).read_bytes()
        offset = number(content.get("offset", 0), where)
        return data[offset:offset + number(content["length"], where)] if "length" in content else data[offset:]
    if kind == "zero":
        return bytes(number(value, where))
    if kind == "struct":
        return b"".join(_bytes_of(one, folder, addresses, f"{where}[{i}]") for i, one in enumerate(value))
    if kind == "address":
        if value not in addresses:
            raise JobError(f"{where}: no buffer '{value}'")
        return (addresses[value] + number(content.get("plus", 0), where)).to_bytes(8, "little")
    if kind in _SIZES:
        size = _SIZES[kind]
        values = value if isinstance(value, list) else [value]
        return b"".join((number(one, where) & (1 << 8 * size) - 1).to_bytes(size, "little") for one in values)
    raise JobError(f"{where}: unknown content '{kind}'")


def _triple(value, where):
    values = [number(v, where) for v in (value if isinstance(value, list) else [value])]
    if not 1 <= len(values) <= 3 or any(v < 1 for v in values):
        raise JobError(f"{where}: one to three numbers above zero are wanted, not {value!r}")
    return tuple(values + [1] * (3 - len(values)))


def _allocate(machine, job, folder):
    """Addresses of all buffers; contents that hold addresses are filled once all are known."""
    addresses, sized = {}, []
    for name, content in job.get("buffers", {}).items():
        where = f"buffers.{name}"
        rough = _bytes_of(content, folder, _Anywhere(), where)
        size = number(content.get("bytes", len(rough)), where)
        if size < len(rough):
            raise JobError(f"{where}: {len(rough)} bytes of content in a buffer of {size}")
        addresses[name] = machine.allocate(name, size)
        sized.append((name, content, where))
    for name, content, where in sized:
        machine.image.append((addresses[name], _bytes_of(content, folder, addresses, where)))
    return addresses


class _Anywhere(dict):
    def __contains__(self, _name):
        return True

    def __missing__(self, _name):
        return 0


def _parameters(kernel, values, folder, addresses):
    """The parameter space: every value at its parameter's offset, of exactly its size."""
    if len(values) != len(kernel.parameters):
        raise JobError(f"parameters: kernel {kernel.name} takes {len(kernel.parameters)}, the job has {len(values)}")
    space = bytearray(kernel.parameter_bytes)
    for i, ((name, (offset, size)), value) in enumerate(zip(kernel.parameters.items(), values)):
        data = _bytes_of(value, folder, addresses, f"parameters[{i}]")
        if len(data) != size:
            raise JobError(f"parameters[{i}]: {name} has {size} bytes, not {len(data)}")
        space[offset:offset + size] = data
    return bytes(space)


def _difference(expected, machine, folder, addresses, where):
    """None, or one line that says where a buffer is not as expected."""
    name = expected.get("buffer")
    if name not in machine.buffers:
        raise JobError(f"{where}: no buffer '{name}'")
    offset = number(expected.get("offset", 0), where)
    if "sha256" in expected:
        length = number(expected.get("length", machine.buffers[name][1] - offset), where)
        got = hashlib.sha256(machine.read(name, offset, length)).hexdigest()
        return None if got == expected["sha256"] else f"{name}: sha256 {got} where {expected['sha256']} is expected"
    content = {k: v for k, v in expected.items() if k not in ("buffer", "offset")}
    wanted = _bytes_of(content, folder, addresses, where)
    if offset + len(wanted) > machine.buffers[name][1]:
        raise JobError(f"{where}: {len(wanted)} bytes at {offset} are more than buffer '{name}' has")
    got = machine.read(name, offset, len(wanted))
    if got == wanted:
        return None
    wrong = [i for i in range(0, len(wanted), 8) if got[i:i + 8] != wanted[i:i + 8]]
    i = wrong[0]
    return (f"{name}: {len(wrong)} of {(len(wanted) + 7) // 8} words differ, the first at byte {offset + i}: {got[i:i + 8][::-1].hex()} where "
            f"{wanted[i:i + 8][::-1].hex()} is expected")


def run_job(path, engine="native", cache=None):
    """(differences, machine) of a job file; JobError, PtxError or OSError where it could not run. Engine and cache as Machine has them."""
    path = pathlib.Path(path)
    try:
        job = json.loads(path.read_text())
    except ValueError as error:
        raise JobError(f"{path} is no JSON: {error}") from None
    unknown = set(job) - {"ptx", "kernel", "grid", "block", "dynamic_shared", "cluster", "smids", "nsmid", "limit", "inexact_sums", "buffers", "parameters", "expect", "about"}
    if unknown or not {"ptx", "kernel", "expect"} <= set(job) or not job["expect"]:
        raise JobError(f"{path}: " + (f"unknown fields {sorted(unknown)}" if unknown else "'ptx', 'kernel' and a filled 'expect' are needed"))
    folder = path.parent
    module = reader.parse((folder / job["ptx"]).read_text(), job["kernel"])
    machine = Machine(module, job["kernel"], _triple(job.get("grid", 1), "grid"), _triple(job.get("block", 32), "block"),
                      number(job.get("dynamic_shared", 0), "dynamic_shared"), bool(job.get("inexact_sums", False)), number(job["limit"], "limit") if "limit" in job else None,
                      engine, cache, number(job.get("cluster", 1), "cluster"))
    if "smids" in job:
        machine.smids = [number(one, "smids") for one in job["smids"]]
    machine.nsmid = number(job["nsmid"], "nsmid") if "nsmid" in job else None
    addresses = _allocate(machine, job, folder)
    machine.run(_parameters(module.kernels[job["kernel"]], job.get("parameters", []), folder, addresses))
    found = (_difference(one, machine, folder, addresses, f"expect[{i}]") for i, one in enumerate(job["expect"]))
    return [one for one in found if one], machine
