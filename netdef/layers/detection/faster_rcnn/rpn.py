"""RPN: Faster R-CNN's regions in C++, of a tutorial (zxj942405301) whose code many copied."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.checks import check_above_zero, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.faster_rcnn.anchors import check_ratios_and_scales, make_anchors
from netdef.layers.detection.faster_rcnn.proposal import RegionProposals, Settings

_PARAM = "rpn_param"
_ALL = 2**31 - 1


@register("RPN")
class RPN(RegionProposals):
    """`RegionProposals` of one image, in the tutorial's later form, which reads ``per_nms_topn``.

    Corners of anchors are cut to whole numbers. Boxes with a side below ``boxminsize`` times the image's scale are dropped
    before they are clipped, and are clipped to the image's height and width. Of two that overlap by ``nms_thresh`` or more one
    stays; 0 regions before or after the suppression are all. The tops are (R, 5) and (R, 1), there with two more axes of size 1.

    The tutorial's first form clipped boxes to the last pixels, then kept those with one side large enough, and lost the last of
    those it chose. A copy that reads ``pre_nms_topn`` differs from the later form in that its anchors are not cut.
    """

    one_image = True
    more_info = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.rpn_param
        for field in ("feat_stride", "basesize"):
            check_positive(spec, getattr(param, field), _PARAM, field)
        check_above_zero(spec, param.nms_thresh, _PARAM, "nms_thresh")
        check_ratios_and_scales(spec, param, _PARAM)
        boxes = make_anchors(param.basesize, param.ratio, param.scale, halves_up=True)
        anchors = [tuple(float(math.trunc(corner)) for corner in box) for box in boxes]
        below = float(np.nextafter(np.float32(param.nms_thresh), np.float32(-1)))  # the greatest overlap that stays
        self.settings = Settings(anchors, param.feat_stride, param.boxminsize, True, param.per_nms_topn or _ALL,
                                 param.post_nms_topn or _ALL, below, unclipped=True)
        self.check(spec, shapes)
