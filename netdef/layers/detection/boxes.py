"""Boxes of SSD (Liu et al. 2016): (..., 4) tensors x1, y1, x2, y2 in parts of the image's sides."""

from __future__ import annotations

import torch
from torch import Tensor


def overlaps(a: Tensor, b: Tensor) -> Tensor:
    """Intersection over union of (n, 4) and (m, 4) boxes, (n, m); 0 for an inverted box."""
    sides = (torch.minimum(a[:, None, 2:], b[:, 2:]) - torch.maximum(a[:, None, :2], b[:, :2])).clamp(min=0)
    both = sides.prod(2)
    whole = area(a)[:, None] + area(b) - both
    return both / torch.where(both > 0, whole, 1)


def area(boxes: Tensor) -> Tensor:
    """The area of boxes (..., 4), x1, y1, x2, y2; 0 for an inverted box."""
    return (boxes[..., 2:] - boxes[..., :2]).clamp(min=0).prod(-1)


def decode(code: str, priors: Tensor, variances: Tensor | None, offsets: Tensor) -> Tensor:
    """Decode ``offsets`` from ``priors`` to boxes, by ``code``, a `CodeType` of PriorBoxParameter."""
    if variances is not None:
        offsets = offsets * variances
    low, high = priors[..., :2], priors[..., 2:]
    size = high - low
    if code == "CENTER_SIZE":
        centre = (low + high) / 2 + offsets[..., :2] * size
        half = offsets[..., 2:].exp() * size / 2
        return torch.cat((centre - half, centre + half), -1)
    return priors + (offsets * torch.cat((size, size), -1) if code == "CORNER_SIZE" else offsets)


def encode(code: str, priors: Tensor, variances: Tensor | None, boxes: Tensor) -> Tensor:
    """Encode ``boxes`` as offsets; the inverse of `decode`."""
    low, high = priors[..., :2], priors[..., 2:]
    size = high - low
    if code == "CENTER_SIZE":
        centre = (boxes[..., :2] + boxes[..., 2:] - low - high) / 2 / size
        offsets = torch.cat((centre, ((boxes[..., 2:] - boxes[..., :2]) / size).log()), -1)
    else:
        offsets = boxes - priors
        if code == "CORNER_SIZE":
            offsets = offsets / torch.cat((size, size), -1)
    return offsets if variances is None else offsets / variances


def suppress(boxes: Tensor, threshold: float, eta: float = 1.0, count: int | None = None) -> list[int]:
    """Non-maximum suppression of (n, 4) boxes in order of falling score: the indices of those kept.

    A box is kept if it overlaps none kept before by more than the threshold, which after each kept box is multiplied by
    ``eta`` while it is above 0.5. At most ``count`` are kept, the first ones.
    """
    kept: list[int] = []
    most = boxes.new_zeros(len(boxes))  # how much each box overlaps one that is kept
    for index in range(len(boxes)):
        if len(kept) == count:
            break
        if float(most[index]) <= threshold:
            kept.append(index)
            most = torch.maximum(most, overlaps(boxes[index : index + 1], boxes)[0])
            if eta < 1 and threshold > 0.5:
                threshold *= eta
    return kept


def detect(
    offsets: Tensor, scores: Tensor, priors: Tensor, *, classes: int, background: int, code: str, with_variance: bool,
    shared: bool, least: float | None, top_k: int | None, keep: int | None, threshold: float, eta: float,
) -> Tensor:
    """SSD's detections (1, 1, n, 7): image, class, score, x1, y1, x2, y2; -1s if there are no detections.

    Of each class but the background the ``top_k`` scores above ``least`` go through `suppress`; of each image the best
    ``keep`` stay, by class and then by score.
    """
    boxes, variances = priors.reshape(2, -1, 1, 4)
    offsets = offsets.reshape(len(offsets), len(boxes), -1, 4)
    boxes = decode(code, boxes, variances if with_variance else None, offsets)
    scores = scores.reshape(len(scores), boxes.shape[1], classes)
    found = []
    # Suppression goes box by box, so it runs on the CPU whatever the device of the net.
    for image, (places, chances) in enumerate(zip(boxes.cpu(), scores.cpu())):
        rows = []
        for label in range(classes):
            if label == background:
                continue
            (likely,) = torch.where(chances[:, label] > (float("-inf") if least is None else least))
            ranked, order = chances[likely, label].sort(descending=True, stable=True)
            best = places[likely[order[:top_k]], 0 if shared else label]
            rows += [[image, label, float(ranked[i]), *best[i].tolist()] for i in suppress(best, threshold, eta)]
        if keep is not None and len(rows) > keep:
            rows = sorted(rows, key=lambda row: -row[2])[:keep]
            rows.sort(key=lambda row: row[1])
        found += rows
    if not found:
        found = [[float(i)] + [-1.0] * 6 for i in range(len(boxes))]
    return torch.tensor(found, dtype=offsets.dtype, device=offsets.device).reshape(1, 1, -1, 7)
