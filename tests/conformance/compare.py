"""Decides whether a model that Hone wrote is the model that it read.

Messages are compared field by field, through protobuf's own reflection. What
is normalised, and nothing else:

- where and how a tensor's data is stored: a tensor is its extents, its element
  type and its values, read by onnx.numpy_helper;
- opset_import without a domain and with an empty one;
- a dimension with an empty dim_param or a negative dim_value is a dimension
  without a value.
"""
import onnx
from google.protobuf import unknown_fields
from onnx import external_data_helper, numpy_helper

STORAGE = {
    "float_data", "int32_data", "string_data", "int64_data", "double_data",
    "uint64_data", "raw_data", "external_data", "data_location",
}


def unknown(message):
    return [(f.field_number, f.wire_type, f.data)
            for f in unknown_fields.UnknownFieldSet(message)]


def tensor_values(tensor, folder):
    if tensor.data_type == onnx.TensorProto.UNDEFINED:
        return b""
    if external_data_helper.uses_external_data(tensor):
        external_data_helper.load_external_data_for_tensor(tensor, str(folder))
    if tensor.data_type == onnx.TensorProto.STRING:
        return list(tensor.string_data)
    return numpy_helper.to_array(tensor).tobytes()


def normalise(message):
    name = message.DESCRIPTOR.name
    if name == "OperatorSetIdProto" and not message.domain:
        message.ClearField("domain")
    if name == "Dimension":
        if message.HasField("dim_param") and not message.dim_param:
            message.ClearField("dim_param")
        if message.HasField("dim_value") and message.dim_value < 0:
            message.ClearField("dim_value")


def difference(a, b, a_folder, b_folder, path=""):
    """None when equal, else where they differ."""
    if unknown(a) != unknown(b):
        return f"{path}: unknown fields {unknown(a)} != {unknown(b)}"
    normalise(a)
    normalise(b)
    skipped = set()
    if a.DESCRIPTOR.name == "TensorProto":
        skipped = STORAGE
        if tensor_values(a, a_folder) != tensor_values(b, b_folder):
            return f"{path}: values differ"
    for field in a.DESCRIPTOR.fields:
        if field.name in skipped:
            continue
        where = f"{path}.{field.name}"
        if field.is_repeated:
            left, right = getattr(a, field.name), getattr(b, field.name)
            if len(left) != len(right):
                return f"{where}: {len(left)} != {len(right)} of them"
            pairs = list(zip(left, right))
        else:
            if field.has_presence and a.HasField(field.name) != b.HasField(field.name):
                return f"{where}: present {a.HasField(field.name)} != {b.HasField(field.name)}"
            pairs = [(getattr(a, field.name), getattr(b, field.name))]
            if field.has_presence and not a.HasField(field.name):
                continue
        for i, (left, right) in enumerate(pairs):
            if field.message_type is not None:
                found = difference(left, right, a_folder, b_folder, f"{where}[{i}]")
                if found:
                    return found
            elif left != right and not (left != left and right != right):
                return f"{where}[{i}]: {left!r} != {right!r}"
    return None
