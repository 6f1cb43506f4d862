"""Simplifies a model with onnxsim: simplify_onnxsim.py MODEL OUT; prints seconds.

Loading the packages and the file is left out of the time, its own check is off.
"""
import sys
import time

import onnx
import onnxsim

model = onnx.load(sys.argv[1])
start = time.perf_counter()
simple, _ = onnxsim.simplify(model, check_n=0)
print("seconds", time.perf_counter() - start)
onnx.save(simple, sys.argv[2])
