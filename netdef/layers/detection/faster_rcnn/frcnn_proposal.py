"""FrcnnProposal of makefile's fork, in C++: Faster R-CNN's regions with settings that are in a file."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.checks import check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.faster_rcnn.proposal import PARAM, RegionProposals, Settings

VOC_ANCHORS: list[tuple[float, ...]] = [
    (-84, -40, 99, 55), (-176, -88, 191, 103), (-360, -184, 375, 100), (-56, -56, 71, 72), (-120, -120, 135, 135),
    (-248, -248, 263, 263), (-36, -80, 51, 95), (-80, -168, 95, 183), (-168, -344, 183, 359)]


@register("FrcnnProposal")
class FrcnnProposal(RegionProposals):
    """`RegionProposals` of makefile's fork, which reads its settings from a file; here they are those of its ``voc_config.json``.

    They are py-faster-rcnn's (see `PythonProposal`), but for two sides of anchors. ``feat_stride`` may be in the text.
    """

    other_anchors = "; those of a file of settings are not read"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        before, after = (12000, 2000) if spec.phase == "TRAIN" else (6000, 300)
        stride = spec.message.proposal_param.feat_stride
        check_positive(spec, stride, PARAM, "feat_stride")
        self.settings = Settings(VOC_ANCHORS, stride, 16.0, True, before, after, 0.7)
        self.check(spec, shapes)
        warnings.warn(f"layer `{self.name}`: the settings of FrcnnProposal are in a file that is not read; those of its fork's "
                      f"voc_config.json are taken ({before} regions, {after} of them kept)", stacklevel=2)
