#!/usr/bin/env bash
# Prints the folder of the backend tests of onnx 1.23.2 (1,884 models with inputs and
# outputs), made once under ~/.cache/hone.
#
# usage: cases=$(bash tests/conformance/cases.sh)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
here=tests/conformance

# The cases depend on the script and on the packages alone.
key=$(cat "$here/onnx_cases.py" tests/python/requirements.txt | sha256sum | cut -c1-12)
cases=${XDG_CACHE_HOME:-$HOME/.cache}/hone/onnx-cases-$key
if [[ ! -e $cases/complete ]]; then
  python=$(bash tests/python/env.sh)
  rm -rf "$cases"
  mkdir -p "$cases"
  "$python" "$here/onnx_cases.py" "$cases" >&2
  touch "$cases/complete"
fi
echo "$cases"
