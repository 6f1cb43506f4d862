#!/usr/bin/env bash
# Does every backend test of onnx 1.23.2 give the values that it expects, on the optimized
# kernels and on the definitions? values_gaps.txt lists those that do not, with reasons.
# (Debian's libonnx-testdata is //kernels/exec/conformance:conformance_test.)
#
# usage: bash tests/conformance/values.sh      (ends with `N passed, N failed`)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
here=tests/conformance

cases=$(bash "$here/cases.sh")
bazel build --noshow_progress //kernels/exec/conformance >&2
bin=$(bazel info --noshow_progress bazel-bin 2>/dev/null)/kernels/exec/conformance/conformance
passed=0 failed=0
for mode in "" --reference; do
  if "$bin" --root="$cases" --gaps="$here/values_gaps.txt" $mode; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
  fi
done
echo "$passed passed, $failed failed"
((failed == 0))
