"""DetectionOutput: the boxes that a detector has found."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import TypedDict

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_at_least, check_positive, refuse_both
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable, number
from netdef.layers.detection.boxes import area, decode, detect, listed, overlaps, suppress, survivors
from netdef.schema import messages

PARAM = "detection_output_param"
DETECTING = (area, overlaps, decode, suppress, survivors, listed, detect)
"""The functions that a written module needs for `detect`."""


class Settings(TypedDict):
    """The settings of `detect`."""

    classes: int
    background: int
    code: str
    with_variance: bool
    shared: bool
    least: float | None
    top_k: int | None
    keep: int | None
    threshold: float
    eta: float


@register("DetectionOutput")
class DetectionOutput(Layer):
    """Detections (1, 1, n, 7): image, class, score, x1, y1, x2, y2. From SSD's fork (Liu et al. 2016).

    Bottoms: offsets (N, priors * 4; without ``share_location`` priors * classes * 4), scores (N, priors * classes), and
    priors (1, 2, priors * 4) of PriorBox. Of each class but the background the scores above ``confidence_threshold``,
    at most ``top_k`` of them, go through non-maximum suppression; of each image the best ``keep_top_k`` stay, by class
    and then by score. Where there is nothing at all, each image has a row of its number and -1s. n is known only from
    the numbers: 1 in the net's table of shapes. No gradient.

    From Synopsys' fork: 2 ``nbottom`` + 1 bottoms are the scores of each map, then the offsets of each map, then the priors
    of all. With ``no_permute`` they are as a convolution and a softmax over classes leave them: scores (N, classes, R,
    H * W), offsets (N, R * 4, H, W). With ``ratio_permute`` they are flattened, (N, classes * R * H * W) and (N, 4 * R * H * W),
    where R is ``ratio0`` to ``ratio5``, map by map. There only the first image is read; here all are.
    """

    n_bottoms = at_least(3)
    depends_on_data = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.detection_output_param
        check_positive(spec, param.num_classes, PARAM, "num_classes")
        self.maps = param.nbottom if len(shapes) == 2 * param.nbottom + 1 else 0
        self.planes: bool = param.no_permute
        self.ratios = _ratios(spec) if param.ratio_permute else ()
        if self.maps:
            _check_maps(spec, shapes, self.planes, self.ratios)
        elif len(shapes) != 3 or self.planes or self.ratios:
            form = "no_permute" if self.planes else "ratio_permute" if self.ratios else ""
            wanted = f"maps, as `{form}` says" if form else "one bottom each of offsets, scores and priors, or maps"
            raise spec.refuse(f"has {len(shapes)} bottoms; it wants {wanted}: scores of {param.nbottom} (`nbottom`), offsets "
                              "of as many, and priors", "bottom", len(shapes) - 1)
        else:
            check_predictions(spec, shapes, param.num_classes, param.share_location)
        self.settings = read_settings(spec)
        self.survivors = survivors
        if self.settings["eta"] == 1 or self.settings["threshold"] <= 0.5:
            self.onnx_functions = ("survivors",)

    @torch.no_grad()
    def forward(self, *bottoms: Tensor) -> Tensor:
        if self.maps:
            maps = join_maps(bottoms[: self.maps], bottoms[self.maps : -1], self.planes, self.ratios)
            bottoms = (*maps, bottoms[-1])
        offsets, scores, priors = bottoms
        if offsets.is_meta:
            return offsets.new_empty(1, 1, 1, 7)
        return self.detect(offsets, scores, priors)

    def detect(self, offsets: Tensor, scores: Tensor, priors: Tensor, first: Tensor | None = None) -> Tensor:
        """`boxes.detect` with the settings of the layer."""
        return detect(offsets, scores, priors, **self.settings, survivors=self.survivors, first=first)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        settings, functions = settings_text(self.settings), DETECTING
        if not self.maps:
            return TorchCode(f"detect({', '.join(bottoms)}, {settings})", functions=functions)
        scores, offsets = (", ".join(part) for part in (bottoms[: self.maps], bottoms[self.maps : -1]))
        call = f"detect(*join_maps(({scores},), ({offsets},), {self.planes}, {self.ratios}), {bottoms[-1]}, {settings})"
        return TorchCode(call, functions=(*functions, join_maps))


def read_settings(spec: LayerDefinition) -> Settings:
    """The settings of `detect` that a layer's text gives."""
    param = spec.message.detection_output_param
    nms = param.nms_param
    check_positive(spec, param.num_classes, PARAM, "num_classes")
    check_at_least(spec, nms.nms_threshold, 0, PARAM, "nms_param", "nms_threshold")
    if not 0 < nms.eta <= 1:
        raise spec.refuse(f"has `eta` {nms.eta:g}; it must be above 0 and at most 1", PARAM, "nms_param", "eta")
    if nms.soft_nms:
        raise spec.refuse("has `soft_nms: true`, by which jolibrain's fork drops other boxes than those it has compared; leave "
                          "it out", PARAM, "nms_param", "soft_nms")
    return {
        "classes": param.num_classes,
        "background": param.background_label_id,
        "code": messages.PriorBoxParameter.CodeType.Name(param.code_type),
        "with_variance": not param.variance_encoded_in_target,
        "shared": param.share_location,
        "least": param.confidence_threshold if param.HasField("confidence_threshold") else None,
        "top_k": nms.top_k if nms.HasField("top_k") and nms.top_k > -1 else None,
        "keep": param.keep_top_k if param.keep_top_k > -1 else None,
        "threshold": nms.nms_threshold,
        "eta": nms.eta,
    }


def settings_text(settings: Settings) -> str:
    """The settings as arguments of a call."""
    return ", ".join(f"{name}={_text(value)}" for name, value in settings.items())


def check_predictions(spec: LayerDefinition, shapes: Sequence[Shape], classes: int, shared: bool) -> None:
    """Refuse offsets and scores whose number does not match the priors."""
    offsets, scores = shapes[:2]
    count = count_priors(spec, shapes[2], 2)
    predictions = ("offsets", offsets, 4 if shared else 4 * classes), ("scores", scores, classes)
    for i, (name, shape, each) in enumerate(predictions):
        given = math.prod(shape[1:]) if shape else 0
        if given != count * each:
            hint = ""
            if given == 2 * count * each:
                hint = ("; for two boxes of each kind a place, as in TextBoxes' fork, give `denser_prior_boxes: true` to the "
                        "PriorBox layers")
            elif given and given < count * each:
                hint = ("; where a fork built with NO_SQRT (dreadlord1984's) gives no box of side sqrt(min_size * max_size), "
                        "leave `max_size` out of the PriorBox layers")
            raise spec.refuse(
                f"has {count} priors and wants {count * each} {name} an image; `{spec.bottoms[i]}` has shape {shape}{hint}",
                "bottom", i)


def count_priors(spec: LayerDefinition, priors: Shape, place: int) -> int:
    """The number of priors in the bottom at ``place``."""
    if len(priors) != 3 or priors[1] != 2 or priors[2] % 4:
        raise spec.refuse(
            f"wants priors of shape (1, 2, priors * 4); `{spec.bottoms[place]}` has shape {priors}", "bottom", place)
    return priors[2] // 4


def _ratios(spec: LayerDefinition) -> tuple[int, ...]:
    """The boxes of a place in each map, with ``ratio_permute``."""
    param = spec.message.detection_output_param
    if param.no_permute:
        raise refuse_both(spec, "no_permute", "ratio_permute", PARAM, "ratio_permute")
    if param.nbottom > 6 or not param.share_location:
        raise spec.refuse("has `ratio_permute`, which is for at most 6 maps, with `share_location`", PARAM, "ratio_permute")
    ratios = (param.ratio0, param.ratio1, param.ratio2, param.ratio3, param.ratio4, param.ratio5)[: param.nbottom]
    for i, ratio in enumerate(ratios):
        check_positive(spec, ratio, PARAM, f"ratio{i}")
    return ratios


def _check_maps(spec: LayerDefinition, shapes: Sequence[Shape], planes: bool, ratios: Sequence[int]) -> None:
    """Refuse scores, offsets and priors of maps that do not agree."""
    param, count = spec.message.detection_output_param, 0
    maps, each = param.nbottom, 4 if param.share_location else 4 * param.num_classes
    for i, (scores, offsets) in enumerate(zip(shapes[:maps], shapes[maps:-1])):
        predictions, rest = divmod(math.prod(scores[1:]), param.num_classes)
        agree = not rest and predictions * each == math.prod(offsets[1:])
        if planes and agree:
            shape = offsets[1] // each, math.prod(offsets[2:])
            agree = len(offsets) == 4 and scores[1:] == (param.num_classes, *shape)
        if ratios and agree and predictions % ratios[i]:
            raise spec.refuse(f"has {predictions} boxes in the scores `{spec.bottoms[i]}`, which `ratio{i}` {ratios[i]} does not "
                              "divide", PARAM, f"ratio{i}")
        if not agree:
            wanted = "scores (N, classes, R, H * W) and offsets (N, R * 4, H, W)" if planes else "scores and 4 offsets a box"
            raise spec.refuse(
                f"has scores `{spec.bottoms[i]}` of shape {scores} and offsets `{spec.bottoms[maps + i]}` of shape {offsets}; "
                f"with {param.num_classes} classes it wants {wanted}", "bottom", maps + i)
        count += predictions
    if (priors := count_priors(spec, shapes[-1], 2 * maps)) != count:
        raise spec.refuse(f"has {count} predictions in its maps and {priors} priors in `{spec.bottoms[-1]}`",
                          "bottom", 2 * maps)


def join_maps(
    scores: tuple[Tensor, ...] | list[Tensor], offsets: tuple[Tensor, ...] | list[Tensor], planes: bool, ratios: tuple = ()
) -> tuple[Tensor, Tensor]:
    """Join the offsets, and the scores, of all maps in one tensor, box by box.

    ``planes`` have channels before places; with ``ratios`` they are flat, and the boxes of a place lie between.
    """
    if ratios:
        offsets = [x.flatten(1).unflatten(1, (4, boxes, -1)).permute(0, 3, 2, 1) for x, boxes in zip(offsets, ratios)]
        scores = [x.flatten(1).unflatten(1, (-1, *y.shape[2:0:-1])).permute(0, 3, 2, 1) for x, y in zip(scores, offsets)]
    if planes:  # to places, boxes of a place, numbers of a box
        offsets = [x.unflatten(1, (y.shape[2], -1)).flatten(3).permute(0, 3, 1, 2) for x, y in zip(offsets, scores)]
        scores = [x.permute(0, 3, 2, 1) for x in scores]
    return torch.cat([x.flatten(1) for x in offsets], 1), torch.cat([x.flatten(1) for x in scores], 1)


def _text(value: object) -> str:
    return number(value) if isinstance(value, float) else json.dumps(value) if isinstance(value, str) else repr(value)
