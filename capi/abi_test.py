"""Drives libhone.so through ctypes alone: what a binding of another language does.

usage: abi_test.py LIBHONE.SO MODEL.onnx SCRATCH_FOLDER
"""
import ctypes
import json
import os
import sys
from ctypes import POINTER, byref, c_char_p, c_double, c_int32, c_int64, c_size_t, c_uint64, c_void_p

F32 = 1
COUNT = 16

hone = ctypes.CDLL(sys.argv[1])


class DatasetCallbacks(ctypes.Structure):
    SIZE = ctypes.CFUNCTYPE(c_uint64, c_void_p)
    GET = ctypes.CFUNCTYPE(c_void_p, c_void_p, c_uint64, c_void_p)
    IDENTITY = ctypes.CFUNCTYPE(c_char_p, c_void_p)
    DESTROY = ctypes.CFUNCTYPE(None, c_void_p)
    _fields_ = [
        ("struct_size", c_size_t),
        ("user", c_void_p),
        ("size", SIZE),
        ("get", GET),
        ("identity", IDENTITY),
        ("destroy", DESTROY),
        ("thread_safe", c_int32),
    ]


class MetricCallbacks(ctypes.Structure):
    UPDATE = ctypes.CFUNCTYPE(
        c_void_p, c_void_p, c_uint64, POINTER(c_void_p), POINTER(c_void_p), c_size_t, c_void_p
    )
    RESULT = ctypes.CFUNCTYPE(
        c_void_p, c_void_p, POINTER(c_double), POINTER(c_double), POINTER(c_double)
    )
    _fields_ = [
        ("struct_size", c_size_t),
        ("user", c_void_p),
        ("name", c_char_p),
        ("update", UPDATE),
        ("result", RESULT),
        ("destroy", DatasetCallbacks.DESTROY),
        ("needs_reference", c_int32),
    ]


class HoneError(Exception):
    pass


def call(function, *arguments):
    """Calls a function that returns hone_error*, and raises its message."""
    hone_function = getattr(hone, function)
    hone_function.restype = c_void_p
    error = hone_function(*arguments)
    if error:
        hone.hone_error_message.restype = c_char_p
        message = hone.hone_error_message(c_void_p(error)).decode()
        hone.hone_error_free(c_void_p(error))
        raise HoneError(message)


def made(function, *arguments):
    """The object that a constructor writes to its last argument."""
    out = c_void_p()
    call(function, *arguments, byref(out))
    return out


def pixels(index):
    return (ctypes.c_float * 72)(*[((index * 31 + i * 17) % 97) / 97 for i in range(72)])


def tensor(index):
    dims = (c_int64 * 4)(1, 2, 6, 6)
    data = pixels(index)
    return made("hone_value_new_tensor", F32, 4, dims, data, c_size_t(ctypes.sizeof(data)))


def floats(value):
    hone.hone_value_data.restype = c_void_p
    hone.hone_value_size.restype = c_int64
    address = hone.hone_value_data(value)
    return list((ctypes.c_float * hone.hone_value_size(value)).from_address(address))


def get(_, index, sample):
    value = tensor(index)
    call("hone_sample_set_input", c_void_p(sample), b"x", value)
    hone.hone_value_free(value)
    return None


seen = []


def update(_, index, outputs, reference, count, target):
    assert count == 1 and not target
    ours, theirs = floats(c_void_p(outputs[0])), floats(c_void_p(reference[0]))
    seen.append(max(abs(a - b) for a, b in zip(ours, theirs)))
    return None


def result(_, value, low, high):
    value[0] = low[0] = high[0] = max(seen)
    return None


def main():
    hone.hone_version.restype = c_char_p
    assert hone.hone_version().count(b".") == 2
    model = made("hone_model_load", None, sys.argv[2].encode())

    session = made("hone_session_new", None, model, None)
    value = tensor(0)
    out = c_void_p()
    call("hone_session_run", session, byref(value), c_size_t(1), byref(out), c_size_t(1))
    assert len(floats(out)) == 3
    for each in (value, out):
        hone.hone_value_free(each)
    hone.hone_session_free(session)

    callbacks = DatasetCallbacks(
        struct_size=ctypes.sizeof(DatasetCallbacks),
        size=DatasetCallbacks.SIZE(lambda _: COUNT),
        get=DatasetCallbacks.GET(get),
        thread_safe=1,
    )
    dataset = made("hone_dataset_new", byref(callbacks))
    options = made("hone_options_new")
    call("hone_options_set_json", options, b'{"preset": "mixed", "subset_size": 8}')
    report = c_void_p()
    small = c_void_p()
    call("hone_quantize", None, model, dataset, None, options, byref(small), byref(report))
    hone.hone_result_json.restype = c_char_p
    rows = json.loads(hone.hone_result_json(report))["nodes"]
    assert [row["op"] for row in rows] == ["Conv", "Relu", "GlobalAveragePool", "Flatten", "Gemm"]

    metric_callbacks = MetricCallbacks(
        struct_size=ctypes.sizeof(MetricCallbacks),
        name=b"worst",
        update=MetricCallbacks.UPDATE(update),
        result=MetricCallbacks.RESULT(result),
        needs_reference=1,
    )
    metric = made("hone_metric_new", byref(metric_callbacks))
    evaluation = made(
        "hone_evaluate", None, small, model, dataset, byref(metric), c_size_t(1), None
    )
    figures = json.loads(hone.hone_result_json(evaluation))
    assert figures["samples"] == COUNT == len(seen)
    assert 0 < figures["metrics"]["worst"]["value"] < 0.1, figures

    path = os.path.join(sys.argv[3], "small.onnx")
    call("hone_model_save", small, path.encode(), None)
    again = made("hone_model_load", None, path.encode())
    text = made("hone_model_inspect", None, again, None)
    hone.hone_text_data.restype = c_char_p
    operators = json.loads(hone.hone_text_data(text))["operators"]
    assert operators["QuantizeLinear"] > 0, operators

    try:
        call("hone_options_set_i64", options, b"subset_sise", c_int64(1))
        raise AssertionError("an unknown key was accepted")
    except HoneError as error:
        assert "subset_size" in str(error), error

    hone.hone_text_free(text)
    for handle in (evaluation, report):
        hone.hone_result_free(handle)
    for handle in (again, small, model):
        hone.hone_model_free(handle)
    hone.hone_metric_free(metric)
    hone.hone_options_free(options)
    hone.hone_dataset_free(dataset)
    print("ok")


main()
