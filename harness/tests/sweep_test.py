#!/usr/bin/env python3
"""Runs `hone sweep` as users do: grids, searches, figures, reproduction, interruption.

usage: sweep_test.py HONE MODEL
"""
import json
import pathlib
import signal
import sqlite3
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from command import HONE, MODEL, TIMEOUT, CommandCase  # noqa: E402


class SweepTest(CommandCase):
    def test_sweep(self):
        words = ["sweep", MODEL, "--data", "random:4", "--eval", "random:6", "--test",
                 "random:5", "-o", "study", "--latency=false", "--sensitivity=false"]
        first = self.result(*words, "--trials", "3")
        self.assertEqual((first["trials"], first["done"], first["failed"]), (4, 4, 0))
        self.assertTrue(first["pareto"])
        for point in first["pareto"]:
            self.assertTrue(pathlib.Path(self.path, point["model"]).is_file())
            self.assertIn("agreement", point["metrics"])
            self.assertIn("agreement", point["test_metrics"])
        best = next(p for p in first["pareto"] if p["trial"] == first["best"])
        self.assertEqual((self.path / "study/best.onnx").read_bytes(),
                         pathlib.Path(self.path, best["model"]).read_bytes())
        page = (self.path / "study/report.html").read_text()
        self.assertIn("<svg", page)
        # Once more: nothing is left to do, and nothing changes.
        again = self.result(*words, "--trials", "3")
        self.assertEqual(first["pareto"], again["pareto"])
        db = sqlite3.connect(self.path / "study/study.sqlite")
        self.assertEqual(db.execute("SELECT max(attempt) FROM trial").fetchone(), (1,))
        db.close()
        # Another search space in the same folder is refused and says what differs.
        error = self.error(*words, "--trials", "4", code=3)
        self.assertIn("trials: the study has 3, now it is 4", error["message"])
        error = self.error(*words, "--trials", "3", "--metric", "sqnr", code=3)
        self.assertIn("metrics", error["message"])
        self.result("report", "study", "-o", "page.html")
        self.assertIn("<svg", (self.path / "page.html").read_text())
        self.result(*words, "--trials", "3", "--metric", "agreement,sqnr,cosine",
                    "--max-drop", "sqnr=1", code=1)

    def test_sweep_times_models_beside_the_float_model(self):
        words = ["sweep", MODEL, "--data", "random:4", "--eval", "random:6", "--trials", "2",
                 "--parallel", "2", "--threads", "2", "-o", "study"]
        found = self.result(*words)
        self.assertEqual((found["done"], found["failed"]), (3, 0))
        self.assertGreater(found["latency"]["measured"], 0)
        self.assertEqual(found["latency"]["left"], 0)
        point = found["pareto"][0]
        self.assertGreater(point["median_ms"], 0)
        self.assertLessEqual(point["ratio_low"], point["ratio"])
        self.assertIn("hone", point["latency_engine"])
        self.assertGreater(found["baseline"]["median_ms"], 0)
        db = sqlite3.connect(self.path / "study/study.sqlite")
        rows = db.execute("SELECT DISTINCT machine, instruction_set, threads FROM measurement "
                          "WHERE role = 'latency'").fetchall()
        db.close()
        self.assertEqual(len(rows), 1)
        self.assertTrue(rows[0][0] and rows[0][1])
        self.assertEqual(rows[0][2], 2)
        page = (self.path / "study/report.html").read_text()
        self.assertIn("median ms", page)
        # One trial at a time gives the same models.
        alone = self.result(*words[:-1], "alone", "--parallel", "1", "--latency=false",
                            "--sensitivity=false")
        self.assertEqual(alone["done"], 3)
        mine, theirs = (sorted(f.name for f in (self.path / s / "artifacts").iterdir())
                        for s in ("study", "alone"))
        self.assertEqual(mine, theirs)

    def test_a_trial_is_reproduced(self):
        words = ["sweep", MODEL, "--data", "random:4", "--eval", "random:6", "--trials", "2",
                 "-o", "study", "--latency=false", "--sensitivity=false"]
        self.result(*words)
        found = self.result("sweep", "study", "--reproduce", "2", "-o", "again.onnx")
        made = (self.path / "again.onnx").read_bytes()
        self.assertEqual(made, (self.path / "study/artifacts" / (found["sha256"] + ".onnx"))
                         .read_bytes())
        self.result("sweep", "study/study.sqlite", "--reproduce", "1")
        self.assertTrue((self.path / "trial-1.onnx").exists())
        error = self.error("sweep", "study", "--reproduce", "7", code=3)
        self.assertIn("no such trial", error["message"])
        error = self.error("sweep", "nowhere", "--reproduce", "1", code=3)
        self.assertIn("nowhere", error["message"])
        other = self.path / "other.onnx"
        other.write_bytes(made)
        error = self.error("sweep", "study", "--reproduce", "1", "--model", "other.onnx", code=3)
        self.assertIn("not the study's float model", error["message"])
        for file in (self.path / "study").glob("statistics-*"):
            file.unlink()
        error = self.error("sweep", "study", "--reproduce", "1", "-o", "b.onnx", code=3)
        self.assertIn("--data", error["message"])
        error = self.error("sweep", "study", "--reproduce", "1", "--data", "random:5", code=3)
        self.assertIn("not the study's data", error["message"])
        self.result("sweep", "study", "--reproduce", "2", "-o", "b.onnx", "--data", "random:4")
        self.assertEqual((self.path / "b.onnx").read_bytes(), made)

    def test_two_sweeps_share_a_study(self):
        words = [HONE, "sweep", MODEL, "--data", "random:4", "--eval", "random:60", "--trials",
                 "6", "-o", "study", "--latency=false",
                 "--sensitivity=false", "--json", "-q"]
        both = [subprocess.Popen(words, cwd=self.path, text=True, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE) for _ in range(2)]
        for process in both:
            out, err = process.communicate(timeout=TIMEOUT)
            self.assertEqual(process.returncode, 0, err)
            self.assertEqual(json.loads(out)["done"], 7)
        db = sqlite3.connect(self.path / "study/study.sqlite")
        self.assertEqual(db.execute("SELECT max(attempt) FROM trial").fetchone(), (1,))
        db.execute("PRAGMA user_version = 99")
        db.close()
        error = self.error(*words[1:-2], code=3)
        self.assertIn("newer hone", error["message"])
        (self.path / "study/study.sqlite").write_bytes(b"no database" * 500)
        error = self.error(*words[1:-2], code=3)
        self.assertIn("not a study", error["message"])

    def test_sweep_by_recipe(self):
        (self.path / "r.yaml").write_text(
            f"model: {MODEL}\ndata: random:4\neval: random:6\n"
            "search:\n  preset: [performance, mixed]\n  ignored: [none, {types: [Gemm]}]\n")
        found = self.result("sweep", "r.yaml", "-o", "s", "--dry-run")
        self.assertEqual(found["trials"][1:], [
            "preset=performance", "preset=performance, ignored=Gemm", "preset=mixed",
            "preset=mixed, ignored=Gemm"])
        self.assertFalse((self.path / "s").exists())
        with open(self.path / "r.yaml", "a") as file:
            file.write("serch: {}\n")
        error = self.error("sweep", "r.yaml", "-o", "s", code=3)
        self.assertIn("r.yaml:7: no such key 'serch'", error["message"])

    def test_sweep_by_accuracy(self):
        words = ["sweep", MODEL, "--data", "random:6", "--eval", "random:24", "--metric", "sqnr",
                 "--latency=false", "--search", "accuracy", "--threads", "2"]
        # From one configuration: how good is it?
        (self.path / "r.yaml").write_text(
            f"model: {MODEL}\ndata: random:6\neval: random:24\nmetric: sqnr\nlatency: false\n"
            "search:\n  method: accuracy\n  preset: [mixed]\n")
        loose = self.result("sweep", "r.yaml", "--max-drop", "1000", "-o", "loose")
        self.assertTrue(loose["met"])
        self.assertEqual(loose["trials"], 2)
        self.assertIn("with every layer quantized: trial 1", loose["search"]["verdict"])
        whole = loose["pareto"][0]["metrics"]["sqnr"]["value"]
        floats = loose["baseline"]["metrics"]["sqnr"]["value"]
        # A bound that is 3 dB tighter needs some layers in float, and not all.
        drop = str(floats - whole - 3)
        found = self.result("sweep", "r.yaml", "--max-drop", drop, "-o", "study", "--trials", "24")
        self.assertTrue(found["met"])
        self.assertTrue(found["search"]["ended"])
        self.assertIn("within the bound with", found["search"]["verdict"])
        db = sqlite3.connect(self.path / "study/study.sqlite")
        trials = db.execute("SELECT id, label, config, reason FROM trial ORDER BY id").fetchall()
        self.assertGreater(len(trials), 3)
        self.assertTrue(all(reason for _, _, _, reason in trials[1:]), trials)
        self.assertIn("drops by", trials[2][3])
        reverted = {i: json.loads(config).get("ignored_names", []) for i, _, config, _ in trials}
        self.assertGreater(len(reverted[len(trials) - 1]), 0)
        values = dict(db.execute("SELECT trial, value FROM measurement WHERE role = 'eval'"))
        within = [i for i in reverted if i > 0 and floats - values[i] <= float(drop)]
        best = min(within, key=lambda i: len(reverted[i]))
        self.assertIn(f"{len(reverted[best])} of ", found["search"]["verdict"])
        self.assertEqual(len(reverted[found["best"]]), len(reverted[best]))
        # None that needs fewer was within: the search stopped at the fewest.
        layers = {n["name"] for n in found["nodes"] if n["done"] == "quantized"}
        self.assertGreater(len(layers), 10)
        self.assertFalse(layers & set(reverted[found["best"]]))
        self.assertEqual(db.execute("SELECT count(*) FROM sensitivity").fetchone()[0], 1)
        page = (self.path / "study/report.html").read_text()
        self.assertIn("drops by", page)
        self.assertIn("What each layer costs the outputs", page)
        # A proposal is reproduced, by another number of threads and trials at once too.
        self.result("sweep", "study", "--reproduce", str(best), "--threads", "1")
        again = self.result("sweep", "r.yaml", "--max-drop", drop, "-o", "twice", "--trials", "24",
                            "--parallel", "2")
        self.assertEqual(again["search"], found["search"])
        other = sqlite3.connect(self.path / "twice/study.sqlite")
        self.assertEqual(other.execute("SELECT id, label, config, reason FROM trial ORDER BY id")
                         .fetchall(), trials)
        self.assertEqual(other.execute("SELECT id, artifact FROM trial ORDER BY id").fetchall(),
                         db.execute("SELECT id, artifact FROM trial ORDER BY id").fetchall())
        # Run again, it is as it was; another bound is another study.
        self.assertEqual(self.result("sweep", "r.yaml", "--max-drop", drop, "-o", "study",
                                     "--trials", "24")["trials"], len(trials))
        error = self.error("sweep", "r.yaml", "--max-drop", "5", "-o", "study", "--trials", "24",
                           code=3)
        self.assertIn("max_drop", error["message"])
        # What cannot be: it says how close it came, and exits with 1.
        (self.path / "r.yaml").write_text((self.path / "r.yaml").read_text() + "trials: 4\n")
        none = self.result("sweep", "r.yaml", "--max-drop", "0", "-o", "none", code=1)
        self.assertEqual(none["trials"], 5)
        self.assertIn("closest came", none["search"]["verdict"])
        self.assertIn("--max-drop", self.error(*words, "-o", "x", code=2)["message"])
        words[words.index("accuracy")] = "random"
        self.assertIn("--trials", self.error(*words, "-o", "x", code=2)["message"])
        words[words.index("random")] = "acuracy"
        self.assertIn("accuracy", self.error(*words, "-o", "x", code=3)["expected"])

    def test_interruption_is_130_and_goes_on(self):
        words = ["sweep", MODEL, "--data", "random:4", "--eval", "random:400", "-o", "study",
                 "--trials", "4", "-q", "--latency=false", "--sensitivity=false"]
        process = subprocess.Popen([HONE, *words, "--json"], cwd=self.path, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        while not (self.path / "study/study.sqlite").exists():
            time.sleep(0.01)
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=TIMEOUT)
        self.assertEqual(process.returncode, 130)
        self.assertEqual(json.loads(out)["error"]["code"], "cancelled")
        self.assertEqual(self.result(*words)["done"], 5)


unittest.main(argv=sys.argv[:1])
