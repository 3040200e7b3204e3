#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The probes preset on a machine that has a compiler and CMake alone (docs/operations/bare-machine.md): it configures, builds what it promises, takes fmt
and GoogleTest from the folders that are named, and no source of it includes a library that is not there. Nothing is compiled."""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
# What the whole product needs and probes must not.
PACKAGES = ("Boost", "CLI11", "GTest", "OpenSSL", "PkgConfig", "Protobuf", "SQLite3", "benchmark", "fmt", "nlohmann_json", "prometheus-cpp", "tomlplusplus")
HEADERS = re.compile(r"(boost|openssl|google|nlohmann|prometheus|CLI|toml\+\+|benchmark)/.*|sqlite3\.h|.*\.pb\.h")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
# One source of each part that is promised.
PROMISED = (
    "probes/runner/main.cpp", "probes/backend/host/frame.cpp", "probes/backend/opencl/library.cpp", "probes/backend/simulated/library.cpp",
    "probes/backend/cuda/launcher.cpp", "probes/tool/golden_tool.cpp", "tests/contract/probes/runner_test.cpp", "tests/contract/opencl/runner_test.cpp",
    "tests/contract/goldens/golden_contract_test.cpp", "tests/unit/cuda/launcher_test.cpp", "tests/bench/opencl_bench.cpp")
PROMISED_WITH_NVCC = ("probes/backend/cuda/entry.cpp", "tests/gpu/rate_test.cpp")


def stand_ins(folder):
    """Folders that look like the sources of fmt and GoogleTest, as far as CMake looks at them."""
    header = folder / "fmt/include/fmt/format.h"
    header.parent.mkdir(parents=True)
    header.touch()
    mock = folder / "googletest/googlemock/CMakeLists.txt"
    mock.parent.mkdir(parents=True)
    mock.touch()
    (folder / "googletest/CMakeLists.txt").write_text(
        "foreach(name gtest gmock)\n  add_library(${name} INTERFACE)\n"
        '  target_include_directories(${name} SYSTEM INTERFACE "${CMAKE_CURRENT_SOURCE_DIR}/include")\nendforeach()\n')
    return header.parents[1], folder / "googletest"


def closure(sources, root):
    """{path: who includes it} of all files of ours that the sources include, and [(path, header)] of every <header>."""
    seen, todo, foreign = set(), list(sources), []
    while todo:
        path = todo.pop()
        if path in seen or not (root / path).is_file():
            continue
        seen.add(path)
        for bracket, target in INCLUDE.findall((root / path).read_text(errors="replace")):
            if bracket == '"':
                todo.append(target)
            foreign.append((path, target))
    return seen, foreign


def forbidden(foreign):
    return sorted({f"{path} includes <{header}>" for path, header in foreign if HEADERS.fullmatch(header)})


class ProbesOnly(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        folder = pathlib.Path(cls.temporary.name)
        cls.fmt, cls.googletest = stand_ins(folder)
        cls.build = folder / "build"
        command = [os.environ.get("ASSAY_CMAKE", "cmake"), "-S", str(ROOT), "-B", str(cls.build), "-G", os.environ.get("ASSAY_GENERATOR", "Ninja"),
                   "-DCMAKE_BUILD_TYPE=Release", "-DASSAY_PROBES_ONLY=ON", "-DASSAY_WERROR=ON", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON",
                   f"-DASSAY_FMT_INCLUDE_DIR={cls.fmt}", f"-DASSAY_GTEST_SOURCE_DIR={cls.googletest}"]
        command += [f"-DCMAKE_DISABLE_FIND_PACKAGE_{package}=ON" for package in PACKAGES]
        cls.done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        listed = cls.build / "compile_commands.json"
        cls.commands = json.loads(listed.read_text()) if listed.is_file() else []

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def sources(self):
        """Those of the tree, by their path from its root: generated ones are made of nothing else."""
        files = [pathlib.Path(one["file"]) for one in self.commands]
        return sorted({str(file.relative_to(ROOT)) for file in files if file.is_relative_to(ROOT)})

    def test_configures_without_the_packages_of_the_product(self):
        self.assertEqual(self.done.returncode, 0, self.done.stdout[-4000:])

    def test_builds_what_is_promised(self):
        promised = PROMISED + (PROMISED_WITH_NVCC if "CUDA backend: nvcc" in self.done.stdout else ())
        self.assertEqual(sorted(set(promised) - set(self.sources())), [])

    def test_includes_no_library_that_is_not_there(self):
        _, foreign = closure(self.sources(), ROOT)
        self.assertGreater(len(foreign), 1000)
        self.assertEqual(forbidden(foreign), [])

    def test_takes_fmt_and_googletest_from_the_named_folders(self):
        for one in self.commands:
            file = pathlib.Path(one["file"])
            words = one["command"].split()
            if file.is_relative_to(ROOT / "tests") and file.name.endswith("_test.cpp"):
                self.assertIn(str(self.googletest / "include"), words, file)
            if file.is_relative_to(ROOT) and file.suffix == ".cpp" and any(target == "fmt/format.h" for _, target in closure([str(file.relative_to(ROOT))], ROOT)[1]):
                self.assertIn(str(self.fmt), words, file)
                self.assertIn("-DFMT_HEADER_ONLY=1", words, file)

    def test_links_nothing_of_what_is_not_there(self):
        rules = "".join(file.read_text(errors="replace") for pattern in ("build.ninja", "**/link.txt") for file in self.build.glob(pattern))
        self.assertIn("assay-probe-runner", rules)
        self.assertEqual(re.findall(r"(?:-l|/lib)(?:fmt|ssl|crypto|sqlite3|protobuf|prometheus\w*|gtest|gmock|benchmark|boost_\w+)\b[.\w]*", rules), [])


class Canary(unittest.TestCase):
    """What the checks above look for is found when it is planted."""

    def test_a_forbidden_header_behind_a_header_of_ours_is_found(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "a.cpp").write_text('#include "b.h"\n#include <vector>\n')
            (root / "b.h").write_text("#  include <openssl/evp.h>\n")
            self.assertEqual(forbidden(closure(["a.cpp"], root)[1]), ["b.h includes <openssl/evp.h>"])


if __name__ == "__main__":
    unittest.main()
