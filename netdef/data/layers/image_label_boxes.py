"""`ImageLabelDataIndexDet`: images with label images and the boxes of a detector. Of torrvision's caffe-tvg."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np

from netdef.data.images.pair_changes import PARAM
from netdef.data.layers.image_label_index import ImageLabelDataIndex
from netdef.data.text_lines import locate, read_lines
from netdef.errors import FileError, NetdefError
from netdef.layers.core.arity import between
from netdef.layers.core.checks import check_positive
from netdef.layers.core.registry import register
from netdef.schema.messages import InvalidDetections

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition


@register("ImageLabelDataIndexDet")
class ImageLabelDataIndexDet(ImageLabelDataIndex):
    """`ImageLabelDataIndex` with a fourth top (1, boxes, 1, 6) of class, x1, y1, x2, y2 and score, for batches of one.

    ``box_dir`` has a file for each image: class, score and "x1 y1 x2 y2" of each box in three lines, then 0. Boxes change
    with the image. A box is invalid in TRAIN if the cropped labels, which count instances as the file does from 1 on, lack
    its number; in TEST if the crop holds no row or column of it, or begins at its last. ``invalid_detection_mode`` REMOVE
    leaves it out, and in TRAIN counts the others anew; ZERO_OUT gives it a score of 0. An image that keeps no box, or more
    than ``max_num_dets_allowed``, is passed over: the next of the list takes its place.
    """

    n_tops = between(3, 4)

    def __init__(self, spec: LayerDefinition):
        param = spec.message.image_label_data_param
        if param.batch_size != 1:
            raise spec.refuse(f"takes batches of one image, not of {param.batch_size}: each has boxes of its own number",
                              PARAM, "batch_size")
        self.folder, self.ending, self.by_number = param.box_dir, param.box_extension, param.filename_in_idx
        self.most_boxes = param.max_num_dets_allowed
        check_positive(spec, param.init_num_dets, PARAM, "init_num_dets")
        self.removes = spec.message.transform_param.invalid_detection_mode == InvalidDetections.REMOVE
        self.training = spec.phase == "TRAIN"
        super().__init__(spec)
        if len(spec.tops) == 4:
            self.shapes[spec.tops[3]] = 1, param.init_num_dets, 1, 6

    def arrays(self, entry: tuple[str, ...], random: np.random.Generator) -> tuple[np.ndarray, ...]:
        first = self.entries.index(entry)
        for candidate in (*self.entries[first:], *self.entries[:first]):
            image, label = self.read_pair(candidate)
            data, label, boxes = self.changed(image, label, self.boxes(candidate), random)
            label, boxes = self.valid(label, boxes, *data.shape[1:])
            if len(boxes) and not 0 < self.most_boxes < len(boxes):
                return data, self.sliced(label), np.full((1, 1, 1), self.index(candidate)), boxes[:, None]
        raise NetdefError("has no boxes that are left, nor has any other of the list")

    def boxes(self, entry: tuple[str, ...]) -> np.ndarray:
        """The boxes of an image (boxes, 6)."""
        name = self.index(entry) if self.by_number else os.path.splitext(os.path.basename(entry[0]))[0]
        path = locate(f"{self.folder}/{name}{self.ending}", self.folders, self.source)
        lines = [line.text for line in read_lines(path)]
        boxes = []
        for start in range(0, len(lines), 3):
            try:
                if int(lines[start]) == 0:
                    break
                boxes.append([int(lines[start]), *map(int, lines[start + 2].split()), float(lines[start + 1])])
                if len(boxes[-1]) != 6:
                    raise ValueError
            except (ValueError, IndexError):
                raise FileError(f"{path}: the three lines from {start + 1} on are no class, score and four numbers of a "
                                "box") from None
        return np.array(boxes, float).reshape(-1, 6)

    def valid(self, label: np.ndarray, boxes: np.ndarray, height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
        """The labels, and the boxes within the crop without the invalid ones."""
        boxes = boxes.copy()
        boxes[:, 1:5] = np.trunc(boxes[:, 1:5]).clip(0, [width - 1, height - 1] * 2)
        start, end = boxes[:, 1:3], boxes[:, 3:5]
        numbers = np.arange(1, len(boxes) + 1)
        good = np.isin(numbers, label) if self.training else ((start < [width - 1, height - 1]) & (start != end)).all(1)
        if not self.removes:
            boxes[~good, 5] = 0
            return label, boxes
        if self.training:
            table = np.arange(256, dtype=np.uint8)
            table[numbers[good]] = np.arange(1, good.sum() + 1)
            label = table[label]
        return label, boxes[good]
