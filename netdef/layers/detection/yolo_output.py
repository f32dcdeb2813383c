"""YoloDetectionOutput and Yolov3DetectionOutput: the boxes that a YOLO detector has found. From MobileNet-YOLO's fork."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least, between
from netdef.layers.core.base import Layer
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.boxes import suppress
from netdef.layers.detection.yolo_maps import read_anchors
from netdef.schema.messages import YoloDetectionOutputParameter, Yolov3DetectionOutputParameter


class _YoloOutput(Layer):
    """The base of both. Bottoms are maps (N, anchors * (5 + classes), height, width); for each anchor: x, y, width and
    height of a box, whether there is one, and the scores of the classes.

    The box of an anchor in column i and row j has its centre at (sigmoid(x) + i) / columns, (sigmoid(y) + j) / rows,
    and is exp(w), exp(h) times the anchor's size. The top is that of DetectionOutput, classes from 1 on: detections
    (1, 1, n, 7) of each image by falling score, as many as suppression leaves, which looks at no class; where there are
    none at all, a row of -1 for each image. n is known only from the numbers: 1 in the net's table of shapes. No
    gradient. Two images do not suppress each other, and keep their numbers: the fork takes all for image 0.
    """

    depends_on_data = True

    def prepare(
        self, spec: LayerDefinition, shapes: Sequence[Shape],
        param: YoloDetectionOutputParameter | Yolov3DetectionOutputParameter, field: str,
    ) -> None:
        """Read and check the fields that both share, in the message ``field`` of the layer's."""
        self.classes, self.n_anchors = param.num_classes, param.num_box
        self.least, self.threshold = param.confidence_threshold, param.nms_threshold
        if self.classes < 1 or self.n_anchors < 1:
            raise spec.refuse("needs a `num_classes` and a `num_box` of at least 1", field)
        wanted = self.n_anchors * (5 + self.classes)
        for i, shape in enumerate(shapes):
            if len(shape) != 4 or shape[1] != wanted or shape[0] != shapes[0][0]:
                raise spec.refuse(
                    f"wants maps of {shapes[0][0]} images with {wanted} channels, {self.n_anchors} x "
                    f"(5 + {self.classes}); `{spec.bottoms[i]}` has shape {shape}", "bottom", i)

    @abstractmethod
    def anchors(self, index: int, height: int, width: int) -> list[tuple[float, float]]:
        """Width and height of each anchor of a map, in parts of the image's sides."""

    @abstractmethod
    def scores(self, classes: Tensor, object_: Tensor) -> Tensor:
        """The scores (..., classes) of the boxes; those not above the threshold do not count."""

    @torch.no_grad()
    def forward(self, *maps: Tensor) -> Tensor:
        if maps[0].is_meta:
            return maps[0].new_empty(1, 1, 1, 7)
        read = [self._read(i, x) for i, x in enumerate(maps)]
        # Suppression goes box by box, so it runs on the CPU whatever the device of the net.
        boxes, scores = (torch.cat(parts, 1).cpu() for parts in zip(*read))
        rows = [row for number in range(len(boxes)) for row in self._image(number, boxes[number], scores[number])]
        if not rows:
            rows = [[float(number)] + [-1.0] * 6 for number in range(len(boxes))]
        return torch.tensor(rows, dtype=maps[0].dtype, device=maps[0].device).reshape(1, 1, -1, 7)

    def _read(self, index: int, x: Tensor) -> tuple[Tensor, Tensor]:
        """The boxes (N, places * anchors, 4) of a map, and their scores (N, places * anchors, classes)."""
        n, _, height, width = x.shape
        x = x.reshape(n, self.n_anchors, 5 + self.classes, height, width).permute(0, 3, 4, 1, 2)
        columns, rows = (torch.arange(size, device=x.device, dtype=x.dtype) for size in (width, height))
        corner = torch.stack(torch.meshgrid(columns, rows, indexing="xy"), -1)[:, :, None]
        centre = (x[..., :2].sigmoid() + corner) / torch.tensor((width, height), device=x.device, dtype=x.dtype)
        sizes = torch.tensor(self.anchors(index, height, width), device=x.device, dtype=x.dtype)
        half = x[..., 2:4].exp() * sizes / 2
        scores = self.scores(x[..., 5:], x[..., 4:5].sigmoid())
        return torch.cat((centre - half, centre + half), -1).flatten(1, 3), scores.flatten(1, 3)

    def _image(self, number: int, boxes: Tensor, scores: Tensor) -> list[list[float]]:
        places, labels = torch.where(scores > self.least)
        ranked, order = scores[places, labels].sort(descending=True, stable=True)
        boxes, labels = boxes[places[order]], labels[order]
        kept = suppress(boxes, self.threshold)
        return [[number, int(labels[i]) + 1, float(ranked[i]), *boxes[i].tolist()] for i in kept]


@register("YoloDetectionOutput")
class YoloDetectionOutput(_YoloOutput):
    """YOLO 9000's (Redmon and Farhadi 2017): the best class of a box, by softmax, times its objectness.

    ``biases``: width and height of each anchor, in places of the map.
    """

    n_bottoms = between(1, 2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.yolo_detection_output_param
        if param.coords != 4:
            raise spec.refuse(f"has {param.coords} `coords`; a box has 4", "yolo_detection_output_param", "coords")
        self.prepare(spec, shapes, param, "yolo_detection_output_param")
        self.sizes = read_anchors(spec, param.biases, "yolo_detection_output_param")
        if len(self.sizes) < self.n_anchors:
            raise spec.refuse(f"has {len(self.sizes)} anchors in `biases` and {self.n_anchors} boxes a place",
                              "yolo_detection_output_param", "biases")

    def anchors(self, index: int, height: int, width: int) -> list[tuple[float, float]]:
        return [(w / width, h / height) for w, h in self.sizes[: self.n_anchors]]

    def scores(self, classes: Tensor, object_: Tensor) -> Tensor:
        scores = classes.softmax(-1)
        best = scores == scores.max(-1, keepdim=True).values
        first = best & (best.cumsum(-1) == 1)
        return torch.where(first, scores * object_, -torch.inf)


@register("Yolov3DetectionOutput")
class Yolov3DetectionOutput(_YoloOutput):
    """YOLO v3's (Redmon and Farhadi 2018): every class of a box, by sigmoid, times its objectness.

    ``biases``: width and height of each anchor, in pixels of the image; ``mask``: which of them each bottom has, one
    bottom after the other; ``anchors_scale``: how many pixels a place of each bottom is wide and high.
    """

    n_bottoms = at_least(1)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, field = spec.message.yolov3_detection_output_param, "yolov3_detection_output_param"
        self.prepare(spec, shapes, param, field)
        sizes = read_anchors(spec, param.biases, field)
        for name, count in (("mask_group_num", param.mask_group_num), ("anchors_scale", len(param.anchors_scale))):
            if count != len(shapes):
                raise spec.refuse(f"has {len(shapes)} bottoms and {count} in `{name}`", field, name)
        if len(param.mask) != len(shapes) * self.n_anchors or max(param.mask) >= len(sizes):
            raise spec.refuse(
                f"wants `mask` to name {self.n_anchors} of the {len(sizes)} anchors for each of {len(shapes)} bottoms; "
                f"it is {list(param.mask)}", field, "mask")
        self.scale = list(param.anchors_scale)
        chosen = [sizes[i] for i in param.mask]
        self.sizes = [chosen[i : i + self.n_anchors] for i in range(0, len(chosen), self.n_anchors)]

    def anchors(self, index: int, height: int, width: int) -> list[tuple[float, float]]:
        scale = self.scale[index]
        return [(w / (width * scale), h / (height * scale)) for w, h in self.sizes[index]]

    def scores(self, classes: Tensor, object_: Tensor) -> Tensor:
        return classes.sigmoid() * object_
