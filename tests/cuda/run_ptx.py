#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs jobs (tests/cuda/README.md) in the PTX interpreter: one line a job.

  run_ptx.py [--if-built] [--python] [--cache FOLDER] JOB.json|FOLDER...

--if-built: jobs that are not there were not built, and are no fault. --python: without machine code. --cache: keeps machine code in a folder.
Exit code 0 all as expected, 1 a difference or a kernel that could not run, 2 a job that is not in order, 77 no job was named."""
import argparse
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "ptx"))
from launch_job import JobError, run_job  # noqa: E402
from reader import PtxError  # noqa: E402


def run(path, engine, cache):
    begun = time.monotonic()
    try:
        differences, machine = run_job(path, engine, cache)
    except PtxError as error:
        print(f"{path}: FAILED: {error}")
        return 1
    except (JobError, OSError, ValueError) as error:
        print(f"{path}: not in order: {error}")
        return 2
    took = time.monotonic() - begun
    if differences:
        print(f"{path}: DIFFERS: " + "; ".join(differences))
        return 1
    print(f"{path}: as expected, {machine.instructions:,} instructions of lanes in {took:.1f} s ({machine.engine})")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--if-built", action="store_true")
    parser.add_argument("--python", action="store_true")
    parser.add_argument("--cache")
    parser.add_argument("names", nargs="*")
    asked = parser.parse_args()
    names = [name for name in asked.names if not asked.if_built or pathlib.Path(name).exists()]
    jobs = [job for name in names for job in ([name] if name.endswith(".json") else sorted(pathlib.Path(name).glob("**/*.json")))]
    if not jobs:
        print("run_ptx: SKIPPED: there are no jobs; the build of the CUDA backend writes them where nvcc is found")
        return 77
    return max(run(job, "python" if asked.python else "native", asked.cache) for job in jobs)


if __name__ == "__main__":
    sys.exit(main())
