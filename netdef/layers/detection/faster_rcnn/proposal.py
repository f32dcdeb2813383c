"""Proposal: regions that may hold objects, from scores and offsets of anchors. Ren et al. 2015 (Faster R-CNN)."""

from __future__ import annotations

import ast
import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive, refuse_both
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.layers.detection.boxes import area, overlaps, suppress, survivors
from netdef.layers.detection.faster_rcnn.anchors import boxes_at_places, boxes_of_sides, check_ratios_and_scales, make_anchors

PARAM = "proposal_param"
_PVANETS = "base_size", "min_size", "ratio", "scale", "post_nms_topn", "nms_thresh"
_SYNOPSYS = "anchor_base_size", "anchor_scale", "anchor_ratio", "max_rois", "rpn_min_size", "rpn_nms_thresh"


@dataclass(frozen=True)
class Settings:
    """The settings of `propose`.

    Attributes:
        anchors: boxes x1, y1, x2, y2 in pixels about the place (0, 0).
        stride: pixels from place to place.
        least: the smallest side of a region, in pixels of the image before it was scaled.
        drop: whether smaller ones are dropped; else their score is 0.
        before, after: how many regions go into the suppression, and how many stay.
        threshold: the greatest overlap of two that stay.
        column: whether the scores are (R, 1), and not (R,).
        unclipped: whether the smallest side is asked of boxes before they are clipped, and these may end at the image's height
            and width, not at its last pixels.
    """

    anchors: list[tuple[float, ...]]
    stride: int
    least: float
    drop: bool
    before: int
    after: int
    threshold: float
    column: bool = True
    unclipped: bool = False


class RegionProposals(Layer):
    """Regions (R, 5), image, x1, y1, x2, y2 in pixels, and if asked for their scores; the best first.

    Bottoms: scores (N, 2 A, H, W) after the softmax, of which the last A are those of objects, offsets (N, 4 A, H, W) of
    the A anchors at each place, and sizes, for each image height, width and scale (PVANET's: of height and width). Each box
    is moved by its offsets, clipped to the image, and goes through non-maximum suppression; pixels are counted as in
    Fast R-CNN, both corners being part of a box. Of equal scores the first in order of rows, columns and anchors comes
    first. R is known only from the numbers; the net's table of shapes has the most there can be. No gradient.
    """

    n_bottoms = exactly(3)
    n_tops = between(1, 2)
    depends_on_data = True
    onnx_functions = ("survivors",)
    family = "score"
    info = 3
    """Numbers of an image in the third bottom."""
    more_info = False
    """Whether others may follow, which count nowhere."""
    one_image = False
    """Whether bottoms of several images are refused."""
    other_anchors = ""
    """What to do about anchors of another number, for an error."""
    settings: Settings

    def check(self, spec: LayerDefinition, shapes: Sequence[Shape]) -> None:
        """Refuse bottoms that do not fit the anchors of ``settings``."""
        for index in range(2):
            check_axes(spec, shapes, 4, index)
        count, (n, _, *plane) = len(self.settings.anchors), shapes[0]
        if self.one_image and n != 1:
            raise spec.refuse(f"takes one image; `{spec.bottoms[0]}` has shape {shapes[0]}", "bottom", 0)
        for index, wanted in ((0, (n, 2 * count, *plane)), (1, (n, 4 * count, *plane))):
            if shapes[index] != wanted:
                raise spec.refuse(f"has {count} anchors and wants `{spec.bottoms[index]}` of shape {wanted}; it has shape "
                                  f"{shapes[index]}{self.other_anchors}", "bottom", index)
        given = math.prod(shapes[2]) / n
        if given < self.info or given % 1 or (given > self.info and not self.more_info):
            raise spec.refuse(f"wants {self.info} numbers for each of {n} images in `{spec.bottoms[2]}`, which has shape "
                              f"{shapes[2]}", "bottom", 2)
        self.each = int(given)
        self.with_scores = len(spec.tops) == 2
        self.survivors = survivors
        self.sides = [self.settings.stride * places for places in plane]

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        if index != 2:
            return None
        size = torch.tensor([*self.sides, 1.0, 1.0][: self.info])  # of an image as large as the maps, not scaled
        sizes = torch.ones(math.prod(shape) // self.each, self.each)
        sizes[:, : self.info] = size
        return sizes.reshape(shape)

    @torch.no_grad()
    def forward(self, scores: Tensor, offsets: Tensor, info: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        if scores.is_meta:
            each = min(self.settings.after, len(self.settings.anchors) * scores.shape[2] * scores.shape[3])
            count = len(scores) * each
            found = scores.new_empty(count, 5), scores.new_empty((count, 1) if self.settings.column else (count,))
        else:
            settings = asdict(self.settings)
            info = info.reshape(scores.shape[0], -1)[:, : self.info]
            found = propose(scores, offsets, info, **settings, survivors=self.survivors)
        return found if self.with_scores else found[0]

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        scores, offsets, info = bottoms
        settings = ", ".join(f"{name}={value!r}" for name, value in asdict(self.settings).items())
        call = f"propose({scores}, {offsets}, {info}.reshape(len({scores}), -1)[:, :{self.info}], {settings})"
        functions = area, overlaps, suppress, survivors, boxes_at_places, propose
        return TorchCode(call if self.with_scores else f"{call}[0]", functions=functions)


@register("Proposal")
class Proposal(RegionProposals):
    """`RegionProposals` of two forks, told apart by their fields.

    PVANET's and happynear's (``ratio``, ``scale``, ``post_nms_topn``): scores (R,), regions that are too small get the score
    0, and numbers of an image after the first four count nowhere. Where an image has three, as in nets of mini-caffe (luoyetx)
    and caffe_latte (fireae), its one scale is taken for both sides, and a ``scale`` above 32 is not a side. Synopsys'
    (``max_rois``, ``anchor_*``): scores (R, 1), they are dropped; it looks at more than ``pre_nms_topn`` regions where fewer than
    ``max_rois`` of these stay, which is not done here.
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.proposal_param
        given = {field.name for field, _ in param.ListFields()}
        theirs, synopsys = ([name for name in names if name in given] for names in (_PVANETS, _SYNOPSYS))
        if theirs and synopsys:
            raise refuse_both(spec, theirs[0], synopsys[0], PARAM, synopsys[0])
        for field in ("feat_stride", "pre_nms_topn"):
            check_positive(spec, getattr(param, field), PARAM, field)
        self.settings = self._pvanets(spec, math.prod(shapes[2]) == 3 * shapes[0][0]) if theirs else _synopsys(spec)
        self.check(spec, shapes)

    def _pvanets(self, spec: LayerDefinition, one_scale: bool) -> Settings:
        param = spec.message.proposal_param
        self.info, self.more_info = (3, False) if one_scale else (4, True)
        check_ratios_and_scales(spec, param, PARAM)
        if max(param.scale) > 32 and not one_scale:
            anchors = [box for ratio in param.ratio for box in boxes_of_sides(param.base_size, ratio, param.scale)]
        else:
            anchors = make_anchors(param.base_size, param.ratio, param.scale, halves_up=True)
        return Settings(anchors, param.feat_stride, param.min_size, False, param.pre_nms_topn, param.post_nms_topn,
                        param.nms_thresh, column=False)


def _is_py_faster_rcnns(spec: LayerDefinition) -> bool:
    param = spec.message.python_param
    return (not spec.allow_python and len(spec.bottoms) == 3 and not param.HasField("param_str1")
            and (param.module, param.layer) == ("rpn.proposal_layer", "ProposalLayer"))


@register("Python", when=_is_py_faster_rcnns)
class PythonProposal(RegionProposals):
    """`RegionProposals` in the place of py-faster-rcnn's Python layer ``rpn.proposal_layer.ProposalLayer``, with its defaults.

    ``param_str``, in YAML or as in Python, has ``feat_stride`` and, in this or later versions, ``scales``, ``ratios`` and
    ``base_size``. The other settings are in no net; they are those of py-faster-rcnn's configuration: 12000 regions before
    and 2000 after the suppression in TRAIN, 6000 and 300 in TEST, overlaps up to 0.7, sides of at least 16. Where Python
    layers are allowed, the class itself runs instead. Numbers of an image after the first three count nowhere: PVANET has six.
    A class of that name with other bottoms, as that of FPN (unsky) with 11, or with ``param_str1``,
    is another one, and a Python layer like any other.
    """

    more_info = True
    other_anchors = "; a class with anchors of its own runs with --allow-python"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        text = spec.message.python_param.param_str
        try:
            given = ast.literal_eval(text if text.lstrip().startswith("{") else f"{{{_on_one_line(text)}}}")
            more = sorted(set(given) - {"feat_stride", "scales", "ratios", "base_size"})
            stride, base = int(given["feat_stride"]), int(given.get("base_size", 16))
            scales = [float(scale) for scale in given.get("scales", (8, 16, 32))]
            ratios = [float(ratio) for ratio in given.get("ratios", (0.5, 1, 2))]
        except (ValueError, SyntaxError, KeyError, TypeError, AttributeError):
            raise spec.refuse(f"has the `param_str` {text!r}; read without running its class, it must be like \"'feat_stride': "
                              "16, 'scales': [8, 16, 32]\"", "python_param", "param_str") from None
        if more:
            raise spec.refuse(f"runs `rpn.proposal_layer.ProposalLayer` with `{more[0]}`, which py-faster-rcnn's does not know; "
                              "`--allow-python` runs the class itself", "python_param", "param_str")
        before, after = (12000, 2000) if spec.phase == "TRAIN" else (6000, 300)
        self.settings = Settings(make_anchors(base, ratios, scales), stride, 16.0, True, before, after, 0.7)
        self.check(spec, shapes)
        warnings.warn(f"layer `{self.name}`: `rpn.proposal_layer.ProposalLayer` is not run; what it does with the defaults of "
                      f"py-faster-rcnn is done instead ({before} regions, {after} of them kept)", stacklevel=2)


def _on_one_line(text: str) -> str:
    """The entries of a YAML mapping, which has one a line, as those of a Python dictionary."""
    return ", ".join(line for line in text.replace("!!python/tuple", "").splitlines() if line.strip())


def _synopsys(spec: LayerDefinition) -> Settings:
    param = spec.message.proposal_param
    ratios = (0.5, 1.0, 2.0) if param.anchor_ratio == 3 else (1.0,)
    scales = (8.0, 16.0, 32.0) if param.anchor_scale == 3 else (32.0,)
    return Settings(make_anchors(param.anchor_base_size, ratios, scales), param.feat_stride, param.rpn_min_size, True,
                    param.pre_nms_topn, param.max_rois, param.rpn_nms_thresh)


def propose(
    scores: Tensor, offsets: Tensor, info: Tensor, *, anchors: list, stride: int, least: float, drop: bool,
    before: int, after: int, threshold: float, column: bool, unclipped: bool = False,
    survivors: Callable[..., Tensor] = survivors,
) -> tuple[Tensor, Tensor]:
    """Faster R-CNN's regions (R, 5), image, x1, y1, x2, y2, and scores; ``info``: height, width, scales of each image."""
    images, count = scores.shape[0], len(anchors)
    boxes = boxes_at_places(anchors, stride, scores)
    sizes = boxes[:, 2:] - boxes[:, :2] + 1
    centres = boxes[:, :2] + 0.5 * sizes
    chances = scores[:, count:].permute(0, 2, 3, 1).reshape(images, -1)
    moves = offsets.unflatten(1, (count, 4)).permute(0, 3, 4, 1, 2).reshape(images, -1, 4)
    middle, half = centres + moves[..., :2] * sizes, 0.5 * moves[..., 2:].exp() * sizes
    most = torch.stack((info[:, 1], info[:, 0], info[:, 1], info[:, 0]), 1)[:, None].to(scores) - (0 if unclipped else 1)
    moved = torch.minimum(torch.cat((middle - half, middle + half), 2), most).clamp(min=0)
    smallest = least * torch.stack((info[:, -1], info[:, 2]), 1)[:, None].to(scores)
    sides = 2 * half if unclipped else moved[..., 2:] - moved[..., :2] + 1
    large = (sides >= smallest).all(2)
    chances = torch.where(large, chances, -torch.inf) if drop else chances * large.to(scores)
    ranked, order = chances.sort(dim=1, descending=True, stable=True)
    ranked, order = ranked[:, :before], order[:, :before]
    best = moved.gather(1, order[..., None].expand(-1, -1, 4))
    grown = best + torch.tensor((0, 0, 1, 1)).to(best)  # a box has the pixels of both its corners
    image, rank = torch.where(survivors(grown, ranked, threshold, -torch.inf, 1.0, after))
    regions = torch.cat((image[:, None].to(best.dtype), best[image, rank]), 1)
    chosen = ranked[image, rank]
    return regions, chosen[:, None] if column else chosen
