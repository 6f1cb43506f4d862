#!/usr/bin/env bash
# `hone simplify` beside onnxsim: nodes left, time, largest error in ONNX Runtime.
#
# usage: bash tests/peers/simplify.sh [MODEL.onnx|FOLDER ...]
#
# Without arguments: the bundled model and what tests/peers/export_models.py has written.
# Not part of tests/run.sh. Prints a table; exit code 1 when onnxsim leaves fewer nodes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
python=$(bash tests/python/env.sh tests/peers/requirements.txt)
bazel build --noshow_progress //harness:hone >&2
hone=$(bazel info --noshow_progress bazel-bin 2>/dev/null)/harness/hone
models=${XDG_CACHE_HOME:-$HOME/.cache}/hone/models
if (($# == 0)); then
  mkdir -p "$models"
  set -- datasets/models "$models"
fi
exec "$python" tests/peers/simplify.py "$hone" "$@"
