# SPDX-License-Identifier: Apache-2.0
"""Just enough protobuf to write reports by hand, as an attacker or another implementation would (docs/reference/wire.md)."""
import struct
import time


def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while True:
        out.append(value & 0x7F | (0x80 if value > 0x7F else 0))
        value >>= 7
        if not value:
            return bytes(out)


def field(number, value):
    """One field: int -> varint, str/bytes -> length-delimited, float -> double."""
    if isinstance(value, bool):
        value = int(value)
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    if isinstance(value, float):
        return varint(number << 3 | 1) + struct.pack("<d", value)
    if isinstance(value, str):
        value = value.encode()
    return varint(number << 3 | 2) + varint(len(value)) + value


def device(device_id, units=(0, 1)):
    body = field(1, device_id) + field(4, "made-up model") + field(5, "x86_64/made-up/1/1")
    body += field(8, b"".join(varint(unit) for unit in units))
    return field(1, body) + field(2, 1)


def report(node, stream, sequence, devices=(), observations=(), incidents=(), extra=b""):
    body = field(1, node) + field(2, stream) + field(3, sequence) + field(4, "boot") + field(5, "0.0.0")
    body += field(6, time.time_ns()) + field(7, time.monotonic_ns())
    for one in devices:
        body += field(8, one)
    for one in observations:
        body += field(9, one)
    for one in incidents:
        body += field(10, one)
    return body + extra


def probe_ref(probe, version=1):
    return field(1, probe) + field(2, version)


def unit_result(unit=0, first_set=0, set_count=1, runs=1, mismatches=0, outcome=0, reason=0, fold=bytes(16)):
    return (field(1, unit) + field(2, first_set) + field(3, set_count) + field(4, runs) + field(5, mismatches) + field(6, outcome)
            + field(7, reason) + field(8, fold) + field(9, 1_000_000))


def observation(device_id, probe, units, version=1):
    body = field(1, device_id) + field(2, probe_ref(probe, version)) + field(3, "avx2") + field(5, time.time_ns()) + field(6, 1_000_000)
    return body + b"".join(field(8, unit) for unit in units)


def read_fields(data):
    """The fields of a message as {number: [values]}; varints as int, the rest as bytes."""
    out, at = {}, 0

    def number():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(data):
        key = number()
        kind = key & 7
        if kind == 0:
            value = number()
        else:
            size = {1: 8, 5: 4}.get(kind) or number()
            value = data[at:at + size]
            at += size
        out.setdefault(key >> 3, []).append(value)
    return out
