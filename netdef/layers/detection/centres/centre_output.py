"""CenterGridOutput and CenternetDetectionOutput: faces of maps with a box at each place. Of yuqj1991's caffe_train."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number
from netdef.layers.detection.boxes import listed
from netdef.schema.messages import CentreScores

PARAM = "detection_output_param"


class _CentreOutput(Layer):
    """The base of both: rows of image, class from 1 on, score, x1, y1, x2, y2, by falling score, (1, 1, n, 7).

    Of each image's boxes, of all classes, those stay that overlap none of a greater score by more than ``nms_thresh``, where
    the sides that two boxes share count a pixel more, and of these the best ``keep_top_k``. Without any there is a row of
    -1 for each image. n is known only from the numbers: 1 in the net's table of shapes. No gradient.
    """

    depends_on_data = True
    columns = 7

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.detection_output_param
        for index, shape in enumerate(shapes):
            if len(shape) != 4 or shape[0] != shapes[0][0]:
                raise spec.refuse(f"wants maps of {shapes[0][0]} images; `{spec.bottoms[index]}` has shape {shape}",
                                  "bottom", index)
        self.least = param.confidence_threshold if param.HasField("confidence_threshold") else -torch.inf
        self.threshold, self.keep = param.nms_thresh, param.keep_top_k

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(1, 1, 1, self.columns)]


@register("CenterGridOutput")
class CenterGridOutput(_CentreOutput):
    """`_CentreOutput` of square maps (N, 4 + scores, H, H): the distances of a box's sides from the middle of its place.

    A distance is minus its number times the map's ``bias_scale``, half of it with SIGMOID, in pixels of an image of
    ``net_width`` by ``net_height``. SIGMOID: one score. SOFTMAX: scores of background and face. Boxes are cut to the image;
    those with a score of at least ``confidence_threshold`` count. With ``has_lm``, for SOFTMAX, the 10 numbers after the box are
    five landmarks x, y, which follow in the rows; as in the fork both are taken from the middle of their place's column.
    """

    n_bottoms = at_least(1)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.detection_output_param
        self.softmax: bool = param.class_type == CentreScores.SOFTMAX
        if param.has_lm and not self.softmax:
            raise spec.refuse("has landmarks, which the fork has for SOFTMAX only", PARAM, "has_lm")
        self.columns = 17 if param.has_lm else 7
        wanted = 2 if self.softmax else 1
        if param.num_classes != wanted:
            raise spec.refuse(f"has {param.num_classes} classes; it wants {wanted}", PARAM, "num_classes")
        if len(param.bias_scale) != len(shapes):
            raise spec.refuse(f"has {len(shapes)} bottoms and {len(param.bias_scale)} scales", PARAM, "bias_scale")
        for index, shape in enumerate(shapes):
            channels = self.columns - 3 + wanted
            if shape[1] != channels or shape[2] != shape[3]:
                raise spec.refuse(f"wants square maps of {channels} channels; `{spec.bottoms[index]}` has shape {shape}",
                                  "bottom", index)
        self.scales = [scale if self.softmax else scale / 2 for scale in param.bias_scale]
        self.size = param.net_width, param.net_height

    @torch.no_grad()
    def forward(self, *maps: Tensor) -> Tensor:
        if maps[0].is_meta:
            return maps[0].new_empty(1, 1, 1, self.columns)
        return grid_detections(maps, self.scales, self.size, self.softmax, self.least, self.threshold, self.keep)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(
            f"grid_detections(({', '.join(bottoms)},), {self.scales}, {self.size}, {self.softmax}, {_number(self.least)}, "
            f"{number(self.threshold)}, {self.keep})", functions=(grid_detections, best_boxes, listed))


@register("CenternetDetectionOutput")
class CenternetDetectionOutput(_CentreOutput):
    """`_CentreOutput` of boxes (N, 4, H, W), and scores (N, ``num_classes`` - 1, H, W) that count above ``confidence_threshold``.

    A place is 4 pixels wide. A box has its centre at its place plus x, y, and is exp(w) by exp(h) places large; it is cut to
    the map, but for its area. A score of 1 or more does not count. With ``has_lm`` five landmarks x, y follow, 10 numbers in
    both: a box's centre in pixels plus the number times its width or height, all times 4, cut to the map: the fork's.
    """

    n_bottoms = exactly(2)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, boxes = spec.message.detection_output_param, shapes[0]
        self.columns = 17 if param.has_lm else 7
        wanted = (boxes[0], self.columns - 3, *boxes[2:]), (boxes[0], param.num_classes - 1, *boxes[2:])
        for index, shape in enumerate(wanted):
            if shapes[index] != shape:
                raise spec.refuse(f"wants `{spec.bottoms[index]}` of shape {shape}; it has {shapes[index]}", "bottom", index)

    @torch.no_grad()
    def forward(self, boxes: Tensor, scores: Tensor) -> Tensor:
        if boxes.is_meta:
            return boxes.new_empty(1, 1, 1, self.columns)
        return centre_detections(boxes, scores, self.least, self.threshold, self.keep)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(
            f"centre_detections({bottoms[0]}, {bottoms[1]}, {_number(self.least)}, {number(self.threshold)}, {self.keep})",
            functions=(centre_detections, best_boxes, listed))


def _number(value: float) -> str:
    return "-torch.inf" if value == -torch.inf else number(value)


def best_boxes(boxes: Tensor, areas: Tensor, scores: Tensor, threshold: float, keep: int) -> Tensor:
    """The indices of boxes (n, 4) in pixels that `_CentreOutput` keeps, by falling score."""
    kept: list[int] = []
    for index in scores.sort(descending=True, stable=True).indices.tolist():
        others = boxes[kept]
        low, high = torch.maximum(boxes[index, :2], others[:, :2]), torch.minimum(boxes[index, 2:], others[:, 2:])
        both = (high - low + 1).clamp(min=0).prod(1)
        if bool((both / (areas[index] + areas[kept] - both) <= threshold).all()):
            kept.append(index)
    return torch.tensor(kept[:keep] if keep > 0 else kept, dtype=torch.long, device=boxes.device)


def grid_detections(
    maps: Sequence[Tensor], scales: list[float], size: tuple[int, int], softmax: bool, least: float, threshold: float, keep: int
) -> Tensor:
    """The rows of `CenterGridOutput`."""
    found = []
    for x, scale in zip(maps, scales):
        side, count = x.shape[3], x.shape[1] - (2 if softmax else 1)
        step = size[0] / side
        middles = (torch.arange(side, dtype=x.dtype, device=x.device) + 0.5) * step
        across, down = torch.meshgrid(middles, middles, indexing="xy")
        places = torch.stack([across, down] * 2 + [across] * (count - 4))
        boxes = (places - x[:, :count] * scale).clamp(0, step * side)
        chance = x[:, count:].softmax(1)[:, 1:] if softmax else x[:, count:].sigmoid()
        found.append(torch.cat((boxes, chance), 1).flatten(2).transpose(1, 2))
    rows, counted = [], []
    for image, candidates in enumerate(torch.cat(found, 1).cpu()):
        sides = candidates[:, 2:4] - candidates[:, :2]
        candidates = candidates[(sides > 0).all(1) & (candidates[:, -1] >= least)]
        boxes, scores = candidates[:, :4], candidates[:, -1]
        kept = best_boxes(boxes, (boxes[:, 2:] - boxes[:, :2]).prod(1), scores, threshold, keep)
        begin = scores.new_tensor([[image, 1]]).expand(len(kept), -1)
        places = candidates[kept, :-1] / boxes.new_tensor(size).repeat(candidates.shape[1] // 2)
        rows.append(torch.cat((begin, scores[kept, None], places), 1))
        counted.append(len(kept) > 0)
    return listed(torch.cat(rows), torch.tensor(counted)).to(maps[0].device)


def centre_detections(x: Tensor, chances: Tensor, least: float, threshold: float, keep: int) -> Tensor:
    """The rows of `CenternetDetectionOutput`."""
    height, width = x.shape[2:]
    whole = x.new_tensor([width * 4, height * 4])[:, None, None]
    columns, lines = (torch.arange(size, dtype=x.dtype, device=x.device) for size in (width, height))
    centres = (torch.stack(torch.meshgrid(columns, lines, indexing="xy")) + x[:, :2]) * 4
    sizes = x[:, 2:4].exp() * 4
    low, high = ((centres + part * sizes / 2).clamp(min=0).minimum(whole) for part in (-1, 1))
    marks = (centres[:, None] + x[:, 4:].unflatten(1, (-1, 2)) * (high - low)[:, None]) * 4
    marks = marks.clamp(min=0).minimum(whole).flatten(1, 2)
    every = torch.cat((low, high, marks, sizes.prod(1, keepdim=True)), 1).flatten(2).transpose(1, 2).cpu()
    rows, counted = [], []
    for image, (candidates, scores) in enumerate(zip(every, chances.flatten(2).cpu())):
        label, place = torch.where((scores > least) & (scores < 1))
        found, score = candidates[place], scores[label, place]
        kept = best_boxes(found[:, :4], found[:, -1], score, threshold, keep)
        begin = torch.stack((torch.full_like(score, image), label.to(score.dtype) + 1, score), 1)[kept]
        part = found[kept, :-1] / torch.cat((whole.flatten().cpu().repeat(2), found.new_ones(found.shape[1] - 5)))
        rows.append(torch.cat((begin, part), 1))
        counted.append(len(kept) > 0)
    return listed(torch.cat(rows), torch.tensor(counted)).to(x.device)
