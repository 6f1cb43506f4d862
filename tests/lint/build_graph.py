"""The build graph as `bazel query` tells it, and which target an #include belongs to."""
import dataclasses
import functools
import subprocess
import xml.etree.ElementTree as ET


@dataclasses.dataclass
class Target:
    name: str
    files: list  # labels of srcs, hdrs and textual_hdrs
    headers: list
    deps: list
    testonly: bool


# Headers of other projects: prefix of the include's path -> targets that provide it.
EXTERNAL = {
    "CL/": {"@system//:opencl_headers"},
    "CLI/": {"@system//:cli11"},
    "benchmark/": {"@com_github_google_benchmark//:benchmark",
                   "@com_github_google_benchmark//:benchmark_main"},
    "cblas.h": {"@system//:openblas"},
    "dlpack/": {"@system//:dlpack"},
    "gmock/": {"@com_google_googletest//:gtest_main", "@com_google_googletest//:gtest"},
    "gtest/": {"@com_google_googletest//:gtest_main", "@com_google_googletest//:gtest"},
    "hwy/tests/": {"@highway//:hwy_test_util"},
    "hwy/": {"@highway//:hwy", "@highway//:hwy_test_util"},
    "jpeglib.h": {"@system//:jpeg"},
    "nlohmann/": {"@system//:nlohmann_json"},
    "openssl/": {"@system//:crypto"},
    "png.h": {"@system//:png"},
    "protozero/": {"@protozero//:protozero"},
    "sqlite3.h": {"@system//:sqlite3"},
    "xxhash.h": {"@system//:xxhash"},
    "yaml-cpp/": {"@system//:yaml_cpp"},
    "zlib.h": {"@system//:zlib"},
}

# Abseil headers whose target has another name than the file.
ABSEIL = {
    "absl/base/attributes.h": "absl/base:core_headers",
    "absl/base/macros.h": "absl/base:core_headers",
    "absl/base/optimization.h": "absl/base:core_headers",
    "absl/base/thread_annotations.h": "absl/base:core_headers",
    "absl/container/btree_map.h": "absl/container:btree",
    "absl/container/btree_set.h": "absl/container:btree",
    "absl/strings/cord.h": "absl/strings:cord",
    "absl/strings/str_format.h": "absl/strings:str_format",
    "absl/synchronization/blocking_counter.h": "absl/synchronization:synchronization",
    "absl/synchronization/mutex.h": "absl/synchronization:synchronization",
    "absl/synchronization/notification.h": "absl/synchronization:synchronization",
    "absl/time/clock.h": "absl/time:time",
}


@functools.lru_cache(maxsize=1)
def load(root):
    """Every rule of the workspace that has sources, by label."""
    out = subprocess.run(
        ["bazel", "query", "--output=xml", "--noshow_progress", "--noimplicit_deps",
         'kind("cc_.*|sh_test|genrule", //...)'],
        cwd=root, capture_output=True, text=True)
    if out.returncode:
        raise RuntimeError("bazel query failed:\n" + out.stderr)
    graph = {}
    for rule in ET.fromstring(out.stdout.replace('version="1.1"', 'version="1.0"', 1)).iter("rule"):
        labels = {}
        for each in rule.findall("list"):
            labels[each.get("name")] = [x.get("value") for x in each.findall("label")]
        booleans = {x.get("name"): x.get("value") for x in rule.findall("boolean")}
        kind = rule.get("class")
        headers = labels.get("hdrs", []) + labels.get("textual_hdrs", [])
        graph[rule.get("name")] = Target(
            name=rule.get("name"),
            files=labels.get("srcs", []) + headers,
            headers=headers,
            deps=[canonical(x) for x in labels.get("deps", [])],
            testonly=kind.endswith("_test") or booleans.get("testonly") == "true"
            or rule.get("name").endswith("_bench"),
        )
    return graph


def canonical(label):
    """@x//a/b:b for @x//a/b, and the same inside the workspace."""
    if ":" in label:
        return label
    return f"{label}:{label.rsplit('/', 1)[-1]}"


def path_of(label):
    return label[2:].replace(":", "/").lstrip("/")


def header_owners(graph):
    owners = {}
    for target in graph.values():
        for header in target.headers:
            owners.setdefault(path_of(header), set()).add(target.name)
        for source in target.files:
            if source.endswith((".h", ".hpp")):  # private headers belong to their target
                owners.setdefault(path_of(source), set()).add(target.name)
    return owners


def providers(include, includer, owners):
    """Targets that may provide `include`; None for the language's and the system's headers."""
    if include in owners:
        return owners[include]
    if include == includer:
        return None  # foreach_target includes the file itself again
    for prefix, targets in EXTERNAL.items():
        if include.startswith(prefix):
            return targets
    if include.startswith("absl/"):
        target = ABSEIL.get(include)
        if target is None:
            folder, file = include.rsplit("/", 1)
            stem = file[:-2]
            if folder == "absl/strings":
                stem = "strings"
            target = f"{folder}:{stem}"
        return {f"@com_google_absl//{target}"}
    if include.endswith((".h", ".hpp")) and "/" in include and include.split("/")[0] in (
            "ir", "kernels", "algorithms", "capi", "harness", "datasets", "tests"):
        return set()  # a header of ours that no target names
    return None
