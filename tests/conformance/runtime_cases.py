#!/usr/bin/env python3
"""Writes small models with random inputs and ONNX Runtime's outputs, as backend tests.

usage: runtime_cases.py OUT          (with the Python of tests/python/env.sh)

Where ONNX's own cases are thin: both directions, lengths, clips and activations of
recurrent layers, every mode of GridSample and RoiAlign, Einsum, what ONNX Runtime's
optimizer writes (com.microsoft), and ai.onnx.ml. Layout: OUT/NAME/model.onnx, test_data_set_0, tolerance.txt.
"""
import itertools
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

import runtime_cache
import runtime_fused
import runtime_integers
import runtime_ml

OUT = pathlib.Path(sys.argv[1])
RANDOM = np.random.RandomState(1)
onnxruntime.set_default_logger_severity(4)
written = 0


def floats(*shape):
    return RANDOM.randn(*shape).astype(np.float32)


def bytes_of(dtype, *shape):
    low, high = (0, 255) if dtype == np.uint8 else (-127, 127)
    return RANDOM.randint(low, high, shape).astype(dtype)


def map_type(value):
    key = TensorProto.STRING if isinstance(next(iter(value)), str) else TensorProto.INT64
    return helper.make_map_type_proto(key, helper.make_tensor_type_proto(TensorProto.FLOAT, None))


def value_info(name, value):
    if isinstance(value, dict):
        return helper.make_value_info(name, map_type(value))
    if isinstance(value, onnx.TensorProto):
        return helper.make_tensor_value_info(name, value.data_type, list(value.dims))
    return helper.make_tensor_value_info(
        name, helper.np_dtype_to_tensor_dtype(value.dtype), value.shape)


def proto(value):
    """Of a dict from numbers or strings to floats, a list of these, or an array."""
    if isinstance(value, dict):
        message = onnx.MapProto(key_type=map_type(value).map_type.key_type)
        for key, number in value.items():
            if isinstance(key, str):
                message.string_keys.append(key.encode())
            else:
                message.keys.append(key)
            message.values.tensor_values.append(numpy_helper.from_array(np.float32(number)))
        message.values.elem_type = onnx.SequenceProto.TENSOR
        return message
    if isinstance(value, list):
        return onnx.SequenceProto(elem_type=onnx.SequenceProto.MAP,
                                  map_values=[proto(v) for v in value])
    return numpy_helper.from_array(np.asarray(value))


def case(name, nodes, inputs, outputs=("y",), opset=17, dtype=TensorProto.FLOAT, constants=(),
         tolerance="1e-3 1e-5"):
    """`constants` names the inputs that the model holds instead; `dtype` is of the outputs, or
    a list of them; a TypeProto where an output is no tensor."""
    global written
    values = {k: v if isinstance(v, (onnx.TensorProto, dict)) else np.asarray(v)
              for k, v in inputs.items()}
    dtypes = dtype if isinstance(dtype, (list, tuple)) else [dtype] * len(outputs)
    held = [k for k, v in values.items() if k in constants or isinstance(v, onnx.TensorProto)]
    graph = helper.make_graph(
        nodes, "g", [value_info(k, v) for k, v in values.items() if k not in held],
        [helper.make_value_info(o, d) if isinstance(d, onnx.TypeProto) else
         helper.make_tensor_value_info(o, d, None) for o, d in zip(outputs, dtypes)],
        [values[k] if isinstance(values[k], onnx.TensorProto)
         else numpy_helper.from_array(values[k], k) for k in held])
    model = helper.make_model(graph, ir_version=10, opset_imports=[
        helper.make_opsetid("", opset), helper.make_opsetid("com.microsoft", 1),
        helper.make_opsetid("ai.onnx.ml", 3)])
    options = onnxruntime.SessionOptions()
    # The operators themselves, not what ONNX Runtime's optimizer makes of them.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(model.SerializeToString(), options,
                                           providers=["CPUExecutionProvider"])
    values = {k: v for k, v in values.items() if k not in held}
    data = OUT / name / "test_data_set_0"
    data.mkdir(parents=True, exist_ok=True)
    onnx.save(model, OUT / name / "model.onnx")
    (OUT / name / "tolerance.txt").write_text(tolerance + "\n")
    for prefix, given in (("input", values.values()), ("output", session.run(None, values))):
        for i, value in enumerate(given):
            (data / f"{prefix}_{i}.pb").write_bytes(proto(value).SerializeToString())
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


recurrent()
images()
algebra()
integers()
runtime_fused.write(case, node, RANDOM)
runtime_ml.write(case, node, RANDOM)
runtime_integers.write(case, node)
runtime_cache.write(case, node)
print(f"{written} cases written")
