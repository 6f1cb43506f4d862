#!/usr/bin/env python3
"""Runs the jobs, prints their rows, and compares them with an earlier run's.

usage: bench.py BAZEL_BIN MODELS [--json NEW.json] [--against OLD.json] [JOB ...]
"""
import argparse
import dataclasses
import json
import pathlib
import sys
import tempfile

import jobs
import process

HEAD = ("| job | case | peer | ours | theirs | | ratio | range | first | goal |\n"
        "|---|---|---|---|---|---|---|---|---|---|")


def line(row):
    reached = "" if row.ratio >= row.goal else " (below)" if row.ratio >= row.first else " BELOW"
    return (f"| {row.job} | {row.case} | {row.peer} | {row.ours:.4g} | {row.theirs:.4g} | "
            f"{row.unit} | {row.ratio:.2f}{reached} | {row.low:.2f} to {row.high:.2f} | "
            f"{row.first:.2f} | {row.goal:.2f} |")


def regressions(new, old):
    """Rows whose whole range lies below the old one's, of the same CPU."""
    before = {(r["job"], r["case"], r["peer"]): r for r in old["rows"]}
    for row in new["rows"]:
        was = before.get((row["job"], row["case"], row["peer"]))
        if was is not None and row["high"] < was["low"]:
            yield f"{row['job']}, {row['case']}, beside {row['peer']}: " \
                  f"{was['ratio']:.2f} -> {row['ratio']:.2f}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries", type=pathlib.Path)
    parser.add_argument("models", type=pathlib.Path)
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--against", type=pathlib.Path)
    parser.add_argument("jobs", nargs="*", metavar="JOB", help=", ".join(jobs.JOBS))
    arguments = parser.parse_intermixed_args()
    unknown = [name for name in arguments.jobs if name not in jobs.JOBS]
    if unknown:
        parser.error(f"no job {unknown[0]}; there are: {', '.join(jobs.JOBS)}")
    old = json.loads(arguments.against.read_text()) if arguments.against else None
    found = {"cpu": process.cpu(), "rows": []}
    print(f"{found['cpu']}; a ratio is how many times better Hone is\n\n{HEAD}", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        tools = jobs.tools_of(arguments.binaries, arguments.models, pathlib.Path(scratch))
        for name in arguments.jobs or jobs.JOBS:
            for row in jobs.JOBS[name](tools):
                found["rows"].append(dataclasses.asdict(row))
                print(line(row), flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1) + "\n")
    if old is None:
        return
    if old["cpu"] != found["cpu"]:
        sys.exit(f"{arguments.against} is of another CPU ({old['cpu']}): not compared")
    worse = list(regressions(found, old))
    print("\n".join(["", *worse, f"{len(worse)} regressions against {arguments.against}"]))
    sys.exit(bool(worse))


main()
