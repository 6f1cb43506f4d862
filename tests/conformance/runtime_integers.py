"""Cases of operators on integers: DynamicQuantizeLSTM, MatMulInteger, ConvInteger.

Called by runtime_cases.py with its `case` and `node`.
"""
import numpy as np
from onnx import TensorProto

import runtime_fused

U8, S8 = np.uint8, np.int8


class IntegerCases(runtime_fused.Cases):

    def recurrent(self):
        """What quantize_dynamic writes for LSTM. Quantizing rounds what went through the
        gates, so an element near a half may be one step of its range off."""
        steps, n, size, hidden = 6, 3, 5, 8
        for direction, dtype, per_column, more in (
                ("forward", S8, 0, {}), ("forward", S8, 1, {}), ("forward", U8, 0, {}),
                ("forward", U8, 1, {}), ("reverse", S8, 0, {}), ("bidirectional", S8, 1, {}),
                ("bidirectional", U8, 0, {"states": 1, "peepholes": 1}),
                ("forward", S8, 1, {"states": 1, "lengths": [6, 2, 4]}),
                ("reverse", S8, 0, {"lengths": [3, 5, 1]}),
                ("forward", S8, 0, {"clip": 0.5, "input_forget": 1}),
                ("forward", S8, 0, {"activations": ["HardSigmoid", "Softsign", "Relu"],
                                    "activation_alpha": [0.3], "activation_beta": [0.4]})):
            more = dict(more)
            dirs, width = 2 if direction == "bidirectional" else 1, 4 * hidden
            scales = (dirs, width) if per_column else (dirs,)
            positive = lambda: (self.random.rand(*scales) * 0.004 + 0.002).astype(np.float32)
            zeros = lambda: (np.zeros(scales, S8) if dtype == S8 else
                             np.full(scales, 128, U8) if per_column else
                             self.random.randint(110, 140, scales).astype(U8))
            values = {"x": self.floats(steps, n, size), "w": self.codes(dtype, dirs, size, width),
                      "r": self.codes(dtype, dirs, hidden, width),
                      "b": self.floats(dirs, 2 * width) * 0.1}
            names = ["x", "w", "r", "b", "", "", "", ""]
            if "lengths" in more:
                values["l"] = np.array(more.pop("lengths"), np.int32)
                names[4] = "l"
            if more.pop("states", 0):
                values |= {"h": self.floats(dirs, n, hidden), "c": self.floats(dirs, n, hidden)}
                names[5:7] = "hc"
            if more.pop("peepholes", 0):
                values["p"] = self.floats(dirs, 3 * hidden) * 0.3
                names[7] = "p"
            values |= {"ws": positive(), "wz": zeros(), "rs": positive(), "rz": zeros()}
            self.add("DynamicQuantizeLSTM", names + ["ws", "wz", "rs", "rz"], values,
                     ["y", "yh", "yc"], direction=direction, hidden_size=hidden,
                     more={"constants": ("w", "r", "ws", "wz", "rs", "rz"),
                           "tolerance": "1e-2 1e-2"}, **more)

    def integers(self):
        """MatMulInteger and ConvInteger of the default domain."""
        def add(op, number, names, values, held, **attributes):
            self.case(f"{op}_{number}", self.node(op, names, ["y"], **attributes), values,
                      dtype=TensorProto.INT32,
                      constants=[x for x in values if x[0] == "b"] if held else ())

        for number, (a, b, ta, tb, per_column, held) in enumerate((
                ((33, 70), (70, 19), U8, S8, 0, 1), ((33, 70), (70, 19), U8, U8, 1, 1),
                ((33, 71), (71, 19), S8, S8, 1, 0), ((2, 3, 5, 6), (2, 3, 6, 40), U8, U8, 0, 0),
                ((4, 1, 5, 6), (3, 6, 7), U8, S8, 0, 1), ((3, 5, 16), (16, 9), S8, S8, 1, 1),
                ((1, 300), (300, 33), U8, U8, 0, 1))):
            values = {"a": self.codes(ta, *a), "b": self.codes(tb, *b),
                      "az": ta(self.random.randint(0, 100)),
                      "bz": self.codes(tb, b[-1]) if per_column else tb(7)}
            add("MatMulInteger", number, ["a", "b", "az", "bz"], values, held)
        for number, (x, w, group, tw, zero, held) in enumerate((
                ((2, 5, 9, 8), (6, 5, 3, 3), 1, U8, 131, 1),
                ((1, 16, 7, 7), (33, 16, 1, 1), 1, U8, 9, 0),
                ((1, 8, 9, 9), (8, 1, 3, 3), 8, U8, 128, 1),
                ((1, 8, 9, 9), (8, 1, 3, 3), 8, U8, 100, 1),
                ((1, 8, 6, 5), (6, 4, 2, 2), 2, U8, 77, 1), ((1, 4, 20), (5, 4, 3), 1, U8, 0, 1))):
            values = {"x": self.codes(U8, *x), "b": self.codes(tw, *w), "xz": U8(101),
                      "bz": tw(zero)}
            add("ConvInteger", number, ["x", "b", "xz", "bz"], values, held, group=group,
                pads=[1] * 2 * (len(x) - 2))


def write(case, node):
    cases = IntegerCases(case, node, np.random.RandomState(2))
    cases.recurrent()
    cases.integers()
