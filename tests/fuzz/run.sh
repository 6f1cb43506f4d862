#!/usr/bin/env bash
# Feeds mutated models to the reader, validation, shape inference and compilation under
# AddressSanitizer. Seeds: Debian's small ONNX test models, seeds/ and regressions/.
#
# usage: bash tests/fuzz/run.sh [SECONDS]      (default 60; ends with `N passed, N failed`)
#
# A finding fails the run and is kept in tests-out/fuzz: minimise it, fix what it shows, and
# commit it to tests/fuzz/regressions, which replay_test runs from then on.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
seconds=${1:-60}
findings=$PWD/tests-out/fuzz
mkdir -p "$findings"
rm -f "$findings"/*

bazel build --noshow_progress --config=fuzz //tests/fuzz:fuzzer >&2
bin=$(bazel info --noshow_progress --config=fuzz bazel-bin 2>/dev/null)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/corpus" "$work/seeds"
# Small models go further in the time: more mutations, and more of each hits structure.
find /usr/share/libonnx-testdata -name '*.onnx' -size -3k | sort |
  awk '{print $0 "\t" NR}' | while IFS=$'\t' read -r path number; do
    cp "$path" "$work/seeds/$number.onnx"
  done
cp tests/fuzz/seeds/* tests/fuzz/regressions/* "$work/seeds"

status=0
"$bin/tests/fuzz/fuzzer" -max_total_time="$seconds" -max_len=8192 -timeout=10 \
  -rss_limit_mb=1024 -malloc_limit_mb=256 -print_final_stats=1 \
  -artifact_prefix="$findings/" "$work/corpus" "$work/seeds" \
  >"$work/log" 2>&1 || status=$?
grep -a 'cov:' "$work/log" | tail -1 || true
grep -a 'stat::number_of_executed_units' "$work/log" || true
edges=$(grep -ao 'cov: [0-9]*' "$work/log" | tail -1 | cut -d' ' -f2 || true)
echo "edges covered: ${edges:-0}"
if ((status != 0)) || [[ -n $(ls -A "$findings") ]]; then
  cp "$work/log" "$findings/log"
  grep -aE 'ERROR|SUMMARY|#[0-9] ' "$work/log" | head -20
  echo "failed: fuzzing (see $findings)"
  echo "0 passed, 1 failed"
  exit 1
fi
echo "1 passed, 0 failed"
