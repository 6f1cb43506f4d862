#!/usr/bin/env python3
"""Builds everything, runs every Bazel test, and counts test cases, not targets.

usage: python3 tests/unit.py [BAZEL FLAG ...] [//target ...]

Names every case that failed or was skipped; ends with `N passed, N failed, N skipped`.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.parse
import xml.etree.ElementTree as ET

ROOT = pathlib.Path(__file__).resolve().parents[1]


def cases(xml_path):
    """(name, state) of each case in a JUnit file; state is passed, failed or skipped."""
    for case in ET.parse(xml_path).iter("testcase"):
        name = f"{case.get('classname') or ''}.{case.get('name')}".lstrip(".")
        if case.find("failure") is not None or case.find("error") is not None:
            yield name, "failed"
        elif case.find("skipped") is not None or case.get("result") == "skipped":
            yield name, "skipped"
        elif case.get("status") == "notrun":
            continue  # a DISABLED_ test or a filtered one
        else:
            yield name, "passed"


def main():
    flags = [a for a in sys.argv[1:] if a.startswith("-")]
    targets = [a for a in sys.argv[1:] if not a.startswith("-")] or ["//..."]
    count = {"passed": 0, "failed": 0, "skipped": 0}
    with tempfile.NamedTemporaryFile(suffix=".json") as events:
        status = subprocess.run(
            ["bazel", "test", "--keep_going", "--noshow_progress", "--test_summary=short",
             f"--build_event_json_file={events.name}", *flags, *targets],
            cwd=ROOT).returncode
        for line in pathlib.Path(events.name).read_text().splitlines():
            event = json.loads(line)
            if "testResult" in event:
                result = event["testResult"]
                label = event["id"]["testResult"]["label"]
                outputs = {o["name"]: o.get("uri", "") for o in result["testActionOutput"]}
                path = urllib.parse.unquote(urllib.parse.urlparse(outputs.get("test.xml", "")).path)
                states = list(cases(path)) if path and pathlib.Path(path).is_file() else []
                if result["status"] != "PASSED" and all(s != "failed" for _, s in states):
                    states.append((result["status"], "failed"))  # crashed or timed out
                for name, state in states:
                    count[state] += 1
                    if state != "passed":
                        print(f"{state}: {label} {name}")
            elif "testSummary" in event and event["testSummary"].get("overallStatus") == "NO_STATUS":
                count["failed"] += 1
                print(f"failed: {event['id']['testSummary']['label']} was not run")
            elif "targetCompleted" in event.get("id", {}) and event.get("aborted"):
                count["failed"] += 1
                print(f"failed: {event['id']['targetCompleted']['label']} was not built")
    # 0: all passed; 3: some test failed, counted above; 1: something did not build.
    if status not in (0, 3) and count["failed"] == 0:
        count["failed"] += 1
        print(f"failed: bazel ended with exit status {status}")
    print(", ".join(f"{number} {state}" for state, number in count.items()))
    return 1 if count["failed"] else 0


sys.exit(main())
