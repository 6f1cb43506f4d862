#!/usr/bin/env python3
"""Writes every ONNX backend node test of the installed `onnx` package to a folder.

usage: onnx_cases.py OUT [--onnxruntime]     (with the Python of tests/python/env.sh)

OUT/NAME/model.onnx and OUT/NAME/test_data_set_K/{input,output}_I.pb, the layout of
Debian's libonnx-testdata, with OUT/NAME/tolerance.txt (rtol atol). onnx 1.23.2 has
1,884 cases, opset up to 28. --onnxruntime also runs each case in ONNX Runtime and
prints how many pass (a missing kernel, an error and a wrong value all fail).
"""
import pathlib
import sys
import warnings

import numpy as np
import onnx
import onnx.backend.test.case.node as node_cases

warnings.filterwarnings("ignore")


def to_proto(value, info):
    kind = info.type.WhichOneof("value") if info is not None else "tensor_type"
    if kind == "sequence_type":
        return onnx.numpy_helper.from_list(list(value))
    if kind == "optional_type":
        return onnx.numpy_helper.from_optional(value)
    if isinstance(value, onnx.TensorProto):
        return value
    return onnx.numpy_helper.from_array(np.asarray(value))


def to_feed(value):
    if isinstance(value, onnx.TensorProto):
        return onnx.numpy_helper.to_array(value)
    return value if isinstance(value, (list, tuple)) or value is None else np.asarray(value)


def same(got, want, rtol, atol):
    if isinstance(want, onnx.TensorProto):
        want = onnx.numpy_helper.to_array(want)
    if isinstance(want, (list, tuple)):
        return len(got) == len(want) and all(same(g, w, rtol, atol) for g, w in zip(got, want))
    if want is None:
        return got is None
    got, want = np.asarray(got), np.asarray(want)
    if got.shape != want.shape:
        return False
    if want.dtype.kind in "OSU":
        return bool((got.astype(str) == want.astype(str)).all())
    return np.allclose(got.astype(np.float64), want.astype(np.float64), rtol, atol, equal_nan=True)


def main():
    out = pathlib.Path(sys.argv[1])
    run = "--onnxruntime" in sys.argv
    if run:
        import onnxruntime as ort
        ort.set_default_logger_severity(4)
    written = passed = ran = 0
    failures = []
    for case in node_cases.collect_testcases(None):
        if case.model is None or not case.data_sets:
            continue
        folder = out / case.name
        folder.mkdir(parents=True, exist_ok=True)
        onnx.save(case.model, folder / "model.onnx")
        (folder / "tolerance.txt").write_text(f"{case.rtol} {case.atol}\n")
        infos = {v.name: v for v in [*case.model.graph.input, *case.model.graph.output]}
        ok = True
        try:
            for k, (inputs, outputs) in enumerate(case.data_sets):
                data = folder / f"test_data_set_{k}"
                data.mkdir(exist_ok=True)
                for prefix, values, slots in (
                    ("input", inputs, case.model.graph.input),
                    ("output", outputs, case.model.graph.output),
                ):
                    for i, value in enumerate(values):
                        proto = to_proto(value, infos.get(slots[i].name))
                        (data / f"{prefix}_{i}.pb").write_bytes(proto.SerializeToString())
            written += 1
        except Exception as error:  # a value this onnx cannot serialise
            failures.append((case.name, f"not written: {error}"))
            continue
        if run:
            ran += 1
            try:
                session = ort.InferenceSession(case.model.SerializeToString(),
                                               providers=["CPUExecutionProvider"])
                for inputs, outputs in case.data_sets:
                    feed = {v.name: to_feed(x) for v, x in zip(session.get_inputs(), inputs)}
                    ok = ok and same(session.run(None, feed), list(outputs), case.rtol, case.atol)
            except Exception as error:
                ok = False
                failures.append((case.name, str(error).splitlines()[0][:120]))
            passed += ok
    print(f"{written} cases written")
    if run:
        print(f"onnxruntime: {passed} of {ran} pass")
    (out / "failures.txt").write_text("".join(f"{n}\t{e}\n" for n, e in failures))


main()
