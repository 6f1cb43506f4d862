#!/usr/bin/env python3
"""Kills a sweep 25 times at random moments, and compares with one that was left alone.

usage: kill_test.py HONE MODEL

Every start goes on where the last one was stopped; in the end trials, figures and files
must be those of an undisturbed sweep, bit for bit, and nothing half-written may be left.
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

KILLS = 25


def command(hone, model, folder):
    return [hone, "sweep", model, "--data", "random:8", "--eval", "random:48", "--test",
            "random:32", "--trials", "8", "--threads", "1", "--latency=false", "--json", "-q", "-o", folder]


def contents(folder):
    """What must be equal: trials, figures, and files by name and bytes."""
    folder = pathlib.Path(folder)
    db = sqlite3.connect(folder / "study.sqlite")
    trials = db.execute("SELECT id, label, config, state, artifact FROM trial ORDER BY id")
    figures = db.execute("SELECT trial, role, metric, value, low, high, samples FROM "
                         "measurement ORDER BY trial, role, metric")
    files = {p.name: p.read_bytes() for p in (folder / "artifacts").iterdir()}
    files["best.onnx"] = (folder / "best.onnx").read_bytes()
    return {"trials": trials.fetchall(), "figures": figures.fetchall(), "files": files}


def main():
    hone, model = sys.argv[1:]
    random.seed(25)
    with tempfile.TemporaryDirectory() as work:
        calm, killed = f"{work}/calm", f"{work}/killed"
        start = time.time()
        done = subprocess.run(command(hone, model, calm), check=True, capture_output=True)
        length = time.time() - start
        assert json.loads(done.stdout)["done"] == 9, done.stdout

        kills = early = 0
        while kills < KILLS:
            process = subprocess.Popen(command(hone, model, killed),
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            try:
                # Mostly within the time of a few trials, so that the sweep goes on between.
                process.wait(timeout=random.uniform(0, length / 4))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
            out, err = process.communicate()
            if process.returncode == 0:
                # It got to its end: the rest of the kills meet a fresh study.
                early += 1
                assert contents(killed) == contents(calm), "a completed sweep differs"
                subprocess.run(["rm", "-rf", killed], check=True)
                continue
            assert process.returncode == -signal.SIGKILL, (process.returncode, err)
            kills += 1
        last = subprocess.run(command(hone, model, killed), check=True, capture_output=True)
        result = json.loads(last.stdout)
        assert result["done"] == 9 and result["failed"] == 0, result
        wanted, found = contents(calm), contents(killed)
        for key in wanted:
            assert wanted[key] == found[key], f"{key} differ after {KILLS} kills"
        names = [p.name for p in pathlib.Path(killed).rglob("*") if ".hone-tmp." in p.name]
        assert not names, f"left behind: {names}"
        db = sqlite3.connect(f"{killed}/study.sqlite")
        attempts = db.execute("SELECT sum(attempt) FROM trial").fetchone()[0]
        print(f"{KILLS} kills, {early} sweeps completed between, {attempts} attempts at 9 "
              f"trials; an undisturbed sweep takes {length:.1f} s")


main()
