#!/usr/bin/env python3
"""Hone's quantizer beside NNCF's and ONNX Runtime's: what comes out, and what it costs.

usage: table.py HONE MODELS_FOLDER [CASE ...]

Every tool gets the same samples, is asked for W8A8 with its documented defaults, and runs
in a process of its own with two threads. Hone's time is its whole process; a peer's from
its call to its return. Memory is the peak of anonymous pages. The result is run by ONNX
Runtime for its accuracy; speeds are ratios to the float model in the same runtime, one
thread, batch 1, interleaved by `hone bench`; `~` marks a machine too noisy to conclude.
Prints a table in Markdown.
"""
import datetime
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

import cases
import process

HERE = pathlib.Path(__file__).resolve().parent
OURS = {
    "hone": [],
    "hone, bias correction": ["--bias-correction", "fast"],
    "hone, quantile": ["--activations-range-estimator", "quantile"],
    "hone, performance": ["--preset", "performance"],
}
PEERS = {
    "NNCF": "nncf",
    "NNCF, mixed": "nncf-mixed",
    "quantize_static": "quantize_static",
}


def make_hone(hone, case, data, out, flags):
    wall, peak, _ = process.run([hone, "quantize", case.model, "-o", out, "--data", data,
                                 "--subset-size", str(len(case.calibration)), "--threads", "2",
                                 "-q", *flags])
    return wall, peak


def make_peer(job, case, samples, out):
    _, peak, printed = process.run([sys.executable, HERE / "quantizers.py", job, case.model,
                                    samples, out])
    return float(printed.split("seconds")[-1]), peak


def speeds(hone, runtime, models, data):
    """Ratios to the first model, or None where the model does not run there."""
    command = [hone, "bench", *models, "--data", data, "--threads", "1", "--json", "-q"]
    if runtime:
        command += ["--command-only", "--command",
                    f"{sys.executable} {HERE / runtime} {{model}}"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode not in (0, 4):
        raise RuntimeError(done.stderr[-2000:])
    found = json.loads(done.stdout)
    return [(m.get("engine_ratio", m["ratio"]), m["median_ms"], found["conclusive"])
            for m in found["models"]]


def row(cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def ratio(value):
    if value is None:
        return "-"
    return f"{value[0]:.2f}{'' if value[2] else '~'}"


def compare(hone, case, folder):
    samples = folder / "samples" / (cases.session_input(case.model) + ".npy")
    samples.parent.mkdir()
    np.save(samples, case.calibration)
    data = samples.parent
    run_float = cases.session(case.model)
    made, failed = {}, {}
    for name, flags in OURS.items():
        out = folder / f"{len(made)}.onnx"
        try:
            made[name] = (out, *make_hone(hone, case, data, out, flags))
        except RuntimeError as error:
            failed[name] = error
    for name, job in PEERS.items():
        out = folder / f"{len(made)}.onnx"
        try:
            made[name] = (out, *make_peer(job, case, samples, out))
        except RuntimeError as error:
            failed[name] = error
    for_openvino = folder / "openvino.onnx"
    make_hone(hone, case, data, for_openvino, ["--runtime", "openvino"])

    names = list(made)
    files = [case.model, *(made[n][0] for n in names)]
    in_onnxruntime = speeds(hone, "bench_onnxruntime.py", files, data)
    # Placement differs by runtime: Hone's first row has a file written for OpenVINO.
    openvino_files = [case.model, for_openvino,
                      *(made[n][0] for n in names if n not in OURS)]
    in_openvino = dict(zip(["float", "hone", *(n for n in names if n not in OURS)],
                           speeds(hone, "bench_openvino.py", openvino_files, data)))
    in_hone = speeds(hone, "", [case.model, *(made[n][0] for n in names if n in OURS)], data)

    size = os.path.getsize(case.model)
    exact = case.score(run_float, run_float)
    label = f"**{case.name}**, {case.metric}"
    row([label, "float", "" if math.isinf(exact) else f"{exact:.2f}", f"{size / 1e6:.2f}", "", "",
         f"{in_onnxruntime[0][1]:.2f} ms", f"{in_openvino['float'][1]:.2f} ms",
         f"{in_hone[0][1]:.2f} ms"])
    for i, name in enumerate(names):
        out, wall, peak = made[name]
        score = case.score(cases.session(out), run_float)
        row(["", name, f"{score:.2f}", f"{os.path.getsize(out) / 1e6:.2f}", f"{wall:.1f}",
             f"{peak:.0f}", ratio(in_onnxruntime[i + 1]), ratio(in_openvino.get(name)),
             ratio(in_hone[i + 1]) if name in OURS else ""])
    for name, error in failed.items():
        row(["", name, "failed", "", "", "", "", "", ""])
        print(f"{case.name}, {name}: {error}", file=sys.stderr)


def main():
    hone, models = sys.argv[1], pathlib.Path(sys.argv[2])
    known = cases.all_cases(models)
    wanted = sys.argv[3:] or list(known)
    print(f"{datetime.date.today()}, {process.cpu()}. Seconds and peak anonymous MiB of the "
          "quantizer (2 threads); ratios of time to the float model in ONNX Runtime, OpenVINO "
          "(f32) and Hone (1 thread, batch 1).\n")
    row(["model, metric", "", "score", "MB", "s", "MiB", "ORT", "OpenVINO", "Hone"])
    row(["---", "---"] + ["---:"] * 7)
    for name in wanted:
        with tempfile.TemporaryDirectory() as folder:
            compare(hone, known[name](), pathlib.Path(folder))


main()
