#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Opcode histograms of cubins made here, the rules held against them, and kernels that use the wrong unit (negative controls).
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "sass")]
from compiler import compiled, needs_nvcc  # noqa: E402
from cubin import CubinError, histograms  # noqa: E402
from units import RuleError, read_rules, unruled, violations  # noqa: E402


def kernels(architecture):
    found = {}
    sources = {"sm_75": ("mixed.cu", "loads.cu"), "sm_100a": ("mixed.cu", "loads.cu", "fifth_generation.cu")}
    for source in sources.get(architecture, ("mixed.cu", "matrix.cu", "loads.cu")):
        found.update(histograms(compiled(source, "cubin", architecture)[0].read_bytes()))
    return found


@needs_nvcc
class Units(unittest.TestCase):
    def test_samples_use_the_units_they_are_for(self):
        rules = read_rules((HERE / "sass" / "samples.units").read_text())
        for architecture in ("sm_75", "sm_80", "sm_89", "sm_90", "sm_100a"):
            with self.subTest(architecture=architecture):
                self.assertEqual(violations(rules, architecture, kernels(architecture)), [])

    def test_fp8_without_its_unit_is_told(self):
        """mma.sync of FP8 is emulated on sm_90: the rule for native FP8 must say so."""
        said = violations(read_rules("mma_e4m3 | sm_90 | QGMMA | HMMA F2FP | FP8 on Hopper is wgmma"), "sm_90", kernels("sm_90"))
        self.assertEqual([line.split(" wanted")[0] for line in said], ["mma_e4m3 on sm_90 has 0 QGMMA,", "mma_e4m3 on sm_90 has 2 HMMA,", "mma_e4m3 on sm_90 has 12 F2FP,"])

    def test_int4_without_its_unit_is_told(self):
        said = violations(read_rules("mma_s4 | sm_9* | IMMA | LOP3>=1 | INT4 matrices are native up to sm_89 only"), "sm_90", kernels("sm_90"))
        self.assertEqual(len(said), 1)
        self.assertIn("LOP3, wanted is none", said[0])

    def test_a_rule_that_meets_nothing_is_told(self):
        said = violations(read_rules("renamed_* | sm_* | FFMA | | why"), "sm_90", kernels("sm_90"))
        self.assertEqual(said, ["rule of line 1 (renamed_*) meets no kernel of sm_90"])

    def test_a_kernel_without_a_rule_is_told(self):
        self.assertEqual(unruled(read_rules("f* | sm_90 | DFMA | | why\nreduce | sm_80 | LDG | | why"), "sm_90", {"fma_chain": {}, "reduce": {}}),
                         ["no rule is for reduce of sm_90"])

    def test_wrong_rules_for_the_products_kernels_fail(self):
        """Negative control: each claim of kernels.units that the chip emulates what it does not have, turned round."""
        product = (HERE / "kernels.units").read_text()
        for architecture, kernel, sample, claim in (("sm_90", "mma_e4m3", "mma_e4m3", "FP8 on the matrix unit"), ("sm_90", "mma_int4", "mma_s4", "INT4 on the matrix unit")):
            row = next(line for line in product.split("\n") if line.endswith(claim))
            pattern, _, present, absent, why = (field.strip() for field in row.split("|"))
            wrong = read_rules(f"{sample} | {architecture} | {present.replace('>=24', '')} | {absent} LOP3 | {why}")
            self.assertTrue(violations(wrong, architecture, kernels(architecture)), f"{kernel} of {pattern} on {architecture} would pass")

    def test_the_program(self):
        cubin, program = compiled("mixed.cu", "cubin", "sm_90")[0], [sys.executable, "-B", str(HERE / "check_units.py")]
        with tempfile.NamedTemporaryFile("w", suffix=".units") as table:
            table.write("fma_chain | sm_90 | HMMA | | canary\n")
            table.flush()
            done = subprocess.run([*program, "--rules", table.name, f"sm_90={cubin}"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("fma_chain on sm_90 has 0 HMMA", done.stdout)
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "mixed.compute_90a.cubin").write_bytes(cubin.read_bytes())
            for rules, code, words in (("* | sm_90 | S2R LDG | | all of them\n", 0, "sm_90: 4 kernels held against 1 rules"), ("fma* | sm_90 | LDG | | two\n", 1, "no rule is for int_mix of sm_90")):
                table = pathlib.Path(folder) / "rules"
                table.write_text(rules)
                done = subprocess.run([*program, "--rules", str(table), folder], capture_output=True, text=True, check=False)
                self.assertEqual(done.returncode, code, done.stdout)
                self.assertIn(words, done.stdout)
        shown = subprocess.run([*program, "--show", str(cubin)], capture_output=True, text=True, check=False)
        self.assertRegex(shown.stdout, r"fma_chain: \d+ instructions: .*DFMA=5")


class BadInput(unittest.TestCase):
    def test_files_that_are_no_cubins(self):
        for data in (b"", b"\x7fELF", b"not a cubin" * 20):
            with self.assertRaises(CubinError):
                histograms(data)
        elf = bytearray(b"\x7fELF\x02\x01\x01" + bytes(57))
        elf[18:20] = (190).to_bytes(2, "little")
        elf[0x28:0x30] = (1 << 40).to_bytes(8, "little")
        elf[0x3A:0x40] = b"\x40\0\x02\0\x01\0"
        with self.assertRaises(CubinError):
            histograms(bytes(elf))

    def test_rules_that_cannot_be_read(self):
        for text, words in (("a | b", "line 1"), ("a | sm_90 | NOSUCH | | why", "unknown opcode 'NOSUCH'"), ("\na | sm_90 | FFMA>=x | | why", "line 2"),
                            ("a | sm_90 | FFMA | |", "the last filled")):
            with self.assertRaisesRegex(RuleError, words):
                read_rules(text)


if __name__ == "__main__":
    unittest.main()
