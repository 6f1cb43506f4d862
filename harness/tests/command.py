"""What tests of the `hone` command have in common. They are started with HONE MODEL."""
import gzip
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest

# Bazel's, which is longer under the sanitizers.
TIMEOUT = int(os.environ.get("TEST_TIMEOUT", 900))
HONE, MODEL = (os.path.abspath(a) for a in sys.argv[1:3])


def run(*words, **more):
    return subprocess.run([HONE, *words], capture_output=True, text=True, timeout=TIMEOUT, **more)


class CommandCase(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)

    def result(self, *words, code=0):
        done = run(*words, "--json", "-q", cwd=self.path)
        self.assertEqual(done.returncode, code, done.stderr + done.stdout)
        # Exactly one JSON object.
        return json.loads(done.stdout)

    def error(self, *words, code):
        error = self.result(*words, code=code)["error"]
        self.assertEqual(set(error), {"code", "message", "file", "node", "expected", "found"})
        return error

    def idx(self, name, shape, values, gz=True):
        data = struct.pack(">HBB", 0, 8, len(shape)) + struct.pack(f">{len(shape)}i", *shape)
        path = self.path / (name + (".gz" if gz else ""))
        path.write_bytes(gzip.compress(data + bytes(values)) if gz else data + bytes(values))
        return str(path)

    def labelled(self, n=12, classes=10):
        pixels = bytes((i * 7 + i // 784) % 256 for i in range(n * 784))
        images = self.idx("images", (n, 28, 28), pixels)
        labels = self.idx("labels", (n,), [i % classes for i in range(n)])
        return f"idx:{images},{labels}"
