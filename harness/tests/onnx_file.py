"""ONNX files for tests, written field by field: a test of the command needs no ONNX library."""
import struct


def varint(number):
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def field(number, value):
    """One field of a message: a number, a text, or bytes (a message, say)."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def value(name, *dims):
    """float32; an extent is a number or a symbol."""
    shape = b"".join(field(1, field(1 if isinstance(d, int) else 2, d)) for d in dims)
    return field(1, name) + field(2, field(1, field(1, 1) + field(2, shape)))


def node(op, inputs, output):
    return b"".join(field(1, i) for i in inputs.split()) + field(2, output) + field(
        3, output) + field(4, op)


def floats(name, dims, *numbers):
    return b"".join(field(1, d) for d in dims) + field(2, 1) + field(8, name) + field(
        9, struct.pack(f"<{len(numbers)}f", *numbers))


def model(nodes, initializers, inputs, outputs, opset=17):
    graph = b"".join(field(1, n) for n in nodes) + field(2, "graph") + b"".join(
        field(number, part) for number, parts in ((5, initializers), (11, inputs), (12, outputs))
        for part in parts)
    return field(1, 8) + field(7, graph) + field(8, field(2, opset))


def recurrence():
    """next = 2 state + x, y = [next_0 + next_1, next_1]."""
    return model(
        [node("Add", "state state", "twice"), node("Add", "twice x", "next"),
         node("MatMul", "next w", "y")],
        [floats("w", (2, 2), 1, 0, 1, 1)],
        [value("x", "batch", 2), value("state", "batch", 2)],
        [value("y", "batch", 2), value("next", "batch", 2)])
