#!/usr/bin/env python3
"""Makes single mistakes in the kernels' sources and counts which the tests notice.

Works in a git worktree of HEAD of its own, with a Bazel output base of its own; the checkout is
only read. What came of each mutant is appended to the state file at once: run again, it goes on.
The last line is the figure.
"""
import argparse
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import mutants as m  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
AREAS = ["kernels/cpu", "kernels/exec/ops/integer"]
REVIEWED = ROOT / "tests/mutations/equivalent.txt"
# Whose tests stand elsewhere, since they run whole graphs.
TESTED_BY = {"kernels/exec/ops/integer": ["//kernels/exec:integer_test",
                                          "//algorithms/quantization:integer_test"]}
OUTCOMES = {0: "survived", 1: "not compiling", 3: "caught"}


def seconds_of(text):
    parts = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?", text)
    if not text or not parts:
        raise argparse.ArgumentTypeError(f"'{text}' is no time such as 2h, 90m or 1h30m")
    hours, minutes, seconds = (int(p or 0) for p in parts.groups())
    return 3600 * hours + 60 * minutes + seconds


def git(*words):
    return subprocess.run(["git", "-C", ROOT, *words], check=True, capture_output=True,
                          text=True).stdout


def sources(only):
    """Tracked sources of the areas, without tests, benchmarks and what tests stand on."""
    files = git("ls-files", "--", *(only or AREAS)).splitlines()
    return [f for f in files if f.endswith((".cc", ".h")) and
            not re.search(r"_test\.|_bench\.|_ref\.h|/testing/|/test_", f)]


class Bazel:
    def __init__(self, tree, work, jobs):
        self.tree, self.jobs = tree, jobs
        self.start = ["bazel", f"--output_base={work}/bazel"]

    def run(self, verb, *words, timeout=None):
        return subprocess.run([*self.start, verb, *words], cwd=self.tree, capture_output=True,
                              text=True, timeout=timeout)

    def tests_of(self, path):
        """Tests of the package that owns the file; where it has none, those that use it."""
        folder = pathlib.Path(path).parent
        while not (self.tree / folder / "BUILD").exists():
            folder = folder.parent
        if str(folder) in TESTED_BY:
            return TESTED_BY[str(folder)]
        for query in (f"tests(//{folder}:all)",
                      f'kind(".*_test rule", rdeps(//{folder.parent}/..., //{folder}:all))'):
            labels = [l for l in self.run("query", query).stdout.split() if l.startswith("//")]
            if labels:
                return labels
        return []

    def seconds(self, labels):
        """How long the tests take that pass on the sources as they are."""
        code, log = self.test(labels, ["--build_tests_only"], 3600)
        start = time.time()
        if code == 0:
            code, log = self.test(labels, ["--nocache_test_results"], 3600)
        if code != 0:
            sys.exit(f"the tests fail on the sources as they are:\n{log[-3000:]}")
        return time.time() - start

    # Mutants are no one else's: what is built of them stays out of the shared cache.
    def test(self, labels, more=("--disk_cache=",), timeout=300):
        try:
            done = self.run("test", f"--jobs={self.jobs}", "--test_output=summary", *more,
                            f"--test_timeout={timeout}", "--notest_keep_going", *labels,
                            timeout=timeout * (len(labels) + 1) + 1800)
        except subprocess.TimeoutExpired:
            self.run("shutdown")
            return 3, "took too long"
        return done.returncode, done.stdout + done.stderr


class State:
    """A line for each mutant that was tried; the first line says of what."""

    def __init__(self, path, header):
        self.path, self.results = path, {}
        if path.exists():
            lines = path.read_text().splitlines()
            known = json.loads(lines[0]) if lines else header
            if known != header:
                sys.exit(f"{path} is of commit {known['commit']}, now it is {header['commit']}: "
                         "take another --state or remove it")
            for line in lines[1:]:
                try:
                    one = json.loads(line)
                except json.JSONDecodeError:
                    continue  # cut off when the run was stopped
                self.results[one["key"]] = one["outcome"]
        else:
            path.write_text(json.dumps(header) + "\n")

    def add(self, mutant, outcome):
        self.results[mutant.key] = outcome
        with self.path.open("a") as file:
            file.write(json.dumps({"key": mutant.key, "outcome": outcome, "kind": mutant.kind,
                                   "text": mutant.text}) + "\n")


def reviewed():
    """Mutants of which a person has said that they change nothing: path | line | old -> new."""
    out = set()
    for line in REVIEWED.read_text().splitlines() if REVIEWED.exists() else []:
        if line.strip() and not line.startswith("#"):
            path, text, change, _ = (part.strip() for part in line.split(" | ", 3))
            out.add((path, text, change))
    return out


def is_equivalent(mutant, known):
    return (mutant.path, mutant.text, f"{mutant.old.strip()} -> {mutant.new.strip()}") in known


def report(tried, results):
    known = reviewed()
    counts = collections.Counter()
    packages = collections.defaultdict(collections.Counter)
    survivors = []
    for mutant in tried:
        outcome = results.get(mutant.key)
        if outcome == "survived" and is_equivalent(mutant, known):
            outcome = "equivalent by review"
        if outcome is None:
            continue
        counts[outcome] += 1
        packages[str(pathlib.Path(mutant.path).parent)][outcome] += 1
        packages[f"({mutant.kind})"][outcome] += 1
        if outcome == "survived":
            survivors.append(mutant)
    for name in sorted(packages):
        one = packages[name]
        print(f"{name:36}", ", ".join(f"{n} {what}" for what, n in sorted(one.items())))
    for mutant in survivors:
        print("SURVIVED", mutant)
    of = counts["caught"] + counts["survived"]
    share = f" ({100 * counts['caught'] / of:.1f} %)" if of else ""
    print(f"caught {counts['caught']} of {of} mutants{share}, {counts['survived']} survived, "
          f"{counts['equivalent by review']} equivalent by review, {counts['not compiling']} not "
          f"compiling, {len(tried) - sum(counts.values())} left")


def prepare(work, commit):
    tree = work / "tree"
    git("worktree", "prune")
    if tree.exists():
        git("worktree", "remove", "--force", str(tree))
    git("worktree", "add", "--quiet", "--detach", str(tree), commit)
    return tree


def try_all(queue, state, bazel, deadline):
    tests, timeouts = {}, {}
    for done, mutant in enumerate(queue):
        if time.time() > deadline:
            print(f"--max-time is over; run again to go on with {len(queue) - done} mutants")
            return
        folder = str(pathlib.Path(mutant.path).parent)
        if folder not in tests:
            tests[folder] = bazel.tests_of(mutant.path)
            # A loop that a mutant made endless ends after this.
            timeouts[folder] = max(30, int(6 * bazel.seconds(tests[folder]))) if tests[folder] else 0
        if not tests[folder]:
            state.add(mutant, "survived")
            continue
        path = bazel.tree / mutant.path
        source = path.read_text()
        start = time.time()
        try:
            path.write_text(mutant.apply(source))
            code, log = bazel.test(tests[folder], timeout=timeouts[folder])
        finally:
            path.write_text(source)
        if code not in OUTCOMES:
            sys.exit(f"bazel ended with {code}:\n{log[-3000:]}")
        state.add(mutant, OUTCOMES[code])
        print(f"[{done + 1}/{len(queue)}] {OUTCOMES[code]}, {time.time() - start:.0f} s: {mutant}",
              flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="mutants in all; 0: every one [100]")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--max-time", type=seconds_of, default="2h", metavar="TIME",
                        help="begin no mutant after this [2h]")
    parser.add_argument("--only", action="append", metavar="PATH",
                        help=f"files or folders {AREAS}")
    parser.add_argument("--list", action="store_true", help="print the mutants and end")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--work", type=pathlib.Path,
                        default=pathlib.Path.home() / ".cache/hone-mutations",
                        help="worktree, build and state [~/.cache/hone-mutations]")
    parser.add_argument("--state", type=pathlib.Path, help="[WORK/COMMIT.jsonl]")
    options = parser.parse_args()

    commit = git("rev-parse", "HEAD").strip()
    if git("status", "--porcelain", "--", *AREAS).strip():
        print("note: the mutants are of HEAD, without what is not committed", file=sys.stderr)
    by_file = {f: m.mutants_of(f, git("show", f"HEAD:{f}")) for f in sources(options.only)}
    total = sum(len(v) for v in by_file.values())
    chosen = m.sample(by_file, options.count, options.seed)
    print(f"{len(chosen)} of {total} mutants of {len(by_file)} files, seed {options.seed}")
    if options.list:
        print(*chosen, sep="\n")
        return
    options.work.mkdir(parents=True, exist_ok=True)
    state = State(options.state or options.work / f"{commit[:12]}.jsonl", {"commit": commit})
    queue = [one for one in chosen if one.key not in state.results]
    tree = prepare(options.work, commit)
    bazel = Bazel(tree, options.work, options.jobs)
    try:
        try_all(queue, state, bazel, time.time() + options.max_time)
    finally:
        report(chosen, state.results)
        bazel.run("shutdown")
        git("worktree", "remove", "--force", str(tree))
        shutil.rmtree(tree, ignore_errors=True)


main()
