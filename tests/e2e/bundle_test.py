# SPDX-License-Identifier: Apache-2.0
"""The bundle runs where nothing of ours is installed: a root that has the C library, a shell and busybox, and none of our libraries.

Such a root is made from static programs and this machine's own glibc, entered with chroot in a mount namespace; where that is not allowed the test skips."""
import glob
import os
import pathlib
import shutil
import subprocess
import tarfile
import tempfile
import unittest

from fleet import SOURCE, main

GLIBC = ("ld-linux-x86-64.so.2", "libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libresolv.so.2")
TOOLS = ("bash-static", "busybox")


def can_make_a_root():
    if os.geteuid() != 0 or os.uname().machine != "x86_64":
        return "needs root on x86-64"
    for tool in (*TOOLS, "patchelf"):
        if shutil.which(tool) is None:
            return f"needs {tool}: ./dev test installs it"
    if subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False).returncode != 0:
        return "needs mount namespaces"
    return ""


def bare_root(folder):
    for name in ("bin", "lib64", "lib", "usr", "proc", "sys", "dev", "tmp", "etc", "opt"):
        (folder / name).mkdir()
    (folder / "usr/bin").mkdir()
    (folder / "lib/x86_64-linux-gnu").mkdir()
    (folder / "etc/passwd").write_text("root:x:0:0:root:/:/bin/sh\n")
    shutil.copy(shutil.which("bash-static"), folder / "bin/bash")
    shutil.copy(shutil.which("busybox"), folder / "bin/busybox")
    for applet in subprocess.run([folder / "bin/busybox", "--list"], capture_output=True, text=True, check=True).stdout.split():
        if applet != "busybox" and not (folder / "bin" / applet).exists():
            (folder / "bin" / applet).symlink_to("busybox")
    (folder / "usr/bin/env").symlink_to("/bin/busybox")
    for name in GLIBC:
        found = glob.glob(f"/lib/x86_64-linux-gnu/{name}") + glob.glob(f"/lib64/{name}")
        shutil.copy(found[0], folder / ("lib64" if name.startswith("ld-") else "lib/x86_64-linux-gnu") / name)


def enter(folder, command):
    """A command inside the root, with the kernel's file systems."""
    mounts = " && ".join(f'mount --rbind /{name} "$0/{name}"' for name in ("proc", "sys", "dev"))
    return ["unshare", "-m", "sh", "-c", f'{mounts} && exec chroot "$0" /bin/bash -c "$1"', str(folder), command]


@unittest.skipIf(can_make_a_root(), can_make_a_root())
class Bundle(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        built = subprocess.run([SOURCE / "dev", "bundle"], capture_output=True, text=True, check=False)
        if built.returncode != 0:
            raise AssertionError(f"./dev bundle ends with {built.returncode}:\n{built.stderr[-2000:]}")
        tarball = sorted((SOURCE / "build").glob("assay-*-linux-x86_64.tar.gz"))[-1]
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="assay-bundle-"))
        bare_root(cls.folder)
        with tarfile.open(tarball) as archive:
            archive.extractall(cls.folder / "opt")
        cls.home = "/opt/" + tarball.name.removesuffix(".tar.gz")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder, ignore_errors=True)

    def inside(self, command, seconds):
        return subprocess.run(enter(self.folder, command), capture_output=True, text=True, timeout=seconds, check=False)

    def test_the_root_has_none_of_the_libraries(self):
        held = {path.name for path in self.folder.rglob("*.so*") if "/opt/" not in str(path)}
        self.assertEqual(held, set(GLIBC))

    def test_every_program_starts(self):
        for program in ("assay-agent", "assay-collector", "assay-probe-runner", "assayctl"):
            done = self.inside(f"{self.home}/bin/{program} --version", 30)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn((SOURCE / "VERSION").read_text().strip(), done.stdout)

    def test_nothing_of_ours_comes_from_elsewhere(self):
        # The loader's own account: each library is the C library's or lies in the bundle.
        done = self.inside(f"LD_TRACE_LOADED_OBJECTS=1 {self.home}/bin/assay-collector", 30)
        for line in filter(None, done.stdout.splitlines()):
            name = line.split()[0].rsplit("/", 1)[-1]
            self.assertTrue(self.home in line or name in GLIBC or name.startswith("linux-vdso"), line)

    def test_the_drill_goes_all_the_way(self):
        done = self.inside(f"cd {self.home} && ./assay-demo --drill --for 30 --no-color", 120)
        self.assertEqual(done.returncode, 0, done.stdout[-3000:] + done.stderr[-3000:])
        self.assertIn("drill complete", done.stdout)

    def test_a_wrong_option_says_so(self):
        done = self.inside(f"{self.home}/assay-demo --nodes zero", 30)
        self.assertEqual(done.returncode, 64)
        self.assertIn("--nodes needs a whole number", done.stderr)


if __name__ == "__main__":
    main()
