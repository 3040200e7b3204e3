# SPDX-License-Identifier: Apache-2.0
"""The daemons as a service manager and an operator meet them: start, readiness, watchdog, reload, stop, bad input, footprint."""
import json
import os
import shutil
import signal
import socket
import subprocess
import time

from fleet import BIN, GOLDENS, Fleet, FleetTest, main, wait_for


def run(*arguments):
    return subprocess.run([str(part) for part in arguments], capture_output=True, text=True, timeout=30, check=False)


class Daemons(FleetTest):
    def test_sigterm_stops_both_within_ten_seconds_and_cleanly(self):
        with Fleet() as fleet:
            agent = fleet.add_agent("node-1")
            wait_for("node-1 reports", lambda: fleet.runs("node-1")["match"] > 0)
            runners = agent.children()
            self.assertTrue(runners)
            self.assertEqual(agent.stop(), 0, agent.text())
            for pid in runners:
                self.assertFalse(os.path.exists(f"/proc/{pid}"), "the runner went with its agent")
            self.assertEqual(fleet.collector.stop(), 0, fleet.collector.text())

    def test_a_killed_agent_takes_its_runner_along(self):
        with Fleet() as fleet:
            agent = fleet.add_agent("node-1")
            wait_for("node-1 reports", lambda: fleet.runs("node-1")["match"] > 0)
            runners = agent.children()
            agent.kill()
            wait_for("no orphan is left", lambda: not any(self.runs_still(pid) for pid in runners), 10)

    def runs_still(self, pid):
        try:
            with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
                return stat.read().rsplit(") ", 1)[1][0] != "Z"
        except OSError:
            return False

    def test_readiness_and_watchdog_are_told_to_the_service_manager(self):
        with Fleet() as fleet:
            agent = fleet.add_agent("node-1", start=False)
            path = str(fleet.folder / "notify")
            manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            manager.bind(path)
            manager.settimeout(20)
            process = subprocess.Popen(agent.arguments, stderr=subprocess.DEVNULL, env={"PATH": os.environ["PATH"], "NOTIFY_SOCKET": path,
                                                                                       "WATCHDOG_USEC": "2000000"})
            try:
                heard = ""
                deadline = time.monotonic() + 20
                while time.monotonic() < deadline and not ("READY=1" in heard and heard.count("WATCHDOG=1") >= 2):
                    heard += manager.recv(4096).decode() + "\n"
                self.assertIn("READY=1", heard)
                self.assertGreaterEqual(heard.count("WATCHDOG=1"), 2)
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(10)
                manager.close()

    def test_sighup_takes_a_new_budget_and_keeps_the_old_one_when_the_file_is_wrong(self):
        with Fleet() as fleet:
            agent = fleet.add_agent("node-1")
            wait_for("node-1 reports", lambda: fleet.runs("node-1")["match"] > 0)
            config = agent.folder / "agent.toml"
            text = config.read_text()
            config.write_text(text.replace("budget_ratio = 0.10", "budget_ratio = 0.05"))
            agent.process.send_signal(signal.SIGHUP)
            wait_for("the new budget is reported", lambda: abs(fleet.device("node-1")["budget_ratio"] - 0.05) < 1e-9)
            config.write_text(text.replace("budget_ratio = 0.10", "budget_ratio = lots"))
            agent.process.send_signal(signal.SIGHUP)
            wait_for("the mistake is named", lambda: "agent.toml" in agent.text().split("reload")[-1])
            self.assertTrue(agent.running())
            self.assertAlmostEqual(fleet.device("node-1")["budget_ratio"], 0.05)

    def test_bad_configuration_gets_one_clear_line_and_exit_code_78(self):
        with Fleet() as fleet:
            for program, good in (("assay-collector", (fleet.folder / "collector.toml").read_text()), ("assay-agent", fleet.agent_config("node-1"))):
                file = fleet.folder / f"{program}.toml"
                file.write_text(good)
                self.assertEqual(run(BIN / program, "--config", file, "--check-config").returncode, 0)
                for wrong, word in ((good + "\n[surprise]\nx = 1\n", "surprise"), (good + "\n= 5\n", f"{file.name}:"),
                                    (good.replace("state_dir", "state_dri"), "state_dri")):
                    file.write_text(wrong)
                    done = run(BIN / program, "--config", file, "--check-config")
                    self.assertEqual(done.returncode, 78, done.stderr)
                    self.assertIn(word, done.stderr)
                    self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
                missing = run(BIN / program, "--config", fleet.folder / "nowhere.toml")
                self.assertEqual(missing.returncode, 78, missing.stderr)
                self.assertIn("nowhere.toml", missing.stderr)
                self.assertEqual(run(BIN / program, "--no-such-option").returncode, 64)

    def test_goldens_that_are_not_signed_by_the_trusted_key_are_refused(self):

        with Fleet() as fleet:

            copy = fleet.folder / "goldens"
            shutil.copytree(GOLDENS, copy)
            victim = sorted(copy.glob("*.golden"))[0]
            text = victim.read_text()
            victim.write_text(text[:-3] + ("1" if text[-3] != "1" else "2") + text[-2:])
            config = fleet.folder / "tampered.toml"
            config.write_text(fleet.agent_config("node-1").replace(str(GOLDENS), str(copy)))
            (fleet.folder / "node-1").mkdir()
            done = run(BIN / "assay-agent", "--config", config)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(victim.name, done.stderr)
            self.assertNotEqual(fleet.ctl("golden", "verify", copy).returncode, 0)
            self.assertEqual(fleet.ctl("golden", "verify", GOLDENS).returncode, 0)

    def test_two_daemons_on_one_state_directory_are_refused(self):
        with Fleet() as fleet:
            second = run(BIN / "assay-collector", "--config", fleet.folder / "collector.toml")
            self.assertNotEqual(second.returncode, 0)
            self.assertTrue(fleet.collector.running())

    def test_footprint_stays_within_its_limits(self):
        with Fleet() as fleet:
            for number in range(1, 6):
                fleet.add_agent(f"node-{number}")
            for name in fleet.agents:
                wait_for(f"{name} reports", lambda n=name: fleet.runs(n)["match"] > 0)
            time.sleep(5)
            agents = {name: agent.rss_bytes() / 1e6 for name, agent in fleet.agents.items()}
            collector = fleet.collector.rss_bytes() / 1e6
            print(f"RSS in MB: agents {json.dumps(agents)}, collector {collector:.1f}")
            self.assertLessEqual(max(agents.values()), 20.0)
            self.assertLessEqual(collector, 60.0)

    def test_assayctl_says_what_is_wrong_and_how_to_go_on(self):
        with Fleet() as fleet:
            self.assertEqual(fleet.ctl("status", "--no-such-option").returncode, 64)
            self.assertEqual(fleet.ctl("status", token=fleet.admin_token[:-70] + "0" * 70).returncode, 77)
            fleet.collector.stop()
            done = fleet.ctl("status")
            self.assertEqual(done.returncode, 69)
            self.assertIn(fleet.url, done.stderr)


if __name__ == "__main__":
    main()
