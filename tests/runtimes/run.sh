#!/usr/bin/env bash
# Runs the models that `hone quantize` writes in ONNX Runtime and OpenVINO and compares every
# layer and the final answers with ours.
#
# usage: bash tests/runtimes/run.sh      (ends with `N passed, N failed`)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
bash third_party/install.sh tests
python=$(bash tests/python/env.sh)
bazel build --noshow_progress //harness:hone >&2
hone=$(bazel info --noshow_progress bazel-bin 2>/dev/null)/harness/hone
exec "$python" tests/runtimes/compare.py "$hone"
