"""DepthToSpace and SpaceToDepth, TensorFlow's and ONNX's, from Synopsys' fork: channels to blocks of pixels, and back."""

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


@register("SpaceToDepth")
class SpaceToDepth(Layer):
    """The inverse of `DepthToSpace` with ``data_format`` "NHWC", the default, or "NCHW".

    The fork has no gradient of it; here it has its own.
    """

    refuses_inplace = True
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param, field = spec.message.space_to_depth_param, "space_to_depth_param"
        check_axes(spec, shapes, 4)
        check_positive(spec, param.block_size, field, "block_size")
        if param.data_format not in ("NHWC", "NCHW"):
            raise spec.refuse(f"has `data_format` \"{param.data_format}\"; it is \"NHWC\" or \"NCHW\"", field, "data_format")
        self.side: int = param.block_size
        self.channels_last: bool = param.data_format == "NHWC"
        plane = shapes[0][1:3] if self.channels_last else shapes[0][2:]
        if any(size % self.side for size in plane):
            raise spec.refuse(f"cuts planes of {plane} into blocks of {self.side} x {self.side}", field, "block_size")

    def forward(self, x: Tensor) -> Tensor:
        return space_to_depth(x, self.side, self.channels_last)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"space_to_depth({bottoms[0]}, {self.side}, {self.channels_last})", functions=(space_to_depth,))


def depth_to_space(x: Tensor, side: int, channels_last: bool) -> Tensor:
    """Channels to blocks of pixels; a channel's rows and columns in the block come before the channel of the top."""
    if channels_last:
        return x.unflatten(3, (side, side, -1)).permute(0, 1, 3, 2, 4, 5).flatten(3, 4).flatten(1, 2)
    return x.unflatten(1, (side, side, -1)).permute(0, 3, 4, 1, 5, 2).flatten(4, 5).flatten(2, 3)


def space_to_depth(x: Tensor, side: int, channels_last: bool) -> Tensor:
    """Blocks of pixels to channels; a channel's rows and columns in the block come before the channel of the bottom."""
    if channels_last:
        return x.unflatten(2, (-1, side)).unflatten(1, (-1, side)).permute(0, 1, 3, 2, 4, 5).flatten(3)
    return x.unflatten(3, (-1, side)).unflatten(2, (-1, side)).permute(0, 3, 5, 1, 2, 4).flatten(1, 3)
