#!/usr/bin/env python3
"""Kills a sweep 25 times at random moments, and compares with one that was left alone.

usage: kill_test.py HONE MODEL

Every start goes on where the last one was stopped; in the end trials, figures and files
must be those of an undisturbed sweep, bit for bit, and nothing half-written may be left. The same
for a search that decides by what it measured, killed fewer times.
"""
import json
import pathlib
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

COMMON = ["--data", "random:8", "--eval", "random:48", "--test", "random:32", "--threads", "1",
          "--latency=false", "--json", "-q"]
KILLS = {"grid": 25, "accuracy": 10}
# Kills come within this share of an undisturbed sweep's time: mostly within that of a few trials,
# so that the sweep goes on between.
WITHIN = {"grid": 0.25, "accuracy": 0.25}
SEARCH = {"grid": ["--trials", "8", "--sensitivity=false"],
          "accuracy": ["--trials", "9", "--search", "accuracy", "--metric", "sqnr", "--max-drop",
                       "170"]}


def command(hone, model, search, folder):
    return [hone, "sweep", model, *COMMON, *SEARCH[search], "-o", folder]


def contents(folder):
    """What must be equal: trials, figures, and files by name and bytes."""
    folder = pathlib.Path(folder)
    db = sqlite3.connect(folder / "study.sqlite")
    trials = db.execute("SELECT id, label, config, state, artifact, reason FROM trial ORDER BY id")
    figures = db.execute("SELECT trial, role, metric, value, low, high, samples FROM "
                         "measurement ORDER BY trial, role, metric")
    files = {p.name: p.read_bytes() for p in (folder / "artifacts").iterdir()}
    best = folder / "best.onnx"
    files["best.onnx"] = best.read_bytes() if best.exists() else None
    return {"trials": trials.fetchall(), "figures": figures.fetchall(), "files": files}


def torture(hone, model, search):
    kills_wanted = KILLS[search]
    with tempfile.TemporaryDirectory() as work:
        calm, killed = f"{work}/calm", f"{work}/killed"
        start = time.time()
        done = subprocess.run(command(hone, model, search, calm), capture_output=True)
        length = time.time() - start
        assert done.returncode in (0, 1), done
        trials = json.loads(done.stdout)["done"]
        assert trials > 5, done.stdout

        kills = early = 0
        while kills < kills_wanted:
            process = subprocess.Popen(command(hone, model, search, killed),
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            try:
                process.wait(timeout=random.uniform(0, length * WITHIN[search]))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
            out, err = process.communicate()
            if process.returncode == done.returncode:
                # It got to its end: the rest of the kills meet a fresh study.
                early += 1
                assert contents(killed) == contents(calm), "a completed sweep differs"
                subprocess.run(["rm", "-rf", killed], check=True)
                continue
            assert process.returncode == -signal.SIGKILL, (process.returncode, err)
            kills += 1
        last = subprocess.run(command(hone, model, search, killed), capture_output=True)
        assert last.returncode == done.returncode, last
        result = json.loads(last.stdout)
        assert result["done"] == trials and result["failed"] == 0, result
        wanted, found = contents(calm), contents(killed)
        for key in wanted:
            assert wanted[key] == found[key], f"{key} differ after {kills} kills"
        names = [p.name for p in pathlib.Path(killed).rglob("*") if ".hone-tmp." in p.name]
        assert not names, f"left behind: {names}"
        db = sqlite3.connect(f"{killed}/study.sqlite")
        attempts = db.execute("SELECT sum(attempt) FROM trial").fetchone()[0]
        print(f"{search}: {kills} kills, {early} sweeps completed between, {attempts} attempts at "
              f"{trials} trials; an undisturbed sweep takes {length:.1f} s")


def main():
    hone, model = sys.argv[1:]
    random.seed(25)
    for search in SEARCH:
        torture(hone, model, search)


main()
