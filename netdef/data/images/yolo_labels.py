"""Labels and random crops of MobileNet-YOLO's training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

MOST_BOXES = 300
_PARAM = "annotated_data_param"


class YoloLabels:
    """The YOLO settings of ``annotated_data_param``.

    Attributes:
        active: whether labels are YOLO's.
        jitter: how much of the sides a cut may leave out; 0 for no cuts.
    """

    def __init__(self, spec: LayerDefinition):
        param = spec.message.annotated_data_param
        if param.yolo_data_type > 1:
            raise spec.refuse(f"has `yolo_data_type` {param.yolo_data_type}; it is 0 or 1", _PARAM, "yolo_data_type")
        if param.difficult_label_warmup:
            raise spec.refuse("has `difficult_label_warmup`, which a data layer cannot do: it does not know the iteration",
                              _PARAM, "difficult_label_warmup")
        self.active = param.yolo_data_type == 1
        self.difficult = param.train_diffcult
        asked = param.HasField("yolo_data_jitter") or param.HasField("yolo_data_type")
        self.jitter: float = param.yolo_data_jitter if asked else 0.0
        if not 0 <= self.jitter < 1:
            raise spec.refuse(f"has `yolo_data_jitter` {self.jitter:g}; it must be at least 0 and below 1", _PARAM,
                              "yolo_data_jitter")

    def cut(self, random: np.random.Generator, square: bool) -> np.ndarray:
        """Draw a crop x1, y1, x2, y2: a fifth are the whole image, a fifth leave out at most half of ``jitter``.

        ``square``: of the image's own shape.
        """
        kind = random.random()
        jitter = self.jitter * (0 if kind < 0.2 else 0.5 if kind < 0.4 else 1)
        size = 1 - jitter * random.random(2)
        if square:
            size[1] = size[0]
        corner = random.random(2) * (1 - size)
        return np.concatenate((corner, corner + size))

    def rows(self, rows: np.ndarray) -> np.ndarray:
        """Labels (300, 5): class from 0, centre and size of each box, then zeros; boxes beyond 300 are dropped.

        ``rows`` are those of AnnotatedData's usual label.
        """
        if not self.difficult:
            rows = rows[rows[:, 7] == 0]
        rows = rows[:MOST_BOXES]
        found = np.zeros((MOST_BOXES, 5), np.float32)
        low, high = rows[:, 3:5], rows[:, 5:7]
        found[: len(rows)] = np.concatenate((rows[:, 1:2] - 1, (low + high) / 2, high - low), 1)
        return found
