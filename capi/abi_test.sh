#!/usr/bin/env bash
# What libhone.so exports, that the C tests call all of it, and that programs outside of the
# build can link both libraries.
#
# usage: abi_test.sh LIBHONE.SO LIBHONE.A LIBHONE.FLAGS HONE.H EXAMPLE.C MODEL PY SMALL C_TEST...
set -euo pipefail
so=$1 archive=$2 flags=$3 header=$4 example=$5 model=$6 python=$7 small=$8
shift 8
scratch=$(mktemp -d "${TEST_TMPDIR:-/tmp}/abi.XXXXXX")

fail() {
  echo "$*" >&2
  exit 1
}

# Exactly the declared functions are exported.
grep -o 'hone_[a-z0-9_]*(' "$header" | tr -d '(' | sort -u >"$scratch/declared"
nm -D --defined-only "$so" | awk '{print $3}' | sort -u >"$scratch/exported"
diff "$scratch/declared" "$scratch/exported" ||
  fail "what $header declares (<) and what the library exports (>) differ"

# Every function is called by a C test.
while read -r name; do
  grep -q "\b$name(" "$@" || fail "no C test calls $name"
done <"$scratch/exported"

# The header is C99 on its own, and C++.
for language in "c -std=c99" "c++ -std=c++11"; do
  echo '#include "hone.h"' >"$scratch/alone.c"
  # shellcheck disable=SC2086
  clang-19 -x $language -Wall -Wextra -pedantic -Werror -fsyntax-only \
    -I"$(dirname "$header")" "$scratch/alone.c"
done

# A library built with a sanitizer needs its runtime.
sanitizer=()
nm -D "$so" >"$scratch/symbols"
for kind in address thread undefined; do
  case $kind in
    address) symbol=__asan_init ;;
    thread) symbol=__tsan_init ;;
    undefined) symbol=__ubsan_handle ;;
  esac
  if grep -q "$symbol" "$scratch/symbols"; then
    sanitizer+=("-fsanitize=$kind")
    [[ $kind != undefined ]] || sanitizer+=(-fsanitize-link-c++-runtime -lstdc++)
  fi
done

root=$(dirname "$header")/..
compile=(clang-19 -std=c99 -Wall -Wextra -pedantic -Werror "${sanitizer[@]}" -I"$root" "$example")
cp "$so" "$scratch/libhone.so"
"${compile[@]}" -o "$scratch/shared" "$scratch/libhone.so" -Wl,-rpath,"$scratch"
# shellcheck disable=SC2046
"${compile[@]}" -o "$scratch/static" "$archive" $(cat "$flags")

images=/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz
if [[ -e $images ]]; then
  gunzip -c "$images" >"$scratch/images"
  for kind in shared static; do
    "$scratch/$kind" "$model" "$scratch/images" "$scratch/$kind.onnx" >"$scratch/$kind.json"
    grep -Eq '"same":\{"value":(1\.0|0\.9[5-9])' "$scratch/$kind.json" ||
      fail "the example keeps too few classes: $(cat "$scratch/$kind.json")"
  done
  cmp "$scratch/shared.onnx" "$scratch/static.onnx"
  (($(stat -L -c %s "$scratch/shared.onnx") < $(stat -L -c %s "$model"))) ||
    fail "the quantized model is no smaller"
else
  echo "SKIPPED: the example needs dataset-fashion-mnist"
fi

# Another language. Python is not linked with a sanitizer.
if ((${#sanitizer[@]} == 0)); then
  [[ $(python3 "$python" "$scratch/libhone.so" "$small" "$scratch") == ok ]] ||
    fail "the calls from Python failed"
fi
rm -rf "$scratch"
