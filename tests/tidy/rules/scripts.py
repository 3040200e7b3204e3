# SPDX-License-Identifier: Apache-2.0
# Shell scripts pass shellcheck, and ./dev knows its verbs and what it would install.
import os
import re

from tree import Finding, Rule, call, tool

VERBS = ("up", "test", "build", "check", "fmt", "lint", "bench", "sim", "fuzz", "golden", "pack", "help")


def _is_shell(path, text):
    return bool(re.match(r"#!\s*/(usr/)?bin/(env )?(ba|da)?sh\b", text)) or path.endswith((".sh", ".bash"))


class Scripts(Rule):
    name = "shellcheck"

    def check(self, tree):
        shellcheck, found = tool("shellcheck"), []
        paths = sorted(p for p, t in tree.texts.items() if _is_shell(p, t))
        if not paths:
            return found
        with tree.on_disk() as root:
            _, said = call([shellcheck, "--shell=bash", "--external-sources", "--format=gcc", "--severity=style", *paths], folder=root)
        for line in said.splitlines():
            match = re.match(r"([^:]+):(\d+):\d+: (.*)", line)
            found.append(Finding(match.group(1), int(match.group(2)), match.group(3)) if match else Finding("shellcheck", 0, line))
        return found

    def canaries(self):
        return {"unquoted": {"dev": "#!/usr/bin/env bash\nrm -rf $1/*\n"}, "syntax": {"a.sh": "if true; then\n"}}


class DevScript(Rule):
    """./dev help names every verb, and a dry run names what it would install without touching anything."""

    name = "dev"

    def check(self, tree):
        if "dev" not in tree.texts:
            return []
        found = []
        with tree.on_disk() as root:
            rc, said = call(["bash", "./dev", "help"], folder=root)
            for verb in VERBS:
                if rc != 0 or not re.search(rf"^  \./dev {verb}\b", said, re.MULTILINE):
                    found.append(Finding("dev", 1, f"./dev help does not explain '{verb}'"))
            rc, said = call(["bash", "./dev", "no-such-verb"], folder=root)
            if rc != 64 or "no-such-verb" not in said:
                found.append(Finding("dev", 1, "an unknown verb must be named and end with exit code 64"))
            env = {**os.environ, "ASSAY_DRY_RUN": "1", "ASSAY_PRETEND_MISSING": "ninja-build shellcheck prometheus"}
            rc, said = call(["bash", "./dev", "test"], folder=root, env=env)
            for words in (r"missing.*\n(.*\n)*.*ninja-build", r"would run: .*apt-get .*install .*ninja-build", r"would run: .*cmake --preset dev",
                          r"would run: .*ctest"):
                if rc != 0 or not re.search(words, said):
                    found.append(Finding("dev", 1, f"a dry run of ./dev test does not say /{words}/"))
        return found

    def canaries(self):
        return {"empty": {"dev": "#!/usr/bin/env bash\nexit 0\n"}}
