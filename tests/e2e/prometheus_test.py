# SPDX-License-Identifier: Apache-2.0
"""A real Prometheus scrapes collector and agent: every query of the dashboard and every alert expression must give series."""
import json
import re
import shutil
import subprocess
import unittest
import urllib.parse
import urllib.request

from fleet import SOURCE, Daemon, Fleet, FleetTest, free_port, main, wait_for

PROMETHEUS = shutil.which("prometheus")

# Expressions that are rightly empty on a healthy small fleet, and why.
MAY_BE_EMPTY = {
    "assay_device_temperature": "this machine may have no sensors",
    "assay_device_power": "this machine may have no meters",
    "assay_device_clock_hertz": "this machine may not tell its clock",
}


def expressions(dashboard):
    for panel in dashboard["panels"]:
        for inner in panel.get("panels", []) + [panel]:
            for target in inner.get("targets", []):
                yield inner.get("title", "?"), target["expr"]


@unittest.skipUnless(PROMETHEUS, "needs the Debian package prometheus")
class Prometheus(FleetTest):
    def query(self, expression):
        url = f"http://127.0.0.1:{self.port}/api/v1/query?" + urllib.parse.urlencode({"query": expression})
        with urllib.request.urlopen(url, timeout=10) as answer:
            return json.load(answer)["data"]["result"]

    def write_config(self, fleet, agent_port):
        (fleet.folder / "viewer").write_text(fleet.new_token("viewer"))
        ca = next(fleet.state.rglob("ca.pem"))
        rules = SOURCE / "dashboards/prometheus/alerts.yml"
        config = fleet.folder / "prometheus.yml"
        config.write_text(f"""global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: ["{rules}"]
scrape_configs:
  - job_name: assay-collector
    scheme: https
    tls_config: {{ca_file: "{ca}"}}
    authorization: {{credentials_file: "{fleet.folder}/viewer"}}
    static_configs: [{{targets: ["127.0.0.1:{fleet.port}"]}}]
  - job_name: assay-agent
    static_configs: [{{targets: ["127.0.0.1:{agent_port}"]}}]
""")
        return config

    def test_every_query_of_the_dashboard_gives_series(self):
        with Fleet() as fleet:
            agent_port = free_port()
            fleet.add_gpu_agent("node-1", 2, start=False)
            config = fleet.folder / "node-1/agent.toml"
            config.write_text(re.sub(r"\[metrics\]\nport = \d+", f"[metrics]\nport = {agent_port}", config.read_text()))
            fleet.agents["node-1"].start()
            for device in ("cpu-node-1-s0", "GPU-5111de00-0000-0000-0000-000000000001"):
                wait_for(f"{device} matches", lambda d=device: self.matches(fleet, d), 60)
            self.port = free_port()
            folder = fleet.folder / "prometheus"
            folder.mkdir()
            daemon = Daemon("prometheus", folder, [PROMETHEUS, f"--config.file={self.write_config(fleet, agent_port)}", f"--storage.tsdb.path={folder}/data",
                                                   f"--web.listen-address=127.0.0.1:{self.port}"]).start()
            try:
                wait_for("both targets are up", lambda: self.both_up(), 60)
                dashboard = json.loads((SOURCE / "dashboards/grafana/assay-fleet.json").read_text())
                asked = list(expressions(dashboard))
                self.assertGreater(len(asked), 8)
                for title, expression in asked:
                    self.expect_series(title, expression)
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v1/rules", timeout=10) as answer:
                    groups = json.load(answer)["data"]["groups"]
                rules = [rule for group in groups for rule in group["rules"]]
                self.assertGreater(len(rules), 5)
                self.assertEqual([rule["name"] for rule in rules if rule["health"] == "err"], [])
                firing = [rule["name"] for rule in rules if rule.get("state") == "firing"]
                self.assertEqual(firing, [], "a healthy fleet fires nothing")
            finally:
                daemon.stop()

    def matches(self, fleet, device):
        status, body = fleet.http("GET", f"/v1/devices/{device}")
        return status == 200 and body["runs"]["match"] > 0

    def both_up(self):
        try:
            return len([series for series in self.query("up") if series["value"][1] == "1"]) == 2
        except OSError:
            return False

    def expect_series(self, title, expression):
        # Grafana's variables, as a person would have set them: everything.
        expression = re.sub(r"\$__rate_interval|\$__interval|\$__range", "1m", expression)
        expression = re.sub(r"\$\{?\w+\}?", ".*", expression)
        if any(word in expression for word in MAY_BE_EMPTY):
            self.query(expression)
            return
        wait_for(f"panel '{title}' has series: {expression}", lambda: self.query(expression), 20, 0.5)


if __name__ == "__main__":
    main()
