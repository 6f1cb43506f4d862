#!/usr/bin/env python3
"""Runs the `hone` command as users do and checks output, exit codes and files.

usage: command_test.py HONE MODEL
"""
import json
import os
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from command import MODEL, CommandCase, run  # noqa: E402


class CommandTest(CommandCase):
    def test_help(self):
        overview = run("--help")
        self.assertEqual(overview.returncode, 0)
        for verb in ("inspect run eval bench compare quantize statistics simplify convert sweep "
                     "report doctor").split():
            self.assertIn(f"\n  {verb} ", overview.stdout)
            text = run(verb, "--help")
            self.assertEqual(text.returncode, 0, verb)
            self.assertEqual(text.stdout.count("\n  hone "), 2, f"two examples of {verb}")
            self.assertEqual(text.stderr, "")
        self.assertNotIn("compress", overview.stdout)
        self.assertIn("--per-channel", run("quantize", "--help").stdout)
        self.assertIn("--preset", run("help", "options").stdout)

    def test_usage_errors_name_the_nearest(self):
        for words, part in [(["quantise"], "the nearest is quantize"),
                            (["compress", "x"], "not in this version"),
                            (["eval", MODEL, "--dta", "x"], "the nearest is --data"),
                            (["eval", MODEL, "--data", "random:4", "--metric", "topp1"],
                             "the nearest is top1"),
                            (["eval", MODEL], "--data"),
                            (["eval"], "MODEL is missing"),
                            (["quantize", MODEL, "--data", "random:2"], "-o"),
                            (["quantize", MODEL, "-o", "x", "--data", "random:2",
                              "--preset", "mixt"], "preset"),
                            (["inspect", MODEL, "--progress", "loud"], "--progress"),
                            (["inspect", MODEL, "--threads", "many"], "--threads")]:
            error = self.error(*words, code=2)
            self.assertIn(part, error["message"])

    def test_bad_input_names_the_file(self):
        broken = self.path / "broken.onnx"
        broken.write_bytes(pathlib.Path(MODEL).read_bytes()[:5000])
        for words, part in [(["inspect", "none.onnx"], "none.onnx"),
                            (["inspect", str(broken)], "broken.onnx"),
                            (["eval", MODEL, "--data", "none.npz"], "none.npz"),
                            (["report", "nowhere"], "nowhere"),
                            (["inspect", MODEL, "--recipe", "none.yaml"], "none.yaml")]:
            error = self.error(*words, code=3)
            self.assertIn(part, error["message"])

    def test_data_that_does_not_fit(self):
        images = self.idx("wide", (3, 28, 30), [0] * 3 * 840)
        error = self.error("eval", MODEL, "--data", f"idx:{images}", "--metric", "top1", code=3)
        self.assertIn("30", error["found"])
        self.assertIn("28", error["expected"])
        error = self.error("eval", MODEL, "--data", self.labelled(), "--metric", "top1",
                           "--dtype", "uint8", code=3)
        self.assertIn("uint8", error["found"])
        unlabelled = self.labelled().split(",")[0]
        error = self.error("eval", MODEL, "--data", unlabelled, "--metric", "top1", code=3)
        self.assertIn("needs labels", error["message"])

    def test_inspect_and_doctor(self):
        found = self.result("inspect", MODEL)
        self.assertEqual(found["opsets"], {"": 17})
        self.assertGreater(found["operators"]["Conv"], 10)
        self.assertGreater(found["parameters"], 100000)
        self.assertIn("plan", self.result("inspect", MODEL, "--plan"))
        doctor = self.result("doctor")
        self.assertTrue(all(test["ok"] for test in doctor["self_test"]))

    def test_eval(self):
        data = self.labelled()
        whole = self.result("eval", MODEL, "--data", data, "--scale", "255",
                            "--metric", "top1,top5")
        self.assertEqual(whole["samples"], 12)
        top1 = whole["metrics"]["top1"]
        self.assertLessEqual(top1["low"], top1["value"])
        self.assertGreaterEqual(top1["high"], top1["value"])
        # Batches and threads change nothing.
        for more in (["--batch-size", "4"], ["--threads", "1"]):
            again = self.result("eval", MODEL, "--data", data, "--scale", "255",
                                "--metric", "top1,top5", *more)
            self.assertEqual(again["metrics"], whole["metrics"])
        same = self.result("eval", MODEL, "--reference", MODEL, "--data", "random:4")
        self.assertEqual(same["metrics"]["agreement"]["value"], 1)

    def test_quantize(self):
        words = ["quantize", MODEL, "--data", self.labelled(), "--scale", "255"]
        first = self.result(*words, "-o", "a.onnx", "--report", "nodes.html",
                            "--eval", self.labelled(), "--max-drop", "1")
        self.assertTrue(first["met"])
        self.assertLess(first["size_bytes_after"], first["size_bytes_before"] / 2)
        self.assertEqual((self.path / "a.onnx").stat().st_size, first["size_bytes_after"])
        self.assertTrue(all(node["done"] for node in first["nodes"]))
        for key in ("wall_s", "inference_s", "peak_rss_bytes", "peak_anon_bytes", "baseline"):
            self.assertIn(key, first)
        self.assertIn("<table>", (self.path / "nodes.html").read_text())
        self.result(*words, "-o", "b.onnx", "--threads", "1")
        self.assertEqual((self.path / "a.onnx").read_bytes(),
                         (self.path / "b.onnx").read_bytes())
        # A recipe says the same as options do.
        (self.path / "r.yaml").write_text("preset: performance\noverflow_fix: disable\n")
        self.result(*words, "-o", "c.onnx", "--recipe", "r.yaml", "--set", "preset=mixed")
        self.result(*words, "-o", "d.onnx", "--preset", "mixed", "--overflow-fix", "disable")
        self.assertEqual((self.path / "c.onnx").read_bytes(),
                         (self.path / "d.onnx").read_bytes())
        self.assertNotEqual((self.path / "a.onnx").read_bytes(),
                            (self.path / "d.onnx").read_bytes())

    def test_statistics_give_the_same_model(self):
        data = ["--data", self.labelled(), "--scale", "255"]
        self.result("statistics", MODEL, *data, "-o", "s.hone")
        self.result("quantize", MODEL, "--statistics", "s.hone", "-o", "a.onnx")
        self.result("quantize", MODEL, *data, "-o", "b.onnx")
        self.assertEqual((self.path / "a.onnx").read_bytes(),
                         (self.path / "b.onnx").read_bytes())

    def test_compare(self):
        same = self.result("compare", MODEL, MODEL, "--data", "random:3", "--min-sqnr", "199")
        self.assertTrue(same["met"])
        self.assertEqual(same["min_sqnr_db"], 200)
        self.result("quantize", MODEL, "-o", "q.onnx", "--data", "random:8")
        words = ["compare", MODEL, "q.onnx", "--data", "random:5"]
        found = self.result(*words, "--report", "layers.html")
        self.assertEqual(found["samples"], 5)
        self.assertGreater(len(found["values"]), 50)
        sqnr = [value["sqnr_db"] for value in found["values"]]
        self.assertEqual(sqnr, sorted(sqnr))
        self.assertEqual(found["min_sqnr_db"], sqnr[0])
        self.assertTrue(all(left["why"] for left in found["left_out"]))
        self.assertIn("sqnr_db", (self.path / "layers.html").read_text())
        # Threads change nothing.
        again = self.result(*words, "--threads", "1")
        self.assertEqual(again["values"], found["values"])
        outputs = self.result(*words, "--outputs-only", "--min-sqnr", "150", code=1)
        self.assertEqual([v["name"] for v in outputs["values"]], ["logits"])
        self.error(*words, "--min-sqnr", "high", code=2)
        self.error("compare", MODEL, "--data", "random:2", code=2)
        error = self.error("compare", MODEL, "none.onnx", "--data", "random:2", code=3)
        self.assertIn("none.onnx", error["message"])

    def test_bench(self):
        small = ["--rounds", "6", "--threads", "1"]
        found = self.result("bench", MODEL, MODEL, *small, "--ops", "--max-noise", "100000%")
        self.assertEqual(found["threads"], 1)
        self.assertEqual(found["rounds"], 6)
        first, second = found["models"]
        self.assertEqual((first["ratio"], first["verdict"]), (1, "first"))
        self.assertGreater(first["min_ms"], 0)
        self.assertLessEqual(first["min_ms"], first["median_ms"])
        self.assertLessEqual(first["median_ms"], first["p99_ms"])
        self.assertLessEqual(second["ratio_low"], second["ratio"])
        self.assertGreaterEqual(second["ratio_high"], second["ratio"])
        self.assertTrue(any("conv" in op["kernel"] for op in first["ops"]))
        self.assertAlmostEqual(sum(op["share"] for op in first["ops"]), 1, 3)
        # No machine is as quiet as that: figures, no conclusion.
        found = self.result("bench", MODEL, *small, "--max-noise", "0.0000001%", code=4)
        self.assertFalse(found["conclusive"])
        self.assertGreater(found["models"][0]["median_ms"], 0)

    def test_bench_beside_another_runtime(self):
        (self.path / "runtime.py").write_text(
            "import os, sys, time\n"
            "assert os.path.exists(sys.argv[1])\n"
            "assert os.path.getsize(os.path.join(sys.argv[2], '0', '0.npy')) > 28 * 28\n"
            "print('ready', flush=True)\n"
            "for line in sys.stdin:\n"
            "    times = []\n"
            "    for _ in range(int(line.split()[2])):\n"
            "        start = time.perf_counter()\n"
            "        time.sleep(0.01)\n"
            "        times.append((time.perf_counter() - start) * 1e3)\n"
            "    print(*times, flush=True)\n")
        found = self.result("bench", MODEL, MODEL, "--rounds", "6", "--max-noise", "1000000%",
                            "--data", "random:3", "--command",
                            f"{sys.executable} runtime.py {{model}} {{inputs}}")
        self.assertEqual(len(found["models"]), 4)
        self.assertEqual(found["samples"], 3)
        other = found["models"][3]
        self.assertIn("runtime.py", other["engine"])
        self.assertGreaterEqual(other["min_ms"], 10)
        self.assertLess(abs(other["engine_ratio"] - 1), 0.5)
        error = self.error("bench", MODEL, "--command", "false {model}", code=3)
        self.assertIn("exit status 1", error["message"])
        self.error("bench", MODEL, "--command", "true", code=2)
        error = self.error("bench", MODEL, "--shape", "imput=1x1x28x28", code=2)
        self.assertIn("the nearest is", error["message"])
        self.error("bench", MODEL, "--rounds", "5", code=2)
        self.error("bench", MODEL, "--max-noise", "much", code=2)

    def test_a_bound_that_is_not_met_is_one(self):
        result = self.result("quantize", MODEL, "-o", "a.onnx", "--data", "random:2",
                             "--eval", "random:4", "--metric", "sqnr", "--max-drop", "0",
                             "--remedies=false", code=1)
        self.assertFalse(result["met"])

    def test_accuracy_control_reverts_what_costs_most(self):
        words = ["quantize", MODEL, "-o", "a.onnx", "--data", "random:16", "--eval", "random:12",
                 "--metric", "sqnr,agreement", "--per-channel=false"]
        loose = self.result(*words, "--max-drop", "sqnr=199")
        self.assertTrue(loose["met"])
        control = loose["accuracy_control"]
        self.assertEqual(control["layers_in_float"], 0)
        self.assertEqual(set(loose["metrics"]), {"sqnr", "agreement"})
        drop = loose["baseline"]["sqnr"]["value"] - loose["metrics"]["sqnr"]["value"]
        remedied = self.result(*words, "--max-drop", f"sqnr={drop - 1}")
        trials = remedied["accuracy_control"]["trials"]
        self.assertEqual(trials[0]["remedy"], "")
        self.assertIn("activations_range_estimator", trials[1]["remedy"])
        tight = self.result(*words, "--max-drop", f"sqnr={drop - 1}", "--remedies=false")
        control = tight["accuracy_control"]
        self.assertGreater(control["layers_in_float"], 0)
        self.assertLess(control["layers_in_float"], control["layers"])
        self.assertGreater(control["ranking_reused"], 0.2)
        costs = [layer["cost"] for layer in control["ranking"]]
        self.assertEqual(costs, sorted(costs, reverse=True))
        left = {n["name"] for n in tight["nodes"] if n["why"].startswith("accuracy:")}
        self.assertEqual(left, set(control["in_float"]))
        self.assertGreaterEqual(tight["metrics"]["sqnr"]["value"],
                                loose["metrics"]["sqnr"]["value"] + 1)
        for bad, part in [(["--max-drop", "f1=0.1"], "f1"),
                          (["--max-drop", "sqnr=1,sqnr=2"], "twice")]:
            self.assertIn(part, self.error(*words, *bad, code=2)["message"])

    def test_verify_speed_keeps_what_pays(self):
        # A runtime by the protocol of `hone bench --command`, in which integers take
        # QUANTIZED ms and floats FLOAT ms.
        (self.path / "fake.py").write_text(
            "import sys, time\n"
            "quantized = b'QuantizeLinear' in open(sys.argv[1], 'rb').read()\n"
            "ms = float(sys.argv[2 if quantized else 3])\n"
            "print('ready', flush=True)\n"
            "for line in sys.stdin:\n"
            "    times = []\n"
            "    for _ in range(int(line.split()[2])):\n"
            "        start = time.perf_counter()\n"
            "        time.sleep(ms / 1e3)\n"
            "        times.append((time.perf_counter() - start) * 1e3)\n"
            "    print(*times, flush=True)\n")
        words = ["quantize", MODEL, "-o", "a.onnx", "--data", "random:8", "--verify-speed",
                 "--ignored-types", "Conv"]

        def measure(quantized, float_):
            return self.result(*words, "--command",
                               f"{sys.executable} fake.py {{model}} {quantized} {float_}")

        slow = measure(9, 2)
        speed = slow["verify_speed"]
        self.assertEqual(len(speed["in_float"]), speed["layers"])
        self.assertGreater(speed["layers"], 0)
        self.assertFalse(speed["faster"])
        self.assertTrue(speed["decisions"][0]["kept"])
        left = {n["name"] for n in slow["nodes"] if n["why"].startswith("speed:")}
        self.assertEqual(left, set(speed["in_float"]))
        self.assertIn(speed["in_float"][0].encode(), (self.path / "a.onnx").read_bytes())
        speed = measure(2, 9)["verify_speed"]
        self.assertEqual(speed["in_float"], [])
        self.assertTrue(speed["faster"])
        self.assertLess(speed["ratio"], 0.6)
        for more, code in [(["--verify-speed", "--command", "no-such-program {model}"], 3),
                           (["--command", "prog {model}"], 2)]:
            self.error("quantize", MODEL, "-o", "b.onnx", "--data", "random:8", *more,
                       code=code)
        self.assertFalse((self.path / "b.onnx").exists())

    def test_bias_correction(self):
        words = ["quantize", MODEL, "--data", "random:16", "--preset", "mixed"]
        plain = self.result(*words, "-o", "a.onnx")
        self.assertFalse([n for n in plain["nodes"] if n["op"] == "bias_correction"])
        for method in ("fast", "full"):
            found = self.result(*words, "-o", "b.onnx", "--bias-correction", method)
            self.assertGreater(found["passes"], plain["passes"])
            row = next(n for n in found["nodes"] if n["op"] == "bias_correction")
            self.assertIn(row["done"], (method, "undone", "none"))
            if row["done"] == method:
                self.assertLess(row["output_error_after"], row["output_error_before"])
        self.assertIn("bias_correction", self.error(
            *words, "-o", "c.onnx", "--bias-correction", "some", code=2)["message"])

    def test_unwritable_output(self):
        error = self.error("quantize", MODEL, "--data", "random:2", "-o", "no/such/a.onnx",
                           code=3)
        self.assertIn("no/such/a.onnx", error["message"])
        self.assertEqual(list(self.path.iterdir()), [])

    def test_device(self):
        data = ["--data", "random:2"]
        cpu = self.result("run", MODEL, *data)
        self.assertEqual(cpu["placement"]["device"], "cpu")
        self.assertEqual(cpu["placement"]["device_steps"], 0)
        # Without a driver: an error for what was asked for, the CPU for auto.
        nothing = dict(os.environ, OCL_ICD_VENDORS=str(self.path))
        done = run("run", MODEL, *data, "--device", "opencl", env=nothing)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("no OpenCL", done.stderr)
        done = run("run", MODEL, *data, "--device", "auto", "--json", env=nothing)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("auto: computing on the CPU: no OpenCL", done.stderr)
        self.assertEqual(json.loads(done.stdout)["placement"]["device"], "cpu")
        self.assertIn("cpu, opencl, opencl:N or auto",
                      self.error("run", MODEL, *data, "--device", "cuda", code=3)["message"])
        words = ["quantize", MODEL, *data, "-o", "q.onnx", "--device", "opencl"]
        self.assertIn("computes on the CPU", self.error(*words, code=2)["message"])
        if not self.result("doctor")["opencl"]:
            self.skipTest("no OpenCL device")
        self.assertIn("there is 0: ",
                      self.error("run", MODEL, *data, "--device", "opencl:99", code=3)["message"])
        found = self.result("run", MODEL, *data, "--device", "opencl", "-o", "out")
        self.assertTrue(found["placement"]["device"].startswith("opencl:"))
        self.assertGreater(found["placement"]["device_steps"], 0)
        self.assertIn("Conv", " ".join(found["placement"]["cpu_operators"]))
        self.assertGreater(found["placement"]["copies"]["to_host"], 0)
        plan = self.result("inspect", MODEL, "--plan", "--device", "opencl")
        self.assertIn("opencl.", plan["plan"])
        # The same agreement, and statistics that quantize alike.
        words = ["eval", MODEL, "--reference", MODEL, *data, "--metric", "cosine"]
        cosine = self.result(*words, "--device", "opencl")["metrics"]["cosine"]["value"]
        self.assertAlmostEqual(cosine, 1, 6)
        self.result("statistics", MODEL, *data, "-o", "s.stats", "--device", "opencl")
        self.result("quantize", MODEL, "--statistics", "s.stats", "-o", "q.onnx")

    def test_run(self):
        self.result("run", MODEL, "--data", "random:3", "-o", "out")
        npy = (self.path / "out" / "logits.npy").read_bytes()
        self.assertIn(b"(3, 10)", npy[:128])
        self.result("run", MODEL, "--data", "random:3", "-o", "set", "--format", "pb")
        names = sorted(str(p.relative_to(self.path)) for p in self.path.glob("set/*/*"))
        self.assertEqual(names, [f"set/test_data_set_{i}/output_0.pb" for i in range(3)])


unittest.main(argv=sys.argv[:1])
