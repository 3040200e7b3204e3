# SPDX-License-Identifier: Apache-2.0
"""A small fleet on loopback: one collector and some agents as real processes, with folders, tokens and clients of their own.

Everything lives under one temporary folder and dies with the fleet; processes are ended by pid, never by name."""
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

SOURCE = pathlib.Path(os.environ.get("ASSAY_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
BIN = pathlib.Path(os.environ.get("ASSAY_BIN_DIR", SOURCE / "build/release/bin"))
GOLDENS = SOURCE / "probes/goldens"


def wait_for(what, condition, seconds=30.0, every=0.05):
    """The first true value of condition(); fails with `what` when there is none in time."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s: {what}")
        time.sleep(every)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Daemon:
    """One process with its log file."""

    def __init__(self, name, folder, arguments, wrap=(), environment=None):
        self.name, self.folder, self.arguments, self.wrap = name, folder, list(map(str, arguments)), list(wrap)
        self.environment = environment or {}
        self.log = folder / "log"
        self.process = None

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([*self.wrap, *self.arguments], stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **self.environment}, start_new_session=True)
        return self

    def running(self):
        return self.process is not None and self.process.poll() is None

    def pid(self):
        return self.process.pid

    def kill(self, number=signal.SIGKILL):
        if self.running():
            self.process.send_signal(number)
        return self.process.wait(30) if self.process else None

    def stop(self):
        """SIGTERM; the exit code, which must come within 10 s."""
        if self.running():
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(10) if self.process else None

    def text(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def children(self):
        task = pathlib.Path(f"/proc/{self.pid()}/task")
        return [int(child) for thread in task.iterdir() for child in (thread / "children").read_text().split()]

    def rss_bytes(self):
        for line in pathlib.Path(f"/proc/{self.pid()}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise AssertionError(f"{self.name}: no VmRSS")


HOOK = """#!/bin/sh
# Writes one file a key, once: what a second call with the same key would do is already done.
set -eu
file="{folder}/$ASSAY_IDEMPOTENCY_KEY.json"
cat > "$file.$$"
if [ -e "$file" ]; then echo again >> "{folder}/repeats"; rm "$file.$$"; else mv "$file.$$" "$file"; fi
"""


class Fleet:
    def __init__(self, policy="", collector="", hooks=True, wrap=()):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="assay-e2e-"))
        self.port = free_port()
        self.url = f"https://127.0.0.1:{self.port}"
        self.agents = {}
        self.state = self.folder / "collector"
        self.state.mkdir()
        self.hook_folder = self.folder / "hooks"
        self.hook_folder.mkdir()
        self.drained = self.folder / "drained"
        self.drained.mkdir()
        for name in ("drain", "drill-drain"):
            script = self.hook_folder / name
            script.write_text(HOOK.format(folder=self.drained))
            script.chmod(0o755)
        self.write_collector_config(policy, collector, hooks)
        self.collector = Daemon("collector", self.folder, [BIN / "assay-collector", "--config", self.folder / "collector.toml"], wrap)

    def write_collector_config(self, policy="", collector="", hooks=True):
        hook_lines = f'''[hooks]
directory = "{self.hook_folder}"
drain = "{self.hook_folder}/drain"
drill_drain = "{self.hook_folder}/drill-drain"
first_retry = "200ms"
''' if hooks else ""
        (self.folder / "collector.toml").write_text(f'''[collector]
listen = "127.0.0.1"
port = {self.port}
state_dir = "{self.state}"
goldens_dir = "{GOLDENS}"
{collector}
[policy]
mode = "enforce"
{policy}
{hook_lines}''')

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, *_):
        self.close(keep=kind is not None)

    def start(self):
        self.collector.start()
        self.wait_healthy()
        return self

    def wait_healthy(self, seconds=20):
        def healthy():
            if not self.collector.running():
                raise AssertionError(f"collector ended:\n{self.collector.text()}")
            try:
                return self.http("GET", "/healthz", token=None)[0] == 200
            except (OSError, http.client.HTTPException):
                return False
        wait_for("collector is healthy", healthy, seconds)

    def close(self, keep=False):
        for daemon in [*self.agents.values(), self.collector]:
            if daemon.running():
                try:
                    daemon.stop()
                except subprocess.TimeoutExpired:
                    daemon.kill()
        if keep:
            for daemon in [self.collector, *self.agents.values()]:
                print(f"--- log of {daemon.name} (last lines)\n" + "\n".join(daemon.text().splitlines()[-40:]))
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- clients

    @property
    def admin_token(self):
        return (self.state / "admin.token").read_text().strip()

    def context(self, certificate=None, verify=True):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        ca = self.state / "ca.pem"
        if verify:
            context.load_verify_locations(ca if ca.exists() else next(self.state.rglob("ca.pem")))
        else:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        if certificate:
            context.load_cert_chain(*map(str, certificate))
        return context

    def http(self, method, path, body=None, token="admin", certificate=None, content_type="application/json", headers=None):
        """(status, decoded body). token: "admin", a token, or None."""
        sent = dict(headers or {})
        if token:
            sent["Authorization"] = "Bearer " + (self.admin_token if token == "admin" else token)
        if body is not None:
            sent["Content-Type"] = content_type
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20,
                                                 context=self.context(certificate, verify=path != "/healthz"))
        try:
            connection.request(method, path, body=json.dumps(body) if isinstance(body, (dict, list)) else body, headers=sent)
            answer = connection.getresponse()
            data = answer.read()
            if "json" in answer.headers.get("Content-Type", ""):
                data = json.loads(data)
            return answer.status, data
        finally:
            connection.close()

    def get(self, path):
        status, body = self.http("GET", path)
        if status != 200:
            raise AssertionError(f"GET {path}: {status} {body}")
        return body

    def ctl(self, *arguments, token=None, expect=None, timeout=60, environment=None):
        """Runs assayctl against this collector; the completed process."""
        done = subprocess.run([BIN / "assayctl", *map(str, arguments)], capture_output=True, text=True, timeout=timeout, check=False,
                              env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(self.folder), "ASSAY_COLLECTOR": self.url,
                                   "ASSAY_TOKEN": token or self.admin_token, **(environment or {})})
        if expect is not None and done.returncode != expect:
            raise AssertionError(f"assayctl {arguments}: exit {done.returncode}, not {expect}\n{done.stdout}\n{done.stderr}")
        return done

    def new_token(self, kind, **more):
        status, body = self.http("POST", "/v1/tokens", {"kind": kind, "ttl_s": 600, "name": kind, **more})
        if status != 200:
            raise AssertionError(f"token: {status} {body}")
        return body["token"]

    # --- agents

    def agent_config(self, name, probing="", drill="", runner=None):
        folder = self.folder / name
        return f'''[agent]
node = "{name}"
state_dir = "{folder}/state"
socket = "{folder}/agent.sock"
synthetic_identity = true
[collector]
url = "{self.url}"
token_file = "{folder}/token"
report_interval = "1s"
[metrics]
port = 0
[runner]
margin = "500ms"
program = "{runner or BIN / "assay-probe-runner"}"
[probing]
goldens_dir = "{GOLDENS}"
demo = true
budget_ratio = 0.10
{probing}
{drill}
'''

    def fake_runner(self, name, control):
        """A program that starts assay-fake-runner with its file, for [runner] program."""
        script = self.folder / f"{name}.runner"
        script.write_text(f'#!/bin/sh\nexec "{BIN}/assay-fake-runner" --behave-file "{control}" "$@"\n')
        script.chmod(0o755)
        return script

    def add_agent(self, name, start=True, wrap=(), environment=None, **config):
        folder = self.folder / name
        folder.mkdir()
        (folder / "token").write_text(self.new_token("enrol", node=name) + "\n")
        (folder / "token").chmod(0o600)
        (folder / "agent.toml").write_text(self.agent_config(name, **config))
        daemon = Daemon(name, folder, [BIN / "assay-agent", "--config", folder / "agent.toml"], wrap, environment)
        self.agents[name] = daemon
        return daemon.start() if start else daemon

    def add_gpu_agent(self, name, gpus, script="", devices="", start=True, **config):
        """An agent whose GPUs are read from the fake NVML and probed in the simulation, under the same names. What they say is in NAME/nvml.script, and its
        kernel log is NAME/kmsg."""
        folder = self.folder / name
        tables = f'''[devices]
backends = ["host", "simulated"]
{devices}
[nvml]
library = "{BIN.parent}/fake_nvml/libnvidia-ml.so.1"
deadline = "2s"
[xid]
table = "{SOURCE}/agent/telemetry/xid.tsv"
kernel_log = "{folder}/kmsg"
[telemetry]
interval = "1s"
{config.pop("drill", "")}'''
        environment = {"ASSAY_SIMULATED_DEVICES": str(gpus), "ASSAY_FAKE_NVML_SCRIPT": str(folder / "nvml.script")}
        daemon = self.add_agent(name, start=False, environment=environment, drill=tables, **config)
        self.say_gpus(name, gpus, script)
        (folder / "kmsg").touch()
        return daemon.start() if start else daemon

    def say_gpus(self, name, gpus, script):
        (self.folder / name / "nvml.script").write_text(f"devices {gpus}\n{script}")

    def say_xid(self, name, gpu, code, text):
        with open(self.folder / name / "kmsg", "a", encoding="ascii") as log:
            log.write(f"4,{code},1000000,-;NVRM: Xid (PCI:0000:{0xB0 + gpu:02x}:00): {code}, {text}\n")

    def identity(self, name):
        """Certificate and key file of an enrolled agent."""
        state = self.folder / name / "state"
        return state / "agent.pem", state / "agent.key"

    def device_of(self, name):
        return f"cpu-{name}-s0"

    def device(self, name):
        for device in self.get("/v1/devices")["devices"]:
            if device["node"] == name:
                return device
        return None

    def runs(self, name):
        device = self.device(name)
        return device["runs"] if device else {"match": 0, "mismatch": 0, "inconclusive": 0}

    def events(self):
        return self.get("/v1/events?limit=10000")["events"]

    def hook_files(self):
        return sorted(self.drained.glob("*.json"))


class FleetTest(unittest.TestCase):
    """Base of the end-to-end tests: says plainly why it cannot run."""

    @classmethod
    def setUpClass(cls):
        missing = [name for name in ("assay-agent", "assay-collector", "assay-probe-runner", "assayctl") if not (BIN / name).exists()]
        if missing:
            raise AssertionError(f"not built: {', '.join(missing)} in {BIN}; run ./dev build release")


def main():
    """unittest's main; when every test was skipped it says so in words that ctest counts as a skip."""
    done = unittest.main(verbosity=2, exit=False).result
    if done.wasSuccessful() and done.testsRun > 0 and len(done.skipped) >= done.testsRun:
        print("ALL TESTS SKIPPED")
    sys.exit(not done.wasSuccessful())
