# SPDX-License-Identifier: Apache-2.0
"""What an operator sees of GPUs, and what their telemetry does: read from a fake NVML and a kernel log of the test's own, probed in a simulation."""
import json

from fleet import BIN, Fleet, FleetTest, main, wait_for

PROBES = 'probes = ["int.mul.chain", "fma.fp64.chain", "hash.crc32c.chain"]\n'


def gpu(number):
    return f"GPU-5111de00-0000-0000-0000-{number:012d}"


class Gpus(FleetTest):
    def setUp(self):
        for needed in ("lib/libassay_simulated.so", "fake_nvml/libnvidia-ml.so.1", "bin/assay-nvml-reader"):
            if not (BIN.parent / needed).exists():
                raise AssertionError(f"not built: {BIN.parent}/{needed}; run ./dev build release")

    def shown(self, fleet, number):
        status, body = fleet.http("GET", f"/v1/devices/{gpu(number)}")
        return body if status == 200 else {}

    def state(self, fleet, number):
        return self.shown(fleet, number).get("state")

    def both_in_service(self, fleet):
        wait_for("both GPUs are in service and read", lambda: all(self.state(fleet, n) == "in_service" and "readings" in self.shown(fleet, n) for n in (0, 1)), 60)

    def test_device_show_has_what_the_driver_tells(self):
        script = ("field 1 82 71\nset 1 nvmlDeviceGetClockInfo:2 2619\nset 1 nvmlDeviceGetTotalEccErrors:0:0 12\nset 1 nvmlDeviceGetRemappedRows:correctable 2\n"
                  "set 1 nvmlDeviceGetRemappedRows:pending 1\nset 1 nvmlDeviceGetPcieReplayCounter 4\ndriver 580.95.05\n")
        with Fleet() as fleet:
            fleet.add_gpu_agent("node-1", 2, script, probing=PROBES)
            self.both_in_service(fleet)
            readings = self.shown(fleet, 1)["readings"]
            self.assertEqual((readings["memory_temperature_celsius"], readings["power_limit_watts"], readings["memory_clock_hertz"]), (71, 700, 2.619e9))
            self.assertEqual((readings["ecc_corrected"], readings["ecc_uncorrected"], readings["row_remaps"], readings["pcie_replays"]), (12, 0, 2, 4))
            self.assertEqual((readings["row_remap_pending"], readings["row_remap_failure"], readings["driver_version"]), (True, False, "580.95.05"))
            self.assertEqual(self.shown(fleet, 0)["readings"]["row_remap_pending"], False, "each GPU has its own")
            self.assertNotIn("readings", fleet.get("/v1/devices/cpu-node-1-s0"))
            fleet.say_xid("node-1", 1, 63, "Row Remapper: New row marked for remapping")
            wait_for("the Xid is shown", lambda: [xid["code"] for xid in self.shown(fleet, 1)["readings"]["xids"]] == [63])
            text = fleet.ctl("device", "show", gpu(1), expect=0).stdout
            for part in ("71.0 °C", "of 700 W", "12 corrected, 0 uncorrected", "2 rows remapped, one waits for a reset", "580.95.05", "Xid 63", "not run on silicon yet"):
                self.assertIn(part, text)
            self.assertEqual(json.loads(fleet.ctl("device", "show", gpu(1), "--json", expect=0).stdout)["readings"]["row_remaps"], 2)
            offers = self.shown(fleet, 1)["offers"]
            self.assertTrue(offers and not any(offer["ran_on_silicon"] for offer in offers))
            self.assertIn("not run on silicon yet", fleet.ctl("probe", "list", "--devices", environment={"ASSAY_SIMULATED_DEVICES": "1"}, expect=0).stdout)

    def test_a_gpu_that_its_telemetry_accuses_is_suspect_and_never_drained(self):
        with Fleet(policy='[policy.architecture_modes]\n"simulated/sm_0" = "enforce"\n') as fleet:
            agent = fleet.add_gpu_agent("node-1", 2, probing=PROBES)
            self.both_in_service(fleet)
            fleet.say_xid("node-1", 0, 31, "pid=1, name=train, MMU Fault")
            wait_for("the application's Xid is counted", lambda: [xid["code"] for xid in self.shown(fleet, 0)["readings"]["xids"]] == [31])
            fleet.say_xid("node-1", 1, 48, "DBE (double bit error)")
            wait_for("the GPU is suspect", lambda: self.state(fleet, 1) == "suspect")
            self.assertEqual(self.state(fleet, 0), "in_service", "a page fault is an application's")
            decision = self.shown(fleet, 1)["history"][0]
            self.assertEqual((decision["kind"], decision["actor"]), ("suspect", "policy"))
            self.assertIn("xid puts its hardware in doubt", decision["reason"])
            wait_for("the agent knows, and probes it more often", lambda: f"the collector sets device={gpu(1)} to suspect" in agent.text())
            fleet.say_gpus("node-1", 2, "set 0 nvmlDeviceGetRemappedRows:failure 1\n")
            wait_for("a repair that failed is a doubt too", lambda: self.state(fleet, 0) == "suspect")
            self.assertEqual(fleet.hook_files(), [])
            self.assertEqual([d for d in fleet.get("/v1/audit?after=0")["decisions"] if d["kind"] in ("quarantine", "advise")], [])
            self.assertEqual(fleet.get("/v1/devices/cpu-node-1-s0")["state"], "in_service")

    def test_a_driver_call_that_hangs_is_a_doubt_about_its_gpu(self):
        with Fleet() as fleet:
            fleet.add_gpu_agent("node-1", 2, probing=PROBES)
            self.both_in_service(fleet)
            fleet.say_gpus("node-1", 2, "hang 1 nvmlDeviceGetTemperatureV 600\n")
            wait_for("the GPU is suspect", lambda: self.state(fleet, 1) == "suspect", 40)
            self.assertEqual(self.state(fleet, 0), "in_service")
            self.assertTrue([event for event in fleet.events() if event["kind"] == "finding" and event["text"].startswith("hung_driver_call")])


if __name__ == "__main__":
    main()
