#!/usr/bin/env python3
"""Writes small models with random inputs and ONNX Runtime's outputs, as backend tests.

usage: runtime_cases.py OUT          (with the Python of tests/python/env.sh)

Where ONNX's own cases are thin: both directions, lengths, clips and activations of
recurrent layers, every mode of GridSample and RoiAlign, Einsum, and what ONNX Runtime's
optimizer writes (com.microsoft). Layout: OUT/NAME/model.onnx, test_data_set_0, tolerance.txt.
"""
import itertools
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

OUT = pathlib.Path(sys.argv[1])
RANDOM = np.random.RandomState(1)
onnxruntime.set_default_logger_severity(4)
written = 0


def floats(*shape):
    return RANDOM.randn(*shape).astype(np.float32)


def bytes_of(dtype, *shape):
    low, high = (0, 255) if dtype == np.uint8 else (-127, 127)
    return RANDOM.randint(low, high, shape).astype(dtype)


def case(name, nodes, inputs, outputs=("y",), opset=17, dtype=TensorProto.FLOAT):
    global written
    values = {k: np.asarray(v) for k, v in inputs.items()}
    graph = helper.make_graph(
        nodes, "g",
        [helper.make_tensor_value_info(k, helper.np_dtype_to_tensor_dtype(v.dtype), v.shape)
         for k, v in values.items()],
        [helper.make_tensor_value_info(o, dtype, None) for o in outputs])
    model = helper.make_model(graph, ir_version=9, opset_imports=[
        helper.make_opsetid("", opset), helper.make_opsetid("com.microsoft", 1)])
    session = onnxruntime.InferenceSession(model.SerializeToString(),
                                           providers=["CPUExecutionProvider"])
    data = OUT / name / "test_data_set_0"
    data.mkdir(parents=True, exist_ok=True)
    onnx.save(model, OUT / name / "model.onnx")
    (OUT / name / "tolerance.txt").write_text("1e-3 1e-5\n")
    for prefix, arrays in (("input", values.values()), ("output", session.run(None, values))):
        for i, array in enumerate(arrays):
            proto = numpy_helper.from_array(array)
            (data / f"{prefix}_{i}.pb").write_bytes(proto.SerializeToString())
    written += 1


def node(op, inputs, outputs=("y",), **attributes):
    return [helper.make_node(op, list(inputs), list(outputs), **attributes)]


def recurrent():
    steps, batch, size, hidden = 7, 3, 5, 6
    gates = {"RNN": 1, "GRU": 3, "LSTM": 4}
    for op, direction, lengths in itertools.product(
            gates, ("forward", "reverse", "bidirectional"), (False, True)):
        d, g = 2 if direction == "bidirectional" else 1, gates[op] * hidden
        inputs = {"x": floats(steps, batch, size), "w": floats(d, g, size),
                  "r": floats(d, g, hidden), "b": floats(d, 2 * g)}
        if lengths:
            inputs["l"] = np.array([7, 3, 5], np.int32)
        inputs["h"] = floats(d, batch, hidden)
        names = ["x", "w", "r", "b", "l" if lengths else "", "h"]
        outputs = ["y", "yh"]
        if op == "LSTM":
            inputs |= {"c": floats(d, batch, hidden), "p": floats(d, 3 * hidden)}
            names += ["c", "p"]
            outputs.append("yc")
        for before in (0, 1) if op == "GRU" else (0,):
            more = {"linear_before_reset": before} if op == "GRU" else {}
            case(f"{op}_{direction}_{int(lengths)}_{before}",
                 node(op, names, outputs, hidden_size=hidden, direction=direction, **more),
                 inputs, outputs)
    inputs = {"x": floats(steps, batch, size), "w": floats(1, 4 * hidden, size),
              "r": floats(1, 4 * hidden, hidden)}
    case("LSTM_clip", node("LSTM", "xwr", hidden_size=hidden, clip=0.3), inputs)
    case("LSTM_activations", node(
        "LSTM", "xwr", hidden_size=hidden, activations=["HardSigmoid", "LeakyRelu", "Elu"],
        activation_alpha=[0.3, 0.02, 0.7], activation_beta=[0.4]), inputs)


def images():
    for mode, padding, corners in itertools.product(
            ("bilinear", "nearest", "bicubic"), ("zeros", "border", "reflection"), (0, 1)):
        case(f"GridSample_{mode}_{padding}_{corners}",
             node("GridSample", "xg", mode=mode, padding_mode=padding, align_corners=corners),
             {"x": floats(2, 3, 5, 6),
              "g": (RANDOM.rand(2, 4, 7, 2) * 3 - 1.5).astype(np.float32)}, opset=16)
    case("GridSample_3d", node("GridSample", "xg"),
         {"x": floats(1, 2, 4, 5, 6),
          "g": (RANDOM.rand(1, 3, 4, 5, 3) * 3 - 1.5).astype(np.float32)}, opset=20)
    rois = np.array([[1, 2, 20, 18], [0, 0, 39, 31], [5.5, 3.2, 9, 8]], np.float32)
    for mode, samples, transform in itertools.product(
            ("avg", "max"), (0, 2), ("half_pixel", "output_half_pixel")):
        case(f"RoiAlign_{mode}_{samples}_{transform}",
             node("RoiAlign", "xrb", mode=mode, sampling_ratio=samples, output_height=3,
                  output_width=4, spatial_scale=0.5,
                  coordinate_transformation_mode=transform),
             {"x": floats(2, 3, 16, 20), "r": rois, "b": np.array([0, 1, 1])})
    case("MaxRoiPool", node("MaxRoiPool", "xr", pooled_shape=[2, 3], spatial_scale=0.5),
         {"x": floats(2, 3, 16, 20), "r": np.c_[[0, 1, 1], np.round(rois)].astype(np.float32)})
    boxes = RANDOM.rand(2, 50, 4).astype(np.float32)
    boxes[..., 2:] = boxes[..., :2] + 0.3
    case("NonMaxSuppression", node("NonMaxSuppression", "bsnit"),
         {"b": boxes, "s": RANDOM.rand(2, 3, 50).astype(np.float32), "n": np.array([10]),
          "i": np.array([0.4], np.float32), "t": np.array([0.2], np.float32)},
         dtype=TensorProto.INT64)
    case("MaxUnpool", node("MaxPool", "x", "pi", kernel_shape=[2, 2], strides=[2, 2])
         + node("MaxUnpool", "pi", kernel_shape=[2, 2], strides=[2, 2]),
         {"x": floats(1, 2, 6, 8)})


def algebra():
    for i, (equation, *shapes) in enumerate((
            ("ij,jk->ik", (3, 4), (4, 5)), ("bhid,bhjd->bhij", (2, 3, 4, 5), (2, 3, 6, 5)),
            ("...i,ij->...j", (2, 3, 4), (4, 5)), ("ij,ij->", (3, 4), (3, 4)),
            ("abc,cd,de->abe", (2, 3, 4), (4, 5), (5, 6)), ("ii->i", (4, 4)),
            ("ij->ji", (3, 4)))):
        names = [f"x{k}" for k in range(len(shapes))]
        case(f"Einsum_{i}", node("Einsum", names, equation=equation),
             {k: floats(*s) for k, s in zip(names, shapes)})
    case("Det", node("Det", "x"), {"x": floats(3, 5, 5)})
    case("DFT_7", node("DFT", "x", axis=1), {"x": floats(2, 7, 1)})
    case("STFT", node("STFT", "xsw"),
         {"x": floats(1, 64, 1), "s": np.array(8), "w": floats(16)})


def integers():
    u8, s8 = np.uint8, np.int8
    scale = np.array(0.02, np.float32)
    y = {"ys": np.array(0.3, np.float32), "yz": u8(120)}
    case("QLinearConv", node("QLinearConv", ["x", "xs", "xz", "w", "ws", "wz", "ys", "yz", "b"],
                             pads=[1, 1, 1, 1], strides=[2, 1], group=2),
         {"x": bytes_of(u8, 1, 4, 7, 6), "xs": scale, "xz": u8(100),
          "w": bytes_of(s8, 6, 2, 3, 3), "ws": (RANDOM.rand(6) * 0.02).astype(np.float32),
          "wz": np.zeros(6, s8), **y, "b": RANDOM.randint(-500, 500, 6).astype(np.int32)},
         dtype=TensorProto.UINT8)
    case("QLinearMatMul", node("QLinearMatMul", ["a", "as", "az", "b", "bs", "bz", "ys", "yz"]),
         {"a": bytes_of(u8, 2, 4, 7), "as": scale, "az": u8(100), "b": bytes_of(s8, 7, 5),
          "bs": scale, "bz": s8(3), **y}, dtype=TensorProto.UINT8)


def microsoft():
    def ms(op, inputs, values, outputs=("y",), **attributes):
        case(f"{op}_{'_'.join(i for i in inputs if i)}",
             node(op, inputs, outputs, domain="com.microsoft", **attributes), values,
             [o for o in outputs if o])

    ms("MatMulNBits", "awsz", {"a": floats(3, 64), "w": bytes_of(np.uint8, 8, 2, 16),
                               "s": floats(16), "z": bytes_of(np.uint8, 8)},
       K=64, N=8, bits=4, block_size=32)
    qkv = {"q": floats(2, 5, 8), "k": floats(2, 7, 8), "v": floats(2, 7, 8)}
    ms("MultiHeadAttention", "qkvb", {**qkv, "b": floats(24)}, num_heads=2)
    ms("MultiHeadAttention", ["q", "k", "v", "", "m"],
       {**qkv, "m": np.array([7, 4], np.int32)}, num_heads=2)
    ms("MultiHeadAttention", ["q", "k", "v", "", "", "a"], {**qkv, "a": floats(2, 2, 5, 7)},
       num_heads=2)
    skip = {"x": floats(2, 3, 8), "s": floats(2, 3, 8), "g": floats(8)}
    ms("SkipLayerNormalization", "xsgeb", {**skip, "e": floats(8), "b": floats(8)},
       ["y", "", "", "u"], epsilon=1e-5)
    ms("SkipSimplifiedLayerNormalization", "xsg", skip, ["y", "", "", "u"], epsilon=1e-5)
    for op in ("BiasGelu", "FastGelu"):
        ms(op, "xb", {"x": floats(2, 3, 8), "b": floats(8)})
    ms("QuickGelu", "x", {"x": floats(2, 3, 8)})
    ms("RotaryEmbedding", "xpcs", {"x": floats(2, 3, 8), "p": np.array([[0, 1, 2], [4, 5, 6]]),
                                   "c": floats(10, 2), "s": floats(10, 2)})
    ms("MatMulIntegerToFloat", ["a", "b", "as", "bs", "az", "bz", "c"],
       {"a": bytes_of(np.uint8, 2, 4, 7), "b": bytes_of(np.int8, 7, 5), "as": floats(1),
        "bs": floats(5), "az": bytes_of(np.uint8, 1), "bz": np.zeros(5, np.int8),
        "c": floats(5)})


recurrent()
images()
algebra()
integers()
microsoft()
print(f"{written} cases written")
