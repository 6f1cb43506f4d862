#!/usr/bin/env python3
"""Checks the tree's form; run by tests/run.sh, after third_party/install.sh tests.

usage: python3 tests/lint/lint.py [CHECK ...]

Checks: format (clang-format), buildifier, length (no text file over 500 lines), readme (its
C program is the tested one), includes (every #include comes from a direct dependency of its
target), layers (no edge of the build graph points up). Prints what is wrong, then `N passed, N failed`.
"""
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import build_graph  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache"))
BUILDIFIER = CACHE / "hone/buildifier-8.2.1/node_modules/.bin/buildifier"
MAX_LINES = 500
# The ABI is one header and its manual, and only grows.
MAX_LINES_OF = {"capi/hone.h": 700}
CPP = (".h", ".hpp", ".cc", ".c")
# Data that no person edits, and the licence as its owner wrote it.
NOT_TEXT = (".onnx", ".npz", ".npy", ".gz", ".png", ".jpg", ".pb", ".bin", ".stats")

# A target in one of these folders may depend on the folders named, and on its own. The first
# matching prefix holds, so kernels/cpu stands before kernels.
LAYERS = [
    ("third_party", []),
    ("ir", []),
    ("kernels/threads", []),
    ("kernels/cpu", ["kernels/threads"]),
    ("kernels/opencl", ["kernels/threads"]),
    # A leaf below everything: what ImageDecoder reads, data sets read too.
    ("kernels/exec/ops/image", ["kernels", "ir", "datasets/image"]),
    ("kernels", ["ir"]),
    ("algorithms", ["kernels", "ir"]),
    ("capi", ["algorithms", "kernels", "ir"]),
    ("datasets/image", ["datasets"]),
    ("datasets", []),
    ("harness", ["capi", "datasets"]),
    ("tests", ["harness", "datasets", "capi", "algorithms", "kernels", "ir"]),
]


def tracked():
    out = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True, text=True)
    return [f for f in out.stdout.split("\0") if f and (ROOT / f).is_file()]


def check_format():
    files = [f for f in tracked() if f.endswith(CPP)]
    out = subprocess.run(["clang-format-19", "--dry-run", "-Werror", *files], cwd=ROOT,
                         capture_output=True, text=True)
    return sorted({line.split(":")[0] + ": not as clang-format-19 writes it"
                   for line in out.stderr.splitlines() if "error:" in line})


def check_buildifier():
    files = [f for f in tracked()
             if pathlib.Path(f).name in ("BUILD", "WORKSPACE") or f.endswith(".bzl")]
    out = subprocess.run(
        # rules_cc has no place here: Bazel 4's native rules are the only ones.
        [str(BUILDIFIER), "-mode=check", "-lint=warn",
         "-warnings=-native-cc-library,-native-cc-binary,-native-cc-test,-native-sh-test",
         *files],
        cwd=ROOT, capture_output=True, text=True)
    return (out.stdout + out.stderr).splitlines() if out.returncode else []


def check_length():
    wrong = []
    for name in tracked():
        if name.endswith(NOT_TEXT):
            continue
        lines = (ROOT / name).read_bytes().count(b"\n")
        most = MAX_LINES_OF.get(name, MAX_LINES)
        if lines > most:
            wrong.append(f"{name}: {lines} lines, at most {most}")
    return wrong


def check_readme():
    example = "capi/examples/quantize.c"
    shown = re.search(r"```c\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    if shown and shown[1] == (ROOT / example).read_text():
        return []
    return [f"README.md: its C program is not {example}, which is built and run as a test"]


def check_includes():
    graph = build_graph.load(ROOT)
    owners = build_graph.header_owners(graph)
    wrong = []
    for target in graph.values():
        reachable = {target.name, *target.deps}
        for source in target.files:
            path = build_graph.path_of(source)
            if not path.endswith(CPP) or not (ROOT / path).is_file():
                continue
            for line in (ROOT / path).read_text().splitlines():
                match = re.match(r'\s*#\s*include\s+["<]([^">]+)[">]', line)
                if not match:
                    continue
                needed = build_graph.providers(match[1], path, owners)
                if needed is not None and not reachable & needed:
                    wrong.append(f"{path}: includes {match[1]}, but {target.name} has none of "
                                 f"{', '.join(sorted(needed)) or 'any target'} in deps")
    return sorted(set(wrong))


def layer_of(label):
    package = label[2:].split(":")[0] + "/"
    for folder, allowed in LAYERS:
        if package.startswith(folder + "/"):
            return folder, allowed
    return None, []


def check_layers():
    graph = build_graph.load(ROOT)
    wrong = []
    for target in graph.values():
        folder, allowed = layer_of(target.name)
        for dep in target.deps:
            if not dep.startswith("//") or folder is None:
                continue
            below = layer_of(dep)[0]
            inside = below == folder or (below or "").startswith(folder + "/")
            if below is None or inside or below in allowed or below.split("/")[0] in allowed:
                continue
            if target.testonly and folder != "harness":
                continue  # a test may look down through several layers, and beside itself
            wrong.append(f"{target.name} -> {dep}: {folder} may use {allowed or 'nothing'}")
        # The command uses the C ABI as its users do, and nothing below it.
        if folder == "harness":
            for dep in target.deps:
                if layer_of(dep)[0] == "capi" and not dep.startswith("//capi:hone"):
                    wrong.append(f"{target.name} -> {dep}: only //capi:hone is for the harness")
    return sorted(wrong)


CHECKS = {
    "format": check_format,
    "buildifier": check_buildifier,
    "length": check_length,
    "readme": check_readme,
    "includes": check_includes,
    "layers": check_layers,
}


def main():
    names = sys.argv[1:] or list(CHECKS)
    failed = 0
    for name in names:
        wrong = CHECKS[name]()
        failed += bool(wrong)
        print(f"lint {name}: {'FAILED' if wrong else 'passed'}")
        for line in wrong:
            print(f"  {line}")
    print(f"{len(names) - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
