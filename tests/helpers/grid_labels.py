"""Label maps for YoloV2Loss and YoloV3Loss, and the overlap of two boxes."""

from __future__ import annotations

import math

import torch
from torch import Tensor

Box = tuple[float, float, float, float]


def label_map(side: int, *images: dict[Box, int]) -> Tensor:
    """(N, 7 side^2): difficult, whether there is a box, class, and the box, for the place of each box's centre."""
    labels = torch.zeros(len(images), 7 * side * side).double()
    for row, boxes in zip(labels, images):
        row[2 * side * side : 3 * side * side] = -1
        for box, label in boxes.items():
            place = int(box[1] * side) * side + int(box[0] * side)
            row[side * side + place], row[2 * side * side + place] = 1, label
            row[3 * side * side + 4 * place :][:4] = torch.tensor(box, dtype=torch.float64)
    return labels


def iou(a: Box, b: Box) -> float:
    sides = [min(a[i] + a[i + 2] / 2, b[i] + b[i + 2] / 2) - max(a[i] - a[i + 2] / 2, b[i] - b[i + 2] / 2) for i in (0, 1)]
    both = max(sides[0], 0) * max(sides[1], 0)
    return both / (a[2] * a[3] + b[2] * b[3] - both)


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def slope(x: float) -> float:
    return sigmoid(x) * (1 - sigmoid(x))
