"""The nets of `bench_step.py` as a PyTorch user writes them by hand, for comparison.

Parameters are declared in the order of the prototxts, so that ours can be copied into them and the losses compared.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Classifier(nn.Module):
    """A net whose loss is the cross entropy of its logits, whose classes are on axis ``axis``."""

    axis = 1

    def logits(self, x: Tensor) -> Tensor:
        raise NotImplementedError

    def probabilities(self, x: Tensor) -> Tensor:
        return torch.softmax(self.logits(x), self.axis)

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        return F.cross_entropy(self.logits(x), labels)


class LeNet(Classifier):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 20, 5)
        self.conv2 = nn.Conv2d(20, 50, 5)
        self.fc1 = nn.Linear(800, 500)
        self.fc2 = nn.Linear(500, 10)

    def logits(self, x: Tensor) -> Tensor:
        x = F.max_pool2d(self.conv1(x), 2)
        x = F.max_pool2d(self.conv2(x), 2)
        return self.fc2(F.relu(self.fc1(x.flatten(1)), inplace=True))


class Cifar10Quick(Classifier):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 32, 5, padding=2),
            nn.MaxPool2d(3, 2, ceil_mode=True),
            nn.ReLU(inplace=True),
            nn.Conv2d(32, 32, 5, padding=2),
            nn.ReLU(inplace=True),
            nn.AvgPool2d(3, 2, ceil_mode=True),
            nn.Conv2d(32, 64, 5, padding=2),
            nn.ReLU(inplace=True),
            nn.AvgPool2d(3, 2, ceil_mode=True),
        )
        self.classifier = nn.Sequential(nn.Linear(1024, 64), nn.Linear(64, 10))

    def logits(self, x: Tensor) -> Tensor:
        return self.classifier(self.features(x).flatten(1))


class AlexNet(Classifier):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 96, 11, stride=4),
            nn.ReLU(inplace=True),
            nn.LocalResponseNorm(5),
            nn.MaxPool2d(3, 2),
            nn.Conv2d(96, 256, 5, padding=2, groups=2),
            nn.ReLU(inplace=True),
            nn.LocalResponseNorm(5),
            nn.MaxPool2d(3, 2),
            nn.Conv2d(256, 384, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(384, 384, 3, padding=1, groups=2),
            nn.ReLU(inplace=True),
            nn.Conv2d(384, 256, 3, padding=1, groups=2),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(3, 2),
        )
        self.classifier = nn.Sequential(
            nn.Linear(9216, 4096),
            nn.ReLU(inplace=True),
            nn.Dropout(0.5),
            nn.Linear(4096, 4096),
            nn.ReLU(inplace=True),
            nn.Dropout(0.5),
            nn.Linear(4096, 1000),
        )

    def logits(self, x: Tensor) -> Tensor:
        return self.classifier(self.features(x).flatten(1))


def conv_relu(channels: int, outputs: int, kernel: int, **options: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(channels, outputs, kernel, **options), nn.ReLU(inplace=True))


class Inception(nn.Module):
    def __init__(self, channels: int, n1: int, reduce3: int, n3: int, reduce5: int, n5: int, pool: int):
        super().__init__()
        self.branch1 = conv_relu(channels, n1, 1)
        self.branch3 = nn.Sequential(conv_relu(channels, reduce3, 1), conv_relu(reduce3, n3, 3, padding=1))
        self.branch5 = nn.Sequential(conv_relu(channels, reduce5, 1), conv_relu(reduce5, n5, 5, padding=2))
        self.branch_pool = nn.Sequential(nn.MaxPool2d(3, 1, padding=1), conv_relu(channels, pool, 1))

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([self.branch1(x), self.branch3(x), self.branch5(x), self.branch_pool(x)], 1)


class Auxiliary(nn.Module):
    def __init__(self, channels: int):
        super().__init__()
        self.pool = nn.AvgPool2d(5, 3)
        self.conv = conv_relu(channels, 128, 1)
        self.classifier = nn.Sequential(
            nn.Linear(2048, 1024), nn.ReLU(inplace=True), nn.Dropout(0.7), nn.Linear(1024, 1000)
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.conv(self.pool(x)).flatten(1))


class GoogLeNet(Classifier):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(
            conv_relu(3, 64, 7, padding=3, stride=2),
            nn.MaxPool2d(3, 2, ceil_mode=True),
            nn.LocalResponseNorm(5),
            conv_relu(64, 64, 1),
            conv_relu(64, 192, 3, padding=1),
            nn.LocalResponseNorm(5),
            nn.MaxPool2d(3, 2, ceil_mode=True),
        )
        self.to_4a = nn.Sequential(
            Inception(192, 64, 96, 128, 16, 32, 32),
            Inception(256, 128, 128, 192, 32, 96, 64),
            nn.MaxPool2d(3, 2, ceil_mode=True),
            Inception(480, 192, 96, 208, 16, 48, 64),
        )
        self.auxiliary1 = Auxiliary(512)
        self.to_4d = nn.Sequential(
            Inception(512, 160, 112, 224, 24, 64, 64),
            Inception(512, 128, 128, 256, 24, 64, 64),
            Inception(512, 112, 144, 288, 32, 64, 64),
        )
        self.auxiliary2 = Auxiliary(528)
        self.to_5b = nn.Sequential(
            Inception(528, 256, 160, 320, 32, 128, 128),
            nn.MaxPool2d(3, 2, ceil_mode=True),
            Inception(832, 256, 160, 320, 32, 128, 128),
            Inception(832, 384, 192, 384, 48, 128, 128),
            nn.AvgPool2d(7, 1),
        )
        self.classifier = nn.Sequential(nn.Dropout(0.4), nn.Linear(1024, 1000))

    def logits(self, x: Tensor) -> Tensor:
        return self.classifier(self.to_5b(self.to_4d(self.to_4a(self.stem(x)))).flatten(1))

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        x = self.to_4a(self.stem(x))
        first = F.cross_entropy(self.auxiliary1(x), labels)
        x = self.to_4d(x)
        second = F.cross_entropy(self.auxiliary2(x), labels)
        third = F.cross_entropy(self.classifier(self.to_5b(x).flatten(1)), labels)
        return third + 0.3 * (first + second)
