#!/usr/bin/env python3
"""OpenVINO, in float32 where the model is, for `hone bench --command`.

usage: hone bench a.onnx b.onnx --command "python3 tests/peers/bench_openvino.py {model}"

Without the precision hint OpenVINO computes float models in bfloat16 on CPUs with AMX. The
protocol is harness/bench/command_contender.h's, as in bench_onnxruntime.py.
"""
import os
import sys
import time

import numpy
import openvino


def main():
    core = openvino.Core()
    model = core.compile_model(core.read_model(sys.argv[1]), "CPU", {
        "INFERENCE_PRECISION_HINT": "f32",
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": int(os.environ.get("HONE_BENCH_THREADS", "0"))})
    request = model.create_infer_request()
    folder = os.environ["HONE_BENCH_INPUTS"]
    samples = {}
    print("ready", flush=True)
    for line in sys.stdin:
        _, sample, runs = line.split()
        if sample not in samples:
            samples[sample] = {k: numpy.load(os.path.join(folder, sample, f"{k}.npy"))
                               for k in range(len(model.inputs))}
        feed = samples[sample]
        times = []
        for _ in range(int(runs)):
            start = time.perf_counter()
            request.infer(feed)
            times.append((time.perf_counter() - start) * 1e3)
        print(*times, flush=True)


main()
