"""Average precision of detections, from the rows that DetectionEvaluate makes of each batch (Everingham et al. 2010)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from torch import Tensor

VERSIONS = ("Integral", "MaxIntegral", "11point")
"""``ap_version`` of SSD's fork. ``Integral``: the area under precision over recall. ``MaxIntegral``: the same, with the
largest precision at this or a higher recall, as VOC does since 2010. ``11point``: the mean of these largest precisions at the
recalls 0, 0.1, ..., 1, as VOC 2007 did."""


def mean_average_precision(batches: Iterable[Tensor], version: str) -> float:
    """Mean average precision over all classes; a class without boxes or detections counts as 0."""
    boxes: dict[int, int] = defaultdict(int)
    found: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for rows in batches:
        for image, label, value, true, false in rows.reshape(-1, 5).tolist():
            if image == -1:
                boxes[int(label)] += int(value)
            elif true or false:  # neither: a difficult box, which does not count
                found[int(label)].append((value, true))
    return sum(average_precision(found[label], count, version) for label, count in boxes.items()) / max(len(boxes), 1)


def average_precision(found: Sequence[tuple[float, float]], boxes: int, version: str) -> float:
    """Average precision of one class, from (score, 1 if true) of each detection and the number of boxes."""
    if not found or not boxes:
        return 0.0
    hits = np.array([true for _, true in sorted(found, key=lambda one: -one[0])])
    true = hits.cumsum()
    precision, recall = true / np.arange(1, len(hits) + 1), true / boxes
    best = np.maximum.accumulate(precision[::-1])[::-1]
    if version == "11point":
        return float(np.mean([best[recall >= point][:1].sum() for point in np.arange(11) / 10]))
    steps = np.diff(recall, prepend=0.0)
    return float((steps * (best if version == "MaxIntegral" else precision)).sum())
