#!/usr/bin/env bash
# Builds Hone and runs all its tests, on a fresh Debian 12 machine too: it installs what it
# needs. Takes under 25 minutes on 2 cores from nothing, a few with a warm cache.
#
# usage: bash tests/run.sh [SUITE ...]      (default: all, in this order)
#
# Each suite's log stands in tests-out/SUITE.log. The last line is
# `N passed, N failed, N skipped`; failed and skipped tests are named above it.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

declare -A command=(
  [unit]="python3 tests/unit.py"
  [lint]="python3 tests/lint/lint.py"
  [conformance]="bash tests/conformance/run.sh"
  [values]="bash tests/conformance/values.sh"
  [operators]="bash tests/conformance/op_tables/run.sh"
  [fuzz]="bash tests/fuzz/run.sh 60"
  [runtimes]="bash tests/runtimes/run.sh"
)
suites=("$@")
((${#suites[@]} > 0)) || suites=(lint unit conformance values operators runtimes fuzz)

bash third_party/install.sh tests || exit 1
mkdir -p tests-out

passed=0 failed=0 skipped=0
for suite in "${suites[@]}"; do
  if [[ -z ${command[$suite]:-} ]]; then
    echo "tests/run.sh: no suite '$suite'; there are: ${!command[*]}" >&2
    exit 2
  fi
  log=tests-out/$suite.log
  start=$SECONDS
  echo "== $suite"
  ${command[$suite]} 2>&1 | tee "$log"
  status=${PIPESTATUS[0]}
  # A suite ends with `N passed, N failed[, N skipped]`; one that doesn't has failed.
  if [[ $(tail -n 1 "$log") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed(,\ ([0-9]+)\ skipped)?$ ]]; then
    passed=$((passed + BASH_REMATCH[1]))
    failed=$((failed + BASH_REMATCH[2]))
    skipped=$((skipped + ${BASH_REMATCH[4]:-0}))
    if ((status != 0 && BASH_REMATCH[2] == 0)); then
      echo "$suite: exit status $status"
      failed=$((failed + 1))
    fi
  else
    echo "$suite: ended without a count (exit status $status)"
    failed=$((failed + 1))
  fi
  echo "== $suite took $((SECONDS - start)) s"
done

echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0))
