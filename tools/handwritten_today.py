"""The nets of `nets_of_today.py` as a PyTorch user writes them by hand.

Parameters are declared in the order of the prototxts, so that ours can be copied into them and the losses compared.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from handwritten import Classifier, conv_relu
from nets_of_today import BOXES, EXTRA, INVERTED, SSD_CLASSES, VGG_STAGES
from torch import Tensor, nn


def conv_norm(
    channels: int, outputs: int, kernel: int, stride: int = 1, padding: int = 0, groups: int = 1, relu: bool = True
) -> nn.Sequential:
    layers: list[nn.Module] = [
        nn.Conv2d(channels, outputs, kernel, stride, padding, groups=groups, bias=False), nn.BatchNorm2d(outputs)]
    return nn.Sequential(*layers, *([nn.ReLU(inplace=True)] if relu else []))


class Bottleneck(nn.Module):
    def __init__(self, channels: int, width: int, stride: int, projects: bool):
        super().__init__()
        outputs = 4 * width
        self.short = conv_norm(channels, outputs, 1, stride, relu=False) if projects else nn.Identity()
        self.body = nn.Sequential(
            conv_norm(channels, width, 1, stride), conv_norm(width, width, 3, padding=1),
            conv_norm(width, outputs, 1, relu=False))

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.body(x) + self.short(x), inplace=True)


class ResNet50(Classifier):
    def __init__(self):
        super().__init__()
        blocks: list[nn.Module] = [conv_norm(3, 64, 7, 2, 3), nn.MaxPool2d(3, 2, ceil_mode=True)]
        channels = 64
        for stage, (count, width) in enumerate(((3, 64), (4, 128), (6, 256), (3, 512))):
            for block in range(count):
                blocks.append(Bottleneck(channels, width, 2 if stage and not block else 1, not block))
                channels = 4 * width
        self.features = nn.Sequential(*blocks, nn.AdaptiveAvgPool2d(1))
        self.fc = nn.Linear(2048, 1000)

    def logits(self, x: Tensor) -> Tensor:
        return self.fc(self.features(x).flatten(1))


class InvertedResidual(nn.Module):
    def __init__(self, channels: int, outputs: int, expansion: int, stride: int):
        super().__init__()
        wide = expansion * channels
        self.adds = stride == 1 and channels == outputs
        self.body = nn.Sequential(
            conv_norm(channels, wide, 1), conv_norm(wide, wide, 3, stride, 1, groups=wide),
            conv_norm(wide, outputs, 1, relu=False))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.body(x) if self.adds else self.body(x)


class MobileNetV2(Classifier):
    def __init__(self):
        super().__init__()
        blocks: list[nn.Module] = [conv_norm(3, 32, 3, 2, 1)]
        channels = 32
        for expansion, outputs, count, first in INVERTED:
            for block in range(count):
                blocks.append(InvertedResidual(channels, outputs, expansion, 1 if block else first))
                channels = outputs
        self.features = nn.Sequential(*blocks, conv_norm(channels, 1280, 1), nn.AdaptiveAvgPool2d(1))
        self.fc = nn.Linear(1280, 1000)

    def logits(self, x: Tensor) -> Tensor:
        return self.fc(self.features(x).flatten(1))


def vgg_layers() -> list[nn.Module]:
    """The convolutions of VGG-16, each stage with the pooling behind it."""
    layers: list[nn.Module] = []
    channels = 3
    for count, outputs in VGG_STAGES:
        for _ in range(count):
            layers.append(conv_relu(channels, outputs, 3, padding=1))
            channels = outputs
        layers.append(nn.MaxPool2d(2, 2, ceil_mode=True))
    return layers


class VGG16(Classifier):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(*vgg_layers())
        self.classifier = nn.Sequential(
            nn.Linear(25088, 4096), nn.ReLU(inplace=True), nn.Dropout(0.5),
            nn.Linear(4096, 4096), nn.ReLU(inplace=True), nn.Dropout(0.5), nn.Linear(4096, 1000))

    def logits(self, x: Tensor) -> Tensor:
        return self.classifier(self.features(x).flatten(1))


class ScaledNormalize(nn.Module):
    """Divide the channels at each place by their length, and scale each."""

    def __init__(self, channels: int):
        super().__init__()
        self.scale = nn.Parameter(torch.full((channels,), 20.0))

    def forward(self, x: Tensor) -> Tensor:
        return F.normalize(x, eps=1e-10) * self.scale[:, None, None]


class SSD300(Classifier):
    """Scores and offsets of 8,732 boxes. The loss adds what offsets are from 0, half of their square up to 1, a box."""

    axis = 2

    def __init__(self):
        super().__init__()
        layers = vgg_layers()
        layers[-1] = nn.MaxPool2d(3, 1, 1)
        self.low = nn.Sequential(*layers[:13])  # up to conv4_3
        self.high = nn.Sequential(
            *layers[13:], conv_relu(512, 1024, 3, padding=6, dilation=6), conv_relu(1024, 1024, 1))
        sizes = [512, 1024]
        self.extra = nn.ModuleList()
        for _, small, outputs, stride, padding in EXTRA:
            self.extra.append(nn.Sequential(
                conv_relu(sizes[-1], small, 1), conv_relu(small, outputs, 3, stride=stride, padding=padding)))
            sizes.append(outputs)
        self.norm = ScaledNormalize(512)
        self.heads = nn.ModuleList(
            nn.Conv2d(size, numbers * boxes, 3, padding=1) for size, boxes in zip(sizes, BOXES) for numbers in (4, SSD_CLASSES))

    def found(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Offsets (N, 4 x 8732) and scores (N, 8732, 21)."""
        x = self.low(x)
        sources = [self.norm(x), self.high(x)]
        for block in self.extra:
            sources.append(block(sources[-1]))
        read = [head(sources[i // 2]).permute(0, 2, 3, 1).flatten(1) for i, head in enumerate(self.heads)]
        return torch.cat(read[::2], 1), torch.cat(read[1::2], 1).unflatten(1, (-1, SSD_CLASSES))

    def logits(self, x: Tensor) -> Tensor:
        return self.found(x)[1]

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        offsets, scores = self.found(x)
        boxes = F.smooth_l1_loss(offsets, torch.zeros_like(offsets), reduction="sum") / scores.shape[:2].numel()
        return F.cross_entropy(scores.transpose(1, 2), labels) + boxes


class DenseLayer(nn.Module):
    def __init__(self, channels: int):
        super().__init__()
        self.body = nn.Sequential(
            nn.BatchNorm2d(channels), nn.ReLU(inplace=True), conv_norm(channels, 128, 1),
            nn.Conv2d(128, 32, 3, padding=1, bias=False))

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([x, self.body(x)], 1)


class DenseNet121(Classifier):
    def __init__(self):
        super().__init__()
        blocks: list[nn.Module] = [conv_norm(3, 64, 7, 2, 3), nn.MaxPool2d(3, 2, ceil_mode=True)]
        channels = 64
        for stage, count in enumerate((6, 12, 24, 16)):
            for _ in range(count):
                blocks.append(DenseLayer(channels))
                channels += 32
            blocks += [nn.BatchNorm2d(channels), nn.ReLU(inplace=True)]
            if stage < 3:
                blocks += [nn.Conv2d(channels, channels // 2, 1, bias=False), nn.AvgPool2d(2, 2)]
                channels //= 2
        self.features = nn.Sequential(*blocks, nn.AdaptiveAvgPool2d(1))
        self.fc = nn.Linear(channels, 1000)

    def logits(self, x: Tensor) -> Tensor:
        return self.fc(self.features(x).flatten(1))


class Fire(nn.Module):
    def __init__(self, channels: int, squeezed: int):
        super().__init__()
        self.squeeze = conv_relu(channels, squeezed, 1)
        self.expand1 = conv_relu(squeezed, 4 * squeezed, 1)
        self.expand3 = conv_relu(squeezed, 4 * squeezed, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.squeeze(x)
        return torch.cat([self.expand1(x), self.expand3(x)], 1)


class SqueezeNet(Classifier):
    def __init__(self):
        super().__init__()

        def pool() -> nn.Module:
            return nn.MaxPool2d(3, 2, ceil_mode=True)

        self.features = nn.Sequential(
            conv_relu(3, 64, 3, stride=2), pool(), Fire(64, 16), Fire(128, 16), pool(), Fire(128, 32), Fire(256, 32), pool(),
            Fire(256, 48), Fire(384, 48), Fire(384, 64), Fire(512, 64), conv_relu(512, 1000, 1), nn.AdaptiveAvgPool2d(1))

    def logits(self, x: Tensor) -> Tensor:
        return self.features(x).flatten(1)
