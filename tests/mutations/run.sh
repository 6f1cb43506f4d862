#!/usr/bin/env bash
# How many deliberate mistakes in the kernels the tests notice. See tests/mutations/README.md.
#
# usage: bash tests/mutations/run.sh [--list] [--count N] [--seed N] [--max-time 2h]
#                                    [--only PATH ...] [--state FILE] [--jobs N]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
exec python3 tests/mutations/run_mutants.py "$@"
