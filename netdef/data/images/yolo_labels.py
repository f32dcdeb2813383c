"""Labels and random cuts as MobileNet-YOLO's training has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

MOST_BOXES = 300
_PARAM = "annotated_data_param"


class YoloLabels:
    """What ``annotated_data_param`` says of them.

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
        """A part of an image, x1, y1, x2, y2: a fifth of all are whole, a fifth may miss half as much as the rest.

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
        """(300, 5): class from 0, centre and sizes of the boxes, zeros behind the last; more than 300 are left out.

        ``rows`` are those of AnnotatedData's usual label.
        """
        if not self.difficult:
            rows = rows[rows[:, 7] == 0]
        rows = rows[:MOST_BOXES]
        found = np.zeros((MOST_BOXES, 5), np.float32)
        low, high = rows[:, 3:5], rows[:, 5:7]
        found[: len(rows)] = np.concatenate((rows[:, 1:2] - 1, (low + high) / 2, high - low), 1)
        return found
