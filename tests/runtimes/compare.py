#!/usr/bin/env python3
"""Compares Hone with ONNX Runtime and OpenVINO on the models that `hone quantize` writes.

usage: compare.py HONE

For both `--runtime`s the bundled classifier is quantized, then
  - each node, fed the peer's own inputs (ONNX Runtime with optimizations off, OpenVINO node by
    node with the f32 hint), must agree with ours within float tolerance, or for integer
    outputs within one quantization step on at most 0.1 % of the elements;
  - on the 10,000 test images the whole model's top-1 must be ours on at least 99.8 %, with the
    peer's optimizations on.
Ends with `N passed, N failed`, one test per node and one per whole model.
"""
import gzip
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime as ort
import openvino as ov

DATA = "/usr/share/datasets/fashion-mnist/"
MODEL = pathlib.Path(__file__).resolve().parents[2] / "datasets/models/fashion_mobilenet.onnx"
SAMPLES = 16  # per node
STEP_FRACTION = 1e-3
TOP1 = 0.998
# Of the largest value: float32 sums of a few thousand terms in another order.
FLOAT_TOLERANCE = 2e-5


def images(name):
    with gzip.open(DATA + name) as file:
        return np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 1, 28, 28) / np.float32(255)


def hone_run(hone, model, arrays, folder):
    """Outputs of `hone run`, in the model's order; arrays: input name -> [samples, ...]."""
    np.savez(folder / "in.npz", **arrays)
    out = folder / "out"
    result = subprocess.run(
        [hone, "run", str(model), "--data", str(folder / "in.npz"), "-o", str(out), "-q"],
        capture_output=True, text=True)
    if result.returncode:
        raise RuntimeError(result.stderr.strip() or f"exit status {result.returncode}")
    names = [v.name for v in onnx.load(str(model), load_external_data=False).graph.output]
    return [np.load(out / (name.replace("/", "_") + ".npy")) for name in names]


def ort_session(model, optimize):
    options = ort.SessionOptions()
    options.log_severity_level = 3
    if not optimize:
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])


class OnnxRuntime:
    name = "onnxruntime"

    def run(self, path, feeds, optimize):
        session = ort_session(str(path), optimize)
        names = [v.name for v in session.get_inputs()]
        return [session.run(None, {n: f[n] for n in names}) for f in feeds]


class OpenVino:
    name = "openvino"

    def run(self, path, feeds, optimize):
        del optimize
        compiled = ov.Core().compile_model(str(path), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
        request = compiled.create_infer_request()
        results = []
        for feed in feeds:
            request.infer({i: feed[i.get_any_name()] for i in compiled.inputs})
            results.append([request.get_output_tensor(k).data.copy()
                            for k in range(len(compiled.outputs))])
        return results


def all_values(model, feeds):
    """Every value of the model for every sample, by ONNX Runtime with optimizations off."""
    wide = onnx.ModelProto()
    wide.CopyFrom(model)
    outputs = {v.name for v in wide.graph.output}
    names = [o for node in wide.graph.node for o in node.output if o]
    wide.graph.output.extend(onnx.ValueInfoProto(name=n) for n in names if n not in outputs)
    session = ort_session(wide.SerializeToString(), optimize=False)
    order = [v.name for v in session.get_outputs()]
    return [{**feed, **dict(zip(order, session.run(None, feed)))} for feed in feeds]


def node_model(model, node, values, constants):
    """A model of one node; what is constant in the whole model is an initializer here."""
    inputs, initializers = [], []
    for name in dict.fromkeys(n for n in node.input if n):
        if name in constants:
            initializers.append(onnx.numpy_helper.from_array(constants[name], name))
        else:
            value = values[0][name]
            inputs.append(onnx.helper.make_tensor_value_info(
                name, onnx.helper.np_dtype_to_tensor_dtype(value.dtype), value.shape))
    outputs = [onnx.helper.make_tensor_value_info(
        n, onnx.helper.np_dtype_to_tensor_dtype(values[0][n].dtype), values[0][n].shape)
        for n in node.output if n]
    graph = onnx.helper.make_graph([node], "node", inputs, outputs, initializers)
    single = onnx.helper.make_model(graph, opset_imports=model.opset_import,
                                    ir_version=model.ir_version)
    return single, [i.name for i in inputs]


def difference(got, want):
    """None when they agree, else what differs."""
    if got.shape != want.shape or got.dtype != want.dtype:
        return f"{got.dtype}{got.shape} against {want.dtype}{want.shape}"
    if want.dtype.kind in "iub":
        apart = np.abs(got.astype(np.int64) - want.astype(np.int64))
        if apart.max(initial=0) > 1:
            return f"{apart.max()} steps apart"
        fraction = float((apart > 0).mean()) if apart.size else 0.0
        return f"{fraction:.2%} of elements a step apart" if fraction > STEP_FRACTION else None
    worst = np.abs(got - want).max(initial=0) / max(np.abs(want).max(initial=0), 1e-30)
    return f"relative error {worst:.1e}" if not worst <= FLOAT_TOLERANCE else None


def check_nodes(hone, peer, path, feeds, folder):
    model = onnx.load(str(path))
    values = all_values(model, feeds)
    constants = {i.name: onnx.numpy_helper.to_array(i) for i in model.graph.initializer}
    passed, failures = 0, []
    for node in model.graph.node:
        label = node.name or node.output[0]
        if node.op_type == "Constant" or all(n in constants for n in node.input):
            for name in node.output:
                constants[name] = values[0][name]
            continue
        single, inputs = node_model(model, node, values, constants)
        file = folder / "node.onnx"
        onnx.save(single, str(file))
        try:
            ours = hone_run(hone, file, {n: np.stack([v[n] for v in values]) for n in inputs}, folder)
            theirs = peer.run(file, [{n: v[n] for n in inputs} for v in values], optimize=False)
            wrong = [difference(ours[k].reshape(np.stack([t[k] for t in theirs]).shape),
                                np.stack([t[k] for t in theirs])) for k in range(len(ours))]
            wrong = [w for w in wrong if w]
        except Exception as error:  # the runtime or ours refused: a failure with its words
            wrong = [str(error).splitlines()[-1][:200]]
        passed += not wrong
        failures += [f"{peer.name} node {label} ({node.op_type}): {w}" for w in wrong]
    return passed, failures


def check_whole(hone, peer, path, pictures, folder):
    ours = hone_run(hone, path, {"image": pictures[:, None]}, folder)[0].reshape(len(pictures), -1)
    batches = [{"image": pictures[i:i + 1]} for i in range(len(pictures))]
    theirs = np.concatenate([r[0] for r in peer.run(path, batches, optimize=True)])
    agree = float((ours.argmax(1) == theirs.argmax(1)).mean())
    print(f"{peer.name}: top-1 equal on {agree:.2%} of {len(pictures)} images")
    return [] if agree >= TOP1 else [f"{peer.name} whole model: top-1 equal on {agree:.2%}"]


def main():
    hone = sys.argv[1]
    test = images("t10k-images-idx3-ubyte.gz")
    feeds = [{"image": test[i:i + 1]} for i in range(SAMPLES)]
    passed, failures = 0, []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for peer in (OnnxRuntime(), OpenVino()):
            path = folder / f"{peer.name}.onnx"
            train = f"idx:{DATA}train-images-idx3-ubyte.gz,{DATA}train-labels-idx1-ubyte.gz"
            subprocess.run([hone, "quantize", str(MODEL), "-o", str(path), "--data", train,
                            "--scale", "255", "--runtime", peer.name, "-q"], check=True)
            ok, wrong = check_nodes(hone, peer, path, feeds, folder)
            print(f"{peer.name}: {ok} nodes agree, {len(wrong)} differ")
            passed += ok
            failures += wrong
            wrong = check_whole(hone, peer, path, test, folder)
            passed += not wrong
            failures += wrong
    for failure in failures:
        print("failed:", failure)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


sys.exit(main())
