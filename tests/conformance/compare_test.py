"""The judge must tell models apart: each change below has to be noticed."""
import unittest

import made_models
from compare import difference


def changed(make, change):
    before, after = make(), make()
    change(after)
    return difference(before, after, ".", ".")


class JudgeTest(unittest.TestCase):
    def test_equal_models_are_equal(self):
        for make in (made_models.everything, made_models.unknown_fields,
                     made_models.typed_tensors, made_models.types, made_models.attributes):
            self.assertIsNone(changed(make, lambda model: None))

    def test_changes_are_noticed(self):
        def weight(model):
            tensor = model.graph.initializer[0]
            tensor.raw_data = bytes([tensor.raw_data[0] ^ 1]) + tensor.raw_data[1:]

        changes = {
            "renamed node": lambda m: setattr(m.graph.node[0], "name", "other"),
            "lost node": lambda m: m.graph.node.pop(),
            "lost domain": lambda m: m.graph.node[0].ClearField("domain"),
            "one bit of a weight": weight,
            "another extent": lambda m: setattr(
                m.graph.input[0].type.tensor_type.shape.dim[1], "dim_value", 4),
            "lost metadata": lambda m: m.metadata_props.pop(),
            "order of operator sets": lambda m: m.opset_import.reverse(),
            "unknown field": lambda m: m.graph.node[0].MergeFromString(made_models.UNKNOWN),
            "function default": lambda m: setattr(
                m.functions[1].attribute_proto[0], "f", 2.0),
            "sparse index": lambda m: m.graph.sparse_initializer[0].dims.append(1),
            "shard": lambda m: m.graph.node[0].device_configurations[0].ClearField(
                "pipeline_stage"),
        }
        for name, change in changes.items():
            with self.subTest(name):
                self.assertIsNotNone(changed(made_models.everything, change))


if __name__ == "__main__":
    unittest.main()
