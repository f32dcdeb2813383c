"""Box and MultiSigmoidCrossEntropyLoss, of DRML: regions of a face and its many muscle movements. Zhao et al. 2016."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor
from torch.nn import functional as F

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive
from netdef.layers.core.pair_loss import PairLoss
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "box_param"


@register("Box")
class Box(Layer):
    """Windows of (N, C, H, W), one a top, of ``height`` x ``width``: top i from row ``ycoord[i]`` and column ``xcoord[i]`` on.

    Where windows overlap their gradients add up; in the fork that of the last stands. From the second item of a batch on the
    fork takes values of other channels, which is not done here.
    """

    n_tops = at_least(1)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        param = spec.message.box_param
        self.size = param.height, param.width
        for name, size in zip(("height", "width"), self.size):
            check_positive(spec, size, PARAM, name)
        self.corners = list(zip(param.ycoord, param.xcoord))
        if not len(param.ycoord) == len(param.xcoord) == len(spec.tops):
            raise spec.refuse(f"has {len(spec.tops)} tops, {len(param.xcoord)} `xcoord` and {len(param.ycoord)} `ycoord`; it "
                              "wants one of each for a top", PARAM)
        for corner in self.corners:
            if any(not 0 <= c <= full - part for c, full, part in zip(corner, shapes[0][2:], self.size)):
                raise spec.refuse(f"has a window of {self.size} from row and column {corner} on, outside of its bottom of "
                                  f"shape {shapes[0]}", PARAM)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(*bottoms[0][:2], *self.size) for _ in self.corners]

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, ...]:
        height, width = self.size
        tops = tuple(x[:, :, row : row + height, column : column + width].contiguous() for row, column in self.corners)
        return tops if len(tops) > 1 else tops[0]


@register("MultiSigmoidCrossEntropyLoss")
class MultiSigmoidCrossEntropyLoss(PairLoss):
    """The sigmoid cross-entropy over N with labels that are positive for yes, negative for no and 0 for unknown.

    Unknown ones do not count. The fork's gradient knows nothing of the loss weight.
    """

    answer_type = "Sigmoid"

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        labels = labels.detach().reshape(x.shape)
        losses = F.binary_cross_entropy_with_logits(x, (labels > 0).to(x.dtype), (labels != 0).to(x.dtype), reduction="sum")
        return losses / len(x)
