#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# kernels_covered.py: a kernel without a job, an image without PTX and a line without use are told.
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent


class Covered(unittest.TestCase):
    def judged(self, table, kernels=("a_kernel", "b_bare"), jobs=("a_kernel",), images=("one",)):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "jobs").mkdir()
            (folder / "cuda").mkdir()
            (folder / "table").write_text(table)
            if kernels:
                (folder / "one.compute_90.ptx").write_text("".join(f".visible .entry {kernel}(\n.param .u64 p)\n{{ret;}}\n" for kernel in kernels))
            for job in jobs:
                (folder / "jobs" / f"{job}.json").write_text(f'{{"about": "x", "ptx": "{folder}/one.compute_90.ptx", "kernel": "{job}", "grid": [1]}}')
            for image in images:
                (folder / "cuda" / f"{image}.fatbin").write_text("")
                (folder / "cuda" / f"{image}.ptx.fatbin").write_text("")
            done = subprocess.run([sys.executable, "-B", str(HERE / "kernels_covered.py"), str(folder / "table"), str(folder), str(folder / "cuda")],
                                  capture_output=True, text=True, check=False)
            return done.returncode, done.stdout + done.stderr

    def test_a_job_or_a_reason_is_enough(self):
        code, said = self.judged("# steps alone\n*_bare | no frame\n")
        self.assertEqual(code, 0, said)
        self.assertIn("a_kernel: a_kernel", said)
        self.assertIn("b_bare: no job: no frame", said)

    def test_what_is_not_covered_is_told(self):
        for table, change, words in (("", {}, "b_bare (one.compute_90.ptx) has neither a job nor a reason"),
                                     ("*_bare | x\n", {"jobs": ()}, "a_kernel (one.compute_90.ptx) has neither"),
                                     ("*_bare | x\n*_random | y\n", {}, "line 2 (*_random) excuses nothing"),
                                     ("*_bare | x\na_* | y\n", {}, "line 2 (a_*) excuses nothing"),
                                     ("*_bare | x\n", {"images": ("one", "two")}, "image two (no PTX) has neither")):
            code, said = self.judged(table, **change)
            self.assertEqual(code, 1, said)
            self.assertIn(words, said)

    def test_nothing_built_and_a_bad_table(self):
        self.assertEqual(self.judged("", kernels=())[0], 77)
        code, said = self.judged("*_bare\n")
        self.assertEqual(code, 2)
        self.assertIn("line 1: wanted are", said)


if __name__ == "__main__":
    unittest.main()
