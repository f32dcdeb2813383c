"""DepthToSpace, TensorFlow's and ONNX's, from Synopsys' fork: channels to blocks of pixels."""

from __future__ import annotations

from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "depth_to_space_param"


@register("DepthToSpace")
class DepthToSpace(Layer):
    """(N, C b^2, H, W) to (N, C, H b, W b), b the ``block_size``: channel (i b + j) C + c is place (i, j) of each block.

    So with ``data_format`` "NCHW" or "DCR"; with "CRD" channel (c b + i) b + j is. With "NHWC", the default, it is "NCHW" with
    the channels last.
    """

    refuses_inplace = True
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.depth_to_space_param
        check_axes(spec, shapes, 4)
        check_positive(spec, param.block_size, PARAM, "block_size")
        self.side: int = param.block_size
        self.form: str = "NCHW" if param.data_format == "DCR" else param.data_format
        if self.form not in ("NHWC", "NCHW", "CRD"):
            raise spec.refuse(f"has `data_format` \"{param.data_format}\"; it is \"NHWC\", \"NCHW\", \"DCR\" or \"CRD\"", PARAM,
                              "data_format")
        channels = shapes[0][3 if self.form == "NHWC" else 1]
        if channels % self.side**2:
            raise spec.refuse(f"wants channels in multiples of {self.side**2}; its bottom of shape {shapes[0]} has {channels}",
                              PARAM, "block_size")

    def forward(self, x: Tensor) -> Tensor:
        return F.pixel_shuffle(x, self.side) if self.form == "CRD" else depth_to_space(x, self.side, self.form == "NHWC")

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        if self.form == "CRD":
            return TorchCode(f"F.pixel_shuffle({bottoms[0]}, {self.side})")
        return TorchCode(f"depth_to_space({bottoms[0]}, {self.side}, {self.form == 'NHWC'})", functions=(depth_to_space,))


def depth_to_space(x: Tensor, side: int, channels_last: bool) -> Tensor:
    """Channels to blocks of pixels; a channel's rows and columns in the block come before the channel of the top."""
    if channels_last:
        return x.unflatten(3, (side, side, -1)).permute(0, 1, 3, 2, 4, 5).flatten(3, 4).flatten(1, 2)
    return x.unflatten(1, (side, side, -1)).permute(0, 3, 4, 1, 5, 2).flatten(4, 5).flatten(2, 3)
