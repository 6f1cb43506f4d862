#!/usr/bin/env python3
"""The peers' quantizers, each in a process of its own.

usage: quantizers.py nncf|nncf-mixed|quantize_static MODEL SAMPLES.npy OUT.onnx

SAMPLES.npy: first dimension = samples, for a model of one input. Prints the seconds of the
job itself; imports and reading the model are left out.
"""
import sys
import time

import numpy as np


def feeds_of(model, samples):
    name = next(i.name for i in model.graph.input
                if i.name not in {t.name for t in model.graph.initializer})
    return [{name: np.array(samples[i:i + 1])} for i in range(len(samples))]


def raised(model):
    """Per-channel scales need opset 13; both peers leave older models to their user."""
    import onnx
    opset = next(o.version for o in model.opset_import if o.domain in ("", "ai.onnx"))
    return onnx.version_converter.convert_version(model, 13) if opset < 13 else model


def with_nncf(model, feeds, out, preset):
    import nncf
    import onnx
    presets = {"performance": nncf.QuantizationPreset.PERFORMANCE,
               "mixed": nncf.QuantizationPreset.MIXED}
    quantized = nncf.quantize(model, nncf.Dataset(feeds), subset_size=len(feeds),
                              preset=presets[preset])
    onnx.save(quantized, out)


def with_onnxruntime(model, feeds, out):
    import onnx
    from onnxruntime import quantization
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Reader(quantization.CalibrationDataReader):
        rest = iter(feeds)

        def get_next(self):
            return next(self.rest, None)

    # As its documentation asks; symbolic inference stops at some models' own shapes.
    onnx.save(model, out + ".before.onnx")
    quant_pre_process(out + ".before.onnx", out + ".ready.onnx", skip_symbolic_shape=True)
    quantization.quantize_static(out + ".ready.onnx", out, Reader(), per_channel=True)


def main():
    job, model, samples, out = sys.argv[1:]
    import onnx
    import onnx.version_converter
    loaded = raised(onnx.load(model))
    feeds = feeds_of(loaded, np.load(samples, mmap_mode="r"))
    if job == "quantize_static":
        import onnxruntime.quantization
        start = time.perf_counter()
        with_onnxruntime(loaded, feeds, out)
    else:
        import nncf
        start = time.perf_counter()
        with_nncf(loaded, feeds, out, "mixed" if job.endswith("mixed") else "performance")
    print("seconds", time.perf_counter() - start)


main()
