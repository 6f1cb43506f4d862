#!/usr/bin/env python3
"""Tests of which mutants there are, and of what they make of a source."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from mutants import code_lines, mutants_of, sample  # noqa: E402

SOURCE = """\
#include <cmath>
#define TWICE(x) \\
  (x + x)
// a + b
static_assert(1 + 1 == 2);
float F(const float* x, size_t n) {
  float sum = 0;  // 1 < 2
  for (size_t i = 0; i < n; ++i) sum += x[i] * 2.5f;
  return std::clamp(std::nearbyint(sum), -128.0f, 127.0f);
}
const char* text = "a < b && 7";
"""


class MutantsTest(unittest.TestCase):
    def test_only_code_is_changed(self):
        lines = {one.line for one in mutants_of("f.cc", SOURCE)}
        self.assertEqual(lines, {7, 8, 9})
        self.assertEqual(len(code_lines(SOURCE)), len(SOURCE.split("\n")))

    def test_every_kind_that_is_there_is_found(self):
        changes = {(one.line, one.kind, one.old.strip(), one.new.strip())
                   for one in mutants_of("f.cc", SOURCE)}
        for wanted in [(7, "constant", "0", "1"), (8, "comparison", "<", "<="),
                       (8, "off by one", "0", "1"), (8, "off by one", "n", "n - 1"),
                       (8, "arithmetic", "+=", "-="), (8, "arithmetic", "*", "+"),
                       (8, "constant", "2.5f", "(2.5f + 1)"),
                       (9, "rounding", "std::nearbyint(", "std::trunc("),
                       (9, "saturation", "std::clamp", "Unclamped"),
                       (9, "constant", "127.0f", "(127.0f + 1)")]:
            self.assertIn(wanted, changes)

    def test_a_mutant_changes_one_place(self):
        for one in mutants_of("f.cc", SOURCE):
            changed = one.apply(SOURCE)
            before, after = SOURCE.split("\n"), changed.split("\n")
            extra = len(after) - len(before)
            self.assertEqual(extra > 0, one.new == "Unclamped", one)
            if extra == 0:
                self.assertEqual([i for i, (a, b) in enumerate(zip(before, after), 1) if a != b],
                                 [one.line])

    def test_the_vectors_rounding_becomes_truncation(self):
        source = "v = hn::NearestInt(hn::Mul(a, b));"
        changed = [one.apply(source) for one in mutants_of("f.cc", source)
                   if one.kind == "rounding"]
        self.assertEqual(changed, ["v = hn::NearestInt(hn::Trunc(hn::Mul(a, b)));"])

    def test_a_sample_is_the_same_for_the_same_seed_and_spread_over_files(self):
        by_file = {name: mutants_of(name, SOURCE) for name in ("a.cc", "b.cc", "c.cc")}
        first = sample(by_file, 6, 5)
        self.assertEqual(first, sample(by_file, 6, 5))
        self.assertNotEqual(first, sample(by_file, 6, 6))
        self.assertEqual({one.path for one in first}, set(by_file))
        self.assertEqual(len(set(first)), 6)
        # More of the same: a longer sample begins with the shorter one.
        self.assertEqual(sample(by_file, 12, 5)[:6], first)
        self.assertEqual(len(sample(by_file, 0, 5)), 3 * len(by_file["a.cc"]))


unittest.main()
