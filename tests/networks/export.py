#!/usr/bin/env python3
"""Writes networks as ONNX, for checks and figures on models of real size.

usage: /usr/bin/python3 tests/networks/export.py FOLDER [NAME ...]     (default: all)

Needs Debian's python3-torch and python3-torchvision. Weights are random, the same at every
run: random ones are as slow as trained ones. What is there already is left alone.
"""
import pathlib
import sys

import convolutional
import recurrent
import torch
import transformers

NETWORKS = {**convolutional.NETWORKS, **transformers.NETWORKS, **recurrent.NETWORKS}


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    unknown = [name for name in sys.argv[2:] if name not in NETWORKS]
    if unknown:
        sys.exit(f"no network {', '.join(unknown)}; there are: {', '.join(NETWORKS)}")
    for name in sys.argv[2:] or NETWORKS:
        path = folder / f"{name}.onnx"
        if path.exists():
            continue
        torch.manual_seed(0)
        part = path.with_suffix(".part")
        NETWORKS[name](part)
        part.rename(path)
        print(path, flush=True)


if __name__ == "__main__":
    main()
