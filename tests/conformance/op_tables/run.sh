#!/usr/bin/env bash
# Are the operator tables and shape inference what onnx 1.23.2 says? Every operator of
# the default domain at every opset from 7 on against onnx's schemas, and every value of
# some 2,900 models against onnx's shape inference.
#
# usage: bash tests/conformance/op_tables/run.sh      (ends with `N passed, N failed`)
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
here=tests/conformance/op_tables
python=$(bash tests/python/env.sh) || exit 1
cases=$(bash tests/conformance/cases.sh) || exit 1
bazel build --noshow_progress "//$here:print_op_tables" "//$here:print_shapes" >&2 || exit 1
bin=$(bazel info --noshow_progress bazel-bin 2>/dev/null)/$here

passed=0 failed=0
for check in \
  "check_op_tables.py $bin/print_op_tables" \
  "check_shapes.py $bin/print_shapes /usr/share/libonnx-testdata $cases"; do
  log=$("$python" $here/$check 2>&1)
  sed '$d' <<<"$log"
  if [[ $(tail -n 1 <<<"$log") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    passed=$((passed + BASH_REMATCH[1]))
    failed=$((failed + BASH_REMATCH[2]))
  else
    tail -n 1 <<<"$log"
    failed=$((failed + 1))
  fi
done
echo "$passed passed, $failed failed"
((failed == 0))
