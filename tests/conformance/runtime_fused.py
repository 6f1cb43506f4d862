"""Cases of com.microsoft's operators: what ONNX Runtime's optimizer and quantizer write.

Called by runtime_cases.py with its `case` and `node`.
"""
import itertools

import numpy as np
from onnx import TensorProto, helper

U8, S8 = np.uint8, np.int8
TYPES = {U8: TensorProto.UINT8, S8: TensorProto.INT8}


# Tokens, those before, rotary, packed, and attributes, inputs and outputs beside.
QUERIES = (
    (5, 0, 0, 0, {}), (5, 0, 1, 0, {}), (5, 0, 1, 1, {}), (1, 6, 0, 0, {}),
    (1, 6, 1, 1, {}), (3, 6, 1, 0, {}), (5, 0, 0, 0, {"local_window_size": 2}),
    (1, 6, 1, 0, {"local_window_size": 3}), (5, 0, 0, 0, {"softcap": 0.7}),
    (5, 0, 0, 0, {"smooth_softmax": 1}), (3, 6, 1, 0, {"rotary_interleaved": 1}),
    (5, 0, 0, 0, {"scale": 0.2}), (1, 6, 0, 0, {"bias": 1}),
    (5, 0, 0, 0, {"sink": 1}))
MORE_QUERIES = (
    (5, 0, 0, 0, {"causal": 0}),
    (3, 6, 1, 0, {"causal": 0}),
    # ONNX Runtime leaves memory as it was where a score is hidden.
    (5, 0, 0, 0, {"qk_output": 1, "softcap": 0.7, "bias": 1, "causal": 0}),
    (3, 6, 1, 0, {"qk_output": 2, "causal": 0}),
    (3, 6, 0, 0, {"qk_output": 1, "causal": 0}),
    (5, 0, 0, 0, {"qk_output": 2, "local_window_size": 2, "smooth_softmax": 1}),
    (5, 0, 1, 0, {"local_window_size": 2, "softcap": 3.0, "smooth_softmax": 1}))


class Cases:

    def __init__(self, case, node, random):
        self.case, self.node, self.random = case, node, random
        self.names = {}

    def floats(self, *shape):
        return self.random.randn(*shape).astype(np.float32)

    def codes(self, dtype, *shape):
        low, high = (0, 256) if dtype == U8 else (-128, 128)
        return self.random.randint(low, high, shape).astype(dtype)

    def add(self, op, inputs, values, outputs=("y",), types=None, more=None, **attributes):
        """`inputs` are names, "" for one left out; `more` goes to case()."""
        number = self.names[op] = self.names.get(op, -1) + 1
        more = dict(more or {})
        kept = [o for o in outputs if o]
        if types is not None:
            more["dtype"] = types
        self.case(f"{op}_{number}",
                  self.node(op, inputs, outputs, domain="com.microsoft", **attributes),
                  values, kept, **more)

    def quantized(self, prefix, dtype, *shape, zero=True):
        """Codes, scale and zero point, by name."""
        return {prefix: self.codes(dtype, *shape),
                prefix + "s": np.array(0.01 + self.random.rand() * 0.05, np.float32),
                prefix + "z": dtype(self.random.randint(0, 100) if zero else 0)}

    def qlinear(self):
        shapes = (((3, 5), (3, 5)), ((2, 3, 7), (7,)), ((1, 4, 1), (2, 1, 3)), ((), (4,)))
        for op, dtype, (a, b) in itertools.product(
                ("QLinearAdd", "QLinearMul"), (U8, S8), shapes):
            scale = np.array(0.1 if op == "QLinearAdd" else 0.3, np.float32)
            values = self.quantized("a", dtype, *a) | self.quantized("b", dtype, *b)
            values |= {"ys": scale, "yz": dtype(7)}
            names = ["a", "as", "az", "b", "bs", "bz", "ys", "yz"]
            if dtype == U8 and len(a) == 2:
                del names[7], values["yz"]
            self.add(op, names, values, types=TYPES[dtype])
        for op, dtype, held in itertools.product(
                ("QLinearSigmoid", "QLinearLeakyRelu"), (U8, S8), (False, True)):
            values = self.quantized("x", dtype, 3, 67)
            values |= {"ys": np.array(1 / 256 if op == "QLinearSigmoid" else 0.06, np.float32),
                       "yz": dtype(0 if op == "QLinearSigmoid" else 9)}
            more = {"alpha": 0.07} if op == "QLinearLeakyRelu" else {}
            self.add(op, ["x", "xs", "xz", "ys", "yz"], values, types=TYPES[dtype],
                     more={"constants": ("xs", "xz", "ys", "yz") if held else ()}, **more)
        # A sum of float32 exponentials may round to the other side of a half.
        for dtype, axis, opset in itertools.product((U8,), (-1, 1, 2), (9, 13)):
            values = self.quantized("x", dtype, 2, 5, 7)
            values |= {"ys": np.array(1 / 256, np.float32), "yz": dtype(0)}
            self.add("QLinearSoftmax", ["x", "xs", "xz", "ys", "yz"], values,
                     types=TYPES[dtype], axis=axis, opset=opset)
        for dtype, axis in itertools.product((U8, S8), (1, -1)):
            values = {"ys": np.array(0.05, np.float32), "yz": dtype(11)}
            names = ["ys", "yz"]
            for i in range(3):
                values |= self.quantized("abc"[i], dtype, 2, 3, 4)
                names += ["abc"[i], "abc"[i] + "s", "abc"[i] + "z"]
            self.add("QLinearConcat", names, values, types=TYPES[dtype], axis=axis)
        for last, include in itertools.product((0, 1), (0, 1)):
            shape = (1, 7, 9, 5) if last else (1, 5, 7, 9)
            values = self.quantized("x", U8, *shape)
            values |= {"ys": np.array(0.05, np.float32), "yz": U8(90)}
            names = ["x", "xs", "xz", "ys", "yz"]
            self.add("QLinearAveragePool", names, values, types=TensorProto.UINT8,
                     kernel_shape=[3, 2], strides=[2, 1], pads=[1, 0, 1, 1],
                     count_include_pad=include, channels_last=last)
            self.add("QLinearGlobalAveragePool", names, values, types=TensorProto.UINT8,
                     channels_last=last)
            self.add("NhwcMaxPool", ["x"], {"x": values["x"]}, types=TensorProto.UINT8,
                     kernel_shape=[2, 3], strides=[1 + last, 2], pads=[0, 1, 1, include])
        for last, group in ((0, 1), (1, 1), (1, 5)):
            shape = (1, 7, 9, 5) if last else (1, 5, 7, 9)
            values = self.quantized("x", U8, *shape)
            values |= {"w": self.codes(S8, 10, 5 // group, 3, 3),
                       "ws": (self.random.rand(10) * 0.02).astype(np.float32),
                       "wz": np.zeros(10, S8), "ys": np.array(0.3, np.float32), "yz": U8(120),
                       "b": self.random.randint(-500, 500, 10).astype(np.int32)}
            self.add("QLinearConv", ["x", "xs", "xz", "w", "ws", "wz", "ys", "yz", "b"], values,
                     types=TensorProto.UINT8, channels_last=last, group=group,
                     pads=[1, 1, 1, 1], strides=[2, 1],
                     more={"constants": ("w", "ws", "wz", "b")})
        for dtype in (U8, S8):
            values = {"c": self.random.rand(3, 4) > 0.5}
            values |= self.quantized("x", dtype, 3, 4) | self.quantized("z", dtype, 1, 4)
            values |= {"ys": np.array(0.05, np.float32), "yz": dtype(3)}
            self.add("QLinearWhere", ["c", "x", "xs", "xz", "z", "zs", "zz", "ys", "yz"],
                     values, types=TYPES[dtype])

    def products(self):
        for trans_a, trans_b, bias, out, per_column, held in (
                (0, 0, 1, 1, 0, 0), (0, 1, 1, 1, 1, 1), (1, 0, 1, 0, 0, 1), (0, 0, 0, 1, 1, 0),
                (1, 1, 0, 0, 1, 1), (0, 1, 2, 1, 1, 1)):
            m, k, n = 5, 19, 7
            values = {"a": self.codes(U8, *((k, m) if trans_a else (m, k))),
                      "as": np.array(0.02, np.float32), "az": U8(101),
                      "b": self.codes(S8, *((n, k) if trans_b else (k, n))),
                      "bs": (self.random.rand(n) * 0.02 + 0.01).astype(np.float32)
                            if per_column else np.array(0.03, np.float32),
                      "bz": np.zeros(n, S8) if per_column else S8(4)}
            names = list(values) + [""] * 3
            if bias:
                shape = (m, n) if bias == 2 else (n,)
                values["c"] = self.random.randint(-900, 900, shape).astype(np.int32)
                names[6] = "c"
            if out:
                values |= {"ys": np.array(0.2, np.float32), "yz": U8(99)}
                names[7:] = ["ys", "yz"]
            while not names[-1]:
                names.pop()
            self.add("QGemm", names, values, transA=trans_a, transB=trans_b,
                     alpha=0.5 if trans_a and not trans_b else 1.0,
                     types=TensorProto.UINT8 if out else TensorProto.FLOAT,
                     more={"constants": [x for x in values if x != "a"] if held else ()})
        for zero, bias, dtype in itertools.product((0, 1, 2), (0, 1), (U8, S8)):
            values = {"a": self.floats(2, 3, 11), "b": self.codes(dtype, 11, 6),
                      "s": (self.random.rand(6) * 0.1).astype(np.float32)
                           if zero == 2 else np.array([0.02], np.float32)}
            names = ["a", "b", "s", "", ""]
            if zero:
                values["z"] = (self.codes(dtype, 6) if zero == 2 else
                               np.array([5], dtype))
                names[3] = "z"
            if bias:
                values["c"] = self.floats(6)
                names[4] = "c"
            while not names[-1]:
                names.pop()
            self.add("DynamicQuantizeMatMul", names, values)
        for i, (a, b, attributes) in enumerate((
                ((3, 5), (5, 4), {}), ((5, 3), (4, 5), {"transA": 1, "transB": 1, "alpha": 0.3}),
                ((2, 3, 5), (2, 4, 5), {"transB": 1}), ((2, 5, 3), (5, 4), {"transA": 1}),
                ((3, 2, 5), (2, 5, 4), {"transBatchA": 1}),
                ((2, 3, 5), (5, 2, 4), {"transBatchB": 1, "alpha": 2.0}),
                ((2, 3, 4, 5), (2, 3, 6, 5), {"transB": 1, "alpha": 0.125}))):
            for dtype in (np.float32, np.float64) if i < 3 else (np.float32,):
                self.add("FusedMatMul", "ab", {"a": self.floats(*a).astype(dtype),
                                               "b": self.floats(*b).astype(dtype)},
                         types=helper.np_dtype_to_tensor_dtype(np.dtype(dtype)), **attributes)
        self.add("TransposeMatMul", "ab", {"a": self.floats(5, 3), "b": self.floats(5, 4)},
                 transA=1)
        for activation, attributes in (
                ("Relu", {}), ("LeakyRelu", {"activation_alpha": 0.2}), ("Tanh", {}),
                ("Sigmoid", {}), ("HardSigmoid", {"activation_alpha": 0.3,
                                                  "activation_beta": 0.4}),
                ("Elu", {"activation_alpha": 0.7})):
            self.add("FusedGemm", "abc", {"a": self.floats(5, 3), "b": self.floats(4, 5),
                                          "c": self.floats(3, 4)}, transA=1, transB=1,
                     alpha=0.5, beta=2.0, activation=activation, **attributes)
        for activation, extra in (("Relu", "xwb"), ("LeakyRelu", "xw"), ("", "xwbz")):
            values = {"x": self.floats(1, 3, 6, 7), "w": self.floats(4, 3, 3, 3),
                      "b": self.floats(4), "z": self.floats(1, 4, 6, 7)}
            attributes = {"activation": activation} if activation else {"activation": "Relu"}
            if activation == "LeakyRelu":
                attributes["activation_params"] = [0.1]
            self.add("FusedConv", extra, {k: values[k] for k in extra}, pads=[1, 1, 1, 1],
                     **attributes)

    def blocks(self):
        for bits, block, k, zero, bias in (
                (4, 16, 35, 0, 0), (4, 32, 64, 1, 1), (8, 16, 48, 1, 0), (8, 32, 40, 0, 1),
                (2, 16, 48, 0, 0), (4, 16, 50, 2, 0)):
            n, blocks = 7, -(-k // block)
            values = {"a": self.floats(2, 3, k),
                      "w": self.codes(U8, n, blocks, block * bits // 8),
                      "s": self.floats(n, blocks)}
            names = ["a", "w", "s", "", "", ""]
            if zero == 1:
                values["z"] = self.codes(U8, n, -(-blocks * bits // 8))
            elif zero:
                values["z"] = (self.random.rand(n, blocks) * 15).astype(np.float32)
            if zero:
                names[3] = "z"
            if bias:
                values["c"] = self.floats(n)
                names[5] = "c"
            while not names[-1]:
                names.pop()
            self.add("MatMulNBits", names, values, K=k, N=n, bits=bits, block_size=block,
                     more={"constants": [x for x in values if x not in "ac"],
                           "tolerance": "1e-3 1e-4"})
        for kind, block, k in itertools.product((0, 1), (16, 64), (32, 45)):
            n = 6
            self.add("MatMulBnb4", "aws",
                     {"a": self.floats(2, 3, k), "w": self.codes(U8, (n * k + 1) // 2),
                      "s": self.random.rand(-(-n * k // block)).astype(np.float32)},
                     K=k, N=n, block_size=block, quant_type=kind,
                     more={"constants": ("w", "s"), "tolerance": "1e-3 1e-4"})
        for bits, axis, gather, zero in ((4, 1, 0, 0), (4, 1, 0, 1), (8, 1, 0, 1), (8, 1, 0, 0)):
            shape = (5, 64)
            packed = shape[:-1] + (shape[-1] * bits // 8,)
            scales = shape[:-1] + (shape[-1] // 16,)
            values = {"d": self.codes(U8, *packed), "i": np.array([[1, 3, -1], [0, 0, 2]]),
                      "s": self.floats(*scales)}
            names = ["d", "i", "s"]
            if zero:
                values["z"] = self.codes(U8, *scales[:-1], scales[-1] * bits // 8)
                names.append("z")
            self.add("GatherBlockQuantized", names, values, bits=bits, block_size=16,
                     gather_axis=gather, quantize_axis=axis, more={"opset": 21})
        for kind, zero in ((TensorProto.UINT4, 1), (TensorProto.INT4, 1), (TensorProto.INT4, 0)):
            low = 0 if kind == TensorProto.UINT4 else -8
            make = lambda name, *shape: helper.make_tensor(
                name, kind, shape, self.random.randint(low, low + 16, shape).flatten().tolist())
            values = {"d": make("d", 6, 33), "i": np.array([5, 0, 2]), "s": self.floats(6, 3)}
            names = ["d", "i", "s"]
            if zero:
                values["z"] = make("z", 6, 3)
                names.append("z")
            self.add("GatherBlockQuantized", names, values, block_size=16, gather_axis=0,
                     quantize_axis=1, more={"opset": 21})

    def attention(self):
        n, length, hidden, heads = 2, 5, 12, 3
        x = {"x": self.floats(n, length, hidden), "w": self.floats(hidden, 3 * hidden) * 0.4,
             "b": self.floats(3 * hidden)}
        ids = np.int32
        self.add("Attention", "xwb", x, num_heads=heads)
        # Without a bias ONNX Runtime 1.31 crashes.
        self.add("Attention", "xwb", x, num_heads=heads, scale=0.3)
        self.add("Attention", "xwb", x, num_heads=heads, unidirectional=1)
        for mask in (np.array([5, 3], ids), np.array([5, 4, 1, 0], ids),
                     np.array([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]], ids),
                     (self.random.rand(n, length, length) > 0.3).astype(ids)):
            self.add("Attention", "xwbm", x | {"m": mask}, num_heads=heads)
        past = {"p": self.floats(2, n, heads, 4, hidden // heads)}
        self.add("Attention", ["x", "w", "b", "", "p"], x | past, ["y", "c"], num_heads=heads,
                 unidirectional=1)
        self.add("Attention", ["x", "w", "b", "", "", "a"],
                 x | {"a": self.floats(n, heads, length, length)}, ["y", "c"],
                 num_heads=heads)
        self.add("Attention", "xwb", {"x": x["x"], "w": self.floats(hidden, 12 + 12 + 6),
                                      "b": self.floats(30)}, num_heads=heads,
                 qkv_hidden_sizes=[12, 12, 6])
        q = {"x": self.codes(U8, n, length, hidden), "w": self.codes(S8, hidden, 3 * hidden),
             "b": self.floats(3 * hidden), "xs": np.array(0.02, np.float32),
             "ws": np.array(0.01, np.float32), "m": np.array([5, 3], ids), "xz": U8(120),
             "wz": S8(0)}
        self.add("QAttention", list(q), q, num_heads=heads)
        self.add("QAttention", list(q) + ["p"], q | past | {"m": np.array([9, 7], ids)},
                 ["y", "c"], num_heads=heads, unidirectional=1)
        q |= {"ws": (self.random.rand(3 * hidden) * 0.02).astype(np.float32),
              "wz": np.zeros(3 * hidden, S8)}
        self.add("QAttention", list(q), q, num_heads=heads)

        keys, size = 7, 4
        qkv = {"q": self.floats(n, length, 12), "k": self.floats(n, keys, 12),
               "v": self.floats(n, keys, 18)}
        self.add("MultiHeadAttention", "qkv", qkv, num_heads=heads)
        self.add("MultiHeadAttention", "qkvb", qkv | {"b": self.floats(42)}, num_heads=heads)
        self.add("MultiHeadAttention", ["q", "k", "v", "", "m"],
                 qkv | {"m": np.array([7, 4], ids)}, num_heads=heads)
        self.add("MultiHeadAttention", ["q", "k", "v", "", "m"],
                 qkv | {"m": (self.random.rand(n, keys) > 0.3).astype(ids)}, num_heads=heads,
                 mask_filter_value=-1000.0)
        self.add("MultiHeadAttention", ["q", "k", "v", "", "", "a"],
                 qkv | {"a": self.floats(1, heads, length, keys)}, num_heads=heads, scale=0.2)
        self.add("MultiHeadAttention", "qkv",
                 {"q": qkv["q"], "k": self.floats(n, heads, keys, size),
                  "v": self.floats(n, heads, keys, size)}, num_heads=heads)
        cache = {"pk": self.floats(n, heads, 3, size), "pv": self.floats(n, heads, 3, size)}
        self_qkv = {k: self.floats(n, length, 12) for k in "qkv"}
        names = ["q", "k", "v", "b", "", "", "pk", "pv"]
        self.add("MultiHeadAttention", names, self_qkv | {"b": self.floats(36)} | cache,
                 ["y", "ck", "cv"], num_heads=heads)
        self.add("MultiHeadAttention", names[:3] + ["", "", "a", "pk", "pv"],
                 self_qkv | {"a": self.floats(1, 1, length, 8)} | cache, ["y", "ck", "cv"],
                 num_heads=heads, unidirectional=1)
        self.add("MultiHeadAttention", "qkv", self_qkv, ["y", "", "", "s"], num_heads=heads)

    def group_query(self, queries):
        heads, kv, size = 4, 2, 16
        angles = self.random.rand(20, size // 2) * 6
        rotary = {"cos": np.cos(angles).astype(np.float32),
                  "sin": np.sin(angles).astype(np.float32)}
        for rows, past, turn, packed, more in queries:
            # ONNX Runtime takes several tokens behind a cache for one sample alone.
            n, total = 1 if rows > 1 and past else 2, rows + past
            values = {"q": self.floats(n, rows, (heads + 2 * kv if packed else heads) * size)}
            names = ["q", "", "", "pk", "pv", "l", "t"]
            if not packed:
                names[1:3] = "kv"
                values |= {k: self.floats(n, rows, kv * size) for k in "kv"}
            values |= {k: self.floats(n, kv, past, size) for k in ("pk", "pv")}
            # The second sample of a decoding step is shorter.
            lengths = [total - 1, total - 1 - (1 if past else 0)][:n]
            values |= {"l": np.array(lengths, np.int32), "t": np.array([total], np.int32)[0]}
            more = dict(more)
            if turn:
                values |= rotary
                names += ["cos", "sin"]
            if more.pop("bias", 0):
                values["a"] = self.floats(n, 1, rows, total)
                names += ["", ""] * (not turn) + ["", "a"]
            if more.pop("sink", 0):
                values["h"] = self.floats(heads)
                names += ["", ""] * (not turn) + ["", "", "h"]
            outputs = ["y", "ck", "cv"] + ["qk"] * ("qk_output" in more)
            self.add("GroupQueryAttention", names, values, outputs, num_heads=heads,
                     kv_num_heads=kv, do_rotary=turn, **more)
            if not more and rows == 1:
                half = {k: v.astype(np.float16) if v.dtype == np.float32 else v
                        for k, v in values.items()}
                self.add("GroupQueryAttention", names, half, ["y", "ck", "cv"],
                         num_heads=heads, kv_num_heads=kv, do_rotary=turn,
                         types=TensorProto.FLOAT16, more={"tolerance": "4e-3 4e-3"})

    def normalization(self):
        for dtype, tolerance in ((np.float32, "1e-3 1e-5"), (np.float16, "4e-3 4e-3")):
            kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
            made = lambda *shape: self.floats(*shape).astype(dtype)
            skip = {"x": made(2, 3, 9), "s": made(2, 3, 9), "g": made(9)}
            more = {"tolerance": tolerance}
            self.add("SkipLayerNormalization", "xsg", skip, types=kind, more=more)
            self.add("SkipLayerNormalization", "xsgeb", skip | {"e": made(9), "b": made(9)},
                     ["y", "", "", "u"], types=kind, more=more, epsilon=1e-5)
            self.add("SkipLayerNormalization", "xsge", skip | {"s": made(3, 9), "e": made(9)},
                     types=kind, more=more, epsilon=1e-5)
            self.add("SkipSimplifiedLayerNormalization", "xsg", skip, ["y", "", "", "u"],
                     types=kind, more=more, epsilon=1e-5)
            self.add("SkipSimplifiedLayerNormalization", "xsgb", skip | {"b": made(9)},
                     types=kind, more=more)
        self.add("BiasGelu", "xb", {"x": self.floats(2, 3, 8), "b": self.floats(8)})
        for inputs in ("xb", "x"):
            values = {"x": self.floats(2, 3, 8), "b": self.floats(8)}
            self.add("FastGelu", inputs, {k: values[k] for k in inputs})
        self.add("QuickGelu", "x", {"x": self.floats(2, 3, 8)})
        self.add("QuickGelu", "x", {"x": self.floats(13)}, alpha=0.9)
        self.add("Gelu", "x", {"x": self.floats(2, 3, 8)})
        self.case("SimplifiedLayerNormalization",
                  self.node("SimplifiedLayerNormalization", "xg", epsilon=1e-5, axis=-1),
                  {"x": self.floats(2, 3, 9), "g": self.floats(9)}, opset=12)
        self.case("LayerNormalization_12", self.node("LayerNormalization", "xgb", "ymd",
                                                     epsilon=1e-5, axis=-1),
                  {"x": self.floats(2, 3, 9), "g": self.floats(9), "b": self.floats(9)}, "ymd",
                  opset=12)
        self.add("Trilu", "xk", {"x": self.floats(4, 5), "k": np.array(1)}, upper=0)

    def embedding(self):
        ids = self.random.randint(0, 11, (2, 6)).astype(np.int32)
        tables = {"w": self.floats(11, 8), "p": self.floats(7, 8), "g": self.floats(8),
                  "b": self.floats(8)}
        mask = np.array([[1, 1, 1, 1, 0, 0], [1, 1, 1, 1, 1, 1]], np.int32)
        segments = {"k": self.random.randint(0, 2, (2, 6)).astype(np.int32),
                    "s": self.floats(2, 8)}
        f, i = TensorProto.FLOAT, TensorProto.INT32
        self.add("EmbedLayerNormalization", ["i", "k", "w", "p", "s", "g", "b", "m"],
                 {"i": ids} | tables | segments | {"m": mask}, ["y", "c"], types=[f, i])
        self.add("EmbedLayerNormalization", ["i", "", "w", "p", "", "g", "b"],
                 {"i": ids} | tables, ["y", "c"], types=[f, i], epsilon=1e-4)
        self.add("EmbedLayerNormalization", ["i", "k", "w", "p", "s", "g", "b", "", "q"],
                 {"i": ids} | tables | segments |
                 {"q": self.random.randint(0, 7, (2, 6)).astype(np.int32)},
                 ["y", "c", "u"], types=[f, i, f])
        for names in (["i", "k"], ["i", ""]):
            values = {"i": ids}
            if names[1]:
                values["k"] = segments["k"]
            scales, zeros = {}, {}
            for name, shape in (("w", (11, 8)), ("p", (7, 8)), ("s", (2, 8)), ("g", (8,)),
                                ("b", (8,))):
                if name == "s" and not names[1]:
                    continue
                values[name] = self.codes(U8, *shape)
                scales[name + "s"] = np.array(0.02, np.float32)
                zeros[name + "z"] = U8(100)
            used = lambda suffix: [x + suffix if x != "s" or names[1] else ""
                                   for x in ("w", "p", "s", "g", "b")]
            self.add("QEmbedLayerNormalization",
                     names + used("") + ["m"] + used("s") + used("z"),
                     values | {"m": mask} | scales | zeros, ["y", "c"], types=[f, i])
        self.add("RotaryEmbedding", "xpcs",
                 {"x": self.floats(2, 3, 8), "p": np.array([[0, 1, 2], [4, 5, 6]]),
                  "c": self.floats(10, 2), "s": self.floats(10, 2)})
        self.add("RotaryEmbedding", "xpcs",
                 {"x": self.floats(2, 2, 3, 8), "p": np.array([3]), "c": self.floats(10, 4),
                  "s": self.floats(10, 4)}, interleaved=1)
        for dtype, per_column in itertools.product((U8, S8), (0, 1)):
            self.add("MatMulIntegerToFloat", ["a", "b", "as", "bs", "az", "bz", "c"],
                     {"a": self.codes(dtype, 2, 4, 7), "b": self.codes(S8, 7, 5),
                      "as": self.floats(1), "bs": self.floats(5 if per_column else 1),
                      "az": self.codes(dtype, 1), "bz": np.zeros(5 if per_column else 1, S8),
                      "c": self.floats(5)})


def write(case, node, random):
    cases = Cases(case, node, random)
    cases.qlinear()
    cases.products()
    cases.blocks()
    cases.attention()
    cases.group_query(QUERIES)
    cases.normalization()
    cases.embedding()
    # Later ones, which leave the others' numbers as they are.
    more = Cases(case, node, np.random.RandomState(2))
    more.names = cases.names
    more.group_query(MORE_QUERIES)
