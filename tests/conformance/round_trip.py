"""Round trips of every model and value of ONNX's backend tests through Hone.

usage: round_trip.py ROUND_TRIP_BINARY [FOLDER ...]

Each FOLDER is searched for model.onnx files in the layout of ONNX's backend
tests (NAME/model.onnx, NAME/test_data_set_K/input_I.pb). Ends with a line
`N passed, N failed`: one for each file.
"""
import pathlib
import subprocess
import sys
import tempfile

import onnx
from compare import difference

# One in so many models is also written with all its data outside of it.
EXTERNAL_EVERY = 8


def value_kind(info):
    kind = info.type.WhichOneof("value")
    return {"sequence_type": "sequence", "optional_type": "optional",
            "map_type": "map"}.get(kind, "tensor")


def values_of(model_path):
    """(kind, path) of the inputs and outputs beside the model."""
    folders = sorted(model_path.parent.glob("test_data_set_*"))
    if not folders:
        return
    graph = onnx.load(model_path, load_external_data=False).graph
    for folder in folders:
        for prefix, infos in (("input", graph.input), ("output", graph.output)):
            for i, info in enumerate(infos):
                path = folder / f"{prefix}_{i}.pb"
                if path.exists():
                    yield value_kind(info), path


def parse(kind, path):
    message = {
        "model": onnx.ModelProto,
        "external": onnx.ModelProto,
        "tensor": onnx.TensorProto,
        "sequence": onnx.SequenceProto,
        "map": onnx.MapProto,
        "optional": onnx.OptionalProto,
    }[kind]()
    message.ParseFromString(path.read_bytes())
    return message


def main():
    binary, folders = sys.argv[1], sys.argv[2:]
    jobs = []
    # In memory where there is such a place: thousands of files are flushed.
    memory = "/dev/shm" if pathlib.Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(dir=memory) as scratch:
        def add(kind, path):
            jobs.append((kind, path, pathlib.Path(scratch) / f"{len(jobs)}.out"))

        models = sorted(p for f in folders for p in pathlib.Path(f).rglob("*.onnx"))
        for i, path in enumerate(models):
            add("model", path)
            if i % EXTERNAL_EVERY == 0:
                add("external", path)
            for kind, value in values_of(path):
                add(kind, value)
        lines = "".join(f"{kind}\t{path}\t{out}\n" for kind, path, out in jobs)
        done = subprocess.run([binary], input=lines, text=True, stdout=subprocess.PIPE)
        if done.returncode not in (0, 1):
            print(f"{binary} ended with {done.returncode}")
        errors = {}
        for line in done.stdout.splitlines():
            _, path, _, reason = line.split("\t", 3)
            errors[path] = reason
        failed = 0
        for kind, path, out in jobs:
            reason = errors.get(str(path))
            if reason is None and not out.exists():
                reason = "nothing was written"
            if reason is None:
                reason = difference(parse(kind, path), parse(kind, out), path.parent, out.parent)
            if reason is not None:
                failed += 1
                print(f"FAILED {kind} {path}: {reason}")
    print(f"{len(models)} models, {len(jobs) - len(models)} values and external copies")
    print(f"{len(jobs) - failed} passed, {failed} failed")
    return 1 if failed or not jobs else 0


if __name__ == "__main__":
    sys.exit(main())
