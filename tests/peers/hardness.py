#!/usr/bin/env python3
"""Is the bundled network hard to quantize? Its top-1 after ONNX Runtime's quantize_static with
min-max ranges and one scale a tensor, on the file as it is and after quant_pre_process, which
folds BatchNormalization as that tool asks for.

usage: hardness.py     (the interpreter that `bash tests/python/env.sh
                        tests/peers/requirements.txt` prints)
"""
import logging
import pathlib
import tempfile

from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

import cases


class Reader(CalibrationDataReader):
    def __init__(self, name, samples):
        self.feeds = iter([{name: x[None]} for x in samples])

    def get_next(self):
        return next(self.feeds, None)


def main():
    logging.disable(logging.WARNING)
    case = cases.bundled()
    name = cases.session_input(case.model)
    print(f"float                    {case.score(cases.session(case.model), None):.2f}")
    with tempfile.TemporaryDirectory() as folder:
        folded, out = (pathlib.Path(folder) / f for f in ("folded.onnx", "int8.onnx"))
        quant_pre_process(case.model, folded, skip_symbolic_shape=True)
        for what, model in (("as it is", case.model), ("after quant_pre_process", folded)):
            quantize_static(model, out, Reader(name, case.calibration), per_channel=False,
                            calibrate_method=CalibrationMethod.MinMax)
            print(f"{what:24} {case.score(cases.session(out), None):.2f}")


main()
