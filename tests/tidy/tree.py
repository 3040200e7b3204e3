# SPDX-License-Identifier: Apache-2.0
# The files a rule looks at: this source tree, or a few made-up files for a canary. Also how rules call other programs.
import contextlib
import os
import pathlib
import shutil
import subprocess
import tempfile
from dataclasses import dataclass

SKIPPED_FOLDERS = {".git", "build", ".cache", "__pycache__"}
BINARY = {".pb", ".bin", ".png", ".jpg", ".ico", ".gz", ".woff2", ".pyc"}


@dataclass(frozen=True)
class Finding:
    path: str
    line: int
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.text}"


class MissingTool(Exception):
    pass


class Tree:
    """Texts by path relative to the root. A tree of made-up files is written to a folder only when a rule asks for one."""

    def __init__(self, texts, root=None):
        self.texts = texts
        self.root = root

    @staticmethod
    def of(texts):
        return Tree(dict(texts))

    @staticmethod
    def load(root):
        texts = {}
        for folder, folders, names in os.walk(root):
            folders[:] = sorted(f for f in folders if f not in SKIPPED_FOLDERS)
            for name in sorted(names):
                path = pathlib.Path(folder) / name
                if path.suffix in BINARY or name.endswith(".swp") or path.is_symlink():
                    continue
                with contextlib.suppress(UnicodeDecodeError):
                    texts[str(path.relative_to(root))] = path.read_text(encoding="utf-8")
        return Tree(texts, root)

    def matching(self, *suffixes, under=""):
        return {p: t for p, t in self.texts.items() if p.endswith(suffixes) and p.startswith(under)}

    def has(self, path):
        """Whether a file or folder of that path is in the tree."""
        path = path.rstrip("/")
        return path in self.texts or any(p.startswith(path + "/") for p in self.texts)

    @contextlib.contextmanager
    def on_disk(self):
        if self.root is not None:
            yield pathlib.Path(self.root)
            return
        with tempfile.TemporaryDirectory(prefix="assay-tidy-") as folder:
            for path, text in self.texts.items():
                target = pathlib.Path(folder) / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8")
            yield pathlib.Path(folder)


def tool(name):
    """The path of a program; MissingTool when it is not there."""
    found = shutil.which(name)
    if not found:
        raise MissingTool(name)
    return found


def call(arguments, folder=None, env=None):
    """Exit code and everything the program said, bounded in time."""
    done = subprocess.run(arguments, cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout + done.stderr


class Rule:
    """One rule. check() gives findings; canaries() are trees that must give at least one; fine() are trees that must give none."""

    name = ""

    def check(self, tree):
        raise NotImplementedError

    def canaries(self):
        raise NotImplementedError

    def fine(self):
        return {}
