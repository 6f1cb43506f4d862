#!/usr/bin/env python3
"""Runs `hone simplify` and `hone convert` as users do.

usage: rewrite_test.py HONE MODEL
"""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from command import MODEL, CommandCase, run  # noqa: E402


class RewriteTest(CommandCase):
    def test_simplify(self):
        found = self.result("simplify", MODEL, "-o", "a.onnx", "--report", "rows.html")
        self.assertLess(found["nodes_after"], found["nodes_before"])
        self.assertEqual(found["check"]["samples"], 3)
        self.assertLess(found["check"]["max_rel_error"], 1e-3)
        self.assertEqual(found["check"]["why"], "")
        self.assertEqual((self.path / "a.onnx").stat().st_size, found["size_bytes_after"])
        folded = [row for row in found["nodes"] if row["op"] == "BatchNormalization"]
        self.assertTrue(folded and all(row["why"].startswith("linear: ") for row in folded))
        self.assertIn("<table>", (self.path / "rows.html").read_text())
        # What is simple stays as it is, byte for byte.
        again = self.result("simplify", "a.onnx", "-o", "b.onnx")
        self.assertEqual(again["nodes"], [])
        self.assertEqual((self.path / "a.onnx").read_bytes(),
                         (self.path / "b.onnx").read_bytes())
        # The classes are the same.
        same = self.result("eval", "a.onnx", "--reference", MODEL, "--data", "random:8")
        self.assertEqual(same["metrics"]["agreement"]["value"], 1)
        self.assertEqual(self.result("inspect", "a.onnx")["opsets"],
                         self.result("inspect", MODEL)["opsets"])

    def test_simplify_options(self):
        kept = self.result("simplify", MODEL, "-o", "a.onnx", "--skip", "linear", "--check", "0")
        self.assertEqual(kept["check"]["samples"], 0)
        self.assertIn("BatchNormalization", self.result("inspect", "a.onnx")["operators"])
        data = self.labelled()
        found = self.result("simplify", MODEL, "-o", "a.onnx", "--data", data, "--scale", "255",
                            "--check", "5")
        self.assertEqual(found["check"]["samples"], 5)
        fixed = self.result("simplify", MODEL, "-o", "fixed.onnx", "--shape", "image=4x1x28x28")
        self.assertEqual(fixed["check"]["samples"], 3)
        self.assertEqual(self.result("inspect", "fixed.onnx")["inputs"][0]["shape"],
                         [4, 1, 28, 28])

    def test_simplify_errors(self):
        for words, part in [([], "-o"), (["-o", "x", "--skip", "linaer"], "linear"),
                            (["-o", "x", "--shape", "imgae=1x1x28x28"], "image"),
                            (["-o", "x", "--shape", "image=1x3x28x28"], "3"),
                            (["-o", "x", "--shape", "image"], "NAME=EXTENTS"),
                            (["-o", "x", "--check", "-1"], "check")]:
            self.assertIn(part, self.error("simplify", MODEL, *words, code=2)["message"])
        self.assertFalse((self.path / "x").exists())
        self.assertIn("none.onnx", self.error("simplify", "none.onnx", "-o", "x",
                                              code=3)["message"])

    def test_dry_run_writes_nothing(self):
        for verb in ("simplify", "convert"):
            found = self.result(verb, MODEL, "-o", "x.onnx", "--dry-run")
            self.assertTrue(found["dry_run"] and found["nodes"])
        self.assertEqual(list(self.path.iterdir()), [])

    def test_convert(self):
        found = self.result("convert", MODEL, "-o", "half.onnx", "--dtype", "f16")
        self.assertLess(found["size_bytes_after"], 0.6 * found["size_bytes_before"])
        self.assertGreater(found["check"]["min_cosine"], 0.999)
        self.assertEqual({row["done"] for row in found["nodes"]}, {"float16", "clamped"})
        inputs = self.result("inspect", "half.onnx")["inputs"]
        self.assertEqual(inputs[0]["dtype"], "float32")
        self.result("convert", MODEL, "-o", "all.onnx", "--keep-io-types=false")
        self.assertEqual(self.result("inspect", "all.onnx")["inputs"][0]["dtype"], "float16")
        found = self.result("convert", MODEL, "-o", "brain.onnx", "--dtype", "bf16",
                            "--ignored-types", "Gemm")
        gemm = [row for row in found["nodes"] if row["op"] == "Gemm"]
        self.assertTrue(gemm and all(row["done"] == "float" for row in gemm))

    def test_convert_checks_with_data(self):
        found = self.result("convert", MODEL, "-o", "half.onnx", "--data", self.labelled(),
                            "--scale", "255", "--check", "5")
        self.assertEqual(found["check"]["samples"], 5)
        self.assertLess(found["check"]["max_rel_error"], 0.02)
        error = self.error("convert", MODEL, "-o", "x.onnx", "--data", "none.npy", code=3)
        self.assertIn("none.npy", error["message"])
        self.assertFalse((self.path / "x.onnx").exists())

    def test_convert_refuses_what_is_too_far_off(self):
        error = self.error("convert", MODEL, "-o", "x.onnx", "--max-error", "1e-9", code=4)
        self.assertIn("magnitude", error["message"])
        self.assertFalse((self.path / "x.onnx").exists())
        self.error("convert", MODEL, "-o", "x.onnx", "--dtype", "f8", code=2)

    def test_text(self):
        text = run("simplify", MODEL, "-o", "a.onnx", cwd=self.path).stdout
        self.assertIn("max |error|", text)
        self.assertRegex(text, r"\d+ nodes, \d+ before: .*folded")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
