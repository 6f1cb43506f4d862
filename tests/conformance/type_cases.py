#!/usr/bin/env python3
"""Writes onnx's node tests with every other element type that the standard allows.

usage: type_cases.py OUT          (with the Python of tests/python/env.sh)

Of each operator of the newest opset and each of its type variables, the first case that takes
a type is converted to it; onnx's reference implementation says what comes out. What it cannot
compute is left out, and counted. Layout: OUT/NAME/model.onnx, test_data_set_0, tolerance.txt.
"""
import collections
import pathlib
import sys
import warnings

import numpy as np
import onnx
import onnx.backend.test.case.node as node_cases
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

warnings.filterwarnings("ignore")

NEWEST = 28
TOLERANCES = {"FLOAT16": "2e-2 2e-2", "BFLOAT16": "1e-1 1e-1"}
# Operators whose converted cases mean nothing, or have no one answer.
SKIPPED = {
    "OptionalGetElement": "the converted case holds a sequence where the model has a tensor",
    "BitCast": "converted inputs have other widths than the attribute says",
    "SequenceMap": "its body declares the old type",
    "TfIdfVectorizer": "strings need another attribute than the case has",
}
# Variables or types whose answers the standard leaves open, or where the reference errs.
OPEN = {
    ("CastLike", "T2"): "infinities and NaN become integers, which the standard leaves open",
    ("GridSample", "T1"): "between pixels integers are cut, from coordinates in float32",
    ("QuantizeLinear", "T3"): "float zero points other than 0 count in the reference",
    ("DequantizeLinear", "T1"): "float zero points other than 0 count in the reference",
    ("Resize", "T1"): "the reference drops imaginary parts",
    ("QLinearMatMul", "T1"): "the reference cuts float8 to integers",
    ("QLinearMatMul", "T2"): "the reference cuts float8 to integers",
}
INDICES = "Tind"


def type_number(text):
    name = text[len("tensor("):-1]
    return TensorProto.DataType.Value({"float": "FLOAT", "double": "DOUBLE"}.get(name, name.upper()))


def converted(array, number):
    """The array in another type; small floats are spread out so that integers differ."""
    name = TensorProto.DataType.Name(number)
    array = np.asarray(array)
    if array.dtype.kind in "OSU":
        raise TypeError("strings become no numbers")
    if number == TensorProto.STRING:
        return array.astype(str).astype(object)
    dtype = helper.tensor_dtype_to_np_dtype(number)
    if array.dtype == bool:
        array = array.astype(np.int8)
    if name.startswith("COMPLEX"):
        return (array.astype(np.float64) * (1 + 0.5j)).astype(dtype)
    array = array.real
    if name.startswith(("UINT", "INT")):
        array = array.astype(np.float64)
        bits = int(name.lstrip("UINT"))
        low, high = (0, 2**bits - 1) if name[0] == "U" else (-2**(bits - 1), 2**(bits - 1) - 1)
        array = np.abs(array) if name[0] == "U" else array
        if bits >= 8 and np.abs(array).max(initial=0) < 4:
            array = array * 8
        array = np.clip(np.nan_to_num(array), low, min(high, 2**31))
    return array.astype(dtype)


def formal(formals, index):
    return formals[min(index, len(formals) - 1)].type_str if formals else None


def message(value):
    if isinstance(value, TensorProto):
        return value
    if isinstance(value, list):
        return numpy_helper.from_list(value)
    return numpy_helper.from_array(np.asarray(value))


def variant(case, schema, variable, number):
    """The case's model with `variable` of another type, its inputs, and what comes out."""
    node = case.model.graph.node[0]
    places = {v.name: i for i, v in enumerate(case.model.graph.input)}
    bound = [name for i, name in enumerate(node.input)
             if name and formal(schema.inputs, i) == variable]
    model = onnx.ModelProto()
    model.CopyFrom(case.model)
    inputs = [numpy_helper.to_array(v) if isinstance(v, TensorProto) else v
              for v in case.data_sets[0][0]]
    for name in bound:
        at = places[name]
        if model.graph.input[at].type.tensor_type.elem_type == number:
            return None
        inputs[at] = converted(inputs[at], number)
        model.graph.input[at].type.tensor_type.elem_type = number
    if not bound:
        return None
    results = {name for i, name in enumerate(node.output) if formal(schema.outputs, i) == variable}
    for info in model.graph.output:
        if info.name in results:
            info.type.tensor_type.elem_type = number
    feed = {v.name: x for v, x in zip(model.graph.input, inputs)}
    outputs = ReferenceEvaluator(model).run(None, feed)
    for value, info in zip(outputs, model.graph.output):
        declared = info.type.tensor_type.elem_type
        if declared and declared != TensorProto.STRING:
            if np.asarray(value).dtype != helper.tensor_dtype_to_np_dtype(declared):
                raise TypeError("the reference gives another type than the model declares")
    return model, [message(v) for v in inputs], [message(v) for v in outputs]


def main():
    out = pathlib.Path(sys.argv[1])
    count = collections.Counter()
    for case in node_cases.collect_testcases(None):
        if case.model is None or not case.data_sets or len(case.model.graph.node) != 1:
            continue
        node = case.model.graph.node[0]
        if node.domain or node.op_type in SKIPPED:
            continue
        opset = next(o.version for o in case.model.opset_import if not o.domain)
        schema = onnx.defs.get_schema(node.op_type, opset, "")
        if schema.since_version != onnx.defs.get_schema(node.op_type, NEWEST, "").since_version:
            continue
        for constraint in schema.type_constraints:
            variable = constraint.type_param_str
            if variable == INDICES or (node.op_type, variable) in OPEN:
                continue
            for text in constraint.allowed_type_strs:
                if not text.startswith("tensor("):
                    continue
                name = f"{node.op_type}_{variable}_{text[len('tensor('):-1]}"
                if (out / name).exists():
                    continue
                number = type_number(text)
                try:
                    made = variant(case, schema, variable, number)
                except Exception:  # whatever the reference implementation does not do
                    count["left out"] += 1
                    continue
                if made is None:
                    continue
                model, inputs, outputs = made
                data = out / name / "test_data_set_0"
                data.mkdir(parents=True)
                onnx.save(model, out / name / "model.onnx")
                tolerance = TOLERANCES.get(TensorProto.DataType.Name(number), "1e-3 1e-4")
                (out / name / "tolerance.txt").write_text(tolerance + "\n")
                for prefix, values in (("input", inputs), ("output", outputs)):
                    for i, value in enumerate(values):
                        (data / f"{prefix}_{i}.pb").write_bytes(value.SerializeToString())
                count["written"] += 1
    print(", ".join(f"{n} {what}" for what, n in sorted(count.items())))


if __name__ == "__main__":
    main()
