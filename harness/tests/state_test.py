"""Models that hand a state from step to step, at the command line."""
import ast
import struct
import sys
import unittest

import onnx_file
from command import CommandCase

SAMPLES, STEPS = 3, 4


def npy(path, shape, numbers):
    header = repr({"descr": "<f4", "fortran_order": False, "shape": shape}).encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header +
                     struct.pack(f"<{len(numbers)}f", *numbers))


def read_npy(path):
    data = path.read_bytes()
    end = 10 + struct.unpack("<H", data[8:10])[0]
    body = data[end:]
    return (ast.literal_eval(data[10:end].decode().strip())["shape"],
            list(struct.unpack(f"<{len(body) // 4}f", body)))


class StateTest(CommandCase):
    def setUp(self):
        super().setUp()
        (self.path / "net.onnx").write_bytes(onnx_file.recurrence())
        (self.path / "data").mkdir()
        self.x = [((7 * i) % 11 - 5) / 4 for i in range(SAMPLES * STEPS * 2)]
        npy(self.path / "data" / "x.npy", (SAMPLES, STEPS, 1, 2), self.x)
        self.words = ["net.onnx", "--data", "data", "--state", "state=next"]
        self.exact = ["--activations-range-estimator", "min_max"]

    def expected(self, first=(0, 0)):
        y, last = [], []
        for sample in range(SAMPLES):
            state = first
            for step in range(STEPS):
                x = self.x[(sample * STEPS + step) * 2:][:2]
                state = [2 * s + v for s, v in zip(state, x)]
                y += [state[0] + state[1], state[1]]
            last += state
        return y, last

    def test_run(self):
        self.result("run", *self.words, "-o", "out")
        y, last = self.expected()
        self.assertEqual(read_npy(self.path / "out" / "y.npy"), ((SAMPLES, STEPS, 1, 2), y))
        self.assertEqual(read_npy(self.path / "out" / "next.npy"), ((SAMPLES, 1, 2), last))

    def test_the_first_state_comes_from_the_data(self):
        npy(self.path / "data" / "state.npy", (SAMPLES, 1, 2), [1, 2] * SAMPLES)
        self.result("run", *self.words, "-o", "out")
        self.assertEqual(read_npy(self.path / "out" / "y.npy")[1], self.expected((1, 2))[0])

    def test_calibration_sees_the_states(self):
        self.result("statistics", *self.words, "-o", "s.hone")
        self.result("quantize", "net.onnx", "--statistics", "s.hone", "-o", "a.onnx")
        done = self.result("quantize", *self.words, *self.exact, "-o", "b.onnx")
        self.assertTrue(any(node["done"] == "quantized" for node in done["nodes"]), done["nodes"])
        self.result("quantize", *self.words, *self.exact, "-o", "c.onnx", "--threads", "1")
        self.assertEqual((self.path / "b.onnx").read_bytes(), (self.path / "c.onnx").read_bytes())
        found = self.result("eval", "b.onnx", *self.words[1:], "--reference", "net.onnx")
        self.assertGreater(found["metrics"]["sqnr"]["value"], 30)
        self.assertEqual(found["samples"], SAMPLES)

    def test_says_what_is_wrong(self):
        self.assertIn("next", self.error("run", *self.words[:3], "--state", "state=nxt",
                                         code=3)["expected"])
        self.error("run", *self.words[:3], "--state", "state", code=2)
        self.error("run", *self.words[:3], code=3)  # no data for the state
        self.assertIn("full bias correction",
                      self.error("quantize", *self.words, "-o", "a.onnx", "--bias-correction",
                                 "full", code=3)["message"])


unittest.main(argv=sys.argv[:1])
