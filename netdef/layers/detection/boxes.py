"""Boxes of SSD (Liu et al. 2016): (..., 4) tensors x1, y1, x2, y2 in parts of the image's sides."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
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


def survivors(
    boxes: Tensor, scores: Tensor, threshold: float, least: float, eta: float = 1.0, count: int | None = None
) -> Tensor:
    """Which boxes `suppress` keeps, (B, n), in each row of boxes (B, n, 4) with falling scores (B, n).

    Boxes whose score is not above ``least`` are left out.
    """
    kept = torch.zeros_like(scores, dtype=torch.bool)
    # Suppression goes box by box, so it runs on the CPU whatever the device of the net.
    for row, places, chances in zip(kept, boxes.cpu(), scores.cpu()):
        (likely,) = torch.where(chances > least)
        row[likely[suppress(places[likely], threshold, eta, count)].to(row.device)] = True
    return kept


def detect(
    offsets: Tensor, scores: Tensor, priors: Tensor, *, classes: int, background: int, code: str, with_variance: bool,
    shared: bool, least: float | None, top_k: int | None, keep: int | None, threshold: float, eta: float,
    survivors: Callable[..., Tensor] = survivors, first: Tensor | None = None, with_prior: bool = False,
) -> Tensor:
    """SSD's detections (1, 1, n, 7): image, class, score, x1, y1, x2, y2; -1s if there are no detections.

    Of each class but the background the ``top_k`` scores above ``least`` go through `survivors`; of each image the best
    ``keep`` stay, by class and then by score. ``first``, if given, are offsets (N, priors * 4) that move the priors before.
    ``with_prior`` adds the number of its prior to each detection, (1, 1, n, 8).
    """
    low = -torch.inf if least is None else least
    boxes, variances = priors.reshape(2, -1, 1, 4)
    offsets = offsets.reshape(offsets.shape[0], boxes.shape[0], -1, 4)
    for moves in (offsets,) if first is None else (first.reshape(offsets.shape[0], -1, 1, 4), offsets):
        boxes = decode(code, boxes, variances if with_variance else None, moves)
    boxes = boxes.transpose(1, 2)
    labels = torch.tensor([label for label in range(classes) if label != background], dtype=torch.long, device=scores.device)
    chances = scores.reshape(scores.shape[0], -1, classes).transpose(1, 2)[:, labels]
    boxes = boxes.expand(-1, len(labels), -1, -1) if shared else boxes[:, labels]
    ranked, order = chances.sort(descending=True, stable=True)
    ranked, order = ranked[..., :top_k], order[..., :top_k]
    boxes = boxes.gather(2, order[..., None].expand(-1, -1, -1, 4))
    kept = survivors(boxes.flatten(0, 1), ranked.flatten(0, 1), threshold, low, eta).reshape(ranked.shape)
    if keep is not None:
        best = torch.where(kept, ranked, -torch.inf).flatten(1).argsort(descending=True, stable=True)[:, :keep]
        kept = kept & torch.zeros_like(kept).flatten(1).scatter(1, best, True).reshape(kept.shape)
    image, label, rank = torch.where(kept)
    rows = torch.stack((image, labels[label]), 1).to(scores.dtype)
    rows = torch.cat((rows, ranked[image, label, rank, None], boxes[image, label, rank]), 1)
    if with_prior:
        rows = torch.cat((rows, order[image, label, rank, None].to(rows.dtype)), 1)
    return listed(rows, kept)


def listed(rows: Tensor, kept: Tensor) -> Tensor:
    """Detections (1, 1, n, c) of rows (n, c); if none of ``kept`` (N, ...) is true, N rows of an image's number and -1s."""
    (empty,) = torch.where(~kept.any().expand(kept.shape[0]))
    absent = F.pad(empty[:, None].to(rows.dtype), (0, rows.shape[1] - 1), value=-1.0)
    return torch.cat((rows, absent))[None, None]
