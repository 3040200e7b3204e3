# SPDX-License-Identifier: Apache-2.0
"""Nobody without a valid identity can read, report or decide."""
import base64
import ssl
import time

import pki
import wire
from fleet import Fleet, FleetTest, main, wait_for

PROTOBUF = "application/x-protobuf; proto=assay.v1"


class Identity(FleetTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fleet = Fleet().start()
        for name in ("node-1", "node-2"):
            cls.fleet.add_agent(name)
            wait_for(f"{name} reports", lambda n=name: cls.fleet.runs(n)["match"] > 0)

    @classmethod
    def tearDownClass(cls):
        cls.fleet.close()

    def report(self, certificate, body, token=None):
        return self.fleet.http("POST", "/v1/report", body, token=token, certificate=certificate, content_type=PROTOBUF)

    def refused(self, certificate, node="node-1"):
        """The status of a report, or "tls" when the connection itself was refused."""
        try:
            return self.report(certificate, wire.report(node, "forged", 1))[0]
        except (ssl.SSLError, ConnectionError, OSError):
            return "tls"

    def test_without_a_certificate_or_token_nothing_is_served_but_health(self):
        for path in ("/v1/status", "/v1/devices", "/v1/audit", "/metrics", "/", "/v1/events", "/v1/quarantine"):
            self.assertEqual(self.fleet.http("GET", path, token=None)[0], 401, path)
        self.assertEqual(self.refused(None), 401)
        self.assertEqual(self.fleet.http("GET", "/healthz", token=None)[0], 200)

    def test_a_token_is_not_an_agent(self):
        self.assertEqual(self.report(None, wire.report("node-1", "forged", 1), token="admin")[0], 403)

    def test_a_certificate_of_another_ca_is_refused(self):
        other = pki.new_ca(self.fleet.folder / "other-ca")
        self.assertIn(self.refused(pki.issue(other, self.fleet.folder / "other", "node-1", "agent")), ("tls", 401))

    def test_an_expired_certificate_is_refused(self):
        ca = next(self.fleet.state.rglob("ca.key")).parent
        expired = pki.issue(ca, self.fleet.folder / "expired", "node-1", "agent", begin="20200101000000Z", end="20200102000000Z")
        self.assertIn(self.refused(expired), ("tls", 401))

    def test_an_agent_that_claims_another_nodes_name_is_refused(self):
        before = self.fleet.get("/v1/devices/" + self.fleet.device_of("node-2"))["last_report_unix_ms"]
        status, body = self.report(self.fleet.identity("node-1"), wire.report("node-2", "forged", 1 << 40))
        self.assertEqual(status, 403)
        self.assertIn("node-2", body["error"]["message"])
        wait_for("node-2 goes on", lambda: self.fleet.get("/v1/devices/" + self.fleet.device_of("node-2"))["last_report_unix_ms"] > before)

    def test_an_agent_may_neither_read_nor_decide(self):
        certificate = self.fleet.identity("node-1")
        self.assertEqual(self.fleet.http("GET", "/v1/devices", token=None, certificate=certificate)[0], 403)
        device = self.fleet.device_of("node-2")
        self.assertEqual(self.fleet.http("POST", f"/v1/devices/{device}/retire", {"reason": "x"}, token=None, certificate=certificate)[0], 403)

    def test_roles_stop_where_they_should(self):
        viewer, operator = self.fleet.new_token("viewer"), self.fleet.new_token("operator")
        self.assertEqual(self.fleet.http("GET", "/v1/status", token=viewer)[0], 200)
        device = self.fleet.device_of("node-2")
        self.assertEqual(self.fleet.http("POST", f"/v1/devices/{device}/release", {"reason": "x"}, token=viewer)[0], 403)
        self.assertEqual(self.fleet.http("POST", f"/v1/devices/{device}/release", {"reason": "x"}, token=operator)[0], 409)
        for token in (viewer, operator):
            self.assertEqual(self.fleet.http("POST", "/v1/tokens", {"kind": "admin", "ttl_s": 60, "name": "x"}, token=token)[0], 403)
        self.assertEqual(self.fleet.ctl("quarantine", "release", device, "--reason", "x", token=viewer).returncode, 77)

    def test_wrong_tokens_are_refused_and_an_enrolment_token_works_once(self):
        for wrong in ("", "x", "assay1.a.1.2.3", self.fleet.admin_token[:-70] + "0" * 70):
            self.assertEqual(self.fleet.http("GET", "/v1/status", token=wrong or "none")[0], 401)
        token = self.fleet.new_token("enrol", node="node-9")
        csr = self.request("node-9")
        self.assertEqual(self.fleet.http("POST", "/v1/enrol", {"token": token, "node": "node-8", "csr_pem": csr}, token=None)[0], 403,
                         "the token is bound to another node")
        self.assertEqual(self.fleet.http("POST", "/v1/enrol", {"token": token, "node": "node-9", "csr_pem": csr}, token=None)[0], 200)
        self.assertIn(self.fleet.http("POST", "/v1/enrol", {"token": token, "node": "node-9", "csr_pem": csr}, token=None)[0], (401, 403))

    def test_a_password_that_a_browser_remembers_is_for_reading_only(self):
        basic = {"Authorization": "Basic " + base64.b64encode(f"anyone:{self.fleet.admin_token}".encode()).decode()}
        self.assertEqual(self.fleet.http("GET", "/", token=None, headers=basic)[0], 200)
        status, _ = self.fleet.http("POST", "/v1/tokens", {"kind": "viewer", "ttl_s": 60, "name": "x"}, token=None, headers=basic)
        self.assertIn(status, (401, 403))

    def request(self, name):
        folder = self.fleet.folder / f"request-{name}"
        folder.mkdir()
        pki.run("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}", "-keyout", folder / "key",
                "-out", folder / "csr")
        return (folder / "csr").read_text()

    def test_a_revoked_agent_is_cut_off_at_once(self):
        agent = self.fleet.add_agent("node-7")
        wait_for("node-7 reports", lambda: self.fleet.runs("node-7")["match"] > 0)
        serial = next(c["serial"] for c in self.fleet.get("/v1/certificates")["certificates"] if c["name"] == "node-7")
        status, _ = self.fleet.http("POST", f"/v1/certificates/{serial}/revoke", {"reason": "stolen"})
        self.assertEqual(status, 200)
        self.assertIn(self.refused(self.fleet.identity("node-7"), "node-7"), ("tls", 401, 403))
        time.sleep(1.5)
        last = self.fleet.device("node-7")["last_report_unix_ms"]
        time.sleep(3)
        self.assertEqual(self.fleet.device("node-7")["last_report_unix_ms"], last, "no report is taken on a kept connection either")
        self.assertTrue(agent.running(), "the agent goes on probing and spooling")

    def test_secrets_do_not_reach_logs(self):
        log = self.fleet.collector.text() + "".join(agent.text() for agent in self.fleet.agents.values())
        self.assertNotIn(self.fleet.admin_token.split(".")[3], log)
        self.assertNotIn("PRIVATE KEY", log)


if __name__ == "__main__":
    main()
