# SPDX-License-Identifier: Apache-2.0
"""A full disk under the store or the spool: said clearly, nothing acknowledged is lost, and all goes on when there is room again.

The small disk is a tmpfs that only the daemon under test sees (a mount namespace); where that is not allowed the tests skip."""
import os
import subprocess
import unittest

from fleet import Fleet, FleetTest, main, wait_for


def can_mount():
    if os.geteuid() != 0:
        return False
    return subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False).returncode == 0


def on_small_disk(folder, megabytes):
    """A command prefix that runs what follows with a disk of that size at `folder`."""
    return ["unshare", "-m", "sh", "-c", f'mount -t tmpfs -o size={megabytes}m none "$0" && exec "$@"', str(folder)]


@unittest.skipUnless(can_mount(), "needs root and mount namespaces for a small disk")
class FullDisk(FleetTest):
    def inside(self, daemon, script):
        """Runs a shell line in the daemon's mount namespace."""
        return subprocess.run(["nsenter", "-m", "-t", str(daemon.pid()), "sh", "-c", script], capture_output=True, text=True, check=False)

    def test_a_full_disk_under_the_store(self):
        fleet = Fleet()
        fleet.collector.wrap = on_small_disk(fleet.state, 24)
        seen = fleet.folder / "seen"
        try:
            fleet.collector.start()
            wait_for("the collector is healthy", lambda: self.healthy(fleet))
            root = f"/proc/{fleet.collector.pid()}/root"
            fleet.state = type(fleet.state)(root + str(fleet.state))
            fleet.add_agent("node-1")
            wait_for("node-1 reports", lambda: fleet.runs("node-1")["match"] > 0)
            self.inside(fleet.collector, f"dd if=/dev/zero of={seen.parent}/collector/ballast bs=4k 2>/dev/null; sync")
            wait_for("health says so", lambda: fleet.http("GET", "/healthz", token=None)[0] == 503, 60)
            reason = fleet.http("GET", "/healthz", token=None)[1]
            self.assertTrue(reason.strip(), "the reason is given in words")
            total = sum(fleet.runs("node-1").values())
            self.inside(fleet.collector, f"rm {seen.parent}/collector/ballast")
            wait_for("reports are taken again", lambda: sum(fleet.runs("node-1").values()) > total, 60)
            self.assertEqual(fleet.http("GET", "/healthz", token=None)[0], 200)
            self.assertEqual(fleet.runs("node-1")["mismatch"], 0)
            self.assertTrue(fleet.collector.running())
        finally:
            fleet.close()

    def healthy(self, fleet):
        try:
            return fleet.http("GET", "/healthz", token=None)[0] == 200
        except OSError:
            return False

    def test_a_full_disk_under_the_spool(self):
        with Fleet() as fleet:
            agent = fleet.add_agent("node-1", start=False)
            state = fleet.folder / "node-1/state"
            state.mkdir()
            agent.wrap = on_small_disk(state, 4)
            agent.start()
            wait_for("node-1 reports", lambda: fleet.runs("node-1")["match"] > 0)
            self.inside(agent, f"dd if=/dev/zero of={state}/ballast bs=4k 2>/dev/null")
            wait_for("the agent says so", lambda: "full" in agent.text().lower() or "disk" in agent.text().lower() or "spool" in agent.text().lower(), 60)
            self.assertTrue(agent.running())
            self.inside(agent, f"rm {state}/ballast")
            total = sum(fleet.runs("node-1").values())
            wait_for("reports come again", lambda: sum(fleet.runs("node-1").values()) > total, 60)
            self.assertEqual(fleet.runs("node-1")["mismatch"], 0)


if __name__ == "__main__":
    main()
