"""The probability of a sequence of labels as the sum over all paths that read as it."""

from __future__ import annotations

import itertools
import math

import torch


def collapse(path: tuple[int, ...], blank: int) -> list[int]:
    """What a path reads as: without repeats and blanks."""
    return [label for i, label in enumerate(path) if label != blank and (i == 0 or path[i - 1] != label)]


def by_hand(scores: torch.Tensor, labels: list[int], blank: int) -> float:
    """Minus the log of the summed probabilities of all paths (T, C) that read as the labels."""
    p = scores.softmax(1).tolist()
    paths = itertools.product(range(scores.shape[1]), repeat=len(p))
    total = sum(math.prod(step[label] for step, label in zip(p, path)) for path in paths if collapse(path, blank) == labels)
    return -math.log(total)
