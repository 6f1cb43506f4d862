"""The rows of the benchmark. A job is a generator of rows; its name and its lines are in JOBS.

A row's ratio is how many times better Hone is than the peer (more than 1: faster, or smaller),
with an interval that holds the noise seen in the run. `first` and `goal` are the least ratios.
"""
import dataclasses
import functools
import json
import pathlib
import statistics
import subprocess
import sys
import time

import abi
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "tests/peers"), str(ROOT / "tests/networks")]
import downloads  # noqa: E402
import process  # noqa: E402

ORT = f"{sys.executable} {ROOT}/tests/peers/bench_onnxruntime.py {{model}}"
DETECTOR, READER = "PP-OCRv4 det 320", "PP-OCRv4 rec 48x320"


@dataclasses.dataclass
class Row:
    job: str
    case: str
    peer: str
    ours: float
    theirs: float
    unit: str
    ratio: float
    low: float
    high: float
    first: float
    goal: float


@dataclasses.dataclass
class Tools:
    hone: pathlib.Path
    library: pathlib.Path
    gemm_bench: pathlib.Path
    models: pathlib.Path
    scratch: pathlib.Path

    def bench(self, paths, *more, seconds=12):
        """hone bench's rows: every model in Hone, then in ONNX Runtime."""
        done = subprocess.run(
            [self.hone, "bench", *paths, "--command", ORT, "--json", "-q", "--max-time",
             f"{seconds}s", *more], capture_output=True, text=True)
        if done.returncode not in (0, 4):  # 4: noise, which the interval shows
            raise RuntimeError(done.stderr)
        return json.loads(done.stdout)["models"]

    def quantized(self, name):
        out = self.scratch / f"{path_name(name)}.int8.onnx"
        if not out.exists():
            path, shape = self.model(name)
            samples = self.scratch / f"{path_name(name)}.samples"
            write_samples(path, dict(shape), samples)
            subprocess.run([self.hone, "quantize", path, "-o", out, "-q", "--data", samples],
                           check=True, stdout=subprocess.DEVNULL)
        return out

    def model(self, name):
        """The file, and --shape's pairs of its free extents."""
        ocr = {DETECTOR: ("PP-OCRv4_det", "1x3x320x320"), READER: ("PP-OCRv4_rec", "1x3x48x320")}
        if name in ocr:
            path = downloads.ocr_models(self.models) / f"ch_{ocr[name][0]}_infer.onnx"
            return path, [(onnx.load(path).graph.input[0].name, ocr[name][1])]
        free = {"bert_base": "128", "minilm": "128"}.get(name)
        return self.models / f"{name}.onnx", [("length", free)] if free else []


def path_name(name):
    return name.replace(" ", "_")


def shapes(pairs):
    return [word for name, extent in pairs for word in ("--shape", f"{name}={extent}")]


def write_samples(path, extents, folder, count=8):
    """Random inputs: figures of speed do not depend on them."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    for port in onnx.load(path, load_external_data=False).graph.input:
        dims = [int(d.dim_value) or int(extents.get(d.dim_param, 1))
                for d in port.type.tensor_type.shape.dim]
        if port.name in extents:
            dims = [int(d) for d in extents[port.name].split("x")]
        whole = port.type.tensor_type.elem_type == TensorProto.INT64
        np.save(folder / f"{port.name}.npy",
                np.ones((count, *dims), np.int64) if whole
                else rng.random((count, *dims), np.float32))


def latency(job, case, row, ours, first, goal):
    return Row(job, case, "ONNX Runtime", ours["median_ms"], row["median_ms"], "ms", row["ratio"],
               row["ratio_low"], row["ratio_high"], first, goal)


def product(m, n, k, integers, path):
    """A[m, k] times a constant [k, n]."""
    rng = np.random.default_rng(0)
    if integers:
        weight, op = rng.integers(-128, 128, (k, n)).astype(np.int8), "MatMulInteger"
        kinds = TensorProto.UINT8, TensorProto.INT32
    else:
        weight, op = rng.standard_normal((k, n)).astype(np.float32), "MatMul"
        kinds = TensorProto.FLOAT, TensorProto.FLOAT
    graph = helper.make_graph(
        [helper.make_node(op, ["a", "b"], ["c"])], "product",
        [helper.make_tensor_value_info("a", kinds[0], [m, k])],
        [helper.make_tensor_value_info("c", kinds[1], [m, n])],
        [numpy_helper.from_array(weight, "b")])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)],
                                ir_version=8), path)
    return path


# Square, and of ResNet-50 (as im2col) and ViT-B/16, BERT-base.
PRODUCTS = ((1024, 1024, 1024), (512, 512, 512), (3136, 64, 576), (784, 128, 1152),
            (197, 768, 768), (197, 3072, 768), (128, 768, 3072))


def sgemm(tools):
    done = subprocess.run([tools.gemm_bench, "--benchmark_format=json",
                           "--benchmark_repetitions=5", "--benchmark_min_time=0.1",
                           "--benchmark_filter=BM_(Gemm|OpenBlas)/"], check=True,
                          capture_output=True, text=True)
    speeds = {}
    for run in json.loads(done.stdout)["benchmarks"]:
        if run.get("run_type") == "iteration":
            kind, shape, threads = run["run_name"].split("/")[:3]
            speeds.setdefault((shape, threads), {}).setdefault(kind, []).append(run["GFLOP/s"])
    for (shape, threads), found in speeds.items():
        ours, theirs = sorted(found["BM_Gemm"]), sorted(found["BM_OpenBlas"])
        yield Row("sgemm", f"{shape}, {threads} threads", "OpenBLAS", statistics.median(ours),
                  statistics.median(theirs), "GFLOP/s",
                  statistics.median(ours) / statistics.median(theirs), ours[1] / theirs[-2],
                  ours[-2] / theirs[1], 0.8, 0.9)
    for m, n, k in PRODUCTS:
        path = product(m, n, k, False, tools.scratch / f"f_{m}_{n}_{k}.onnx")
        for threads in (1, 2):
            ours, theirs = tools.bench([path], "--threads", str(threads), seconds=4)
            yield latency("sgemm", f"{m}x{n}x{k}, {threads} threads", theirs, ours, 0.8, 0.9)


def int8_gemm(tools):
    for m, n, k in PRODUCTS:
        path = product(m, n, k, True, tools.scratch / f"i_{m}_{n}_{k}.onnx")
        ours, theirs = tools.bench([path], "--threads", "1", seconds=4)
        yield latency("int8 gemm", f"{m}x{n}x{k}", theirs, ours, 0.9, 1.05)


FLOATS = {"resnet18": (1.0, 1.3), "resnet50": (1.0, 1.15), "mobilenet_v2": (1.0, 1.25),
          "mobilenet_v3_large": (1.0, 1.25), "efficientnet_b0": (1.0, 1.25),
          "vit_b_16": (0.95, 1.1), "bert_base": (0.95, 1.1), "minilm": (0.95, 1.1),
          DETECTOR: (1.0, 1.2), READER: (1.0, 1.2)}


def float32(tools):
    for name, (first, goal) in FLOATS.items():
        path, extents = tools.model(name)
        for batch in (1, 8) if name.startswith("resnet") else (1,):
            free = [*extents, ("batch", batch)] if batch > 1 else extents
            ours, theirs = tools.bench([path], "--threads", "1", *shapes(free))
            yield latency("float32", f"{name}, batch {batch}", theirs, ours, first, goal)


INTEGERS = {"resnet50": 1.0, "mobilenet_v2": 1.2, "vit_b_16": 1.0, "bert_base": 1.0}


def int8(tools):
    vnni = "VNNI" in process.cpu()
    for name, goal in INTEGERS.items():
        path, extents = tools.model(name)
        ours, small, _, theirs = tools.bench([path, tools.quantized(name)], "--threads", "1",
                                             *shapes(extents), seconds=20)
        ratio = theirs["ratio"] / small["ratio"]
        yield Row("int8", name, "ONNX Runtime", small["median_ms"], theirs["median_ms"], "ms",
                  ratio, theirs["ratio_low"] / small["ratio_high"],
                  theirs["ratio_high"] / small["ratio_low"], 0.85, goal)
        yield Row("int8", name, "our float32", small["median_ms"], ours["median_ms"], "ms",
                  1 / small["ratio"], 1 / small["ratio_high"], 1 / small["ratio_low"],
                  2 if vnni else 1.3, 3 if vnni else 1.4)


def repeated(measure, times=5):
    """Median, smallest and largest of a few runs."""
    found = sorted(measure() for _ in range(times))
    return found[len(found) // 2], found[0], found[-1]


def threads(tools):
    for name in ("resnet50", "mobilenet_v2", "vit_b_16"):
        path, extents = tools.model(name)

        def speed_up():
            one, two = (subprocess.run(
                [tools.hone, "bench", path, "--threads", str(n), "--json", "-q", "--max-time",
                 "4s", *shapes(extents)], capture_output=True, text=True) for n in (1, 2))
            found = [json.loads(run.stdout)["models"][0]["median_ms"] for run in (one, two)]
            return found[0] / found[1], *found
        ratio, low, high = repeated(speed_up)
        yield Row("threads", name, "1 thread", ratio[2], ratio[1], "ms", ratio[0], low[0],
                  high[0], 1.8, 1.92)


def calibration(tools):
    """Wall time of more samples beside inference of more samples: what collecting adds."""
    path = tools.model("resnet18")[0]

    def added(estimator):
        costs = []
        for count in (16, 80):
            out = json.loads(subprocess.run(
                [tools.hone, "quantize", path, "-o", tools.scratch / "c.onnx", "--json", "-q",
                 "--data", f"random:{count}", "--activations-range-estimator", estimator],
                check=True, capture_output=True, text=True).stdout)
            costs.append((out["wall_s"], out["inference_s"]))
        return (costs[1][0] - costs[0][0]) / (costs[1][1] - costs[0][1])

    for case, estimator, first, goal in (("min/max", "mean_min_max", 1.03, 1.01),
                                         ("2,048-bin histogram", "mse", 1.15, 1.05)):
        cost, low, high = repeated(functools.partial(added, estimator), 3)
        yield Row("calibration", case, "bare inference", cost, 1, "times", 1 / cost, 1 / high,
                  1 / low, 1 / first, 1 / goal)


def compiling(tools):
    import onnxruntime as ort
    hone, path = abi.Hone(tools.library), tools.model("resnet50")[0]

    def create():
        start = time.perf_counter()
        ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        return time.perf_counter() - start

    theirs, least, most = repeated(create)
    ours, shortest, longest = repeated(lambda: sum(hone.session(path)))
    yield Row("compile", "resnet50: load, compile, pack", "ONNX Runtime session", ours * 1e3,
              theirs * 1e3, "ms", theirs / ours, least / longest, most / shortest, 1, 4)
    yield from candidates(hone, path)


def candidates(hone, path, count=100):
    """Models that differ in one weight, all but the first with the others packed already."""
    model = onnx.load(path)
    layer = max((t for t in model.graph.initializer if len(t.dims) == 4),
                key=lambda t: np.prod(t.dims))
    data = bytearray(path.read_bytes())
    place = data.find(layer.raw_data)
    keep = abi.HANDLE(), abi.HANDLE()  # a sweep's float model, whose weights stay packed

    def compile_one(i):
        data[place:place + 4] = np.float32(i / 7).tobytes()
        return hone.session(bytes(data))[1]

    one = compile_one(0)
    hone.call("hone_model_load", None, str(path).encode(), abi.ctypes.byref(keep[0]))
    hone.call("hone_session_new", None, keep[0], None, abi.ctypes.byref(keep[1]))
    total = sum(compile_one(i) for i in range(1, count + 1))
    hone.free("hone_session_free", keep[1])
    hone.free("hone_model_free", keep[0])
    yield Row("compile", f"{count} candidates differing in one layer", "one from nothing",
              total * 1e3, one * 1e3, "ms", one / total, one / total, one / total, 1 / 15, 1 / 5)


def memory(tools):
    def ort(path, feed):
        return [sys.executable, "-c", "import sys, numpy, onnxruntime as ort\n"
                "if len(sys.argv) > 1:\n"
                "  s = ort.InferenceSession(sys.argv[1], providers=['CPUExecutionProvider'])\n"
                "  s.run(None, dict(numpy.load(sys.argv[2])))\n", *([path, feed] if path else [])]

    bare = process.run(ort(None, None))[1]
    for name in ("resnet50", "vit_b_16", DETECTOR):
        path, extents = tools.model(name)
        samples = tools.scratch / f"{path_name(name)}.memory"
        write_samples(path, dict(extents), samples, 1)
        feed = tools.scratch / "feed.npz"
        np.savez(feed, **{p.stem: np.load(p)[0] for p in samples.glob("*.npy")})
        ours, low, high = repeated(lambda: process.run(
            [tools.hone, "run", path, "--data", samples, "-o", tools.scratch / "out", "-q"])[1], 3)
        theirs, least, most = repeated(
            lambda: process.run(ort(str(path), str(feed)))[1] - bare, 3)
        yield Row("memory", f"{name}, peak anonymous", "ONNX Runtime", ours, theirs, "MiB",
                  theirs / ours, least / high, most / low, 1, 1 / 0.8)


JOBS = {"sgemm": sgemm, "int8_gemm": int8_gemm, "float32": float32, "int8": int8,
        "threads": threads, "calibration": calibration, "compile": compiling, "memory": memory}


def tools_of(binaries, models, scratch):
    return Tools(binaries / "harness/hone", binaries / "capi/libhone.so",
                 binaries / "kernels/cpu/gemm/gemm_bench", models, scratch)
