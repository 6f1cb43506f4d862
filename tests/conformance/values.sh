#!/usr/bin/env bash
# Does every backend test of onnx 1.23.2 give the values that it expects, on the optimized
# kernels and on the definitions? values_gaps.txt lists those that do not, with reasons. And
# does Hone give ONNX Runtime's values where those tests are thin (runtime_cases.py), and
# those of onnx's reference for every type that the standard allows (type_cases.py)?
# (Debian's libonnx-testdata is //kernels/exec/conformance:conformance_test.)
#
# usage: bash tests/conformance/values.sh      (ends with `N passed, N failed`)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
here=tests/conformance

cases=$(bash "$here/cases.sh")
bazel build --noshow_progress //kernels/exec/conformance >&2
bin=$(bazel info --noshow_progress bazel-bin 2>/dev/null)/kernels/exec/conformance/conformance
python=$(bash tests/python/env.sh)
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
mkdir "$made/runtime" "$made/types"
"$python" "$here/runtime_cases.py" "$made/runtime" >&2
"$python" "$here/type_cases.py" "$made/types" >&2
: > "$made/no_gaps"
passed=0 failed=0
for mode in "" --reference; do
  for pair in "$cases:$here/values_gaps.txt" "$made/runtime:$made/no_gaps" \
              "$made/types:$made/no_gaps"; do
    if "$bin" --root="${pair%%:*}" --gaps="${pair#*:}" $mode; then
      passed=$((passed + 1))
    else
      failed=$((failed + 1))
    fi
  done
done
echo "$passed passed, $failed failed"
((failed == 0))
