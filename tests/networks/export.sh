#!/usr/bin/env bash
# Writes networks as ONNX into ~/.cache/hone/models; what is there is left alone.
#
# usage: bash tests/networks/export.sh PYTHON [NAME ...]      (default: all)
#
# PYTHON fetches MiniLM's weights; Debian's own, which has PyTorch, exports.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
models=${XDG_CACHE_HOME:-$HOME/.cache}/hone/models
export MINILM=$models/none
if [[ $# == 1 || " ${*:2} " == *" minilm "* ]]; then
  MINILM=$("$1" -c "import pathlib, sys; sys.path.append(sys.argv[1]); import downloads
print(downloads.minilm(pathlib.Path(sys.argv[2])))" "$here" "$models")
fi
exec /usr/bin/python3 "$here/export.py" "$models" "${@:2}"
