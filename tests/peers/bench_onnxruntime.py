#!/usr/bin/env python3
"""ONNX Runtime for `hone bench --command`: answers `run S N` with N milliseconds.

usage: hone bench a.onnx b.onnx --command "python3 tests/peers/bench_onnxruntime.py {model}"

The protocol is harness/bench/command_contender.h's: print `ready`, then for each line
`run S N` run the model N times on sample S and print the N runs' milliseconds in a line.
Inputs are $HONE_BENCH_INPUTS/S/K.npy, threads $HONE_BENCH_THREADS.
"""
import os
import sys
import time

import numpy
import onnxruntime


def main():
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(os.environ.get("HONE_BENCH_THREADS", "0"))
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(sys.argv[1], options,
                                           providers=["CPUExecutionProvider"])
    names = [i.name for i in session.get_inputs()]
    folder = os.environ["HONE_BENCH_INPUTS"]
    samples = {}
    print("ready", flush=True)
    for line in sys.stdin:
        _, sample, runs = line.split()
        if sample not in samples:
            samples[sample] = {name: numpy.load(os.path.join(folder, sample, f"{k}.npy"))
                               for k, name in enumerate(names)}
        feed = samples[sample]
        times = []
        for _ in range(int(runs)):
            start = time.perf_counter()
            session.run(None, feed)
            times.append((time.perf_counter() - start) * 1e3)
        print(*times, flush=True)


main()
