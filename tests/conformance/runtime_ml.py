"""Cases of ai.onnx.ml's operators beside ONNX Runtime.

Called by runtime_cases.py with its `case` and `node`.
"""
import itertools

import numpy as np
from onnx import TensorProto, helper

FLOAT, INT64, STRING = TensorProto.FLOAT, TensorProto.INT64, TensorProto.STRING
TRANSFORMS = ("NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT")


class Cases:

    def __init__(self, case, node, random):
        self.case, self.node, self.random = case, node, random
        self.names = {}

    def floats(self, *shape):
        return self.random.randn(*shape).astype(np.float32)

    def add(self, op, values, outputs="y", types=FLOAT, **attributes):
        number = self.names[op] = self.names.get(op, -1) + 1
        self.case(f"{op}_{number}",
                  self.node(op, list(values), outputs, domain="ai.onnx.ml", **attributes),
                  values, outputs, dtype=types, tolerance="2e-3 1e-5")

    def labels(self, count, strings):
        """The attribute of a linear model or machine, and the outputs' types."""
        if strings:
            return {"classlabels_strings": [f"c{i}" for i in range(count)]}, [STRING, FLOAT]
        return {"classlabels_ints": list(range(5, 5 + count))}, [INT64, FLOAT]

    def linear(self):
        x = {"x": self.floats(6, 4)}
        for count, transform in itertools.product((2, 3), TRANSFORMS):
            names, types = self.labels(count, transform == "SOFTMAX")
            self.add("LinearClassifier", x, "yz", types, coefficients=self.floats(
                4 * count).tolist(), intercepts=self.floats(count).tolist(),
                     post_transform=transform, **names)
        for strings, transform in ((0, "NONE"), (1, "LOGISTIC")):
            names, types = self.labels(2, strings)
            self.add("LinearClassifier", x, "yz", types, coefficients=self.floats(4).tolist(),
                     intercepts=[0.1], post_transform=transform, **names)
        self.add("LinearClassifier", {"x": np.arange(8).reshape(2, 4)}, "yz",
                 [INT64, FLOAT], coefficients=self.floats(8).tolist(),
                 intercepts=[0.1, 0.2], classlabels_ints=[0, 1])
        for targets, transform in ((1, "NONE"), (3, "NONE"), (3, "SOFTMAX"), (2, "LOGISTIC")):
            self.add("LinearRegressor", x, coefficients=self.floats(4 * targets).tolist(),
                     intercepts=self.floats(targets).tolist(), targets=targets,
                     post_transform=transform)

    def machines(self):
        x = {"x": self.floats(7, 3)}
        for kernel, count, prob in itertools.product(
                ("LINEAR", "POLY", "RBF", "SIGMOID"), (2, 3, 4), (0, 1)):
            per_class = [3, 2, 4, 1][:count]
            vectors, pairs = sum(per_class), count * (count - 1) // 2
            names, types = self.labels(count, kernel == "RBF")
            more = {}
            if prob:
                more = {"prob_a": self.floats(pairs).tolist(),
                        "prob_b": self.floats(pairs).tolist()}
            self.add("SVMClassifier", x, "yz", types, kernel_type=kernel,
                     kernel_params=[0.3, 0.2, 2.0], vectors_per_class=per_class,
                     support_vectors=self.floats(vectors * 3).tolist(),
                     coefficients=self.floats(vectors * (count - 1)).tolist(),
                     rho=self.floats(pairs).tolist(), **more, **names)
        # (Of two classes without support vectors ONNX Runtime gives the second whenever a
        # score is positive; Hone gives the larger.)
        for count, transform in ((3, "NONE"), (3, "SOFTMAX"), (4, "LOGISTIC")):
            names, types = self.labels(count, 0)
            self.add("SVMClassifier", x, "yz", types, kernel_type="LINEAR",
                     kernel_params=[0.3, 0.2, 2.0],
                     coefficients=self.floats(3 * count).tolist(), rho=[0.2],
                     post_transform=transform, **names)
        for kernel, one in itertools.product(("LINEAR", "POLY", "RBF", "SIGMOID"), (0, 1)):
            self.add("SVMRegressor", x, kernel_type=kernel, kernel_params=[0.3, 0.2, 2.0],
                     support_vectors=self.floats(5 * 3).tolist(), n_supports=5,
                     coefficients=self.floats(5).tolist(), rho=[0.1], one_class=one)
        self.add("SVMRegressor", x, kernel_type="LINEAR", kernel_params=[0.0, 0.0, 0.0],
                 coefficients=self.floats(3).tolist(), rho=[0.1])

    def forest(self, trees, features, mode="BRANCH_LEQ"):
        """Full trees of depth 2 or 3; the nodes' attributes, and the leaves."""
        nodes = {k: [] for k in ("treeids", "nodeids", "featureids", "values", "modes",
                                 "truenodeids", "falsenodeids",
                                 "missing_value_tracks_true")}
        leaves = []
        for tree in range(trees):
            inner = 3 + 4 * (tree % 2)
            for i in range(2 * inner + 1):
                leaf = i >= inner
                nodes["treeids"].append(tree)
                nodes["nodeids"].append(i)
                nodes["featureids"].append(0 if leaf else int(self.random.randint(features)))
                nodes["values"].append(0.0 if leaf else float(np.round(self.random.randn(), 1)))
                nodes["modes"].append("LEAF" if leaf else mode)
                nodes["truenodeids"].append(0 if leaf else 2 * i + 1)
                nodes["falsenodeids"].append(0 if leaf else 2 * i + 2)
                nodes["missing_value_tracks_true"].append(i % 2)
                if leaf:
                    leaves.append((tree, i))
        return {f"nodes_{k}": v for k, v in nodes.items()}, leaves

    def trees(self):
        x = self.floats(9, 4).round(1)
        x[3, 1] = x[5, 2] = np.nan
        x = {"x": x}
        modes = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"]
        # (Of two classes that both have weights ONNX Runtime gives 1 whenever the second's score
        # is positive; Hone gives the larger.)
        for i, (count, each, transform, voted) in enumerate((
                (3, 1, "NONE", 0), (3, 3, "SOFTMAX", 0), (2, 1, "NONE", 1), (2, 1, "NONE", 0),
                (2, 1, "LOGISTIC", 1), (2, 1, "LOGISTIC", 0), (4, 1, "LOGISTIC", 0),
                (3, 1, "SOFTMAX_ZERO", 0))):
            for positive, base in ((0, 0), (1, 0), (0, 1), (1, 1)):
                nodes, leaves = self.forest(3, 4, modes[i % 6])
                weights, ids, tree_ids, node_ids = [], [], [], []
                for k, (tree, leaf) in enumerate(leaves):
                    for c in range(each):
                        # Of two classes with one weight a leaf, one alone has weights.
                        ids.append(voted if count == 2 else (k + c) % count)
                        weight = float(self.random.rand() * 0.4 if positive
                                       else self.random.randn())
                        weights.append(weight)
                        tree_ids.append(tree)
                        node_ids.append(leaf)
                names = ({"classlabels_strings": [f"c{c}" for c in range(count)]} if i % 2 else
                         {"classlabels_int64s": list(range(7, 7 + count))})
                more = {}
                if base:
                    more = {"base_values": self.floats(
                        1 if count == 2 else count).tolist()}
                self.add("TreeEnsembleClassifier", x, "yz", [STRING if i % 2 else INT64, FLOAT],
                         class_treeids=tree_ids, class_nodeids=node_ids, class_ids=ids,
                         class_weights=weights, post_transform=transform, **nodes, **names,
                         **more)
        for aggregate, targets, base in itertools.product(
                ("SUM", "AVERAGE", "MIN", "MAX"), (1, 3), (0, 1)):
            nodes, leaves = self.forest(4, 4)
            ids = [(i + t) % targets for i in range(len(leaves)) for t in range(targets)]
            spread = [leaf for leaf in leaves for _ in range(targets)]
            more = {"base_values": self.floats(targets).tolist()} if base else {}
            self.add("TreeEnsembleRegressor", x, n_targets=targets, aggregate_function=aggregate,
                     target_treeids=[t for t, _ in spread], target_nodeids=[n for _, n in spread],
                     target_ids=ids, target_weights=self.floats(len(ids)).tolist(), **nodes,
                     **more)

    def features(self):
        words = np.array([["a", "b"], ["c", "zz"]], object)
        self.add("OneHotEncoder", {"x": words}, cats_strings=["a", "b", "c"])
        self.add("OneHotEncoder", {"x": np.array([[1, 7], [3, 9]])}, cats_int64s=[9, 3, 1])
        self.add("OneHotEncoder", {"x": np.array([1.9, -3, 3], np.float32)},
                 cats_int64s=[3, 1, 0])
        self.add("CategoryMapper", {"x": words}, types=INT64, cats_strings=["c", "a"],
                 cats_int64s=[30, 10], default_int64=-7)
        self.add("CategoryMapper", {"x": np.array([30, 2, 10])}, types=STRING,
                 cats_strings=["c", "a"], cats_int64s=[30, 10], default_string="none")
        self.add("FeatureVectorizer", {"a": self.floats(3, 2), "b": self.floats(3, 1)},
                 inputdimensions=[2, 1])
        self.add("FeatureVectorizer", {"a": np.arange(6).reshape(3, 2),
                                       "b": np.arange(9).reshape(3, 3)},
                 inputdimensions=[2, 3])
        for norm in ("MAX", "L1", "L2"):
            self.add("Normalizer", {"x": self.floats(3, 5)}, norm=norm)
        self.add("Scaler", {"x": self.floats(3, 2)}, offset=[1.0, 2.0], scale=[0.5, 3.0])
        self.add("Binarizer", {"x": self.floats(3, 5)}, threshold=0.2)
        self.add("Imputer", {"x": np.array([[1, np.nan], [np.nan, 2]], np.float32)},
                 imputed_value_floats=[5.0, 6.0], replaced_value_float=float("nan"))

    def maps(self):
        def maps_by(key):
            return helper.make_sequence_type_proto(helper.make_map_type_proto(
                key, helper.make_tensor_type_proto(FLOAT, None)))

        rows = {"x": self.floats(4, 3)}
        self.add("ZipMap", rows, types=maps_by(INT64), classlabels_int64s=[5, -3, 1])
        self.add("ZipMap", rows, types=maps_by(STRING), classlabels_strings=["z", "", "\u00e4"])
        self.add("ZipMap", rows, types=maps_by(INT64), classlabels_int64s=[2, 7, 2])
        self.add("ZipMap", rows, types=maps_by(STRING), classlabels_strings=["b", "a", "b"])
        self.add("ZipMap", {"x": self.floats(3)}, types=maps_by(INT64),
                 classlabels_int64s=[0, 1, 2])
        # A whole classifier, as skl2onnx writes it.
        names = {"classlabels_strings": ["no", "yes", "maybe"]}
        nodes = (self.node("Scaler", ["x"], ["s"], domain="ai.onnx.ml",
                           offset=self.floats(4).tolist(), scale=[0.5, 2.0, 1.5, 1.0])
                 + self.node("LinearClassifier", ["s"], ["label", "raw"], domain="ai.onnx.ml",
                             coefficients=self.floats(12).tolist(),
                             intercepts=self.floats(3).tolist(), post_transform="LOGISTIC",
                             **names)
                 + self.node("Normalizer", ["raw"], ["p"], domain="ai.onnx.ml", norm="L1")
                 + self.node("ZipMap", ["p"], ["probabilities"], domain="ai.onnx.ml", **names))
        self.case("classifier", nodes, {"x": self.floats(5, 4)}, ["label", "probabilities"],
                  dtype=[STRING, maps_by(STRING)], tolerance="2e-3 1e-5")
        # (Through Python, ONNX Runtime takes maps to float32 alone, and none without keys.)
        numbers = {0: 1.5, 7: -2.75, 3: 0.1, 2: 123456.79}
        for to, dtype in (("TO_FLOAT", FLOAT), ("TO_STRING", STRING), ("TO_INT64", INT64)):
            self.add("CastMap", {"x": numbers}, types=dtype, cast_to=to)
            for most in (2, 9):
                self.add("CastMap", {"x": numbers}, types=dtype, cast_to=to, map_form="SPARSE",
                         max_map=most)
        self.add("CastMap", {"x": {-4: 1.0, 2: float("nan")}})
        self.add("CastMap", {"x": {1: float("inf"), 2: -1e30, 3: float("nan")}}, types=INT64,
                 cast_to="TO_INT64")
        self.add("DictVectorizer", {"x": numbers}, int64_vocabulary=[9, 7, 0, 7, 3])
        self.add("DictVectorizer", {"x": {"a": 1.5, "": 2.0, "other": 3.0}},
                 string_vocabulary=["z", "", "a"])


def write(case, node, random):
    cases = Cases(case, node, random)
    cases.linear()
    cases.machines()
    cases.trees()
    cases.features()
    cases.maps()
