# SPDX-License-Identifier: Apache-2.0
"""Reports that are too long, cut off, damaged or impossible change nothing; and digests that cannot be are found out."""
import http.client
import random
import socket
import ssl

import wire
from fleet import Fleet, FleetTest, main, wait_for

PROTOBUF = "application/x-protobuf; proto=assay.v1"
SEED = 20261120

class HostileReports(FleetTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fleet = Fleet().start()
        cls.fleet.add_agent("node-1")
        cls.fleet.add_agent("victim")
        for name in ("node-1", "victim"):
            wait_for(f"{name} reports", lambda n=name: cls.fleet.runs(n)["match"] > 0)
        cls.fleet.agents["node-1"].stop()

    @classmethod
    def tearDownClass(cls):
        cls.fleet.close()

    def post(self, body, headers=None):
        return self.fleet.http("POST", "/v1/report", body, token=None, certificate=self.fleet.identity("node-1"), content_type=PROTOBUF, headers=headers)

    def test_oversized_reports_are_refused_with_413(self):
        try:
            status, _ = self.post(b"\0" * (1024 * 1024 + 1))
        except (ConnectionError, ssl.SSLError, http.client.HTTPException):
            status = 413  # closed while we were still sending
        self.assertEqual(status, 413)

    def test_truncated_reports_are_refused_or_whole(self):
        body = wire.report("node-1", "cut", 5, [wire.device("cpu-node-1-s0")])
        refused = 0
        for size in range(0, len(body), 3):
            status, answer = self.post(body[:size])
            self.assertIn(status, (200, 400, 403))
            if status != 200:
                refused += 1
                self.assertIn("message", answer["error"])
        self.assertGreater(refused, 10)

    def test_damaged_reports_never_end_the_collector(self):
        chance = random.Random(SEED)
        unit = wire.unit_result()
        body = bytearray(wire.report("node-1", "damaged", 9, [wire.device("cpu-node-1-s0")], [wire.observation("cpu-node-1-s0", "aes.chain", [unit])]))
        for _ in range(400):
            copy = bytearray(body)
            for _ in range(chance.randrange(1, 6)):
                copy[chance.randrange(len(copy))] = chance.randrange(256)
            status, _ = self.post(bytes(copy))
            self.assertIn(status, (200, 400, 403, 413), f"seed {SEED}")
        for size in (1, 10, 1000, 100_000):
            self.assertIn(self.post(chance.randbytes(size))[0], (400, 413))
        self.assertTrue(self.fleet.collector.running())
        before = self.fleet.device("victim")["last_report_unix_ms"]
        wait_for("the others go on", lambda: self.fleet.device("victim")["last_report_unix_ms"] > before)

    def test_a_report_is_applied_once(self):
        body = wire.report("node-1", "twice", 1, [wire.device("cpu-node-1-s0")])
        for expected in (0, 1):
            status, answer = self.post(body)
            self.assertEqual(status, 200)
            self.assertEqual(wire.read_fields(answer).get(3, [0])[0], expected)

    def test_a_node_cannot_accuse_anothers_device(self):
        victim = self.fleet.device("victim")["id"]
        wrong = wire.unit_result(runs=5, mismatches=5, outcome=1)
        for sequence in range(1, 4):
            self.post(wire.report("node-1", "slander", sequence, [wire.device(victim)], [wire.observation(victim, "aes.chain", [wrong])]))
        self.assertEqual(self.fleet.device("victim")["state"], "in_service")

    def test_a_match_with_a_wrong_digest_is_never_a_pass(self):
        device = "cpu-node-1-s0"
        before = self.fleet.get("/v1/devices/" + device)["runs"]["match"]
        false_pass = wire.unit_result(runs=1, fold=b"\x01" * 16)
        for sequence in range(1, 5):
            status, _ = self.post(wire.report("node-1", "blind", sequence, [wire.device(device)], [wire.observation(device, "aes.chain", [false_pass])]))
            self.assertEqual(status, 200)
        self.assertEqual(self.fleet.get("/v1/devices/" + device)["runs"]["match"], before)
        wait_for("the collector accuses", lambda: [i for i in self.fleet.get("/v1/incidents")["incidents"] if i["device_id"] == device])

    def test_nonsense_instead_of_http_is_survived(self):
        for junk in (b"\x16\x03\x01" + b"\xff" * 200, b"GET / HTTP/1.1\r\n\r\n", b"\0" * 4096):

            with socket.create_connection(("127.0.0.1", self.fleet.port), timeout=5) as raw:
                raw.sendall(junk)
                raw.settimeout(15)
                try:
                    while raw.recv(4096):
                        pass
                except OSError:
                    pass
        self.assertEqual(self.fleet.http("GET", "/healthz", token=None)[0], 200)

if __name__ == "__main__":
    main()
