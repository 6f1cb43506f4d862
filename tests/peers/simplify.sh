#!/usr/bin/env bash
# `hone simplify` beside onnxsim: nodes left, time, largest error in ONNX Runtime.
#
# usage: bash tests/peers/simplify.sh [MODEL.onnx|FOLDER ...]
#
# Without arguments: the bundled model and all of tests/networks, which are made first. Not
# part of tests/run.sh. Prints the table of tests/peers/SIMPLIFY.md; exit code 1 when onnxsim
# leaves fewer nodes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
python=$(bash tests/python/env.sh tests/peers/requirements.txt)
bazel build --noshow_progress //harness:hone >&2
hone=$(bazel info --noshow_progress bazel-bin 2>/dev/null)/harness/hone
models=${XDG_CACHE_HOME:-$HOME/.cache}/hone/models
if (($# == 0)); then
  bash third_party/install.sh peers >&2
  bash tests/networks/export.sh "$python" >&2
  set -- datasets/models "$models"
fi
exec "$python" tests/peers/simplify.py "$hone" "$@"
