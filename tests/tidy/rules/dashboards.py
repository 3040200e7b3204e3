# SPDX-License-Identifier: Apache-2.0
# Prometheus rules pass promtool and its tests; every metric a rule or a panel asks for is documented, and every alert has a runbook and a test.
import json
import re

from tree import Finding, Rule, call, tool

RULES = "dashboards/prometheus/"
_METRIC = re.compile(r"(?<![\w:])assay_[a-z0-9_]+")
_RULE_FILE = ("alerts.yml", "recording.yml")


def documented_metrics(tree):
    names = set()
    for text in tree.matching(".md", under="docs/reference/metrics-").values():
        names.update(re.findall(r"`(assay_[a-z0-9_]+)", text))
    # What a histogram or summary exports besides its name.
    return names | {name + end for name in names if name.endswith("_seconds") for end in ("_bucket", "_sum", "_count")}


class PrometheusRules(Rule):
    name = "prometheus_rules"

    def check(self, tree):
        found = []
        rules = {p: t for p, t in tree.matching(".yml", under=RULES).items() if p.endswith(_RULE_FILE)}
        tests = tree.matching("_test.yml", under=RULES)
        if not rules:
            return found
        promtool = tool("promtool")
        with tree.on_disk() as root:
            for arguments, paths in ((["check", "rules"], rules), (["test", "rules"], tests)):
                for path in sorted(paths):
                    rc, said = call([promtool, *arguments, path.removeprefix(RULES)], folder=root / RULES)
                    if rc != 0:
                        found.append(Finding(path, 1, " ".join(said.split())[:400]))
        tested = "\n".join(tests.values())
        for path, text in sorted(rules.items()):
            for alert, body in re.findall(r"- alert: (\w+)\n((?:(?!\s*- alert:).*\n?)*)", text):
                for field in ("summary:", "description:", "runbook:", "severity:"):
                    if field not in body:
                        found.append(Finding(path, 1, f"alert {alert} has no {field}"))
                cases = re.findall(rf"alertname: {alert}\n((?:(?!\s*- eval_time|\s*alertname:).*\n?)*)", tested)
                fires = [("exp_labels" in case or "exp_annotations" in case) for case in cases]
                if True not in fires or False not in fires:
                    found.append(Finding(path, 1, f"alert {alert} needs a test in which it fires and one in which it does not"))
        return found

    def canaries(self):
        head = "# x\ngroups:\n  - name: a\n    rules:\n      - alert: A\n        expr: %s\n        labels: {severity: page}\n"
        full = head + "        annotations: {summary: s, description: d, runbook: r}\n"
        test = ("# x\nrule_files: [alerts.yml]\ntests:\n  - interval: 1m\n    input_series: [{series: up, values: '0x10'}]\n    alert_rule_test:\n"
                "      - eval_time: 5m\n        alertname: A\n%s")
        return {
            "bad expression": {RULES + "alerts.yml": full % "sum(("},
            "no runbook": {RULES + "alerts.yml": head % "up == 0"},
            "no test": {RULES + "alerts.yml": full % "up == 0"},
            "a test that fails": {RULES + "alerts.yml": full % "up == 1",
                                  RULES + "alerts_test.yml": test % "        exp_alerts: [{exp_labels: {severity: page}}]\n"},
        }


class Dashboards(Rule):
    """Panels are well-formed and ask only for metrics that docs/reference documents."""

    name = "dashboards"

    def check(self, tree):
        found, known = [], documented_metrics(tree)
        for path, text in sorted(tree.matching(".json", ".yml", under="dashboards/").items()):
            if path.endswith("_test.yml"):
                continue
            queries = text
            if path.endswith(".json"):
                try:
                    board = json.loads(text)
                except json.JSONDecodeError as error:
                    found.append(Finding(path, error.lineno, f"not JSON: {error.msg}"))
                    continue
                found += self._panels(path, board)
                queries = "\n".join(self._queries(board))
            for name in sorted(set(_METRIC.findall(queries)) - known):
                found.append(Finding(path, 1, f"{name} is not in docs/reference/metrics-*.md"))
        return found

    @staticmethod
    def _all_panels(board):
        for panel in board.get("panels", []):
            yield panel
            yield from panel.get("panels", [])

    @classmethod
    def _queries(cls, board):
        for panel in cls._all_panels(board):
            yield from (target.get("expr", "") for target in panel.get("targets", []))
        for variable in board.get("templating", {}).get("list", []):
            yield json.dumps(variable.get("query", ""))

    @classmethod
    def _panels(cls, path, board):
        seen = set()
        for panel in cls._all_panels(board):
            title = panel.get("title", "")
            if panel.get("id") in seen:
                yield Finding(path, 1, f"panel '{title}' has the id of another")
            seen.add(panel.get("id"))
            if panel.get("type") == "row":
                continue
            if not title or not panel.get("description"):
                yield Finding(path, 1, f"panel {panel.get('id')} '{title}' has no title or no description")
            if not panel.get("targets"):
                yield Finding(path, 1, f"panel '{title}' asks for nothing")
            if "unit" not in panel.get("fieldConfig", {}).get("defaults", {}):
                yield Finding(path, 1, f"panel '{title}' has no unit")
        if not board.get("uid"):
            yield Finding(path, 1, "a dashboard without a uid gets a new address with every import")

    def canaries(self):
        docs = {"docs/reference/metrics-agent.md": "| `assay_known` |\n"}
        panel = '{"uid":"x","panels":[{"id":1,"type":"stat","title":"T","description":"D","fieldConfig":{"defaults":{"unit":"none"}},"targets":[%s]}]}'
        board = "dashboards/grafana/a.json"
        return {
            "not JSON": {**docs, board: "{"},
            "no targets": {**docs, board: panel % ""},
            "unknown metric in a panel": {**docs, board: panel % '{"expr":"sum(assay_unknown)"}'},
            "unknown metric in a rule": {**docs, RULES + "alerts.yml": "expr: assay_unknown > 0\n"},
        }

    def fine(self):
        docs = {"docs/reference/metrics-agent.md": "| `assay_known` |\n"}
        panel = ('{"uid":"x","panels":[{"id":1,"type":"stat","title":"T","description":"D","fieldConfig":{"defaults":{"unit":"none"}},'
                 '"targets":[{"expr":"sum(assay_known)"}]}]}')
        return {"documented": {**docs, "dashboards/grafana/a.json": panel}}
