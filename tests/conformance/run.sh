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

# The cases depend on the script and on the packages alone.
key=$(cat "$here/onnx_cases.py" tests/python/requirements.txt | sha256sum | cut -c1-12)
cases=${XDG_CACHE_HOME:-$HOME/.cache}/hone/onnx-cases-$key
if [[ ! -e $cases/complete ]]; then
  rm -rf "$cases"
  mkdir -p "$cases"
  "$python" "$here/onnx_cases.py" "$cases" >&2
  touch "$cases/complete"
fi

made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
"$python" "$here/made_models.py" "$made"
"$python" "$here/compare_test.py" >&2

bazel build --noshow_progress //tests/conformance:round_trip >&2
bin=$(bazel info --noshow_progress bazel-bin 2>/dev/null)
"$python" "$here/round_trip.py" "$bin/tests/conformance/round_trip" \
  /usr/share/libonnx-testdata "$cases" "$made"
