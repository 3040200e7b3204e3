# SPDX-License-Identifier: Apache-2.0
# systemd units, sysusers.d and tmpfiles.d: understood by systemd, and no less closed than a known exposure level.
import os
import re
import shutil
import tempfile
import pathlib

from tree import Finding, Rule, call, tool

UNITS = "packaging/systemd/"
# What units stand on; empty ones will do, so that the machine at hand need not run systemd.
TARGETS = ("sysinit", "basic", "shutdown", "multi-user", "network", "network-online", "time-sync")
# Of 10; systemd calls up to 2.0 "OK" at its strictest. The agent has to pin threads and read /sys, hence not lower.
EXPOSURE_AT_MOST = 25  # in tenths
# With a drop-in that opens device files.
EXPOSURE_WITH_DROP_IN = 35


class Units(Rule):
    name = "systemd_units"

    def check(self, tree):
        units = tree.matching(".service", under=UNITS)
        if not units:
            return []
        analyze, found = tool("systemd-analyze"), []
        with tempfile.TemporaryDirectory(prefix="assay-units-") as folder:
            root = pathlib.Path(folder)
            where = root / "usr/lib/systemd/system"
            where.mkdir(parents=True)
            for target in TARGETS:
                (where / f"{target}.target").write_text(f"[Unit]\nDescription={target}\n")
            for path, text in units.items():
                (where / pathlib.Path(path).name).write_text(text)
                for program in re.findall(r"^Exec\w+=[-+!@:]*(/\S+)", text, re.MULTILINE):
                    target = root / program.lstrip("/")
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy("/bin/true", target)
                    os.chmod(target, 0o755)
            for path, text in sorted(units.items()):
                name = pathlib.Path(path).name
                found += self.verify(analyze, root, where / name, path, EXPOSURE_AT_MOST)
                for line in ("Type=notify", "WatchdogSec=", "MemoryMax=", "Restart=", "NoNewPrivileges=yes"):
                    if line not in text:
                        found.append(Finding(path, 1, f"no {line}"))
            # Drop-ins last, one after the other, each with the unit it opens.
            for path, text in sorted(tree.matching(".conf", under=UNITS).items()):
                folder_of, drop_in = pathlib.Path(path).parent.name, where / pathlib.Path(path).parent.name / pathlib.Path(path).name
                drop_in.parent.mkdir(exist_ok=True)
                drop_in.write_text(text)
                found += self.verify(analyze, root, where / folder_of.removesuffix(".d"), path, EXPOSURE_WITH_DROP_IN)
                drop_in.unlink()
        return found

    def verify(self, analyze, root, unit, path, exposure):
        found = []
        rc, said = call([analyze, "verify", "--man=no", f"--root={root}", str(unit)])
        if said.strip() or rc != 0:
            found.append(Finding(path, 1, " ".join(said.split()).replace(str(root), "")[:400] or f"systemd-analyze verify: {rc}"))
        rc, said = call([analyze, "security", "--offline=true", f"--root={root}", f"--threshold={exposure}", "--no-pager", unit.name])
        if rc != 0:
            found.append(Finding(path, 1, f"exposure over {exposure / 10}: {said.strip().splitlines()[-1] if said.strip() else rc}"))
        return found

    def canaries(self):
        closed = ("[Service]\nType=notify\nWatchdogSec=5\nMemoryMax=1M\nRestart=always\nNoNewPrivileges=yes\nDynamicUser=yes\nProtectHome=yes\n"
                  "PrivateDevices=yes\nCapabilityBoundingSet=\nSystemCallFilter=@system-service\nRestrictNamespaces=yes\nExecStart=/usr/bin/a\n")
        return {
            "a unit it needs is not there": {UNITS + "a.service": "[Unit]\nRequires=none.service\n" + closed},
            "a drop-in with an unknown setting": {UNITS + "a.service": closed, UNITS + "a.service.d/b.conf": "[Service]\nDeviceAlow=/dev/null rw\n"},
            "unknown setting": {UNITS + "a.service": "[Service]\nType=notify\nExecStart=/usr/bin/a\nProtectSytem=strict\n"},
            "open": {UNITS + "a.service": "[Service]\nType=notify\nWatchdogSec=5\nMemoryMax=1M\nRestart=always\nNoNewPrivileges=yes\nExecStart=/usr/bin/a\n"},
        }
