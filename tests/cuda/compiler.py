# SPDX-License-Identifier: Apache-2.0
# Finds nvcc and compiles samples for the tests of this folder; a test without nvcc is skipped by name.
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

SAMPLES = pathlib.Path(__file__).resolve().parent / "ptx" / "samples"


def nvcc():
    """The compiler: $ASSAY_NVCC, or the one on PATH, or none."""
    return os.environ.get("ASSAY_NVCC") or shutil.which("nvcc") or shutil.which("nvcc", path="/usr/local/cuda/bin")


needs_nvcc = unittest.skipUnless(nvcc(), "nvcc is not installed: put it on PATH or name it in ASSAY_NVCC")


def compiled(source, kind, architecture, *options):
    """(path, what the compiler said) of a sample made with -ptx or -cubin; the folder lives as long as the process."""
    if not hasattr(compiled, "folder"):
        compiled.folder = tempfile.TemporaryDirectory(prefix="assay-ptx-")
        compiled.made = {}
    key = (source, kind, architecture, options)
    if key not in compiled.made:
        out = pathlib.Path(compiled.folder.name) / f"{pathlib.Path(source).stem}-{architecture}-{len(compiled.made)}.{kind}"
        done = subprocess.run([nvcc(), f"-{kind}", f"-arch={architecture}", "-std=c++17", *options, "-o", str(out), str(SAMPLES / source)],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(f"nvcc refused {source} for {architecture}: {done.stderr.strip()}")
        compiled.made[key] = (out, done.stderr + done.stdout)
    return compiled.made[key]
