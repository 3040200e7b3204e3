# SPDX-License-Identifier: Apache-2.0
"""Replays: a computation of the site's own is compared among peers; who differs is watched and never drained for it."""
import json
import os
import subprocess
import time
import unittest

from fleet import BIN, Fleet, FleetTest, main, wait_for

# The same file on every node, or it would be another build; what is wrong with a node lies beside it.
PROGRAM = """#!/bin/sh
read question
read salt < "${0%.replay}.salt"
set=${question#*operand_set\\":}
printf '{"digests":["%032x"]}\\n' $((${set%%,*} + salt))
"""


def replay(fleet, name, salt=0):
    """A registered program that answers the operand set and a salt of its own."""
    program = fleet.folder / f"{name}.replay"
    program.write_text(PROGRAM)
    program.with_suffix(".salt").write_text(f"{salt}\n")
    program.chmod(0o755)
    return f'''[[replay]]
id = "user.sum"
program = "{program}"
timeout = "2s"
operand_sets = 2
weight = 16
'''


class Replays(FleetTest):
    @unittest.skipUnless(os.geteuid() == 0, "a replay's program must belong to root")
    def test_the_peers_find_who_differs_and_nobody_is_drained(self):
        with Fleet() as fleet:
            for name in ("node-1", "node-2", "node-4", "node-5"):
                fleet.add_agent(name, probing='probes = ["int.mul.chain"]', drill=replay(fleet, name))
            fleet.add_agent("node-3", probing='probes = ["int.mul.chain"]', drill=replay(fleet, "node-3", salt=100))
            wait_for("node-3 is suspect", lambda: (fleet.device("node-3") or {}).get("state") == "suspect", 120)
            for name in ("node-1", "node-2", "node-4", "node-5"):
                self.assertIn(fleet.device(name)["state"], ("in_service", "unknown"), name)
            self.assertEqual(fleet.get("/v1/quarantine")["quarantine"], [])
            time.sleep(2)
            self.assertEqual(fleet.hook_files(), [])
            socket = fleet.folder / "node-1/agent.sock"
            listed = json.loads(fleet.ctl("--agent-socket", socket, "probe", "list", "--json", expect=0).stdout)
            entry = next(probe for probe in listed["probes"] if probe["probe"] == "user.sum/1")
            self.assertEqual((entry["tier"], entry["operand_sets"]), ("T3", 2))
            self.assertGreater(entry["cells_covered"], 0)
            self.assertEqual(listed["coverage"]["source"], "agent")
            self.assertGreater(listed["coverage"]["hours_to_cover"], 0)

    def test_a_program_that_others_may_write_keeps_the_agent_from_starting(self):
        with Fleet() as fleet:
            text = replay(fleet, "node-1")
            (fleet.folder / "node-1.replay").chmod(0o777)
            agent = fleet.add_agent("node-1", start=False, drill=text)
            done = subprocess.run([BIN / "assay-agent", "--config", fleet.folder / "node-1/agent.toml"], capture_output=True, text=True, timeout=30, check=False)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("[[replay]] user.sum", done.stderr)
            self.assertFalse(agent.running())


class ProbeList(FleetTest):
    def test_a_calibration_measures_every_variant_of_this_machine(self):
        with Fleet() as fleet:
            listed = json.loads(fleet.ctl("--runner", BIN / "assay-probe-runner", "probe", "list", "--calibrate", "--json", expect=0, timeout=120).stdout)
            self.assertEqual(listed["coverage"]["source"], "calibration")
            self.assertAlmostEqual(listed["coverage"]["budget_ratio"], 0.001)
            measured = [variant for probe in listed["probes"] for variant in probe.get("variants", [])]
            self.assertGreater(len(measured), len(listed["probes"]))
            for variant in measured:
                self.assertGreater(variant["run_s"], 0, variant)
                self.assertTrue(variant["silicon"])


if __name__ == "__main__":
    main()
