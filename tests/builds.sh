#!/usr/bin/env bash
# The other builds: gcc 12, and the address, undefined-behaviour and thread sanitizers. Each
# builds everything and runs every unit test; about 20 minutes each from nothing. The address
# and undefined-behaviour sanitizers go well together, so by default they share one build.
#
# usage: bash tests/builds.sh [gcc|asan|ubsan|tsan|asan+ubsan ...]  (default: gcc asan+ubsan tsan)
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash third_party/install.sh tests || exit 1

configs=("$@")
((${#configs[@]} > 0)) || configs=(gcc asan+ubsan tsan)
passed=0 failed=0
for config in "${configs[@]}"; do
  echo "== $config"
  if python3 tests/unit.py --config="${config%+*}" --config="${config#*+}"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "failed: $config"
  fi
done
echo "$passed passed, $failed failed"
((failed == 0))
