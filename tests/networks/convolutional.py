"""torchvision's image networks, and a U-Net of our own."""
import functools

import torch
import torchvision
from torch import nn
from torchvision.models import detection, segmentation


def settle(net, *batches):
    """BatchNormalization gets statistics of data, so that activations keep a sane range through
    the depth."""
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = None  # a plain average over the batches
    net.train()
    with torch.no_grad():
        for batch in batches:
            net(batch)
    return net.eval()


def export(net, path, size, batch=True, outputs=("output",)):
    names = ("input", *outputs)
    torch.onnx.export(net, torch.zeros(1, 3, size, size), path, opset_version=17,
                      input_names=["input"], output_names=list(outputs),
                      dynamic_axes={name: {0: "batch"} for name in names} if batch else None)


def classifier(make, path):
    net = make(weights=None)
    for module in net.modules():
        if isinstance(module, nn.Linear) and not module.weight.any():  # ViT's head
            nn.init.normal_(module.weight, std=0.04)
    settle(net, *(torch.rand(4, 3, 224, 224) for _ in range(2)))
    export(net, path, 224)


class OutOnly(nn.Module):
    """DeepLab gives a dictionary."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        return self.net(x)["out"]


def deeplab(path):
    net = OutOnly(segmentation.deeplabv3_resnet50(weights=None, weights_backbone=None))
    export(settle(net, torch.rand(2, 3, 224, 224)), path, 224)


class Block(nn.Sequential):
    def __init__(self, inputs, outputs):
        super().__init__(
            nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True), nn.Conv2d(outputs, outputs, 3, padding=1, bias=False),
            nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class UNet(nn.Module):
    """Ronneberger, Fischer and Brox 2015 with padded convolutions: four levels, the wide one
    transposed, the others bilinear, so that both ways up are there."""

    def __init__(self, width=32, classes=21):
        super().__init__()
        widths = [width << i for i in range(5)]
        self.down = nn.ModuleList(Block(i, o) for i, o in zip([3, *widths], widths))
        self.up = nn.ModuleList(
            nn.ConvTranspose2d(2 * w, w, 2, 2) if w == widths[3] else
            nn.Sequential(nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False),
                          nn.Conv2d(2 * w, w, 1)) for w in widths[:4])
        self.merge = nn.ModuleList(Block(2 * w, w) for w in widths[:4])
        self.head = nn.Conv2d(width, classes, 1)

    def forward(self, x):
        skips = []
        for i, block in enumerate(self.down):
            x = block(x if i == 0 else nn.functional.max_pool2d(x, 2))
            skips.append(x)
        for i in reversed(range(4)):
            x = self.merge[i](torch.cat([skips[i], self.up[i](x)], 1))
        return self.head(x)


def unet(path):
    export(settle(UNet(), torch.rand(2, 3, 256, 256)), path, 256)


class Detector(nn.Module):
    """SSDlite, non-maximum suppression inside; it takes a list of pictures."""

    def __init__(self):
        super().__init__()
        self.net = detection.ssdlite320_mobilenet_v3_large(
            weights=None, weights_backbone=None, score_thresh=0.02, detections_per_img=50)

    def forward(self, x):
        found = self.net([x[0]])[0]
        return found["boxes"], found["scores"], found["labels"]


def detector(path):
    net = Detector()
    settle(net.net.backbone, torch.rand(4, 3, 320, 320))
    # Untrained scores are all alike; these differ from anchor to anchor, and none is so near 1
    # that rounding decides the order.
    for module in net.net.head.classification_head.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.normal_(module.weight, std=0.04)
    settle(net.net.backbone, torch.rand(4, 3, 320, 320))
    net.eval()
    export(net, path, 320, batch=False, outputs=("boxes", "scores", "labels"))


NETWORKS = {
    name: functools.partial(classifier, getattr(torchvision.models, name)) for name in (
        "resnet18", "resnet50", "mobilenet_v2", "mobilenet_v3_small", "mobilenet_v3_large",
        "efficientnet_b0", "densenet121", "vit_b_16", "swin_t")
}
NETWORKS.update(unet=unet, deeplabv3=deeplab, ssdlite=detector)
