"""ONNX files for tests, written field by field: a test of the command needs no ONNX library."""
import struct


def varint(number):
    out = b""
    number &= 2 ** 64 - 1
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


def value(name, *dims, dtype=1):
    """float32 unless told; an extent is a number or a symbol."""
    shape = b"".join(field(1, field(1 if isinstance(d, int) else 2, d)) for d in dims)
    return field(1, name) + field(2, field(1, field(1, dtype) + field(2, shape)))


def maps(name, key):
    """A sequence of maps from a type to float32."""
    number = field(1, field(1, 1))
    return field(1, name) + field(2, field(4, field(1, field(5, field(1, key) + field(
        2, number)))))


def attribute(name, value):
    """A text, or a list of whole numbers, of floats or of texts."""
    if isinstance(value, str):
        return field(1, name) + field(4, value) + field(20, 3)
    if isinstance(value[0], int):
        return field(1, name) + b"".join(field(8, v) for v in value) + field(20, 7)
    if isinstance(value[0], float):
        return field(1, name) + b"".join(b"\x3d" + struct.pack("<f", v)
                                         for v in value) + field(20, 6)
    return field(1, name) + b"".join(field(9, v) for v in value) + field(20, 8)


def node(op, inputs, outputs, domain="", **attributes):
    """Named after its first output."""
    return b"".join([field(1, i) for i in inputs.split()] + [
        field(2, o) for o in outputs.split()] + [
            field(3, outputs.split()[0]), field(4, op)] + [
                field(5, attribute(k, v)) for k, v in attributes.items()] + [
                    field(7, domain)] * bool(domain))


def floats(name, dims, *numbers):
    return b"".join(field(1, d) for d in dims) + field(2, 1) + field(8, name) + field(
        9, struct.pack(f"<{len(numbers)}f", *numbers))


def model(nodes, initializers, inputs, outputs, opset=17, ml=0):
    graph = b"".join(field(1, n) for n in nodes) + field(2, "graph") + b"".join(
        field(number, part) for number, parts in ((5, initializers), (11, inputs), (12, outputs))
        for part in parts)
    return field(1, 8) + field(7, graph) + field(8, field(2, opset)) + field(
        8, field(1, "ai.onnx.ml") + field(2, ml)) * bool(ml)


def recurrence():
    """next = 2 state + x, y = [next_0 + next_1, next_1]."""
    return model(
        [node("Add", "state state", "twice"), node("Add", "twice x", "next"),
         node("MatMul", "next w", "y")],
        [floats("w", (2, 2), 1, 0, 1, 1)],
        [value("x", "batch", 2), value("state", "batch", 2)],
        [value("y", "batch", 2), value("next", "batch", 2)])
