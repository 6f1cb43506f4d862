#!/usr/bin/env python3
"""Writes torchvision's networks with random weights as ONNX, for speed and memory figures.

usage: /usr/bin/python3 export_models.py FOLDER [NAME ...]

Needs Debian's python3-torch and python3-torchvision. Random weights are as slow as trained
ones; BatchNormalization gets statistics of random data, so that activations keep a sane
range through the depth.
"""
import pathlib
import sys

import torch
import torchvision

NETWORKS = {
    "resnet18": torchvision.models.resnet18,
    "resnet50": torchvision.models.resnet50,
    "mobilenet_v2": torchvision.models.mobilenet_v2,
    "mobilenet_v3_small": torchvision.models.mobilenet_v3_small,
}


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[2:] or NETWORKS:
        path = folder / f"{name}.onnx"
        if path.exists():
            continue
        torch.manual_seed(0)
        net = NETWORKS[name](weights=None)
        for module in net.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.momentum = None  # a plain average over the batches below
        net.train()
        with torch.no_grad():
            for _ in range(2):
                net(torch.rand(4, 3, 224, 224))
        net.eval()
        torch.onnx.export(
            net, torch.zeros(1, 3, 224, 224), path, opset_version=17,
            input_names=["input"], output_names=["output"],
            dynamic_axes={"input": {0: "batch"}, "output": {0: "batch"}})
        print(path)


main()
