#!/usr/bin/env python3
"""Real models in Hone beside ONNX Runtime: how far the outputs are apart.

usage: table.py HONE FOLDER [NAME ...]      (run.sh gets everything ready)

Of every float output: the largest difference over the largest value, and the cosine; of
other outputs: whether they are equal. Models with state run step by step in ONNX Runtime and
by `hone run --state` here. Ends with `N passed, N failed`.
"""
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime as ort
from onnx import numpy_helper

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "networks"))
import downloads  # noqa: E402
import samples  # noqa: E402

# Float32 sums in another order: what a deep network makes of them, measured and rounded up.
MOST, LEAST_COSINE = 1e-3, 0.999999


def session(path):
    options = ort.SessionOptions()
    options.log_severity_level = 3
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def hone_run(hone, model, data, out, *more):
    subprocess.run([hone, "run", model, "--data", data, "-o", out, "-q", *more], check=True,
                   stdout=subprocess.DEVNULL)


def plain(hone, path, runs, scratch):
    """Pairs of (found, expected) by output name."""
    theirs = session(path)
    names = [i.name for i in theirs.get_inputs()]
    pairs = {o.name: [] for o in theirs.get_outputs()}
    for k, run in enumerate(runs):
        data, out = scratch / f"in{k}", scratch / f"out{k}"
        data.mkdir()
        for i, name in enumerate(names):
            tensor = numpy_helper.from_array(np.ascontiguousarray(run[name]), name)
            (data / f"input_{i}.pb").write_bytes(tensor.SerializeToString())
        hone_run(hone, path, data, out, "--format", "pb")
        for i, (name, expected) in enumerate(zip(pairs, theirs.run(None, run))):
            tensor = onnx.TensorProto.FromString((out / f"output_{i}.pb").read_bytes())
            pairs[name].append((numpy_helper.to_array(tensor), expected))
    return pairs


def stateful(hone, path, sequence, links, first, scratch):
    """`sequence`: one sample, [1, steps, ...] by input; `first`: the states before it."""
    theirs = session(path)
    names = [o.name for o in theirs.get_outputs()]
    state, steps = dict(first), {name: [] for name in names}
    for k in range(next(iter(sequence.values())).shape[1]):
        outputs = dict(zip(names, theirs.run(
            None, {**{n: np.asarray(x[0, k]) for n, x in sequence.items()}, **state})))
        state = {i: outputs[o] for i, o in links.items()}
        for name in names:
            steps[name].append(outputs[name])
    data, out = scratch / "in", scratch / "out"
    data.mkdir()
    for name, x in sequence.items():
        np.save(data / f"{name}.npy", x)
    hone_run(hone, path, data, out, "--state", ",".join(f"{i}={o}" for i, o in links.items()))
    last = set(links.values())
    return {name: [(np.load(out / f"{name}.npy")[0],
                    steps[name][-1] if name in last else np.stack(steps[name]))]
            for name in names}


def silero(hone, path, scratch):
    pairs = stateful(hone, path, samples.voice_frames(), {"state": "stateN"},
                     {"state": np.zeros((2, 1, 128), np.float32)}, scratch)
    heard = pairs["output"][0][1].ravel()
    # It must have heard something, or nothing was shown.
    if not heard.min() < 0.1 < 0.5 < heard.max():
        raise ValueError(f"no voice heard: {heard.min()} to {heard.max()}")
    return pairs


def decoding(hone, path, scratch):
    links = {f"past.{i}.{kind}": f"present.{i}.{kind}" for i in range(12)
             for kind in ("key", "value")}
    empty = {name: np.zeros((1, 12, 0, 64), np.float32) for name in links}
    return stateful(hone, path, samples.decoder_steps(), links, empty, scratch)


def cases(folder):
    ocr, voice = downloads.ocr_models(folder), downloads.silero(folder)

    def network(name, runs):
        return lambda hone, scratch: plain(hone, folder / f"{name}.onnx", runs(), scratch)

    def text(name, draw):
        path = ocr / f"ch_{name}_infer.onnx"
        return lambda hone, scratch: plain(
            hone, path, draw(session(path).get_inputs()[0].name), scratch)

    tokenizer = downloads.minilm(folder) / "tokenizer.json"
    return {
        "PP-OCRv4 det": text("PP-OCRv4_det", samples.text_pages),
        "PP-OCRv4 rec": text("PP-OCRv4_rec", samples.text_lines),
        "PP-OCR cls": text("ppocr_mobile_v2.0_cls", samples.text_angles),
        "Silero VAD v5, 93 steps": lambda hone, s: silero(hone, voice, s),
        "MiniLM": network("minilm", lambda: samples.sentences(tokenizer)),
        **{name: network(name, lambda: samples.image(224)) for name in (
            "resnet50", "mobilenet_v3_large", "efficientnet_b0", "densenet121", "vit_b_16",
            "swin_t", "deeplabv3")},
        "unet": network("unet", lambda: samples.image(256)),
        "ssdlite": network("ssdlite", lambda: samples.image(320)),
        "bert_base": network("bert_base", samples.tokens),
        "gpt2": network("gpt2", samples.decoder),
        "gpt2, 6 steps": lambda hone, s: decoding(hone, folder / "gpt2.onnx", s),
        "lstm_tagger": network("lstm_tagger", samples.words),
    }


def judge(pairs):
    """(outputs compared, largest relative difference, smallest cosine, what is wrong)."""
    count, most, cosine, wrong = 0, 0.0, 1.0, ""
    for name, values in pairs.items():
        for found, expected in values:
            count += 1
            if found.shape != expected.shape or found.dtype != expected.dtype:
                return count, most, cosine, (f"{name}: {found.dtype} {found.shape}, expected "
                                             f"{expected.dtype} {expected.shape}")
            if expected.dtype.kind != "f":
                if not np.array_equal(found, expected):
                    wrong = f"{name}: {np.mean(found != expected):.1%} differ"
                continue
            a, b = found.astype(np.float64).ravel(), expected.astype(np.float64).ravel()
            if not np.isfinite(b).all() or not b.any():
                return count, most, cosine, f"{name}: ONNX Runtime's output says nothing"
            most = max(most, float(np.abs(a - b).max() / np.abs(b).max()))
            cosine = min(cosine, float(a @ b / np.sqrt((a @ a) * (b @ b))))
    if not wrong and (not most <= MOST or not cosine >= LEAST_COSINE):
        wrong = f"beyond {MOST} or below {LEAST_COSINE}"
    return count, most, cosine, wrong


def main():
    hone, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    known = cases(folder)
    unknown = [name for name in sys.argv[3:] if name not in known]
    if unknown:
        sys.exit(f"no model {unknown[0]}; there are: {', '.join(known)}")
    failed = 0
    chosen = sys.argv[3:] or list(known)
    print("| model | outputs | largest relative difference | cosine |\n|---|---|---|---|")
    for name in chosen:
        with tempfile.TemporaryDirectory() as scratch:
            try:
                count, most, cosine, wrong = judge(known[name](hone, pathlib.Path(scratch)))
            except Exception as error:  # noqa: BLE001 the others are still worth running
                count, most, cosine, wrong = 0, float("nan"), float("nan"), str(error)
        failed += bool(wrong)
        print(f"| {name} | {count} | {most:.1e} | {cosine:.9f} |{' ' + wrong if wrong else ''}",
              flush=True)
    print(f"{len(chosen) - failed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
