"""The boxes that a YOLO detector has found: YoloDetectionOutput and Yolov3DetectionOutput of MobileNet-YOLO's fork, and
DetectionOutput of gklz1982's and clCaffe."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import ClassVar

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least, between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number
from netdef.layers.detection.boxes import area, listed, overlaps, suppress, survivors
from netdef.layers.detection.yolo.yolo_maps import read_anchors
from netdef.schema.messages import DetectionOutputParameter, YoloDetectionOutputParameter, Yolov3DetectionOutputParameter


class _YoloOutput(Layer):
    """The base of both: detections from maps (N, anchors * (5 + classes), height, width).

    For each anchor a map has x, y, width and height of a box, whether there is one, and the scores of the classes. The box
    of an anchor in column i and row j has its centre at (sigmoid(x) + i) / columns, (sigmoid(y) + j) / rows, and is exp(w),
    exp(h) times the anchor's size. The top is that of DetectionOutput, classes from 1 on: the detections (1, 1, n, 7) of each
    image by falling score that remain after a suppression over all classes together; if there are none at all, a row of -1
    for each image. n is known only from the numbers: 1 in the net's table of shapes. No gradient. Images do not suppress each
    other's detections, and keep their numbers; the fork takes all for image 0.
    """

    depends_on_data = True
    onnx_functions = ("survivors",)
    best_class: ClassVar[bool]
    """Whether only the best class of a box counts."""
    centred = False
    """Whether the rows are as `as_centres` writes them."""
    gaussian = False
    """Whether maps are those that `certain_map` reads."""

    def prepare(
        self, spec: LayerDefinition, shapes: Sequence[Shape],
        param: YoloDetectionOutputParameter | Yolov3DetectionOutputParameter | DetectionOutputParameter, field: str,
        classes: int = 0, more: bool = False,
    ) -> None:
        """Read and check the fields that all share, in the message ``field`` of the layer's; ``classes`` is their number.

        With ``more`` a map may have scores of further classes, which are not read.
        """
        self.n_maps = len(shapes)
        self.classes, self.n_anchors = classes or param.num_classes, param.num_box
        self.least, self.threshold = param.confidence_threshold, param.nms_threshold
        self.survivors = survivors
        if self.classes < 1 or self.n_anchors < 1:
            raise spec.refuse("needs a `num_classes` and a `num_box` of at least 1", field)
        beside = 9 if self.gaussian else 5
        wanted = self.n_anchors * (beside + self.classes)
        for i, shape in enumerate(shapes):
            fits = len(shape) == 4 and (shape[1] == wanted or (more and shape[1] > wanted and not shape[1] % self.n_anchors))
            if not fits or shape[0] != shapes[0][0]:
                raise spec.refuse(
                    f"wants maps of {shapes[0][0]} images with {wanted} channels, {self.n_anchors} x "
                    f"({beside} + {self.classes}); `{spec.bottoms[i]}` has shape {shape}", "bottom", i)

    @abstractmethod
    def anchors(self, index: int) -> list[tuple[float, float]]:
        """Width and height of each anchor of a map, in places of the map."""

    @torch.no_grad()
    def forward(self, *maps: Tensor) -> Tensor:
        if maps[0].is_meta:
            return maps[0].new_empty(1, 1, 1, 7)
        if self.gaussian:
            maps = tuple(certain_map(x, self.n_anchors) for x in maps)
        read = [predictions_of_map(x, self.anchors(i), self.classes, self.best_class) for i, x in enumerate(maps[: self.n_maps])]
        rows = detect_everywhere(read, self.least, self.threshold, self.survivors)
        return as_centres(rows) if self.centred else rows

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        maps = [f"certain_map({x}, {self.n_anchors})" if self.gaussian else x for x in bottoms[: self.n_maps]]
        read = ", ".join(f"predictions_of_map({x}, {self.anchors(i)}, {self.classes}, {self.best_class})"
                         for i, x in enumerate(maps))
        functions: list[Callable[..., object]] = [area, overlaps, suppress, survivors, listed, predictions_of_map,
                                                  detect_everywhere]
        if self.gaussian:
            functions.append(certain_map)
        code = f"detect_everywhere([{read}], {number(self.least)}, {number(self.threshold)})"
        if self.centred:
            return TorchCode(f"as_centres({code})", functions=(*functions, as_centres))
        return TorchCode(code, functions=tuple(functions))


@register("YoloDetectionOutput")
class YoloDetectionOutput(_YoloOutput):
    """YOLO 9000's (Redmon and Farhadi 2017): the best class of a box, by softmax, times its objectness.

    ``biases``: width and height of each anchor, in places of the map.

    In clCaffe a second bottom is the image, which it only draws on; there, the rows are those of `CentredYoloOutput` unless
    ``ssd_format`` is true. A second bottom of one or three channels, and ``ssd_format``, mark its layers.
    """

    n_bottoms = between(1, 2)
    best_class = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.read(spec, shapes)

    def read(self, spec: LayerDefinition, shapes: Sequence[Shape]) -> None:
        """Read the layer's message."""
        param = spec.message.yolo_detection_output_param
        on_image = len(shapes) == 2 and len(shapes[1]) == 4 and shapes[1][1] in (1, 3)
        of_clcaffe = on_image or param.HasField("ssd_format")
        self.centred = of_clcaffe and not param.ssd_format
        self.prepare(spec, shapes[:1] if on_image else shapes, param, "yolo_detection_output_param", more=of_clcaffe)
        self.read_sizes(spec, param, "yolo_detection_output_param")

    def read_sizes(
        self, spec: LayerDefinition, param: YoloDetectionOutputParameter | DetectionOutputParameter, field: str
    ) -> None:
        """Read the anchors' sizes in the message ``field`` of the layer's."""
        if param.coords != 4:
            raise spec.refuse(f"has {param.coords} `coords`; a box has 4", field, "coords")
        self.sizes = read_anchors(spec, param.biases, field)
        if len(self.sizes) < self.n_anchors:
            raise spec.refuse(f"has {len(self.sizes)} anchors in `biases` and {self.n_anchors} boxes a place", field, "biases")

    def anchors(self, index: int) -> list[tuple[float, float]]:
        return self.sizes[: self.n_anchors]


@register("YoloDetectionOutput", when=lambda spec: len(spec.message.detection_output_param.biases) > 0)
@register("DetectionOutput", when=lambda spec: len(spec.message.detection_output_param.biases) > 0)
class CentredYoloOutput(YoloDetectionOutput):
    """`YoloDetectionOutput` of gklz1982's, BirdeeChen's and stevefoy's forks: rows with a box's centre, width and height.

    Classes count from 0; ``classes`` is their number in BirdeeChen's. The forks suppress by the order of the places, not by
    score; so did clCaffe in its first days, which for a while named the type YoloDetectionOutput and the message as here.
    """

    n_bottoms = exactly(1)
    centred = True

    def read(self, spec: LayerDefinition, shapes: Sequence[Shape]) -> None:
        param, field = spec.message.detection_output_param, "detection_output_param"
        if not param.HasField("confidence_threshold"):
            param = type(param).FromString(param.SerializeToString())
            param.confidence_threshold = 0.01  # these forks' default
        self.prepare(spec, shapes, param, field, param.num_classes or param.classes, more=True)
        self.read_sizes(spec, param, field)


@register("Yolov3DetectionOutput")
class Yolov3DetectionOutput(_YoloOutput):
    """YOLO v3's (Redmon and Farhadi 2018): every class of a box, by sigmoid, times its objectness.

    ``biases``: width and height of each anchor, in pixels of the image; ``mask``: which of them each bottom has, one
    bottom after the other; ``anchors_scale``: how many pixels a place of each bottom is wide and high. ``gaussian_box``: the maps
    have how uncertain x, y, width and height are, each behind it (Choi et al. 2019); see `certain_map`.
    """

    n_bottoms = at_least(1)
    best_class = False

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, field = spec.message.yolov3_detection_output_param, "yolov3_detection_output_param"
        self.gaussian = param.gaussian_box
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

    def anchors(self, index: int) -> list[tuple[float, float]]:
        return [(w / self.scale[index], h / self.scale[index]) for w, h in self.sizes[index]]


@register("Yolov3Detection")
class Yolov3Detection(Yolov3DetectionOutput):
    """Yolov3DetectionOutput under its name in yuqj1991's caffe_train."""


def as_centres(rows: Tensor) -> Tensor:
    """Detections with classes from 0 and boxes as centre, width and height; rows of -1 stay."""
    image, label, score, x1, y1, x2, y2 = rows.unbind(-1)
    found = torch.stack((image, label - 1, score, (x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1), -1)
    return torch.where(label[..., None] < 0, rows, found)


def certain_map(x: Tensor, anchors: int) -> Tensor:
    """A map (N, anchors * (5 + classes), H, W) of one that has nine numbers of a box: the chance is times its certainty.

    The nine are x, y, width and height, each with how uncertain it is behind it, and the chance. The certainty is the mean of 1
    less the sigmoids of these four.
    """
    boxes = x.unflatten(1, (anchors, -1))
    certainty = 1 - boxes[:, :, 1:8:2].sigmoid().mean(2, keepdim=True)
    chance = torch.logit(boxes[:, :, 8:9].sigmoid() * certainty)
    return torch.cat((boxes[:, :, 0:8:2], chance, boxes[:, :, 9:]), 2).flatten(1, 2)


def predictions_of_map(
    x: Tensor, anchors: list[tuple[float, float]], classes: int, best_class: bool
) -> tuple[Tensor, Tensor]:
    """Boxes (N, places * anchors, 4) of a map, and their scores (N, places * anchors, classes). Anchors are in places.

    ``best_class``: by softmax, -inf for all classes but the best; else by sigmoid.
    """
    n, _, height, width = x.shape
    x = x.reshape(n, len(anchors), -1, height, width).permute(0, 3, 4, 1, 2)
    columns, rows = (torch.arange(size, device=x.device, dtype=x.dtype) for size in (width, height))
    corner = torch.stack(torch.meshgrid(columns, rows, indexing="xy"), -1)[:, :, None]
    size = torch.tensor((width, height), device=x.device, dtype=x.dtype)
    centre = (x[..., :2].sigmoid() + corner) / size
    half = x[..., 2:4].exp() * (torch.tensor(anchors, device=x.device, dtype=x.dtype) / size) / 2
    scores, chance = x[..., 5 : 5 + classes], x[..., 4:5].sigmoid()
    if best_class:
        scores = scores.softmax(-1)
        best = scores == scores.max(-1, keepdim=True).values
        first = best & (best.cumsum(-1) == 1)
        scores = torch.where(first, scores * chance, -torch.inf)
    else:
        scores = scores.sigmoid() * chance
    return torch.cat((centre - half, centre + half), -1).flatten(1, 3), scores.flatten(1, 3)


def detect_everywhere(
    predictions: list[tuple[Tensor, Tensor]], least: float, threshold: float, survivors: Callable[..., Tensor] = survivors
) -> Tensor:
    """YOLO's detections (1, 1, n, 7) in all maps: of the scores above ``least`` those that suppression leaves."""
    boxes, scores = (torch.cat(parts, 1) for parts in zip(*predictions))
    ranked, order = scores.flatten(1).sort(dim=1, descending=True, stable=True)
    best = boxes.gather(1, (order // scores.shape[2])[..., None].expand(-1, -1, 4))
    kept = survivors(best, ranked, threshold, least)
    image, rank = torch.where(kept)
    label = order[image, rank] % scores.shape[2] + 1
    rows = torch.stack((image, label), 1).to(scores.dtype)
    return listed(torch.cat((rows, ranked[image, rank, None], best[image, rank]), 1), kept)
