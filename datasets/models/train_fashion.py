#!/usr/bin/env python3
"""Trains the bundled Fashion-MNIST classifier and writes it as ONNX (opset 17).

usage: /usr/bin/python3 train_fashion.py OUT.onnx [--epochs 18] [--seed 1] [--threads N]

Needs Debian's python3-torch, python3-numpy and dataset-fashion-mnist; half an hour on one
core. The network is made as MobileNetV2 is (Sandler et al. 2018, arXiv:1801.04381), of
inverted residuals with depthwise convolutions, ReLU6 and linear bottlenecks, with the strides
of a 28x28 picture and the squeeze-excite of EfficientNet in its last block, trained on images 0
to 54,999 of the training set. Images 55,000 to 59,999 are left for whoever chooses a
quantization, the 10,000 test images for reported figures. BatchNormalization stays in the
file, because users' files have it too.

It was chosen because it is hard to quantize: once BatchNormalization is folded, as every
runtime and every quantizer's preprocessing does, the channels of a depthwise weight differ so
much in magnitude that one scale for all of them leaves nothing (tests/peers/hardness.py); with one a
channel a few hundredths to tenths of a point are lost. And it is large enough for 8 bits to
make it faster.
"""
import argparse
import gzip
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

FOLDER = "/usr/share/datasets/fashion-mnist/"


def read_idx(name):
    with gzip.open(FOLDER + name) as file:
        data = file.read()
    rank = data[3]
    shape = np.frombuffer(data, ">i4", rank, 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * rank).reshape(shape)


class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed):
        super().__init__()
        self.reduce = nn.Conv2d(channels, squeezed, 1)
        self.expand = nn.Conv2d(squeezed, channels, 1)

    def forward(self, x):
        s = x.mean((2, 3), keepdim=True)
        return x * torch.sigmoid(self.expand(F.silu(self.reduce(s))))


def conv_norm(cin, cout, kernel, stride=1, groups=1, act=True):
    layers = [
        nn.Conv2d(cin, cout, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(cout),
    ]
    return layers + ([nn.ReLU6()] if act else [])


class InvertedResidual(nn.Module):
    def __init__(self, cin, cout, expand, kernel, stride, squeeze):
        super().__init__()
        hidden = cin * expand
        layers = conv_norm(cin, hidden, 1) if expand > 1 else []
        layers += conv_norm(hidden, hidden, kernel, stride, hidden)
        if squeeze:
            layers.append(SqueezeExcite(hidden, cin // 4))
        layers += conv_norm(hidden, cout, 1, act=False)
        self.body = nn.Sequential(*layers)
        self.residual = cin == cout and stride == 1

    def forward(self, x):
        return x + self.body(x) if self.residual else self.body(x)


class Net(nn.Module):
    # Expansion, channels, repeats, stride, whether its last block has squeeze-excite. Of the
    # five halvings of a 224x224 picture a 28x28 one has room for two.
    STEM = 32
    STAGES = [
        (1, 16, 1, 1, False),
        (6, 24, 2, 2, False),
        (6, 48, 3, 2, False),
        (6, 64, 2, 1, True),
    ]
    LAST = 384

    def __init__(self):
        super().__init__()
        channels = self.STEM
        layers = conv_norm(1, channels, 3)
        for expand, out, repeats, stride, squeeze in self.STAGES:
            for i in range(repeats):
                layers.append(
                    InvertedResidual(
                        channels, out, expand, 3, stride if i == 0 else 1,
                        squeeze and i == repeats - 1,
                    )
                )
                channels = out
        layers += conv_norm(channels, self.LAST, 1)
        self.features = nn.Sequential(*layers)
        self.head = nn.Linear(self.LAST, 10)

    def forward(self, x):
        return self.head(self.features(x).mean((2, 3)))


def augment(x, generator):
    """Random flip and a shift by up to two pixels, per image."""
    n = len(x)
    flip = torch.rand(n, generator=generator) < 0.5
    x = torch.where(flip[:, None, None, None], x.flip(3), x)
    dx, dy = torch.randint(0, 5, (2, n), generator=generator)
    padded = F.pad(x, (2, 2, 2, 2))
    rows = (dy[:, None] + torch.arange(28))[:, None, :, None]
    cols = (dx[:, None] + torch.arange(28))[:, None, None, :]
    return padded[torch.arange(n)[:, None, None, None], 0, rows, cols]


@torch.no_grad()
def accuracy(net, x, y):
    net.eval()
    hits = sum(
        (net(x[i : i + 500]).argmax(1) == y[i : i + 500]).sum().item()
        for i in range(0, len(x), 500)
    )
    return hits / len(x)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--epochs", type=int, default=18)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    generator = torch.Generator().manual_seed(args.seed)

    def images(name):
        # The bundled model's preprocessing: x / 255, NCHW, nothing else.
        return torch.from_numpy(read_idx(name).astype(np.float32) / 255)[:, None]

    def labels(name):
        return torch.from_numpy(read_idx(name).astype(np.int64))

    x, y = images("train-images-idx3-ubyte.gz"), labels("train-labels-idx1-ubyte.gz")
    choose_x, choose_y = x[55000:], y[55000:]
    x, y = x[:55000], y[:55000]
    net = Net().to(memory_format=torch.channels_last)
    print(sum(p.numel() for p in net.parameters()), "parameters", flush=True)

    batch = 128
    steps = len(x) // batch

    # Moments of dead channels would slow everything down.
    torch.set_flush_denormal(True)
    # RMSProp with momentum 0.9, as the paper trains, over one cycle of the rate up and down to
    # nothing (Smith 2018, arXiv:1708.07120), with label smoothing.
    rate = 0.01
    optimizer = torch.optim.RMSprop(
        net.parameters(), rate, alpha=0.9, eps=1e-3, momentum=0.9, weight_decay=1e-5
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, rate, epochs=args.epochs, steps_per_epoch=steps, pct_start=0.15,
        cycle_momentum=False,
    )
    for epoch in range(args.epochs):
        net.train()
        start, total = time.time(), 0.0
        order = torch.randperm(len(x), generator=generator)
        for k in range(steps):
            index = order[k * batch : (k + 1) * batch]
            picture = augment(x[index], generator)
            logits = net(picture.contiguous(memory_format=torch.channels_last))
            loss = F.cross_entropy(logits, y[index], label_smoothing=0.1)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
            if k % 100 == 0:
                print(f"  {k}/{steps} {time.time() - start:.0f} s", flush=True)
        print(
            f"epoch {epoch + 1}: loss {total / steps:.4f}, accuracy on 55000:60000 "
            f"{accuracy(net, choose_x, choose_y):.4f}, {time.time() - start:.0f} s",
            flush=True,
        )

    test = accuracy(
        net, images("t10k-images-idx3-ubyte.gz"), labels("t10k-labels-idx1-ubyte.gz")
    )
    print(f"test accuracy {test:.4f}")
    net.eval()
    torch.onnx.export(
        net.to(memory_format=torch.contiguous_format),
        torch.zeros(1, 1, 28, 28),
        args.out,
        opset_version=17,
        # The exporter folds BatchNormalization in EVAL mode; PRESERVE leaves it standing
        # with its running statistics, since every module is in evaluation mode.
        training=torch.onnx.TrainingMode.PRESERVE,
        do_constant_folding=False,
        input_names=["image"],
        output_names=["logits"],
        dynamic_axes={"image": {0: "batch"}, "logits": {0: "batch"}},
    )


main()
