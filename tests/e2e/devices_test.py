# SPDX-License-Identifier: Apache-2.0
"""Accelerators beside the cores of a node: simulated ones, whose defects are their own, from the wrong unit to the drained device."""
import json
import re
import signal
import time
import urllib.request

from fleet import BIN, Fleet, FleetTest, main, wait_for


def gpu(number):
    return f"GPU-5111de00-0000-0000-0000-{number:012d}"


def simulated(devices, script=""):
    return {"ASSAY_SIMULATED_DEVICES": str(devices), "ASSAY_SIMULATED_SCRIPT": script}


BACKENDS = '[devices]\nbackends = ["host", "simulated"]\n'
# Accelerators are observed until their architecture is named.
NAMED = '[policy.architecture_modes]\n"simulated/sm_0" = "enforce"\n'
PROBES = 'probes = ["int.mul.chain", "fma.fp64.chain", "hash.crc32c.chain"]\n'


class Devices(FleetTest):
    def setUp(self):
        if not (BIN.parent / "lib/libassay_simulated.so").exists():
            raise AssertionError(f"not built: {BIN.parent}/lib/libassay_simulated.so; run ./dev build release")

    def device(self, fleet, device_id):
        for device in fleet.get("/v1/devices")["devices"]:
            if device["id"] == device_id:
                return device
        return None

    def matches(self, fleet, device_id):
        device = self.device(fleet, device_id)
        return device is not None and device["runs"]["match"] > 0

    def findings(self, fleet, text):
        return [event for event in fleet.events() if event["kind"] == "finding" and text in event["text"]]

    def metrics(self, daemon):
        url = re.search(r"metrics (http://\S+)", daemon.text()).group(1)
        with urllib.request.urlopen(url, timeout=10) as page:
            return page.read().decode()

    def test_a_unit_of_an_accelerator_that_computes_wrong_is_drained(self):
        with Fleet(policy=NAMED) as fleet:
            fleet.add_agent("node-1", environment=simulated(2, "1.wrong_unit=3"), probing=PROBES, drill=BACKENDS)
            hook = wait_for("the drain hook has run", fleet.hook_files, 60)[0]
            order = json.loads(hook.read_text())
            self.assertEqual((order["action"], order["node"], order["device_id"], order["synthetic"]), ("drain", "node-1", gpu(1), False))
            incident = fleet.get("/v1/incidents/" + order["incident_id"])
            self.assertEqual((incident["verdict"], incident["unit"]), ("confirmed_unit", 3))
            wait_for("the other accelerator matches", lambda: self.matches(fleet, gpu(0)))
            wait_for("the cores match", lambda: self.matches(fleet, "cpu-node-1-s0"))
            for healthy in (gpu(0), "cpu-node-1-s0"):
                self.assertEqual((self.device(fleet, healthy)["state"], self.device(fleet, healthy)["runs"]["mismatch"]), ("in_service", 0))
            self.assertEqual(self.device(fleet, gpu(1))["state"], "quarantined")
            self.assertEqual(fleet.get("/v1/status")["findings"], 1, "the quarantined device alone: no comparator lied")
            listed = fleet.ctl("device", "list").stdout
            for device in (gpu(0), gpu(1), "cpu-node-1-s0"):
                self.assertIn(device, listed)
            shown = fleet.ctl("device", "show", gpu(1)).stdout
            self.assertIn("Simulated GPU", shown)
            self.assertIn("simulated/sm_0", shown)
            self.assertIn("unit 3", fleet.ctl("incident", "show", order["incident_id"]).stdout)

    def test_one_of_an_architecture_that_is_not_named_is_observed(self):
        with Fleet() as fleet:
            fleet.add_agent("node-1", environment=simulated(1, "0.wrong_unit=3"), probing=PROBES, drill=BACKENDS)
            refused = wait_for("the refusal", lambda: [d for d in fleet.get("/v1/audit?after=0")["decisions"] if d["kind"] == "refuse"], 60)
            self.assertIn("observe mode", refused[0]["reason"])
            self.assertEqual(fleet.hook_files(), [])

    def test_a_drill_on_an_accelerator_goes_all_the_way_but_never_to_the_real_hook(self):
        with Fleet() as fleet:
            drill = f'{BACKENDS}[drill]\nenabled = true\ndevice = "{gpu(0)}"\nunit = 5\nshape = "multi_bit"\n'
            fleet.add_agent("node-1", environment=simulated(1), probing=PROBES, drill=drill)
            hook = wait_for("the drill hook has run", fleet.hook_files, 60)[0]
            order = json.loads(hook.read_text())
            self.assertEqual((order["device_id"], order["synthetic"]), (gpu(0), True))
            self.assertEqual(fleet.get("/v1/incidents/" + order["incident_id"])["unit"], 5)
            self.assertEqual(fleet.get("/v1/status")["findings"], 0, "a drill is no finding")

    def test_a_driver_that_fails_leaves_the_cores_and_is_asked_again(self):
        with Fleet() as fleet:
            broken = fleet.folder / "broken"
            broken.touch()
            agent = fleet.add_agent("node-1", environment=simulated(1, f"driver.fail_while={broken}"), probing=PROBES, drill=BACKENDS)
            wait_for("the cores match", lambda: self.matches(fleet, "cpu-node-1-s0"))
            self.assertIn("backend simulated", agent.text())
            page = self.metrics(agent)
            self.assertIn('assay_agent_backend_success{backend="simulated"} 0', page)
            self.assertIn('assay_agent_backend_success{backend="host"} 1', page)
            wait_for("the failure is in the diary", lambda: self.findings(fleet, "backend_failed backend=simulated"))
            agent.process.send_signal(signal.SIGHUP)
            wait_for("it was asked again", lambda: agent.text().count("it is asked again later") >= 2)
            self.assertEqual(len(self.findings(fleet, "backend_failed")), 1, "told once")
            broken.unlink()
            agent.process.send_signal(signal.SIGHUP)
            wait_for("the accelerator matches", lambda: self.matches(fleet, gpu(0)))
            self.assertIn('assay_agent_backend_success{backend="simulated"} 1', self.metrics(agent))

    def test_a_driver_that_hangs_is_a_finding_within_its_deadline_and_the_cores_go_on(self):
        with Fleet() as fleet:
            hung = fleet.folder / "hung"
            hung.touch()
            began = time.monotonic()
            agent = fleet.add_agent("node-1", environment=simulated(1, f"driver.hang_while={hung}"), probing=PROBES, drill=BACKENDS + 'deadline = "3s"\n')
            wait_for("the cores match", lambda: self.matches(fleet, "cpu-node-1-s0"))
            self.assertLess(time.monotonic() - began, 20)
            wait_for("the hang is in the diary", lambda: self.findings(fleet, 'hung_driver_call call=discovery backend=simulated after="3.0 s"'))
            self.assertIn('assay_agent_backend_hangs_total{backend="simulated"} 1', self.metrics(agent))
            before = self.device(fleet, "cpu-node-1-s0")["runs"]["match"]
            agent.process.send_signal(signal.SIGHUP)
            wait_for("it is asked again", lambda: agent.text().count("reloaded") == 1)
            wait_for("the cores are probed while it hangs", lambda: self.device(fleet, "cpu-node-1-s0")["runs"]["match"] > before, 3)
            wait_for("it hung again", lambda: 'assay_agent_backend_hangs_total{backend="simulated"} 2' in self.metrics(agent), 10)
            hung.unlink()
            agent.process.send_signal(signal.SIGHUP)
            wait_for("the accelerator matches", lambda: self.matches(fleet, gpu(0)))

    def test_a_device_that_is_lost_or_hangs_is_inconclusive_and_accuses_nobody(self):
        with Fleet() as fleet:
            agent = fleet.add_agent("node-1", environment=simulated(2, "0.lost_after=0 1.hang"), probing=PROBES, drill=BACKENDS)
            for device in (gpu(0), gpu(1)):
                wait_for(f"{device} is inconclusive", lambda d=device: (self.device(fleet, d) or {"runs": {"inconclusive": 0}})["runs"]["inconclusive"] > 0)
            wait_for("the cores match", lambda: self.matches(fleet, "cpu-node-1-s0"))
            self.assertTrue(agent.running())
            self.assertEqual([self.device(fleet, gpu(0))["runs"]["mismatch"], self.device(fleet, gpu(1))["runs"]["mismatch"]], [0, 0])

    def test_what_each_device_runs_and_what_it_lacks_is_told(self):
        with Fleet() as fleet:
            listed = json.loads(fleet.ctl("probe", "list", "--devices", "--json", environment=simulated(1), expect=0).stdout)
            by_id = {device["device_id"]: device for device in listed["devices"]}
            self.assertIn(gpu(0), by_id)
            self.assertTrue(any(device["kind"] == "cpu" or device["backend"] == "host" for device in listed["devices"]))
            offers = by_id[gpu(0)]["probes"]
            running = [offer for offer in offers if "variant" in offer]
            self.assertTrue(all(offer["silicon"].startswith("simulated") and not offer["ran_on_silicon"] for offer in running))
            self.assertTrue(any(offer.get("missing") for offer in offers))
            text = fleet.ctl("probe", "list", "--devices", environment=simulated(1), expect=0).stdout
            self.assertIn("Simulated GPU", text)
            began = time.monotonic()
            run = fleet.ctl("probe", "run", "int.mul.chain", "--device", gpu(0), "--runs", "2", "--json", environment=simulated(1), expect=0)
            self.assertEqual(json.loads(run.stdout)["outcome"], "match")
            self.assertLess(time.monotonic() - began, 60)


if __name__ == "__main__":
    main()
