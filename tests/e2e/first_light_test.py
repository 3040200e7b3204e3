# SPDX-License-Identifier: Apache-2.0
"""From a wrong core to a drained node, and everything that must not lead there."""
import json
import os
import subprocess
import time

from fleet import Fleet, FleetTest, main, wait_for


def fake_runner(fleet, name, behaviour):
    """A runner that computes truly and then says what a file tells it to; the file may change while it runs."""
    control = fleet.folder / f"{name}.behave"
    control.write_text(behaviour + "\n")
    return control, fleet.fake_runner(name, control)


class FirstLight(FleetTest):
    def test_five_agents_one_of_which_lies(self):
        with Fleet() as fleet:
            control, runner = fake_runner(fleet, "node-3", "honest")
            for name in ("node-1", "node-2", "node-4", "node-5"):
                fleet.add_agent(name)
            fleet.add_agent("node-3", runner=runner)
            for name in fleet.agents:
                wait_for(f"{name} reports matches", lambda n=name: fleet.runs(n)["match"] > 0)
            self.assertEqual(fleet.get("/v1/status")["findings"], 0)
            self.assertEqual(fleet.ctl("status").returncode, 0)

            began = time.time()
            control.write_text("flip:unit=1\n")
            hook = wait_for("the drain hook has run", fleet.hook_files, 30)[0]
            order = json.loads(hook.read_text())
            self.assertEqual((order["action"], order["node"], order["device_id"], order["synthetic"]),
                             ("drain", "node-3", fleet.device_of("node-3"), False))
            incident = fleet.get("/v1/incidents/" + order["incident_id"])
            took = hook.stat().st_mtime - incident["opened_unix_ms"] / 1000
            print(f"first mismatch to executed hook: {took:.2f} s; fault planted to hook: {hook.stat().st_mtime - began:.2f} s")
            self.assertLess(took, 5.0)
            self.assertEqual((incident["verdict"], incident["unit"], incident["tier"]), ("confirmed_unit", 1, "T0"))

            listed = json.loads(fleet.ctl("quarantine", "list", "--json", expect=1).stdout)["quarantine"]
            self.assertEqual([entry["node"] for entry in listed], ["node-3"])
            for name in ("node-1", "node-2", "node-4", "node-5"):
                self.assertEqual((fleet.device(name)["state"], fleet.runs(name)["mismatch"]), ("in_service", 0), name)
            shown = fleet.ctl("incident", "show", order["incident_id"])
            for word in ("node-3", order["probe"], "unit 1", "T0", "same_unit"):
                self.assertIn(word, shown.stdout)
            self.assertEqual(fleet.ctl("status").returncode, 1)

            self.release(fleet, order)

    def release(self, fleet, order):
        device = order["device_id"]
        self.assertEqual(fleet.http("POST", f"/v1/devices/{device}/release", {"reason": ""})[0], 400)
        fleet.ctl("quarantine", "release", device, "--reason", "core replaced", expect=0)
        self.assertIn(fleet.get("/v1/devices/" + device)["state"], ("probation", "suspect", "confirming", "quarantined"))
        wait_for("the undrain hook has run", lambda: len(fleet.hook_files()) >= 2)
        actions = [json.loads(file.read_text())["action"] for file in fleet.hook_files()]
        self.assertIn("undrain", actions)
        verified = fleet.ctl("audit", "verify", expect=0)
        self.assertIn("2", verified.stdout)

    def test_a_drill_goes_all_the_way_but_never_to_the_real_hook(self):
        with Fleet() as fleet:
            fleet.add_agent("node-1", drill='[drill]\nenabled = true\nunit = 1\nshape = "bit_flip"\n')
            hook = wait_for("the drill hook has run", fleet.hook_files, 40)[0]
            order = json.loads(hook.read_text())
            self.assertTrue(order["synthetic"])
            device = fleet.device("node-1")
            self.assertTrue(device["synthetic"])
            self.assertEqual(fleet.get("/v1/status")["findings"], 0, "a drill is no finding")
            self.assertEqual(fleet.get("/v1/status")["quarantine"]["last_24h"], 0, "a drill does not count against the breaker")
            for entry in fleet.get("/v1/audit")["decisions"]:
                self.assertTrue(entry["synthetic"], entry)

    def test_a_comparator_that_always_says_match_is_found_by_the_collector(self):
        with Fleet() as fleet:
            control, runner = fake_runner(fleet, "node-1", "honest")
            fleet.add_agent("node-1", runner=runner)
            fleet.add_agent("node-2")
            wait_for("node-1 reports", lambda: fleet.runs("node-1")["match"] > 0)
            control.write_text("blind:unit=1\n")
            found = wait_for("an incident of the collector's own", lambda: [
                incident for incident in fleet.get("/v1/incidents")["incidents"] if incident["node"] == "node-1"], 40)
            detail = fleet.get("/v1/incidents/" + found[0]["id"])
            self.assertEqual(detail["source"], "collector")
            wait_for("node-1 is drained", fleet.hook_files)
            wait_for("node-2 is in service", lambda: fleet.device("node-2")["state"] == "in_service")

    def test_a_detector_that_misses_controls_is_an_incident(self):
        with Fleet() as fleet:
            _, runner = fake_runner(fleet, "node-1", "deaf_control")
            fleet.add_agent("node-1", runner=runner, probing="control_one_in = 3")
            wait_for("control_missed", lambda: any(incident["verdict"] == "control_missed" for incident in fleet.get("/v1/incidents")["incidents"]), 40)

    def test_hang_crash_and_nonsense_are_observations_not_outages(self):
        with Fleet() as fleet:
            control, runner = fake_runner(fleet, "node-1", "honest")
            agent = fleet.add_agent("node-1", runner=runner)
            wait_for("node-1 reports", lambda: fleet.runs("node-1")["match"] > 0)
            for behaviour, reason in (("crash", "crash"), ("garbage", "runner_error"), ("hang", "hang")):
                control.write_text(behaviour + "\n")
                wait_for(f"{reason} is reported", lambda r=reason: fleet.device("node-1")["inconclusive_by_reason"].get(r, 0) > 0, 40)
                self.assertTrue(agent.running())
            control.write_text("honest\n")
            before = fleet.runs("node-1")["match"]
            wait_for("matches come again", lambda: fleet.runs("node-1")["match"] > before, 60)
            self.assertEqual(fleet.runs("node-1")["mismatch"], 0, "what could not be measured is no mismatch")

    def test_a_machine_that_is_busy_with_jobs_is_not_a_hang(self):
        """The runner has idle priority: jobs that take every cycle starve it, which says nothing about the cores."""
        with Fleet() as fleet:
            agent = fleet.add_agent("node-1")
            wait_for("node-1 reports", lambda: sum(fleet.runs("node-1").values()) > 0, 60)
            jobs = [subprocess.Popen(["/bin/sh", "-c", "while :; do :; done"], start_new_session=True) for _ in range(4 * (os.cpu_count() or 1))]
            try:
                time.sleep(15)
                self.assertEqual(fleet.device("node-1")["inconclusive_by_reason"].get("hang", 0), 0, agent.text())
                self.assertEqual(fleet.get("/v1/status")["findings"], 0)
            finally:
                for job in jobs:
                    job.kill()
                    job.wait()

    def test_an_installation_in_observe_mode_drains_nothing(self):
        with Fleet() as fleet:
            fleet.write_collector_config()
            config = fleet.folder / "collector.toml"
            config.write_text(config.read_text().replace('mode = "enforce"', 'mode = "observe"'))
            fleet.collector.stop()
            fleet.collector.start()
            fleet.wait_healthy()
            _, runner = fake_runner(fleet, "node-1", "flip:unit=0")
            fleet.add_agent("node-1", runner=runner)
            wait_for("a decision is recorded", lambda: fleet.get("/v1/audit")["decisions"], 40)
            time.sleep(1)
            self.assertEqual(fleet.hook_files(), [])
            self.assertEqual([d["kind"] for d in fleet.get("/v1/audit")["decisions"] if d["kind"] == "quarantine"], [])


if __name__ == "__main__":
    main()
