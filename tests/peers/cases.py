"""The models of the table: where they come from, their samples, and what they are good at."""
import dataclasses
import gzip
import pathlib
import sys
import typing

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests/networks"))
import downloads  # noqa: E402

FASHION = pathlib.Path("/usr/share/datasets/fashion-mnist")


@dataclasses.dataclass
class Case:
    name: str
    model: pathlib.Path
    calibration: np.ndarray  # first dimension = samples
    metric: str
    # Of a runner (samples -> outputs of one sample each) and the float model's runner.
    score: typing.Callable


def session_input(path):
    import onnxruntime as ort
    return ort.InferenceSession(str(path), providers=["CPUExecutionProvider"]).get_inputs()[0].name


def session(path):
    """A function from samples to the first output of each."""
    import onnxruntime as ort
    options = ort.SessionOptions()
    options.log_severity_level = 3
    loaded = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    name = loaded.get_inputs()[0].name
    return lambda samples: [loaded.run(None, {name: x[None]})[0][0] for x in samples]


def idx(name, header):
    with gzip.open(FASHION / name) as file:
        return np.frombuffer(file.read(), np.uint8, offset=header)


def fashion(part):
    pixels = idx(f"{part}-images-idx3-ubyte.gz", 16).reshape(-1, 1, 28, 28)
    return pixels / np.float32(255), idx(f"{part}-labels-idx1-ubyte.gz", 8)


def bundled():
    images, labels = fashion("t10k")

    def top1(run, _):
        return float(np.mean([o.argmax() == l for o, l in zip(run(images), labels)]) * 100)

    return Case("bundled", ROOT / "datasets/models/fashion_mobilenet.onnx",
                fashion("train")[0][:300], "top-1 %", top1)


def random_weights(name, folder):
    """No task was learnt: what counts is how much of the float output is left."""
    rng = np.random.default_rng(0)
    calibration = rng.random((300, 3, 224, 224), np.float32)
    fresh = rng.random((50, 3, 224, 224), np.float32)

    def sqnr(run, run_float):
        expected = np.stack(run_float(fresh)).astype(np.float64)
        error = np.stack(run(fresh)) - expected
        if not error.any():
            return float("inf")
        return float(10 * np.log10((expected**2).sum() / (error**2).sum()))

    return Case(name, folder / f"{name}.onnx", calibration, "SQNR dB", sqnr)


def edits(a, b):
    """Levenshtein's distance."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a):
        diagonal, row[0] = row[0], i + 1
        for j, y in enumerate(b):
            diagonal, row[j + 1] = row[j + 1], min(row[j + 1] + 1, row[j] + 1,
                                                   diagonal + (x != y))
    return row[-1]


def ocr_rec(folder):
    import ocr_data
    models = downloads.ocr_models(folder)
    keys = ["", *(models / "ppocr_keys_v1.txt").read_text("utf8").split("\n")[:6623], " "]
    texts, pictures = ocr_data.lines(1, 500)

    def characters(run, _):
        wrong = total = 0
        for text, output in zip(texts, run(pictures)):
            best = output.argmax(-1)
            read = "".join(keys[k] for i, k in enumerate(best) if k and (i == 0 or best[i - 1] != k))
            wrong += edits(read, text)
            total += len(text)
        return 100 * (1 - wrong / total)

    return Case("PP-OCRv4 rec", models / "ch_PP-OCRv4_rec_infer.onnx",
                ocr_data.lines(0, 300)[1], "characters %", characters)


def ocr_det(folder):
    import ocr_data
    pages = ocr_data.pages(3, 32)

    def overlap(run, run_float):
        """Of the text that the float model finds (p > 0.3), pixel by pixel."""
        both = either = 0
        for a, b in zip(run(pages), run_float(pages)):
            both += ((a > 0.3) & (b > 0.3)).sum()
            either += ((a > 0.3) | (b > 0.3)).sum()
        return float(100 * both / either)

    return Case("PP-OCRv4 det", downloads.ocr_models(folder) / "ch_PP-OCRv4_det_infer.onnx",
                ocr_data.pages(2, 100), "IoU with float %", overlap)


def all_cases(folder):
    return {
        "bundled": bundled,
        "resnet18": lambda: random_weights("resnet18", folder),
        "mobilenet_v2": lambda: random_weights("mobilenet_v2", folder),
        "ocr_det": lambda: ocr_det(folder),
        "ocr_rec": lambda: ocr_rec(folder),
    }
