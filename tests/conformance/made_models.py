"""Models made by hand for what ONNX's backend tests do not have.

usage: made_models.py FOLDER

Writes FOLDER/NAME/model.onnx: every message kind with unknown fields in every
message, every way to store a tensor, external data, both spellings of the
default domain, functions with overloads, training information, device
configurations, sparse and annotated initializers, all kinds of types and
attributes.
"""
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

# Field 1000 as a number and field 1001 as bytes: unknown to every message.
UNKNOWN = b"\xc0\x3e\x2a\xca\x3e\x03abc"

TYPED = {
    TensorProto.FLOAT: "float_data", TensorProto.COMPLEX64: "float_data",
    TensorProto.DOUBLE: "double_data", TensorProto.COMPLEX128: "double_data",
    TensorProto.INT64: "int64_data", TensorProto.UINT64: "uint64_data",
    TensorProto.UINT32: "uint64_data", TensorProto.STRING: "string_data",
}


def add_unknown(message):
    message.MergeFromString(UNKNOWN)
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        for child in value if field.is_repeated else [value]:
            add_unknown(child)


def small_model(**kwargs):
    node = helper.make_node("Relu", ["x"], ["y"], name="relu")
    graph = helper.make_graph(
        [node], "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 3])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], **kwargs)


def typed_tensors():
    """One initializer for each element type, in its typed data field and in raw_data."""
    model = small_model()
    for number in TensorProto.DataType.values():
        name = TensorProto.DataType.Name(number)
        if number == TensorProto.UNDEFINED:
            continue
        if number == TensorProto.STRING:
            values = [b"a", b"\xff\x00", b"", "é".encode(), b"five"]
        elif number == TensorProto.BOOL:
            values = [True, False, True, True, False]
        elif number in (TensorProto.COMPLEX64, TensorProto.COMPLEX128):
            values = [1 + 2j, -3j, 4, 0, 0.5]
        else:
            unsigned = name.startswith("U") or name == "FLOAT8E8M0"
            values = [0, 1, 1, 2, 1] if unsigned else [0, 1, -1, -2, 1]
        tensor = helper.make_tensor(f"{name}_typed", number, [5], values)
        model.graph.initializer.append(tensor)
        if number != TensorProto.STRING:
            raw = numpy_helper.from_array(numpy_helper.to_array(tensor), f"{name}_raw")
            model.graph.initializer.append(raw)
    empty = model.graph.initializer.add()
    empty.name, empty.data_type = "empty", TensorProto.FLOAT
    empty.dims.extend([0, 4])
    # A boolean that is neither 0 nor 1 is true.
    model.graph.initializer.append(
        TensorProto(name="odd", data_type=TensorProto.BOOL, dims=[2], raw_data=b"\x00\x01"))
    return model


def attributes():
    model = small_model()
    node = model.graph.node[0]
    tensor = numpy_helper.from_array(np.arange(6, dtype=np.int16).reshape(2, 3), "named")
    tensor.doc_string = "what it is"
    values = numpy_helper.from_array(np.array([1.0, 2.0], np.float32), "values")
    indices = numpy_helper.from_array(np.array([0, 3]), "indices")
    sparse = helper.make_sparse_tensor(values, indices, [5])
    body = helper.make_graph([helper.make_node("Neg", ["x"], ["r"])], "body", [],
                             [helper.make_tensor_value_info("r", TensorProto.FLOAT, [])])
    kinds = {
        "f": 1.5, "nan": float("nan"), "i": -7, "s": b"\x00text", "t": tensor, "g": body,
        "sparse": sparse, "tp": helper.make_tensor_type_proto(TensorProto.INT4, [3, None]),
        "floats": [0.5, -0.0], "ints": [2**62, -1], "strings": [b"a", b""],
        "tensors": [tensor, values], "graphs": [body, body], "sparses": [sparse, sparse],
        "tps": [helper.make_sequence_type_proto(
            helper.make_tensor_type_proto(TensorProto.FLOAT, []))],
    }
    for name, value in kinds.items():
        node.attribute.append(helper.make_attribute(name, value, doc_string=f"about {name}"))
    for name, kind in (("no_ints", "INTS"), ("no_strings", "STRINGS"), ("no_floats", "FLOATS")):
        node.attribute.append(onnx.AttributeProto(
            name=name, type=onnx.AttributeProto.AttributeType.Value(kind)))
    return model


def types():
    model = small_model()
    tensor = helper.make_tensor_type_proto(TensorProto.FLOAT8E4M3FN, ["batch", 3, None])
    tensor.denotation = "IMAGE"
    tensor.tensor_type.shape.dim[0].denotation = "DATA_BATCH"
    unknown_rank = onnx.TypeProto()
    unknown_rank.tensor_type.elem_type = TensorProto.STRING
    scalar = helper.make_tensor_type_proto(TensorProto.BOOL, [])
    no_element = onnx.TypeProto()
    no_element.tensor_type.shape.dim.add().dim_param = "n"
    mapping = onnx.TypeProto()
    mapping.map_type.key_type = TensorProto.INT64
    mapping.map_type.value_type.CopyFrom(tensor)
    opaque = onnx.TypeProto()
    opaque.opaque_type.domain, opaque.opaque_type.name = "d", "n"
    newer = helper.make_tensor_type_proto(99, [2])
    zero = onnx.TypeProto()
    zero.tensor_type.elem_type = 0
    old_unknown = helper.make_tensor_type_proto(TensorProto.FLOAT, [-1, 0])
    all_types = [
        tensor, unknown_rank, scalar, no_element, mapping, opaque, newer, zero, old_unknown,
        helper.make_sparse_tensor_type_proto(TensorProto.DOUBLE, [4, 4]),
        helper.make_sequence_type_proto(tensor),
        helper.make_optional_type_proto(helper.make_sequence_type_proto(scalar)),
        onnx.TypeProto(),
    ]
    for i, each in enumerate(all_types):
        model.graph.value_info.append(helper.make_value_info(f"v{i}", each, f"doc {i}"))
    model.graph.value_info.add().name = "untyped"
    return model


def everything():
    """A model in which each message of onnx.proto occurs."""
    model = small_model(producer_name="p", producer_version="1", domain="d", model_version=3)
    model.doc_string = "doc"
    model.graph.doc_string = "graph doc"
    for key, value in (("z", "1"), ("a", "2"), ("m", "")):
        for owner in (model, model.graph, model.graph.node[0], model.graph.input[0]):
            owner.metadata_props.add(key=key, value=value)
    del model.opset_import[:]
    model.opset_import.extend([
        helper.make_opsetid("com.microsoft", 1), helper.make_opsetid("ai.onnx", 21),
        helper.make_opsetid("ai.onnx.ml", 3), helper.make_opsetid("made.here", 1)])
    node = model.graph.node[0]
    node.domain, node.overload, node.doc_string = "ai.onnx", "", "node doc"
    device = node.device_configurations.add(configuration_id="c", pipeline_stage=1)
    shard = device.sharding_spec.add(tensor_name="x", device=[0, 1])
    shard.index_to_device_group_map.add(key=1, value=[2, 3])
    shard.sharded_dim.add(axis=0).simple_sharding.add(dim_param="n", num_shards=2)
    model.configuration.add(name="c", num_devices=2, device=["a", "b"])
    values = numpy_helper.from_array(np.array([3.0], np.float32), "sparse_weight")
    indices = numpy_helper.from_array(np.array([1]), "i")
    model.graph.sparse_initializer.append(helper.make_sparse_tensor(values, indices, [4]))
    weight = numpy_helper.from_array(np.ones((2, 2), np.float16), "w")
    weight.doc_string = "weights"
    weight.metadata_props.add(key="k", value="v")
    model.graph.initializer.append(weight)
    note = model.graph.quantization_annotation.add(tensor_name="x")
    note.quant_parameter_tensor_names.add(key="SCALE_TENSOR", value="s")
    training = model.training_info.add()
    training.algorithm.CopyFrom(model.graph)
    training.update_binding.add(key="w", value="w2")
    for overload in ("", "wide"):
        function = helper.make_function(
            "made.here", "Twice", ["a"], ["b"],
            [helper.make_node("Elu", ["a"], ["b"])],
            [helper.make_opsetid("", 21)], attributes=["alpha", "beta"],
            attribute_protos=[helper.make_attribute("gamma", 1.0)], overload=overload)
        reference = onnx.AttributeProto(name="alpha", ref_attr_name="alpha",
                                        type=onnx.AttributeProto.FLOAT)
        function.node[0].attribute.append(reference)
        function.value_info.append(helper.make_tensor_value_info("b", TensorProto.FLOAT, [1]))
        function.metadata_props.add(key="k", value="v")
        model.functions.append(function)
    call = helper.make_node("Twice", ["y"], ["y2"], domain="made.here", overload="wide")
    strange = helper.make_node("NoSuchOperator", ["y2", "", "w"], ["", "y3"], domain="no.such")
    microsoft = helper.make_node("QGemm", ["y3"], ["y4"], domain="com.microsoft", alpha=1.0)
    model.graph.node.extend([call, strange, microsoft])
    return model


def unknown_fields():
    model = everything()
    model.graph.node[0].attribute.extend(attributes().graph.node[0].attribute)
    model.graph.value_info.extend(types().graph.value_info)
    add_unknown(model)
    return model


def explicit_defaults():
    """Members that are present with the value that absence means."""
    model = small_model(producer_name="", producer_version="", domain="", model_version=0)
    model.doc_string = ""
    graph = model.graph
    graph.doc_string = ""
    graph.node[0].domain = graph.node[0].doc_string = graph.node[0].overload = ""
    graph.input[0].doc_string = ""
    graph.input[0].type.denotation = ""
    weight = numpy_helper.from_array(np.ones(2, np.float32), "")
    weight.name = weight.doc_string = ""
    node = helper.make_node("Constant", [], ["c"], value=weight)
    node.name = ""
    graph.node.append(node)
    return model


def save_external(model, folder):
    for i in range(3):
        values = np.arange(1000 + i, dtype=np.float32)
        model.graph.initializer.append(numpy_helper.from_array(values, f"w{i}"))
    bits = helper.make_tensor("int4", TensorProto.INT4, [3], [1, -2, 3])
    model.graph.initializer.append(
        numpy_helper.from_array(numpy_helper.to_array(bits), "int4"))
    (folder / "data").mkdir()
    onnx.save(model, folder / "model.onnx", save_as_external_data=True, location="weights.bin",
              size_threshold=0)


def save_maps(folder):
    """Maps as values, beside a model whose types say so; their keys ascend, as Hone's do."""
    def proto(key_type, keys, values):
        message = onnx.MapProto(key_type=key_type)
        if key_type == TensorProto.STRING:
            message.string_keys.extend(keys)
        else:
            message.keys.extend(keys)
        message.values.CopyFrom(numpy_helper.from_list(values))
        return message

    tensor = helper.make_tensor_type_proto(TensorProto.FLOAT, None)
    types = [helper.make_map_type_proto(TensorProto.INT16, helper.make_tensor_type_proto(
                 TensorProto.STRING, None)),
             helper.make_map_type_proto(TensorProto.UINT64,
                                        helper.make_sequence_type_proto(tensor)),
             helper.make_sequence_type_proto(helper.make_map_type_proto(TensorProto.STRING,
                                                                        tensor))]
    values = [proto(TensorProto.INT16, [-300, 2], [np.array("a", object), np.array("", object)]),
              proto(TensorProto.UINT64, [1, -1], [[np.ones((), np.float32),
                                                   np.ones(2, np.float32)], []]),
              onnx.SequenceProto(elem_type=onnx.SequenceProto.MAP, map_values=[
                  proto(TensorProto.STRING, [b"", b"\xff"], [np.float32(0.5), np.float32(2)]),
                  proto(TensorProto.STRING, [b"x"], [np.ones(1, np.float32)])])]
    model = small_model()
    data = folder / "test_data_set_0"
    data.mkdir(parents=True)
    del model.graph.input[:]
    for i, (kind, value) in enumerate(zip(types, values)):
        model.graph.input.append(helper.make_value_info("x" if i == 0 else f"x{i}", kind))
        (data / f"input_{i}.pb").write_bytes(value.SerializeToString())
    onnx.save(model, folder / "model.onnx")


def main():
    out = pathlib.Path(sys.argv[1])
    for make in (typed_tensors, attributes, types, everything, unknown_fields,
                 explicit_defaults):
        folder = out / make.__name__
        folder.mkdir(parents=True)
        (folder / "model.onnx").write_bytes(make().SerializeToString())
    folder = out / "external_data"
    folder.mkdir()
    save_external(small_model(), folder)
    save_maps(out / "maps")


if __name__ == "__main__":
    main()
