#!/usr/bin/env python3
"""A sweep's page in headless Chromium: hovered, clicked, in the dark, without scripts.

usage: page_test.py HONE MODEL
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from chromium import Chromium  # noqa: E402

HONE, MODEL = (os.path.abspath(a) for a in sys.argv[1:3])


class PageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        study = cls.folder.name + "/study"
        subprocess.run([HONE, "sweep", MODEL, "--data", "random:6", "--eval", "random:12",
                        "--test", "random:6", "--trials", "3", "-q", "-o", study],
                       check=True, capture_output=True)
        cls.url = "file://" + study + "/report.html"
        cls.browser = cls.enterClassContext(Chromium())

    def setUp(self):
        self.browser.call("Emulation.setScriptExecutionDisabled", value=False)
        self.browser.call("Emulation.setEmulatedMedia", features=[])
        self.browser.open(self.url)

    def text(self, selector):
        return self.browser.evaluate(f"document.querySelector('{selector}').innerText")

    def visible(self, selector):
        return self.browser.evaluate(
            f"[...document.querySelectorAll('{selector}')].filter(e => e.offsetParent !== null "
            "&& e.getBoundingClientRect().width > 0).length")

    def test_no_complaint_and_no_request(self):
        self.assertEqual(self.browser.problems(), [])
        self.assertEqual(self.browser.requests(), [self.url])
        self.assertEqual(self.visible("canvas"), 2)
        self.assertEqual(self.visible(".static"), 0)

    def test_every_point_is_hovered_and_clicked(self):
        # Those far off are there when asked for.
        self.browser.evaluate("document.getElementById('far')?.click()")
        for trial in range(4):
            self.browser.evaluate("scrollTo(0, 0)")
            at = self.browser.evaluate(f"honePoint({trial})")
            self.assertIsNotNone(at, trial)
            self.browser.mouse("mouseMoved", at["x"], at["y"])
            self.assertEqual(self.browser.evaluate("document.getElementById('pareto').style.cursor"),
                             "pointer")
            self.browser.click(at["x"], at["y"])
            shown = self.text("#details h3")
            # Points may lie on each other: then it is one of those.
            self.assertTrue(shown.startswith("Trial ") or shown == "The float model", shown)
            self.assertEqual(self.visible("tr.mark"), 1)
        self.assertEqual(self.browser.problems(), [])

    def test_a_row_and_an_axis_choose(self):
        self.browser.evaluate("document.querySelector('tr[data-trial=\"1\"]').click()")
        self.assertEqual(self.text("#details h3"), "Trial 1")
        self.assertIn("median latency", self.text("#details"))
        before = self.browser.evaluate("honePoint(1).x")
        inputs = self.browser.evaluate("document.querySelectorAll('#axis input').length")
        self.assertEqual(inputs, 3)
        self.browser.evaluate("document.querySelectorAll('#axis input')[1].click()")
        self.assertNotEqual(self.browser.evaluate("honePoint(1).x"), before)
        self.assertEqual(self.browser.problems(), [])

    def test_the_best_trials_layers_are_shown(self):
        self.assertGreater(self.browser.evaluate("document.querySelectorAll('#map .cell').length"),
                           50)
        self.assertGreater(self.browser.evaluate(
            "[...document.querySelectorAll('#map .cell')].filter(c => c.title.includes('SQNR')).length"),
                           20)
        self.assertFalse(self.browser.evaluate("document.getElementById('layers-box').hidden"))

    def test_the_map_tells_what_each_layer_costs(self):
        cells = "[...document.querySelectorAll('#map .cell')]"
        self.assertGreater(self.browser.evaluate(
            cells + ".filter(c => c.title.includes('with it alone quantized')).length"), 20)
        colors = cells + ".map(c => c.style.background).join()"
        seen = set()
        for choice in range(3):
            self.browser.evaluate(f"document.querySelectorAll('#map-by input')[{choice}].click()")
            seen.add(self.browser.evaluate(colors))
        self.assertEqual(len(seen), 3)
        self.assertEqual(self.browser.problems(), [])

    def test_dark(self):
        color = "getComputedStyle(document.body).backgroundColor"
        light = self.browser.evaluate(color)
        self.browser.call("Emulation.setEmulatedMedia",
                          features=[{"name": "prefers-color-scheme", "value": "dark"}])
        self.assertNotEqual(self.browser.evaluate(color), light)
        self.assertEqual(self.browser.problems(), [])

    def test_without_scripts_all_figures_are_there(self):
        self.browser.call("Emulation.setScriptExecutionDisabled", value=True)
        self.browser.open(self.url)
        # DevTools' own scripts still run.
        self.assertGreaterEqual(self.visible(".static svg"), 3)
        self.assertEqual(self.visible("#sensitivity > div tr"), 16)
        self.assertEqual(self.visible("canvas"), 0)
        self.assertEqual(self.visible("tr[data-trial]"), 4)
        self.assertEqual(self.browser.requests(), [self.url])


unittest.main(argv=sys.argv[:1])
