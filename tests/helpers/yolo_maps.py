"""Maps and true boxes of YOLO's losses."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from one_layer import draw

SIDE, CLASSES = 4, 3
TRUE = [[(1, 0.4, 0.6, 0.3, 0.2)], [(0, 0.7, 0.1, 0.5, 0.9), (2, 0.2, 0.3, 0.3, 0.5), (1, 0.21, 0.31, 0.28, 0.52)]]


def s(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def iou(a, b):
    sides = [min(a[i] + a[i + 2] / 2, b[i] + b[i + 2] / 2) - max(a[i] - a[i + 2] / 2, b[i] - b[i + 2] / 2) for i in (0, 1)]
    both = max(sides[0], 0) * max(sides[1], 0)
    return both / (a[2] * a[3] + b[2] * b[3] - both)


def rows_of_five(count: int = 5) -> torch.Tensor:
    labels = torch.zeros(2, 1, count, 5).double()
    for n, boxes in enumerate(TRUE):
        for i, box in enumerate(boxes):
            labels[n, 0, i] = torch.tensor(box)
    return labels


def box_of(p, column, row, width, height, size):
    return ((column + s(p[0])) / width, (row + s(p[1])) / height, math.exp(p[2]) * size[0], math.exp(p[3]) * size[1])


def maps(classes: int = CLASSES, width: int = SIDE) -> tuple[torch.Tensor, np.ndarray]:
    x = draw(2, 2 * (5 + classes), SIDE, width).requires_grad_()
    return x, x.detach().unflatten(1, (2, -1)).permute(0, 1, 3, 4, 2).numpy()


def check(net, x, labels, d, loss):
    found = net(x=x, gt=labels)["y0"]
    assert found.item() == pytest.approx(loss)
    (found * 3).backward()
    torch.testing.assert_close(x.grad.unflatten(1, (2, -1)).permute(0, 1, 3, 4, 2), torch.tensor(3 * d / 2), rtol=1e-5, atol=1e-5)
