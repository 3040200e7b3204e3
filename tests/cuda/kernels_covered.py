#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lists every kernel of the built PTX, and fails when one has neither a job nor a reason (tests/cuda/README.md, "Jobs").

  kernels_covered.py TABLE FOLDER [IMAGES]

TABLE has lines `kernel pattern | reason` of kernels that need no job; FOLDER has IMAGE.compute_XX.ptx and jobs/*.json; IMAGES the fat binaries
IMAGE.fatbin, each of which must have PTX (or a line `image IMAGE | reason`). A line of kernels that excuses nothing fails too.
Exit code 0 all covered, 1 something is not, 2 a table that cannot be read, 77 nothing was built."""
import fnmatch
import pathlib
import re
import sys

_ENTRY = re.compile(r"\.entry\s+([\w$]+)")
_RUN = re.compile(r'"ptx": "([^"]*)", "kernel": "([^"]*)"')
_HEAD = 4096  # bytes in which a job names its kernel


def read_table(text):
    rows = []
    for number, row in enumerate(text.split("\n"), 1):
        if row.strip() and not row.lstrip().startswith("#"):
            fields = [field.strip() for field in row.split("|")]
            if len(fields) != 2 or not all(fields):
                raise ValueError(f"line {number}: wanted are 'kernel pattern | reason', both filled")
            rows.append((number, *fields))
    return rows


def kernels_of(folder):
    """{kernel: names of the PTX files that have it}."""
    found = {}
    for file in sorted(folder.glob("*.ptx")):
        for kernel in _ENTRY.findall(file.read_text()):
            found.setdefault(kernel, []).append(file.name)
    return found


def jobs_of(folder):
    """{kernel: jobs that run it}."""
    found = {}
    for file in sorted((folder / "jobs").glob("*.json")):
        with file.open() as job:
            match = _RUN.search(job.read(_HEAD))
        if match and (folder / match.group(1)).exists():
            found.setdefault(match.group(2), []).append(file.stem)
    return found


def missing_images(folder, images):
    """Names "image IMAGE" of fat binaries without PTX."""
    with_ptx = {file.name.split(".compute_")[0] for file in folder.glob("*.ptx")}
    names = sorted({file.name[:-len(".fatbin")] for file in images.glob("*.fatbin") if not file.name.endswith(".ptx.fatbin")})
    return [f"image {name}" for name in names if name not in with_ptx]


def judge(rows, kernels, jobs, images):
    """(lines to show, lines of what is wrong)."""
    shown, wrong, used = [], [], set()
    for name, where in [*sorted(kernels.items()), *((image, ["no PTX"]) for image in images)]:
        excuses = [(number, reason) for number, pattern, reason in rows if fnmatch.fnmatchcase(name, pattern)]
        if name in jobs:
            shown.append(f"{name}: {', '.join(jobs[name])}")
        elif excuses:
            shown.append(f"{name}: no job: {excuses[0][1]}")
            used |= {number for number, _ in excuses}
        else:
            wrong.append(f"{name} ({', '.join(where)}) has neither a job nor a reason")
    # Which images there are hangs on what was built; kernels do not.
    wrong += [f"line {number} ({pattern}) excuses nothing" for number, pattern, _ in rows if number not in used and not pattern.startswith("image ")]
    return shown, wrong


def main(arguments):
    if len(arguments) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    folder = pathlib.Path(arguments[1])
    kernels = kernels_of(folder)
    if not kernels:
        print(f"kernels_covered: SKIPPED: there is no PTX in {folder}; the build of the CUDA backend writes it where nvcc is found")
        return 77
    try:
        rows = read_table(pathlib.Path(arguments[0]).read_text())
    except (OSError, ValueError) as error:
        print(f"kernels_covered: {arguments[0]}: {error}", file=sys.stderr)
        return 2
    images = missing_images(folder, pathlib.Path(arguments[2])) if len(arguments) == 3 else []
    shown, wrong = judge(rows, kernels, jobs_of(folder), images)
    for line in [*shown, *(f"WRONG: {one}" for one in wrong)]:
        print(f"kernels_covered: {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
