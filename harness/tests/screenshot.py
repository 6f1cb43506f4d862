#!/usr/bin/env python3
"""Takes the README's picture of a sweep's page.

usage: screenshot.py STUDY/report.html OUT.png [dark]
"""
import os
import sys

from chromium import Chromium


def main():
    page, out = (os.path.abspath(a) for a in sys.argv[1:3])
    with Chromium(width=1100, height=1300) as browser:
        if "dark" in sys.argv[3:]:
            browser.call("Emulation.setEmulatedMedia",
                         features=[{"name": "prefers-color-scheme", "value": "dark"}])
        browser.open("file://" + page)
        browser.screenshot(out)


main()
