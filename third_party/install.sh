#!/usr/bin/env bash
# Installs what Hone is built and tested with, from Debian 12's packages; what is there
# already is left alone. Run by harness/demo.sh and tests/run.sh; as root, or with sudo.
#
# usage: bash third_party/install.sh [build|tests|peers]
#   build   compiler, Bazel, libraries, the demo's data set, and Chart.js from npm for the
#           reports
#   tests   the same, and what the tests ask besides: sanitizers, linters, ONNX's test
#           data, an OpenCL device of the CPU (PoCL), buildifier from npm, Chromium, Python's venv
#   peers   the same as build, and what comparing with other tools asks: PyTorch to
#           export networks with, fonts to draw text with, Python's venv
set -euo pipefail

what=${1:-build}
packages=(
  bazel-bootstrap bazel-rules-java bazel-rules-proto bazel-skylib bazel-platforms
  ca-certificates clang-19 git openssl
  libabsl-dev libcli11-dev libdlpack-dev libhwy-dev libjpeg-dev libpng-dev
  libprotozero-dev libsqlite3-dev libssl-dev libxxhash-dev libyaml-cpp-dev
  nlohmann-json3-dev opencl-c-headers zlib1g-dev
  dataset-fashion-mnist
)
# Node.js may come from elsewhere; Debian's npm would then conflict with it.
command -v npm >/dev/null || packages+=(npm)
case $what in
  build) ;;
  tests)
    packages+=(
      binutils chromium clang-format-19 g++ libbenchmark-dev libclang-rt-19-dev libgmock-dev
      libgtest-dev libonnx-testdata libopenblas-dev ocl-icd-libopencl1 pocl-opencl-icd python3
      python3-venv
    )
    ;;
  peers)
    packages+=(fonts-dejavu-core fonts-dejavu-extra python3 python3-torch python3-torchvision
      python3-venv)
    ;;
  *)
    echo "usage: bash third_party/install.sh [build|tests|peers]; found '$what'" >&2
    exit 2
    ;;
esac

missing=()
for package in "${packages[@]}"; do
  state=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
  [[ $state == "install ok installed" ]] || missing+=("$package")
done
if ((${#missing[@]} > 0)); then
  as_root=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null || {
      echo "third_party/install.sh: these packages are missing and neither root nor" \
        "sudo is at hand: ${missing[*]}" >&2
      exit 1
    }
    as_root=(sudo)
  fi
  echo "Installing ${#missing[@]} Debian packages: ${missing[*]}"
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# The chart library of reports, as npm packs it, and nothing else of it. The hash is the one
# that the registry gives for this version.
chart_version=4.5.1
chart_sha512=GIjfiT9dbmHRiYi6Nl2yFCq7kkwdkp1W/lp2J99rX0yo9tgJGn3lKQATztIjb5tVtevcBtIdICNWqlq5+E8/Pw==
chart=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/chart_js/chart.umd.min.js
if ! head -c 200 "$chart" 2>/dev/null | grep -qF "Chart.js v$chart_version"; then
  echo "Installing Chart.js $chart_version from npm"
  scratch=$(mktemp -d)
  (cd "$scratch" && npm pack --silent "chart.js@$chart_version" >/dev/null)
  tarball=$scratch/chart.js-$chart_version.tgz
  found=$(openssl dgst -sha512 -binary "$tarball" | openssl base64 -A)
  if [[ $found != "$chart_sha512" ]]; then
    echo "third_party/install.sh: chart.js $chart_version has another hash:" \
      "expected $chart_sha512, found $found" >&2
    exit 1
  fi
  tar -xzf "$tarball" -C "$scratch" package/dist/chart.umd.min.js
  mv "$scratch/package/dist/chart.umd.min.js" "$chart"
  rm -r "$scratch"
fi

if [[ $what == tests ]]; then
  # buildifier is no Debian package; npm's carries the binary.
  version=8.2.1
  folder=${XDG_CACHE_HOME:-$HOME/.cache}/hone/buildifier-$version
  if [[ ! -e $folder/node_modules/.bin/buildifier ]]; then
    echo "Installing buildifier $version from npm"
    mkdir -p "$folder"
    npm install --silent --no-audit --no-fund --prefix "$folder" \
      "@bazel/buildifier@$version" >/dev/null
  fi
fi
