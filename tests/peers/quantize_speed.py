#!/usr/bin/env python3
"""Times `hone quantize` beside ONNX Runtime's bare inference, its quantizer, and NNCF.

usage: quantize_speed.py HONE MODELS_FOLDER SAMPLES

Every job runs in a process of its own with two threads, on the same samples; ours is timed
as a whole process, start and file reading and writing included, a peer's from its call to
its return (imports left out). Memory is the peak of the process's anonymous pages.
"""
import gzip
import json
import os
import pathlib
import sys
import tempfile
import time

import numpy as np

from process import cpu, run

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FASHION = "/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz"


def inference(model, data):
    """ONNX Runtime's bare inference of the samples; prints seconds. Runs in a child."""
    import onnxruntime as ort
    options = ort.SessionOptions()
    options.intra_op_num_threads = 2
    session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    feeds = [{name: np.array(x[None])} for x in np.load(data, mmap_mode="r")]
    session.run(None, feeds[0])
    start = time.perf_counter()
    for feed in feeds:
        session.run(None, feed)
    print("seconds", time.perf_counter() - start)


def measure(hone, model, data, samples):
    def ours(threads):
        runs = [run([hone, "quantize", model, "-o", model + ".hone.onnx", "--data", os.path.dirname(data),
                     "--subset-size", str(samples), "--threads", str(threads), "-q"])
                for _ in range(3)]
        return sorted(r[0] for r in runs)[1], max(r[1] for r in runs)

    def peer(job):
        command = ([__file__, "--inference", model, data] if job == "inference" else
                   [HERE / "quantizers.py", job, model, data, model + ".peer.onnx"])
        _, peak, out = run([sys.executable, *command])
        return float(out.split("seconds")[-1]), peak

    one, _ = ours(1)
    two, anonymous = ours(2)
    bare, _ = peer("inference")
    ort_seconds, ort_peak = peer("quantize_static")
    nncf_seconds, nncf_peak = peer("nncf")
    return {
        "hone_s": two, "hone_one_thread_s": one, "hone_anon_mib": anonymous,
        "model_mib": os.path.getsize(model) / 2**20,
        "ort_inference_s": bare,
        "quantize_static_s": ort_seconds, "quantize_static_anon_mib": ort_peak,
        "nncf_s": nncf_seconds, "nncf_anon_mib": nncf_peak,
    }


def main():
    hone, models, samples = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
    rng = np.random.default_rng(0)
    results = {}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        # By the model's input name, as a folder of arrays; mapped, so nobody pays for it twice.
        large = folder / "large"
        large.mkdir()
        np.save(large / "input.npy", rng.random((samples, 3, 224, 224), np.float32))
        small = folder / "small"
        small.mkdir()
        with gzip.open(FASHION) as file:
            pixels = np.frombuffer(file.read(16 + samples * 784), np.uint8, offset=16)
        np.save(small / "image.npy", pixels.reshape(-1, 1, 28, 28) / np.float32(255))
        jobs = [("resnet18", models / "resnet18.onnx", large / "input.npy"),
                ("mobilenet_v2", models / "mobilenet_v2.onnx", large / "input.npy"),
                ("bundled", ROOT / "datasets/models/fashion_mobilenet.onnx", small / "image.npy")]
        print(f"{cpu()}, 2 threads, {samples} samples; seconds")
        print(f"{'model':14}{'hone':>8}{'1 thr.':>8}{'ORT run':>9}{'ratio':>7}{'ORT quant':>11}"
              f"{'NNCF':>8}{'MiB anon':>10}{'ORT':>8}{'NNCF':>8}")
        for label, model, data in jobs:
            copy = folder / f"{label}.onnx"
            copy.write_bytes(model.read_bytes())
            r = results[label] = measure(hone, str(copy), str(data), samples)
            print(f"{label:14}{r['hone_s']:8.2f}{r['hone_one_thread_s']:8.2f}"
                  f"{r['ort_inference_s']:9.2f}{r['hone_s'] / r['ort_inference_s']:7.2f}"
                  f"{r['quantize_static_s']:11.2f}{r['nncf_s']:8.2f}{r['hone_anon_mib']:10.0f}"
                  f"{r['quantize_static_anon_mib']:8.0f}{r['nncf_anon_mib']:8.0f}", flush=True)
    start = sorted(run([hone, "--help"])[0] for _ in range(9))[4]
    results["start_ms"] = start * 1e3
    print(f"start to help and exit: {start * 1e3:.1f} ms")
    print(json.dumps(results))


if len(sys.argv) > 1 and sys.argv[1] == "--inference":
    inference(*sys.argv[2:])
else:
    main()
