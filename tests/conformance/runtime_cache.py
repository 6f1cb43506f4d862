"""Cases of GroupQueryAttention whose caches are quantized, or slide.

Called by runtime_cases.py with its `case` and `node`.
"""
import numpy as np
from onnx import TensorProto, helper

import runtime_fused

# Rows of this step, of the caches, tokens in all, bits of the caches (0: floats), whether
# scales are by channel, and local_window_size (0: none).
QUANTIZED = ((3, 5, 8, 8, 0, 0), (1, 6, 7, 8, 1, 0), (3, 5, 8, 4, 0, 0), (1, 6, 7, 4, 1, 0),
             (4, 6, 4, 8, 0, 0), (1, 9, 9, 4, 0, 3), (2, 6, 8, 8, 1, 4))
SLIDING = ((1, 4, 12, 0, 0, 4), (3, 4, 12, 0, 0, 4), (7, 4, 7, 0, 0, 4), (1, 6, 12, 0, 0, 4),
           (2, 6, 9, 0, 0, 4), (3, 4, 5, 0, 0, 4), (9, 6, 20, 0, 0, 5), (1, 4, 12, 8, 1, 4),
           (2, 6, 11, 4, 0, 4))


def rows_kept(tokens, window, capacity):
    step = capacity - window + 1
    return tokens if tokens <= capacity else tokens - step * -((capacity - tokens) // step)


class CacheCases(runtime_fused.Cases):
    number = -1

    def cached(self, cases, sliding):
        heads, kv, size = 4, 2, 32
        for rows, capacity, total, bits, channels, window in cases:
            values = {k: self.floats(1, rows, (heads if k == "q" else kv) * size) for k in "qkv"}
            for name in ("pk", "pv"):
                shape = (1, kv, capacity, size // 2 if bits == 4 else size)
                values[name] = (self.codes(np.int8 if bits == 8 else np.uint8, *shape) if bits
                                else self.floats(*shape))
            dtype = helper.np_dtype_to_tensor_dtype(values["pk"].dtype)
            values |= {"l": np.array([total - 1], np.int32), "t": np.array(total, np.int32)}
            names = list(values)
            attributes = {"local_window_size": window} if window else {}
            if bits:
                kind = "PER_CHANNEL" if channels else "PER_TENSOR"
                attributes |= {"kv_cache_bit_width": bits, "k_quant_type": kind,
                               "v_quant_type": kind}
                for name in ("ks", "vs"):
                    scale = self.random.rand(*((1, kv, 1, size) if channels else (1,)))
                    values[name] = ((scale + 2) / 2 ** (bits - 1)).astype(np.float32)
                names += [""] * 5 + ["ks", "vs"]
            if sliding:
                attributes["sliding_window_cache"] = 1
            # What a cache has beyond the rows that it keeps is unspecified.
            full = not sliding or rows_kept(total, window, capacity) == capacity
            outputs = ["y", "ck", "cv"]
            shown = outputs if full else ["y"]
            self.number += 1
            self.case(f"GroupQueryAttention_cache_{self.number}",
                      self.node("GroupQueryAttention", names, outputs, domain="com.microsoft",
                                num_heads=heads, kv_num_heads=kv, **attributes),
                      values, shown, dtype=[TensorProto.FLOAT, dtype, dtype][:len(shown)])


def write(case, node):
    cases = CacheCases(case, node, np.random.RandomState(6))
    cases.cached(QUANTIZED, False)
    cases.cached(SLIDING, True)
