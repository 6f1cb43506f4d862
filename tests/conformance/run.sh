#!/usr/bin/env bash
# Does every ONNX model come back from Hone as it was? Debian's libonnx-testdata (1,072
# models), the backend tests of onnx 1.23.2 (1,884 models), and models made by hand,
# with their inputs and outputs; judged by Python's onnx.
#
# usage: bash tests/conformance/run.sh      (ends with `N passed, N failed`)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
python=$(bash tests/python/env.sh)
here=tests/conformance

cases=$(bash "$here/cases.sh")
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
"$python" "$here/made_models.py" "$made"
"$python" "$here/compare_test.py" >&2

bazel build --noshow_progress //tests/conformance:round_trip >&2
bin=$(bazel info --noshow_progress bazel-bin 2>/dev/null)
"$python" "$here/round_trip.py" "$bin/tests/conformance/round_trip" \
  /usr/share/libonnx-testdata "$cases" "$made"
