# SPDX-License-Identifier: Apache-2.0
# Says whether a demo did what it promises, from the documents that ./dev up saved: judge.py FOLDER NODES DRILL(0|1).
# Exit codes: 0 as promised, 1 not, 2 could not tell.
import json
import pathlib
import sys


def load(folder, name):
    try:
        return json.loads((folder / name).read_text())
    except (OSError, ValueError):
        print(f"could not tell: no {name}; the collector did not answer", file=sys.stderr)
        sys.exit(2)


def of_drill(folder):
    """(what, whether) of each link of the chain, in order."""
    incidents = [i for i in load(folder, "incidents.json")["incidents"] if i["synthetic"]]
    confirmed = [i for i in incidents if i["verdict"].startswith("confirmed")]
    quarantine = [q for q in load(folder, "quarantine.json")["quarantine"] if q["synthetic"]]
    hooked = [q for q in quarantine if q.get("hook", {}).get("status") == "done"]
    files = sorted((folder / "drained").glob("*.json"))
    return [
        ("mismatch seen, incident opened on node-1", [i for i in incidents if i["node"] == "node-1"]),
        ("confirmed by retests", confirmed),
        ("quarantined", [q for q in quarantine if q["node"] == "node-1"]),
        ("drain hook done", hooked),
        ("its file written", [f for f in files if json.loads(f.read_text())["synthetic"] is True]),
        ("no other node touched", all(i["node"] == "node-1" for i in incidents + quarantine)),
    ]


def main(folder, nodes, drill):
    folder = pathlib.Path(folder)
    status = load(folder, "status.json")
    checks = [
        (f"{nodes} node(s) reporting", status["nodes"]["reporting"] == int(nodes)),
        (f"results came ({status['runs']['match']} runs matched)", status["runs"]["match"] > 0),
    ]
    if drill == "1":
        checks += of_drill(folder)
    checks.append(("no real finding", status["findings"] == 0))
    for what, came in checks:
        print(f"  {'yes' if came else 'NO '}  {what}")
    fine = all(came for _, came in checks)
    if drill == "1":
        print("drill complete: mismatch -> confirmation -> incident -> quarantine -> drain hook" if fine else
              "the drill did NOT complete: was it long enough? Give it 30 s or more", flush=True)
    else:
        print("no finding" if fine else "not as promised: see above, and build/run/*/log", flush=True)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
