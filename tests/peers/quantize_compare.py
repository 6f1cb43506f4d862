#!/usr/bin/env python3
"""Compares the ranges and the operators that `hone quantize` and NNCF 3.4 choose.

usage: quantize_compare.py HONE MODEL SAMPLES.npy [--preset performance|mixed]

Both quantize the same float model (BatchNormalization folded by ONNX Runtime first, so
that weights compare) on the same samples: SAMPLES.npy, first dimension = samples, for a
model of one input. Bias correction is off in NNCF: it changes no range. Prints every
activation that both quantize with a scale per tensor where the scales differ by more than
1e-4 (relative) or the zero points by more than 1, every weight likewise, and what only
one of them quantizes, with Hone's reason. Exit 1 when a scale or zero point differs.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import onnx
from onnx import numpy_helper


def fold(path, out):
    import onnxruntime as ort
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = out
    options.log_severity_level = 3
    ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def quantizers(path):
    """Activations by the float value they quantize, weights by the consumer's output."""
    graph = onnx.load(path).graph
    constants = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    producers = {o: n for n in graph.node for o in n.output}
    activations, weights = {}, {}

    def parameters(node):
        scale = constants[node.input[1]]
        zero = constants[node.input[2]] if len(node.input) > 2 else np.zeros(1, np.int32)
        shift = 128 if zero.dtype == np.int8 else 0
        return scale, zero.astype(np.int32).reshape(-1) + shift

    for node in graph.node:
        if node.op_type == "QuantizeLinear" and node.input[0] not in constants:
            value, (scale, zero) = node.input[0], parameters(node)
            if value.endswith("_product"):
                # HardSwish written as x * Clip(x + 3, 0, 6): six times its value.
                value, scale = value[: -len("_product")], scale / 6
            activations[value] = scale, zero
        if node.op_type in ("Conv", "Gemm", "MatMul") and len(node.input) > 1:
            maker = producers.get(node.input[1])
            if maker is not None and maker.op_type == "DequantizeLinear":
                weights[node.output[0]] = parameters(maker)[0].reshape(-1)
    return activations, weights


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("hone")
    parser.add_argument("model")
    parser.add_argument("samples")
    parser.add_argument("--preset", default="performance")
    args = parser.parse_args()
    samples = np.load(args.samples)
    folder = pathlib.Path(tempfile.mkdtemp())
    common = str(folder / "float.onnx")
    fold(args.model, common)

    name = onnx.load(common, load_external_data=False).graph.input[0].name
    np.savez(folder / "data.npz", **{name: samples})
    report = str(folder / "report.json")
    subprocess.run(
        [args.hone, "quantize", common, "-o", str(folder / "hone.onnx"), "--data",
         str(folder / "data.npz"), "--subset-size", str(len(samples)), "--preset", args.preset,
         "--report", report, "-q"], check=True)

    import nncf
    rank = len(onnx.load(common).graph.input[0].type.tensor_type.shape.dim)
    feeds = [{name: s if s.ndim == rank and s.shape[0] == 1 else s[None]} for s in samples]
    quantized = nncf.quantize(
        onnx.load(common), nncf.Dataset(feeds), subset_size=len(samples),
        preset=nncf.QuantizationPreset(args.preset),
        advanced_parameters=nncf.AdvancedQuantizationParameters(disable_bias_correction=True))
    onnx.save(quantized, str(folder / "nncf.onnx"))

    ours, our_weights = quantizers(str(folder / "hone.onnx"))
    theirs, their_weights = quantizers(str(folder / "nncf.onnx"))
    bad = same = 0
    for value in sorted(set(ours) & set(theirs)):
        (s, z), (ns, nz) = ours[value], theirs[value]
        if ns.size > 1:
            print(f"per channel in NNCF only: {value}")
            continue
        relative = abs(float(s.reshape(-1)[0]) / float(ns.reshape(-1)[0]) - 1)
        if relative > 1e-4 or abs(int(z[0]) - int(nz[0])) > 1:
            # Unsigned in one and signed in the other is the same scale's other half.
            print(f"DIFFERS {value}: scale {s} zero point {z[0]}, NNCF {ns} {nz[0]}")
            bad += 1
        else:
            same += 1
    print(f"{same} activation ranges agree, {bad} differ")
    bad_weights = 0
    for value in sorted(set(our_weights) & set(their_weights)):
        s, ns = our_weights[value], their_weights[value]
        if s.size != ns.size or np.max(np.abs(s / ns - 1)) > 1e-4:
            print(f"DIFFERS weights of {value}: ratio {np.max(s / ns) if s.size == ns.size else s.size}")
            bad_weights += 1
    print(f"{len(set(our_weights) & set(their_weights)) - bad_weights} weights agree, "
          f"{bad_weights} differ")
    rows = {}
    if pathlib.Path(report).exists():
        rows = {r["name"]: r for r in json.load(open(report)).get("nodes", [])}
    node_of = {o: n.name for n in onnx.load(common).graph.node for o in n.output}
    for value in sorted(set(their_weights) - set(our_weights)):
        row = rows.get(node_of.get(value, ""), {})
        print(f"weights in NNCF only: {value}: {row.get('why', '')}")
    for value in sorted(set(our_weights) - set(their_weights)):
        print(f"weights in Hone only: {value}")
    for value in sorted(set(theirs) - set(ours)):
        print(f"activation in NNCF only: {value}")
    for value in sorted(set(ours) - set(theirs)):
        print(f"activation in Hone only: {value}")
    return 1 if bad + bad_weights else 0


sys.exit(main())
