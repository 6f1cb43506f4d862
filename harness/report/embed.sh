#!/bin/sh
# Prints assets.cc: functions that return files' contents.
#
# usage: embed.sh FILE... -- FUNCTION=END... ; the text is that of the file whose name ends so,
# empty where there is none
#
# Contents become raw string literals, without source maps, which a browser would look
# for.
set -eu
files=
while [ "$1" != -- ]; do
  files="$files $1"
  shift
done
shift
echo '#include "harness/report/assets.h"'
echo 'namespace hone::harness {'
for pair in "$@"; do
  echo "absl::string_view ${pair%%=*}() {"
  echo '  static constexpr char kText[] ='
  file=
  for one in $files; do
    case $one in *"${pair#*=}") file=$one ;; esac
  done
  if [ -n "$file" ]; then
    if grep -q ')HONE"' "$file"; then
      echo "embed.sh: $file holds the literal's end" >&2
      exit 1
    fi
    printf 'R"HONE('
    sed -e '/^\/\/# sourceMappingURL=/d' "$file"
    printf ')HONE"'
  else
    printf '""'
  fi
  echo ';'
  echo '  return absl::string_view(kText, sizeof(kText) - 1);'
  echo '}'
done
echo '}  // namespace hone::harness'
