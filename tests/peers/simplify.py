#!/usr/bin/env python3
"""Sets `hone simplify` beside onnxsim: nodes left, time, largest error.

usage: simplify.py HONE MODEL.onnx|FOLDER...     (in the peers' environment)

Ours is timed as a whole process, start and both files included, with its check off and on;
onnxsim from its call to its return, its check off. Constant nodes do not count. The error is
of both results in ONNX Runtime without its own optimizations, against the model as it was, on
inputs that are random (normal; token ids 0 and 1), over the greatest magnitude of each output.
"""
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np
import onnx
import onnxruntime as ort

from process import cpu

HERE = pathlib.Path(__file__).resolve().parent
TYPES = {"tensor(float)": np.float32, "tensor(int64)": np.int64, "tensor(int32)": np.int32,
         "tensor(bool)": np.bool_, "tensor(double)": np.float64, "tensor(float16)": np.float16}


def count(graph):
    """Nodes, those of subgraphs included."""
    nodes = 0
    for node in graph.node:
        nodes += node.op_type != "Constant"
        for attribute in node.attribute:
            for inner in [attribute.g] if attribute.HasField("g") else attribute.graphs:
                nodes += count(inner)
    return nodes


def feeds(session, spatial):
    rng = np.random.default_rng(0)
    known = {}
    out = {}
    for port in session.get_inputs():
        shape = []
        for i, extent in enumerate(port.shape):
            image = len(port.shape) > 3 and i > 1
            free = spatial if image else 2 if i == 0 and extent else 8 if extent else 1
            if extent is None and i and i + 1 == len(port.shape):
                free = 512  # a length of sound
            shape.append(extent if isinstance(extent, int) else
                         known.setdefault(extent, free) if extent else free)
        dtype = TYPES[port.type]
        if np.issubdtype(dtype, np.floating):
            out[port.name] = rng.normal(size=shape).astype(dtype)
        else:
            out[port.name] = (rng.integers(0, 2, shape) if shape else
                              np.array(16000 if port.name == "sr" else 1)).astype(dtype)
    return out


def load(path):
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def outputs(path, reference, spatial):
    return load(path).run(None, feeds(reference, spatial))


def error(expected, found):
    most = 0.0
    for x, y in zip(expected, found):
        x, y = np.asarray(x), np.asarray(y)
        if x.shape != y.shape:
            return f"extents {x.shape} and {y.shape}"
        if not x.size or x.dtype.kind not in "fiub":
            continue
        x, y = x.astype(np.float64), y.astype(np.float64)
        same = (x == y) | (np.isnan(x) & np.isnan(y))
        if same.all():
            continue
        most = max(most, np.abs(x - y)[~same].max() / max(np.abs(x).max(), 1e-30))
    return f"{most:.1e}"


def judge(before, after):
    """The error of `after`, or what kept it from running."""
    try:
        reference = load(before)
    except Exception as e:  # noqa: BLE001
        return f"the model itself does not load: {str(e)[:60]}"
    for spatial in (64, 320):
        try:
            expected = outputs(before, reference, spatial)
        except Exception:  # noqa: BLE001
            continue
        try:
            return error(expected, outputs(after, reference, spatial))
        except Exception as e:  # noqa: BLE001
            return "fails: " + str(e).replace("\n", " ")[:60]
    return "the model itself does not run"


def timed(command):
    start = time.perf_counter()
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          check=False)
    return time.perf_counter() - start, done


def main():
    hone = sys.argv[1]
    models = []
    for given in map(pathlib.Path, sys.argv[2:]):
        models += sorted(given.rglob("*.onnx")) if given.is_dir() else [given]
    print(f"{cpu()}; onnx {onnx.__version__}, onnxruntime {ort.__version__}\n")
    print("| model | nodes | Hone | onnxsim | Hone s | with check | onnxsim s | Hone error "
          "| onnxsim error |")
    print("|---|---|---|---|---|---|---|---|---|")
    worse = []
    for model in models:
        with tempfile.TemporaryDirectory() as folder:
            ours, theirs = pathlib.Path(folder, "hone.onnx"), pathlib.Path(folder, "onnxsim.onnx")
            checked, done = timed([hone, "simplify", model, "-o", ours, "-q"])
            if done.returncode > 1:
                print(f"| {model.stem} | Hone fails: {done.stderr.strip()} |")
                worse.append(model.stem)
                continue
            seconds = sorted(timed([hone, "simplify", model, "-o", ours, "-q", "--check", "0"])[0]
                             for _ in range(3))[1]
            _, peer = timed([sys.executable, HERE / "simplify_onnxsim.py", model, theirs])
            left = count(onnx.load(ours).graph)
            row = [model.stem, count(onnx.load(model).graph), left]
            if peer.returncode == 0:
                row += [count(onnx.load(theirs).graph), f"{seconds:.2f}", f"{checked:.2f}",
                        f"{float(peer.stdout.split('seconds')[-1]):.2f}", judge(model, ours),
                        judge(model, theirs)]
                if left > row[3]:
                    worse.append(model.stem)
            else:
                row += ["fails", f"{seconds:.2f}", f"{checked:.2f}", "", judge(model, ours), ""]
            print("| " + " | ".join(map(str, row)) + " |", flush=True)
    print("\nmore nodes left than by onnxsim: " + (", ".join(worse) or "none"))
    return len(worse) > 0


if __name__ == "__main__":
    sys.exit(main())
