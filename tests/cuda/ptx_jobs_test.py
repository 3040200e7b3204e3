#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# What run_ptx.py says of a job: as expected, a difference with its place, or what is not in order.
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "ptx")]
from compiler import compiled, needs_nvcc  # noqa: E402

COLLATZ = [1, 2, 3, 4, 5, 6, 7, 8]
TURNS = [0, 1, 7, 2, 5, 8, 16, 3]


def sample_job(folder):
    """A job of kernel `reduce` over numbers whose Collatz lengths are well known, 16 times each."""
    shutil.copy(compiled("mixed.cu", "ptx", "compute_90")[0], folder / "mixed.ptx")
    total, odd = 16 * sum(TURNS), sum(1 << lane for lane in range(32) if TURNS[lane % 8] & 1)
    return {"ptx": "mixed.ptx", "kernel": "reduce", "grid": 1, "block": [128], "limit": 1000000,
            "buffers": {"in": {"u32": COLLATZ * 16}, "out": {"zero": 12}, "table": {"struct": [{"address": "in"}, {"u64": 7}]}},
            "parameters": [{"address": "in"}, {"address": "out"}],
            "expect": [{"buffer": "out", "struct": [{"u32": total}, {"u32": odd}]}, {"buffer": "out", "offset": 8, "u32": total}, {"buffer": "table", "offset": 8, "u64": 7}]}


@needs_nvcc
class Jobs(unittest.TestCase):
    def judged(self, change=None):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            job = sample_job(folder)
            if change:
                change(job)
            (folder / "job.json").write_text(json.dumps(job))
            done = subprocess.run([sys.executable, "-B", str(HERE / "run_ptx.py"), str(folder)], capture_output=True, text=True, check=False)
            return done.returncode, done.stdout

    def test_a_right_job_is_as_expected(self):
        code, said = self.judged()
        self.assertEqual((code, "as expected" in said), (0, True), said)

    def test_a_wrong_golden_is_told_with_its_place(self):
        code, said = self.judged(lambda job: job["expect"][1].update(u32=12345))
        self.assertEqual(code, 1)
        self.assertRegex(said, r"DIFFERS: out: 1 of 1 words differ, the first at byte 8: 000002a0 where 00003039 is expected")

    def test_jobs_not_in_order_are_named(self):
        for change, words in ((lambda job: job.update(kernel="none"), "no kernel 'none'"), (lambda job: job.pop("expect"), "'expect' are needed"),
                              (lambda job: job["parameters"].pop(), "takes 2, the job has 1"), (lambda job: job.update(blok=1), "unknown fields"),
                              (lambda job: job["parameters"].append({"u32": 1}), "takes 2"), (lambda job: job["expect"].append({"buffer": "x", "u32": 1}), "no buffer 'x'")):
            code, said = self.judged(change)
            self.assertIn(code, (1, 2))
            self.assertIn(words, said)


if __name__ == "__main__":
    unittest.main()
