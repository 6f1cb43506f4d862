#!/usr/bin/env bash
# Post-training quantization beside the peers: wall time, memory, start-up, threads.
#
# usage: bash tests/peers/quantize_speed.sh [SAMPLES]     (default 300; about 5 minutes)
#
# Installs Debian's python3-torch and python3-torchvision (for the networks) and the peers
# in a virtual environment. Not part of tests/run.sh. Prints a table and JSON.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
bash third_party/install.sh peers
python=$(bash tests/python/env.sh tests/peers/requirements.txt)
bazel build --noshow_progress //harness:hone >&2
hone=$(bazel info --noshow_progress bazel-bin 2>/dev/null)/harness/hone
models=${XDG_CACHE_HOME:-$HOME/.cache}/hone/models
bash tests/networks/export.sh "$python" resnet18 mobilenet_v2
exec "$python" tests/peers/quantize_speed.py "$hone" "$models" "${1:-300}"
