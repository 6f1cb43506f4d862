#!/usr/bin/env python3
"""Runs conv_bench, or conv_transpose_bench, and the same layers in ONNX Runtime, by turns.

  python3 onnxruntime_bench.py BINARY [--threads 1] [--rounds 5] [--filter RE]

BINARY is the built benchmark. Needs onnx and onnxruntime from PyPI. For every
layer it prints the least time of each side over all rounds and the ratio of
their speeds (ours over theirs; above 1 is faster). ONNX Runtime has its default
optimizations and, separately, those without its own blocked layout, whose
conversions a single layer would pay for; the faster of both counts.
"""
import argparse
import json
import re
import subprocess
import time

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper

NAME = re.compile(
    r"(\w+)/(\d+)x(\d+)x(\d+)->(\d+)/k(\d+)s(\d+)p(\d+)g(\d+)/(\d+)")


class Layer:
    def __init__(self, name):
        found = NAME.match(name).groups()
        self.network = found[0]
        (self.c, self.h, self.w, self.m, self.k, self.s, self.p, self.g,
         self.threads) = (int(v) for v in found[1:])
        self.transposed = self.network == "transposed"
        if self.transposed:
            self.out = (self.h - 1) * self.s + self.k - 2 * self.p
            pixels = self.h * self.w
        else:
            self.out = (self.h + 2 * self.p - self.k) // self.s + 1
            pixels = self.out * self.out
        self.flops = 2 * pixels * self.m * self.k * self.k * self.c / self.g


def sessions(layer):
    c, m, k, p, g = layer.c, layer.m, layer.k, layer.p, layer.g
    shape = (c, m // g, k, k) if layer.transposed else (m, c // g, k, k)
    weight = np.random.rand(*shape).astype(np.float32) - 0.5
    bias = np.random.rand(m).astype(np.float32)
    op = "ConvTranspose" if layer.transposed else "Conv"
    nodes = [helper.make_node(op, ["x", "w", "b"], ["y" if layer.transposed else "c"],
                              kernel_shape=[k, k], strides=[layer.s] * 2,
                              pads=[p] * 4, group=g)]
    if not layer.transposed:
        nodes.append(helper.make_node("Relu", ["c"], ["y"]))
    graph = helper.make_graph(
        nodes, "layer",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, c, layer.h, layer.w])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(weight, "w"),
         numpy_helper.from_array(bias, "b")])
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    made = []
    for level in (ort.GraphOptimizationLevel.ORT_ENABLE_ALL,
                  ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED):
        options = ort.SessionOptions()
        options.intra_op_num_threads = layer.threads
        options.graph_optimization_level = level
        session = ort.InferenceSession(model.SerializeToString(), options,
                                       providers=["CPUExecutionProvider"])
        binding = session.io_binding()
        x = np.random.rand(1, c, layer.h, layer.w).astype(np.float32)
        binding.bind_ortvalue_input("x", ort.OrtValue.ortvalue_from_numpy(x))
        y = np.zeros((1, m, layer.out, layer.out), np.float32)
        binding.bind_ortvalue_output("y", ort.OrtValue.ortvalue_from_numpy(y))
        made.append((session, binding))
    return made


def least_time(session, binding, seconds):
    best = float("inf")
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        begin = time.perf_counter()
        session.run_with_iobinding(binding)
        best = min(best, time.perf_counter() - begin)
    return best


def our_times(binary, threads, pattern):
    out = subprocess.run(
        [binary, f"--benchmark_filter={pattern}.*/{threads}/real_time",
         "--benchmark_format=json", "--benchmark_min_time=0.003",
         "--benchmark_repetitions=15"],
        check=True, capture_output=True, text=True).stdout
    best = {}
    for b in json.loads(out)["benchmarks"]:
        if b["run_type"] == "iteration":
            seconds = b["real_time"] * 1e-9
            best[b["name"]] = min(best.get(b["name"], seconds), seconds)
    return best


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--filter", default="")
    args = parser.parse_args()
    ours, theirs = {}, {}
    for _ in range(args.rounds):
        for name, seconds in our_times(args.binary, args.threads,
                                       args.filter).items():
            ours[name] = min(ours.get(name, float("inf")), seconds)
            for session, binding in sessions(Layer(name)):
                theirs[name] = min(theirs.get(name, float("inf")),
                                   least_time(session, binding, 0.05))
    total = {}
    print(f"{'layer':44} {'us':>8} {'GFLOP/s':>8} {'ORT us':>8} ratio")
    for name, seconds in ours.items():
        layer = Layer(name)
        print(f"{name[:-12]:44} {seconds * 1e6:8.0f} {layer.flops / seconds * 1e-9:8.1f}"
              f" {theirs[name] * 1e6:8.0f} {theirs[name] / seconds:5.2f}")
        a, b = total.get(layer.network, (0, 0))
        total[layer.network] = (a + seconds, b + theirs[name])
    for network, (a, b) in total.items():
        print(f"{network:44} {a * 1e6:8.0f} {'':8} {b * 1e6:8.0f} {b / a:5.2f}")


if __name__ == "__main__":
    main()
