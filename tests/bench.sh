#!/usr/bin/env bash
# Hone's speed beside OpenBLAS's and ONNX Runtime's, every ratio from one run: kernels, whole
# models in float32 and int8, calibration, threads, compiling, memory. tests/bench/README.md.
#
# usage: bash tests/bench.sh [--json NEW.json] [--against OLD.json] [JOB ...]
#
# Exits with 1 when a ratio is below OLD.json's beyond the noise of both. Not part of
# tests/run.sh: it installs PyTorch and ONNX Runtime, exports some 2 GB of networks and takes
# half an hour.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash third_party/install.sh tests >&2
bash third_party/install.sh peers >&2
python=$(bash tests/python/env.sh tests/peers/requirements.txt)
bazel build --noshow_progress //harness:hone //capi:libhone.so //kernels/cpu/gemm:gemm_bench >&2
bash tests/networks/export.sh "$python" >&2
exec "$python" tests/bench/bench.py "$(bazel info --noshow_progress bazel-bin 2>/dev/null)" \
  "${XDG_CACHE_HOME:-$HOME/.cache}/hone/models" "$@"
