#!/usr/bin/env bash
# Prints the path of a Python that has the packages of a requirements file, made once in
# a virtual environment of its own under ~/.cache/hone.
#
# usage: python=$(bash tests/python/env.sh [REQUIREMENTS.txt])
set -euo pipefail
requirements=${1:-$(dirname "${BASH_SOURCE[0]}")/requirements.txt}
key=$( (python3 --version; cat "$requirements") | sha256sum | cut -c1-12)
folder=${XDG_CACHE_HOME:-$HOME/.cache}/hone/python-$key
if [[ ! -e $folder/complete ]]; then
  echo "Making a Python environment for $requirements" >&2
  rm -rf "$folder"
  python3 -m venv "$folder"
  "$folder/bin/pip" install --quiet --disable-pip-version-check \
    --requirement "$requirements" >&2
  touch "$folder/complete"
fi
echo "$folder/bin/python"
