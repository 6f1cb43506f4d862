"""Classifiers that end in ZipMap, at the command line."""
import json
import math
import struct
import sys
import unittest

import onnx_file
from command import CommandCase, run

ML = "ai.onnx.ml"
INT64, STRING = 7, 8
LABELS = [10, -2, 3]
WEIGHTS = [0.5, -1.0, 0.25, 2.0, -0.5, 0.75]  # [classes, 2]
ROWS = [(1.0, 2.0), (-1.0, 0.5), (0.25, -3.0), (0.0, 1.0)]


def npy(path, shape, numbers, code="f"):
    descr = {"f": "<f4", "q": "<i8"}[code]
    header = repr({"descr": descr, "fortran_order": False, "shape": shape}).encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header +
                     struct.pack(f"<{len(numbers)}{code}", *numbers))


def linear(labels=LABELS, zipped=None):
    """x 2 -> MatMul (by two) -> LinearClassifier -> Normalizer -> ZipMap."""
    names = ({"classlabels_ints": labels} if isinstance(labels[0], int) else
             {"classlabels_strings": labels})
    kind = "int64s" if isinstance(labels[0], int) else "strings"
    dtype = INT64 if isinstance(labels[0], int) else STRING
    return onnx_file.model(
        [onnx_file.node("MatMul", "x w", "twice"),
         onnx_file.node("LinearClassifier", "twice", "label raw", ML, coefficients=WEIGHTS,
                        intercepts=[0.0, 0.0, 0.0], post_transform="LOGISTIC", **names),
         onnx_file.node("Normalizer", "raw", "p", ML, norm="L1"),
         onnx_file.node("ZipMap", "p", "probabilities", ML,
                        **(zipped or {f"classlabels_{kind}": labels}))],
        [onnx_file.floats("w", (2, 2), 2, 0, 0, 2)], [onnx_file.value("x", "batch", 2)],
        [onnx_file.value("label", "batch", dtype=dtype), onnx_file.maps("probabilities", dtype)],
        ml=3)


def probabilities(row):
    logistic = [1 / (1 + math.exp(-2 * (WEIGHTS[2 * c] * row[0] + WEIGHTS[2 * c + 1] * row[1])))
                for c in range(3)]
    return [p / sum(logistic) for p in logistic]


def trees():
    """x[0] <= 0.1: 1 for class 0, else 1 for class 1."""
    return onnx_file.model(
        [onnx_file.node("TreeEnsembleClassifier", "x", "label p", ML, nodes_treeids=[0, 0, 0],
                        nodes_nodeids=[0, 1, 2], nodes_featureids=[0, 0, 0],
                        nodes_values=[0.1, 0.0, 0.0], nodes_modes=["BRANCH_LEQ", "LEAF", "LEAF"],
                        nodes_truenodeids=[1, 0, 0], nodes_falsenodeids=[2, 0, 0],
                        class_treeids=[0, 0], class_nodeids=[1, 2], class_ids=[0, 1],
                        class_weights=[1.0, 1.0], classlabels_int64s=[0, 1]),
         onnx_file.node("ZipMap", "p", "probabilities", ML, classlabels_int64s=[0, 1])],
        [], [onnx_file.value("x", "batch", 2)],
        [onnx_file.value("label", "batch", dtype=INT64), onnx_file.maps("probabilities", INT64)],
        ml=3)


class MapsTest(CommandCase):
    def setUp(self):
        super().setUp()
        (self.path / "net.onnx").write_bytes(linear())
        (self.path / "data").mkdir()
        npy(self.path / "data" / "x.npy", (len(ROWS), 2), [v for row in ROWS for v in row])

    def rows(self, folder):
        return json.loads((self.path / folder / "probabilities.json").read_text())

    def check(self, found, labels, delta=1e-6):
        self.assertEqual(len(found), len(ROWS))
        for row, entry in zip(ROWS, found):
            self.assertEqual(list(entry), [str(label) for label in sorted(labels)])
            for label, p in zip(labels, probabilities(row)):
                self.assertAlmostEqual(entry[str(label)], p, delta=delta)

    def test_run_writes_a_map_for_each_row(self):
        done = self.result("run", "net.onnx", "--data", "data", "-o", "out")
        self.assertEqual(done["files"], ["out/label.npy", "out/probabilities.json"])
        self.check(self.rows("out"), LABELS)
        self.result("run", "net.onnx", "--data", "data", "-o", "four", "--batch-size", "4")
        self.assertEqual(self.rows("four"), self.rows("out"))

    def test_names_as_keys(self):
        names = ["yes", "", "maybe"]
        (self.path / "names.onnx").write_bytes(linear(names))
        self.result("run", "names.onnx", "--data", "data", "-o", "out")
        self.check(self.rows("out"), names)

    def test_protos_come_back_and_compare(self):
        self.result("run", "net.onnx", "--data", "data@0:1", "-o", "set", "--format", "pb")
        (self.path / "set" / "input_0.pb").write_bytes(
            onnx_file.floats("x", (1, 2), *ROWS[0]))
        same = self.result("run", "net.onnx", "--data", "set")["expected"]
        self.assertEqual((same["outputs"], same["elements"], same["mismatched_outputs"],
                          same["beyond_tolerance"]), (2, 7, 0, 0))
        (self.path / "set" / "input_0.pb").write_bytes(
            onnx_file.floats("x", (1, 2), *ROWS[1]))
        other = self.result("run", "net.onnx", "--data", "set", code=1)["expected"]
        self.assertGreater(other["beyond_tolerance"], 0)

    def test_inspect_names_the_type(self):
        text = run("inspect", "net.onnx", cwd=self.path).stdout
        self.assertIn("probabilities  sequence(map(int64, float32[...]))", text)
        outputs = self.result("inspect", "net.onnx")["outputs"]
        self.assertEqual(outputs[1]["type"], "sequence(map(int64, float32[...]))")

    def test_eval_by_the_label(self):
        best = [LABELS[p.index(max(p))] for p in map(probabilities, ROWS)]
        npy(self.path / "data" / "label.npy", (len(ROWS),), best[:3] + [best[3] + 1], "q")
        for more in ([], ["--batch-size", "2"]):
            metrics = self.result("eval", "net.onnx", "--data", "data", *more)["metrics"]
            self.assertEqual(metrics["top1"]["value"], 0.75)
        metrics = self.result("eval", "net.onnx", "--data", "data", "--reference", "net.onnx",
                              "--metric", "agreement,sqnr,cosine")["metrics"]
        self.assertEqual(metrics["agreement"]["value"], 1)
        self.assertEqual(metrics["sqnr"]["value"], 200)

    def test_rewriting_keeps_the_tail(self):
        (self.path / "trees.onnx").write_bytes(trees())
        for model in ("net.onnx", "trees.onnx"):
            self.result("run", model, "--data", "data", "-o", "before")
            for words in (["simplify"], ["convert", "--dtype", "f16"],
                          ["quantize", "--data", "data", "--activations-range-estimator",
                           "min_max"]):
                with self.subTest(model=model, verb=words[0]):
                    self.result(words[0], model, "-o", "out.onnx", *words[1:])
                    found = self.result("inspect", "out.onnx")
                    self.assertEqual(found["operators"].get("ai.onnx.ml.ZipMap"), 1, found)
                    self.assertEqual(found["outputs"],
                                     self.result("inspect", model)["outputs"])
                    self.result("run", "out.onnx", "--data", "data", "-o", "after")
                    for a, b in zip(self.rows("before"), self.rows("after")):
                        self.assertEqual(list(a), list(b))
                        for key, p in a.items():
                            self.assertAlmostEqual(b[key], p, delta=0.02)

    def test_errors_name_the_node(self):
        for zipped, part in (({"classlabels_int64s": [1, 2]}, "as many columns as class labels"),
                             ({}, "expected one of the two, found both")):
            zipped = zipped or {"classlabels_int64s": [1, 2, 3],
                                "classlabels_strings": ["a", "b", "c"]}
            (self.path / "bad.onnx").write_bytes(linear(zipped=zipped))
            error = self.error("run", "bad.onnx", "--data", "data", code=3)
            self.assertIn(part, error["message"])
            self.assertEqual(error["node"], "probabilities")


unittest.main(argv=sys.argv[:1])
