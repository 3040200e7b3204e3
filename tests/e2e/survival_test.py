# SPDX-License-Identifier: Apache-2.0
"""kill -9 of agent, runner and collector at random moments: nothing acknowledged is lost and nothing is applied twice.

What is acknowledged is known from the outside: the events and decisions the collector showed before each kill must all be there afterwards,
byte for byte, and the counts must never go back. ASSAY_KILLS sets the number of kills (default 200), ASSAY_SEED the random numbers."""
import json
import os
import random
import signal
import time

from fleet import Fleet, FleetTest, main, wait_for

KILLS = int(os.environ.get("ASSAY_KILLS", "200"))
SEED = int(os.environ.get("ASSAY_SEED", "20261120"))


class Survival(FleetTest):
    def setUp(self):
        self.chance = random.Random(SEED)

    def kill_runner(self, fleet):
        agent = self.chance.choice(list(fleet.agents.values()))
        try:
            runners = agent.children() if agent.running() else []
        except FileNotFoundError:
            runners = []
        for pid in runners[:1]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def kill_agent(self, fleet):
        agent = self.chance.choice(list(fleet.agents.values()))
        agent.kill()
        agent.start()

    def kill_collector(self, fleet):
        fleet.collector.kill()
        fleet.collector.start()
        fleet.wait_healthy()

    def snapshot(self, fleet):
        audit = fleet.get("/v1/audit")["decisions"]
        events = fleet.events()
        runs = {device["id"]: sum(device["runs"].values()) for device in fleet.get("/v1/devices")["devices"]}
        return audit, events, runs

    def check(self, before, after):
        for kind, old, new in zip(("decisions", "events"), before[:2], after[:2]):
            self.assertEqual(new[:len(old)], old, f"{kind} that were shown have changed (seed {SEED})")
            numbers = [entry["number"] for entry in new]
            self.assertEqual(numbers, sorted(set(numbers)), f"{kind} are numbered once each")
        for device, count in before[2].items():
            self.assertGreaterEqual(after[2].get(device, -1), count, f"runs of {device} were lost (seed {SEED})")

    def test_nothing_is_lost_or_applied_twice_over_many_kills(self):
        with Fleet() as fleet:
            control = fleet.folder / "behave"
            control.write_text("honest\n")
            for name in ("node-1", "node-2"):
                fleet.add_agent(name)
            fleet.add_agent("node-3", runner=fleet.fake_runner("node-3", control))
            for name in fleet.agents:
                wait_for(f"{name} reports", lambda n=name: fleet.runs(n)["match"] > 0)
            before = self.snapshot(fleet)
            kinds = {"runner": self.kill_runner, "agent": self.kill_agent, "collector": self.kill_collector}
            count = dict.fromkeys(kinds, 0)
            for kill in range(KILLS):
                if kill == KILLS // 4:
                    control.write_text("flip:unit=0\n")  # a real quarantine happens in the middle of it all
                time.sleep(self.chance.uniform(0.0, 0.25))
                kind = self.chance.choices(list(kinds), weights=(3, 4, 3))[0]
                kinds[kind](fleet)
                count[kind] += 1
                if kind == "collector" or kill % 10 == 0:
                    after = self.snapshot(fleet)
                    self.check(before, after)
                    before = after
            print(f"kills: {count}, seed {SEED}")
            self.settle(fleet)

    def settle(self, fleet):
        """With the kills over, everything comes to rest in the one right state."""
        wait_for("node-3 is in quarantine", lambda: fleet.device("node-3")["state"] == "quarantined", 60)
        wait_for("its hook is done", lambda: fleet.get("/v1/status")["hooks"]["pending"] == 0, 60)
        audit = fleet.get("/v1/audit")["decisions"]
        quarantines = [entry for entry in audit if entry["kind"] == "quarantine"]
        self.assertEqual([entry["node"] for entry in quarantines], ["node-3"], "one quarantine, decided once")
        orders = [json.loads(file.read_text()) for file in fleet.hook_files()]
        self.assertEqual([order["action"] for order in orders], ["drain"])
        fleet.ctl("audit", "verify", expect=0)
        for name in ("node-1", "node-2"):
            self.assertEqual(fleet.runs(name)["mismatch"], 0, "a kill is no mismatch")
            self.assertEqual(fleet.device(name)["state"], "in_service")
            before = fleet.runs(name)["match"]
            wait_for(f"{name} goes on", lambda n=name, b=before: fleet.runs(n)["match"] > b)

    def test_reports_made_while_the_collector_is_away_arrive_later(self):
        with Fleet() as fleet:
            fleet.add_agent("node-1")
            wait_for("node-1 reports", lambda: fleet.runs("node-1")["match"] > 0)
            fleet.collector.kill()
            time.sleep(6)
            agent = fleet.agents["node-1"]
            agent.kill()  # what is in the spool survives the agent as well
            agent.start()
            fleet.collector.start()
            fleet.wait_healthy()
            status = wait_for("the spool is empty", lambda: self.spool_is_empty(fleet))
            self.assertEqual(status["spool"]["dropped"], 0)

    def spool_is_empty(self, fleet):
        done = fleet.ctl("agent", "status", "--socket", fleet.folder / "node-1/agent.sock", "--json")
        if not done.stdout.strip():
            return None
        status = json.loads(done.stdout)
        return status if status["collector"]["connected"] and status["spool"]["reports"] <= 1 else None


if __name__ == "__main__":
    main()
