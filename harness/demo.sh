#!/usr/bin/env bash
# The main job on real data, on a fresh Debian 12 machine too: installs what is needed,
# builds `hone`, and sweeps quantizations of the bundled Fashion-MNIST classifier.
#
# usage: bash harness/demo.sh      (writes demo-out/; run again to go on where it was stopped)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bash third_party/install.sh build
bazel build --show_progress_rate_limit=5 //harness:hone
hone=$(bazel info --noshow_progress bazel-bin 2>/dev/null)/harness/hone

data=/usr/share/datasets/fashion-mnist
train=idx:$data/train-images-idx3-ubyte.gz,$data/train-labels-idx1-ubyte.gz
test=idx:$data/t10k-images-idx3-ubyte.gz,$data/t10k-labels-idx1-ubyte.gz

# Three roles, never mixed: 300 training images calibrate, 5,000 that the model was not
# trained on choose, and the 10,000 test images give the figures.
exec "$hone" sweep datasets/models/fashion_mobilenet.onnx \
  --data "$train@0:55000" --subset-size 300 \
  --eval "$train@55000:60000" \
  --test "$test" \
  --scale 255 --metric top1 \
  -o demo-out "$@"
