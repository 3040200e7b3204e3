#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# The report of registers and spills: on what ptxas says of the samples, and of a kernel that is made to spill.
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "sass")]
from compiler import compiled, needs_nvcc  # noqa: E402
from ptxas_log import LogError, read_allowances, read_log  # noqa: E402

LOG = """ptxas info    : 0 bytes gmem, 32 bytes cmem[3]
ptxas info    : Compiling entry function 'fma' for 'sm_90a'
ptxas info    : Function properties for fma
    8 bytes stack frame, 12 bytes spill stores, 16 bytes spill loads
ptxas info    : Used 40 registers, used 1 barriers, 512 bytes smem, 368 bytes cmem[0]
ptxas info    : Compiling entry function 'gemm' for 'sm_75'
ptxas info    : Function properties for gemm
    0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
ptxas info    : Used 255 registers, 1024+0 bytes smem
"""


def report(log, *options, allow=None, measured=None):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "log").write_text(log)
        extra = list(options)
        for flag, text in (("--allow", allow), ("--measured", measured)):
            if text is not None:
                (folder / flag.strip("-")).write_text(text)
                extra += [flag, str(folder / flag.strip("-"))]
        done = subprocess.run([sys.executable, "-B", str(HERE / "ptxas_report.py"), *extra, str(folder / "log")], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr


class Report(unittest.TestCase):
    def test_reads_a_log(self):
        fma, gemm = read_log(LOG)
        self.assertEqual((fma.kernel, fma.architecture, fma.registers, fma.shared, fma.stack, fma.spill_stores, fma.spill_loads), ("fma", "sm_90a", 40, 512, 8, 12, 16))
        self.assertEqual((gemm.registers, gemm.shared, gemm.spills()), (255, 1024, 0))

    def test_a_spill_fails_unless_it_is_explained(self):
        self.assertEqual(report(LOG)[0], 1)
        self.assertIn("fma on sm_90a spills 12 bytes to memory and 16 back, allowed are 0", report(LOG)[2])
        self.assertEqual(report(LOG, allow="fma | sm_9* | 28 | prologue only\n")[0], 0)
        self.assertEqual(report(LOG, allow="fma | sm_9* | 27 | prologue only\n")[0], 1)
        self.assertIn("is not needed", report(LOG, allow="fma | sm_9* | 28 | prologue\ngemm | * | 4 | was needed once\n")[2])

    def test_the_table_says_what_has_not_run(self):
        _, table, _ = report(LOG, "--markdown", measured=json.dumps({"gemm on sm_75": {"device": "T4", "rate": "1 TFLOP/s", "share": "50 %"}}))
        self.assertIn("| `fma` | sm_90a | yes | 40 | 512 | 28 | not run on silicon | not run on silicon | not run on silicon |", table)
        self.assertIn("| `gemm` | sm_75 | yes | 255 | 1024 | 0 | T4 | 1 TFLOP/s | 50 % |", table)

    def test_registers_are_a_line_a_kernel(self):
        _, table, _ = report(LOG, "--registers")
        self.assertIn("| kernel | sm_75 | sm_90a |", table)
        self.assertIn("| `fma` | - | 40, spills 28 |", table)
        self.assertIn("| `gemm` | 255 | - |", table)

    def test_bad_files_are_named(self):
        with self.assertRaisesRegex(LogError, "-Xptxas -v"):
            read_log("nothing")
        with self.assertRaisesRegex(LogError, "cut short: no registers of gemm"):
            read_log(LOG[:LOG.rindex("ptxas")])
        with self.assertRaisesRegex(LogError, "line 1"):
            read_allowances("fma | sm_90 | 4 |")
        self.assertEqual(report("nothing")[0], 2)


@needs_nvcc
class FromTheCompiler(unittest.TestCase):
    def test_samples_do_not_spill(self):
        for architecture in ("sm_75", "sm_90"):
            code, _, said = report(compiled("mixed.cu", "cubin", architecture, "-Xptxas", "-v")[1])
            self.assertEqual((code, "4 kernels, 0 with spills" in said), (0, True), said)

    def test_a_kernel_that_spills_is_found(self):
        code, _, said = report(compiled("spilling.cu", "cubin", "sm_90", "-Xptxas", "-v", "-maxrregcount=24")[1])
        self.assertEqual(code, 1)
        self.assertRegex(said, r"spilling on sm_90 spills \d+ bytes")


if __name__ == "__main__":
    unittest.main()
